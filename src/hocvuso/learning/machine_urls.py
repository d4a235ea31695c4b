"""Addresses for devices."""

from __future__ import annotations

from django.urls import path

from hocvuso.learning import views
from hocvuso.learning.endpoints import Sync

urlpatterns = [
    path("api/v1/sync", Sync.as_view(), name="sync"),  # R-20 R-01
    path("tai-ve/<slug:slug>.json", views.to_keep, name="path-to-keep"),
]
