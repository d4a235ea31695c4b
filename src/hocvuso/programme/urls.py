"""Pages of the room programme."""

from __future__ import annotations

from django.urls import URLPattern, path

from hocvuso.programme import views

app_name = "programme"
urlpatterns: list[URLPattern] = [
    path("dieu-hanh/bao-cao/", views.home, name="reports"),
    path("dieu-hanh/bao-cao/<str:line>/<str:code>/", views.unit_reports, name="unit-reports"),
    path("dieu-hanh/bao-cao/<str:line>/<str:code>/tieu-de/", views.letterhead, name="letterhead"),
    path("dieu-hanh/bao-cao/<str:line>/<str:code>/<str:period_code>/", views.report, name="report"),  # R-31 R-04
    path(
        "dieu-hanh/bao-cao/<str:line>/<str:code>/<str:period_code>/tep.<str:form>",
        views.report_file,
        name="report-file",
    ),
]
