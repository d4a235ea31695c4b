"""Addresses below /soan/."""

from __future__ import annotations

from django.urls import URLPattern, path

from hocvuso.curriculum.studio import (
    archive_views,
    care_views,
    history_views,
    numbers_views,
    practice_views,
    schedule_views,
    translating_views,
)

app_name = "curriculum_studio"
urlpatterns: list[URLPattern] = [
    path("can-xem-lai/", care_views.needs_care, name="care"),
    path("can-xem-lai/<slug:kind>/<slug:slug>/", care_views.open_thing, name="open"),
    path("hen-gio/", schedule_views.schedules, name="schedules"),
    path("hen-gio/thoi/<int:pk>/", schedule_views.cancel, name="schedule_cancel"),
    path("hen-gio/<slug:kind>/<int:pk>/", schedule_views.schedule, name="schedule"),
    path("lich-su/<slug:kind>/<int:pk>/", history_views.history, name="history"),
    path("lich-su/<slug:kind>/<int:pk>/so-sanh/", history_views.comparison, name="comparison"),
    path("lich-su/<slug:kind>/<int:pk>/lay-lai/<int:revision>/", history_views.take_up, name="take_up"),
    path("so-lieu/", numbers_views.numbers, name="numbers"),
    path("tep/", archive_views.exchange, name="exchange"),
    path("tep/tai-ve/", archive_views.download, name="download"),
    path("dich/", translating_views.translations, name="translations"),
    path("dich/kiem/", translating_views.check, name="translate_check"),
    path("dich/<slug:slug>/<slug:language>/", translating_views.translate, name="translate"),
    path("ve/<int:pk>/", practice_views.draw, name="draw"),
    path("ve/<int:pk>/luu/", practice_views.save, name="draw_save"),
    path("ve/kiem/", practice_views.check, name="draw_check"),
    path("ve/may/", practice_views.stage, name="draw_stage"),
]
