"""Pages of the curriculum."""

from __future__ import annotations

from django.urls import URLPattern, path

from hocvuso.curriculum import officer_views as runs
from hocvuso.curriculum import views

app_name = "curriculum"
urlpatterns: list[URLPattern] = [
    path("bai/", views.catalogue, name="catalogue"),  # R-20 R-21
    path("bai/<slug:slug>/", views.lesson, name="lesson"),  # R-03 R-20
    path("bai/<slug:slug>/day/", views.teach, name="teach"),
    path("bai/<slug:slug>/to-roi.pdf", views.handout, name="handout"),
    path("lo-trinh/<slug:slug>/", views.path, name="path"),
    path("sinh-hoat/", views.packs, name="packs"),
    path("sinh-hoat/<slug:slug>/", views.pack, name="pack"),
    path("sinh-hoat/<slug:slug>/to-roi.pdf", views.pack_handout, name="pack-handout"),
    path("sinh-hoat/<slug:slug>/chay/", runs.run, name="run"),
    path("buoi-sinh-hoat/", runs.held, name="runs"),
    path("do-phu/", runs.coverage, name="coverage"),
    path("tim/", views.search, name="search"),
]
