"""Kinds of activity and what the intake answers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActivityKind(models.TextChoices):
    """What a device tells that happened in a lesson."""

    UNDERSTOOD = "UNDERSTOOD", _("Read step 1")
    PRACTISED = "PRACTISED", _("Played a practice to its end")
    USED = "USED", _("Did step 3 for real")
    KNOWN = "KNOWN", _("Showed that it was known already")


class ItemStatus(models.TextChoices):
    """What became of one activity of a batch."""

    STORED = "stored", _("stored")
    DUPLICATE = "duplicate", _("stored before")
    REJECTED = "rejected", _("not accepted")


class TaskKind(models.TextChoices):
    """What a class can be asked to do."""

    LESSON = "LESSON", _("Lesson")
    PATH = "PATH", _("Path")
