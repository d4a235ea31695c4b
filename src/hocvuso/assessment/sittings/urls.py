"""Addresses of sittings."""

from __future__ import annotations

from django.urls import URLPattern, path

from hocvuso.assessment.sittings import endpoints, views

urlpatterns: list[URLPattern] = [
    path("kiem-tra/phong/", views.join, name="join"),
    path("kiem-tra/phong/<uuid:sitting_id>/", views.lobby, name="lobby"),
    path("kiem-tra/phong/nhip/<uuid:attempt_id>/", views.pulse, name="pulse"),
    path("coi-kiem-tra/", views.phone, name="assessor-phone"),
    path("dieu-hanh/kiem-tra/", views.sittings, name="sittings"),
    path("dieu-hanh/kiem-tra/mo/", views.open_new, name="sitting-open"),
    path("dieu-hanh/kiem-tra/huong-dan/", views.guide, name="sitting-guide"),
    path("dieu-hanh/kiem-tra/buoi/<uuid:sitting_id>/", views.board, name="board"),
    path("dieu-hanh/kiem-tra/buoi/<uuid:sitting_id>/goi-ten/", views.call, name="sitting-call"),
    path("dieu-hanh/kiem-tra/buoi/<uuid:sitting_id>/toi-tai-cho/", views.at_door, name="sitting-door"),
    path("dieu-hanh/kiem-tra/buoi/<uuid:sitting_id>/diem-danh.pdf", views.sheet, name="sitting-sheet"),
]
machine_urlpatterns: list[URLPattern] = [
    path("api/v1/sittings", endpoints.mine, name="sittings-mine"),
    path("api/v1/sittings/<uuid:sitting_id>/pack", endpoints.pack, name="sitting-pack"),
    path("api/v1/sittings/<uuid:sitting_id>/records", endpoints.records, name="sitting-records"),
]
