"""Pages of the room units."""

from __future__ import annotations

from django.urls import URLPattern, path

from hocvuso.units import views

app_name = "units"
urlpatterns: list[URLPattern] = [
    path("dieu-hanh/don-vi/", views.unit_list, name="list"),
    path("dieu-hanh/don-vi/<int:unit_id>/", views.unit_detail, name="unit"),
    path("dieu-hanh/don-vi/nap/", views.import_new, name="import"),
    path("dieu-hanh/don-vi/nap/mau.csv", views.import_template, name="import-template"),
    path("dieu-hanh/don-vi/nap/<uuid:import_id>/", views.import_detail, name="import-detail"),
    path("dieu-hanh/don-vi/nap/<uuid:import_id>/lam/", views.import_apply, name="import-apply"),
    path("dieu-hanh/don-vi/nap/<uuid:import_id>/hoan-tac/", views.import_undo, name="import-undo"),
]
