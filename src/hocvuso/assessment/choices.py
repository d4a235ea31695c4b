"""States of an attempt and of an item."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptState(models.TextChoices):
    OPEN = "OPEN", _("Under way")
    GRADED = "GRADED", _("Graded")


class ItemState(models.TextChoices):
    """ACTIVE is drawn; RETIRED is not drawn any more, what it scored stays; VOIDED was wrong and counts for nobody."""

    ACTIVE = "ACTIVE", _("In use")
    RETIRED = "RETIRED", _("Retired")
    VOIDED = "VOIDED", _("Void")


class Verdict(models.TextChoices):
    """What people decided about a certificate whose result a void question changed."""

    KEEP = "KEEP", _("The certificate stays")
    HAND_OVER = "HAND_OVER", _("Handed to whoever may withdraw it")


class Round(models.IntegerChoices):
    """When people are asked what they still do, in days after confirmation (R-12)."""

    DAY_30 = 30, _("after 30 days")
    DAY_90 = 90, _("after 90 days")
