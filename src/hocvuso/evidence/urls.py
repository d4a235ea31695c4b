"""Pages of the room evidence."""

from __future__ import annotations

from django.urls import URLPattern, path  # noqa: F401

app_name = "evidence"
urlpatterns: list[URLPattern] = []
