"""Doors that others bring along, led to ours: one way in, with its locks, its limits and its second step."""

from __future__ import annotations

from django.urls import URLPattern, path

from hocvuso.people.views.entrance import other_door

urlpatterns: list[URLPattern] = [path("quan-tri/login/", other_door)]  # stands before the admin's own
