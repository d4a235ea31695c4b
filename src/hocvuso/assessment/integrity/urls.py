"""Addresses of integrity."""

from __future__ import annotations

from django.urls import URLPattern, path

from hocvuso.assessment.integrity import views

urlpatterns: list[URLPattern] = [
    path("dieu-hanh/kiem-tra-lai/", views.cases, name="cases"),
    path("dieu-hanh/kiem-tra-lai/<uuid:case_id>/", views.case, name="case"),
    path("dieu-hanh/kiem-tra-lai/rut-mau/", views.draws, name="draws"),
    path("dieu-hanh/kiem-tra-lai/rut-mau/<uuid:draw_id>/", views.draw, name="draw"),
    path("cong-khai/rut-mau/<uuid:draw_id>/", views.public_draw, name="public-draw"),
    path("cong-khai/rut-mau/<uuid:draw_id>/danh-sach.csv", views.public_list, name="public-draw-list"),
]
