"""Pages of the room indicators."""

from __future__ import annotations

from django.urls import URLPattern, path

from hocvuso.indicators import views_desk, views_open, views_settings

app_name = "indicators"
urlpatterns: list[URLPattern] = [
    path("dieu-hanh/", views_desk.home, name="home"),
    path("dieu-hanh/tim/", views_desk.find, name="find"),
    path("dieu-hanh/mo/<int:unit_id>/", views_desk.unit, name="unit"),
    path(
        "dieu-hanh/chi-tieu/<str:line>/<str:code>/", views_desk.dashboard, name="dashboard"
    ),  # R-04 R-06 R-10a R-10b R-10c R-10d R-10e R-13 R-33
    path("dieu-hanh/chi-tieu/<str:line>/<str:code>/ban-do.json", views_desk.shapes, name="shapes"),
    path(
        "dieu-hanh/chi-tieu/<str:line>/<str:code>/<str:indicator>/minh-chung/", views_desk.people, name="people-behind"
    ),
    path(
        "dieu-hanh/chi-tieu/<str:line>/<str:code>/moc/<str:milestone>/minh-chung/",
        views_desk.people_of_state,
        name="people-of-state",
    ),
    path("dieu-hanh/nguoi/<uuid:person_id>/minh-chung/", views_desk.evidence, name="evidence"),  # R-04 R-32
    path("dieu-hanh/mau-so/", views_settings.denominators_home, name="denominators-home"),
    path("dieu-hanh/mau-so/mau.csv", views_settings.denominator_template, name="denominator-template"),
    path("dieu-hanh/mau-so/tep/", views_settings.denominator_upload, name="denominator-upload"),
    path("dieu-hanh/mau-so/tep/<uuid:import_id>/", views_settings.denominator_import, name="denominator-import"),
    path("dieu-hanh/mau-so/<str:line>/<str:code>/", views_settings.denominators, name="denominators"),  # R-10d
    path("dieu-hanh/chi-tieu-giao/", views_settings.targets_home, name="targets-home"),  # R-11 R-33
    path("dieu-hanh/chi-tieu-giao/<str:line>/<str:code>/", views_settings.targets, name="targets"),
    path("cong-khai/", views_open.home, name="open"),
    path("cong-khai/tu-dien-du-lieu/", views_open.dictionary, name="open-dictionary"),
    path("cong-khai/<str:code>.csv", views_open.csv_data, name="open-csv"),
    path("cong-khai/<str:code>.json", views_open.json_data, name="open-json"),
    path("cong-khai/<str:code>/", views_open.unit, name="open-unit"),
]
