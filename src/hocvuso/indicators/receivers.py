"""Answers to lower rooms."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.dispatch import receiver


@receiver(post_migrate, dispatch_uid="indicators.definitions")
def load_definitions_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """A database that knows this room's tables knows what the indicators count."""
    if getattr(sender, "label", "") != "indicators" or using != "default":
        return
    from hocvuso.indicators.definitions import load_definitions

    load_definitions()
