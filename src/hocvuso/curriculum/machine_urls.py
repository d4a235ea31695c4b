"""Addresses for machines, the same in every language: releases by digest."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from hocvuso.curriculum import sound_views, views

urlpatterns: list[URLPattern] = [
    re_path(r"^phat-hanh/(?P<digest>[0-9a-f]{64})\.json$", views.release, name="release"),
    re_path(r"^hinh/(?P<digest>[0-9a-f]{64})\.(?P<kind>svg|webp)$", views.picture, name="picture"),
    re_path(r"^am-thanh/(?P<digest>[0-9a-f]{64})$", sound_views.bytes_of_sound, name="sound"),
    path("am-thanh/bai/<slug:slug>.json", sound_views.sounds, name="sounds-of"),
    path("danh-muc.json", views.search_list, name="search-list"),  # search without a network
]
