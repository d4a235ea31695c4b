"""Words of the room: kinds of targets, how a figure stands towards its target, states of an import."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetKind(models.TextChoices):
    """Who set the target (R-11)."""

    ASSIGNED = "ASSIGNED", _("Assigned from above")
    REGISTERED = "REGISTERED", _("Registered by the unit")


class Outlook(models.TextChoices):
    """How a figure stands towards its target."""

    REACHED = "REACHED", _("Reached")
    ON_PACE = "ON_PACE", _("On pace")
    SHORT = "SHORT", _("Will fall short at this pace")
    MISSED = "MISSED", _("Missed")
    NO_DENOMINATOR = "NO_DENOMINATOR", _("No denominator yet")
    OVER_WHOLE = "OVER_WHOLE", _("Over 100%: check the data")
    NOBODY = "NOBODY", _("Nobody of this group")
    NO_TARGET = "NO_TARGET", _("No target")


class DenominatorKind(models.TextChoices):
    """Where a denominator comes from."""

    OWN = "OWN", _("The unit's own")
    SUM = "SUM", _("Added up from the units below")
    MISSING = "MISSING", _("No figure yet")


class ImportState(models.TextChoices):
    TRIED = "TRIED", _("Checked, not loaded")
    DONE = "DONE", _("Loaded")
    UNDONE = "UNDONE", _("Taken back")


class Sort(models.TextChoices):
    """Orders of the units below."""

    ATTENTION = "can-chu-y", _("Needs attention first")
    RATIO = "ty-le", _("By ratio, lowest first")
    PEOPLE = "so-nguoi", _("By people, most first")
    NAME = "ten", _("By name")
