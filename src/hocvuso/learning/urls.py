"""Pages of learning: the outbox. Lessons live in the curriculum, the first page in the shell."""

from __future__ import annotations

from django.urls import URLPattern, path

from hocvuso.learning import class_views, views

app_name = "learning"
urlpatterns: list[URLPattern] = [
    path("viec-cho-gui/", views.outbox, name="outbox"),
    path("may-nay/", views.kept, name="kept"),  # lessons saved on this phone
    path("lop/", class_views.my_classes, name="my-classes"),
    path("lop/vao/", class_views.join, name="join"),
    path("lop/moi/", class_views.make, name="class-new"),
    path("lop/<uuid:class_id>/", class_views.class_page, name="class"),
    path("lop/<uuid:class_id>/roi/", class_views.leave, name="leave"),
    path("lop/<uuid:class_id>/qr.svg", class_views.code_qr, name="class-qr"),
    path("lop/<uuid:class_id>/giao/", class_views.assign, name="assign"),
    path("lop/<uuid:class_id>/danh-sach/", class_views.roster, name="roster"),
    path("lop/<uuid:class_id>/sua/", class_views.change, name="class-change"),
    path("lop/<uuid:class_id>/bot/<int:number>/", class_views.remove, name="class-remove"),
    path("lop/<uuid:class_id>/in.pdf", class_views.sheet, name="class-sheet"),
    path("lop/<uuid:class_id>/ket-qua.csv", class_views.results, name="class-results"),
    path("bai/<slug:slug>/biet-roi/", views.known, name="known"),  # test-out
]
