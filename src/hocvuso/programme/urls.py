"""Pages of the room programme."""

from __future__ import annotations

from django.urls import URLPattern, path

from hocvuso.programme.views import below, files, gather, moves, periods, reports, tables

app_name = "programme"
UNIT = "dieu-hanh/bao-cao/<str:line>/<str:code>/"
REPORT = UNIT + "<str:period_code>/"
urlpatterns: list[URLPattern] = [
    path("dieu-hanh/bao-cao/", reports.home, name="reports"),
    path(UNIT, reports.unit_reports, name="unit-reports"),
    path(UNIT + "tieu-de/", files.letterhead, name="letterhead"),
    path(UNIT + "ky-moi/", periods.new_period, name="period-new"),
    path(REPORT, reports.report, name="report"),  # R-31 R-04
    path(REPORT + "tep.<str:form>", files.report_file, name="report-file"),
    path(REPORT + "cap-duoi/", below.below, name="below"),
    path(REPORT + "cap-duoi/tep.<str:form>", below.below_file, name="below-file"),
    path(REPORT + "cap-duoi/viec/", below.move_below, name="move-below"),
    path(REPORT + "nhac/", below.remind_below, name="remind"),
    path(REPORT + "bang/<str:table_code>/", tables.edit_table, name="table"),
    path(REPORT + "gop/<str:part>/", gather.gather, name="gather"),
    path(REPORT + "viec/", moves.move, name="report-move"),
    path(REPORT + "thoi/", periods.call_off, name="period-call-off"),
]
