"""Addresses for machines: the assessor's phone."""

from __future__ import annotations

from hocvuso.assessment.sittings.urls import machine_urlpatterns as urlpatterns

__all__ = ["urlpatterns"]
