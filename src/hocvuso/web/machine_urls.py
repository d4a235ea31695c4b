"""Addresses for machines, the same in every language: health, service worker, manifest, who is signed in."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from hocvuso.web import machine_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("suc-khoe/", machine_views.health, name="health"),
    path("sw.js", machine_views.service_worker, name="service-worker"),
    path("manifest.webmanifest", machine_views.manifest, name="manifest"),
    path("robots.txt", machine_views.robots, name="robots"),
    path("api/v1/me", machine_views.me, name="me"),
    path("api/v1/offline-list", machine_views.offline_list, name="offline-list"),
]
