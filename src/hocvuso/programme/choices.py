"""States of a report and what moves it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportState(models.TextChoices):
    """Where a report stands between the unit and the unit above."""

    DRAFT = "DRAFT", pgettext_lazy("report", "Draft")
    SUBMITTED = "SUBMITTED", pgettext_lazy("report", "Handed in")
    RETURNED = "RETURNED", pgettext_lazy("report", "Returned")
    APPROVED = "APPROVED", pgettext_lazy("report", "Approved")
    LOCKED = "LOCKED", pgettext_lazy("report", "Locked")
    UNLOCKED = "UNLOCKED", pgettext_lazy("report", "Open by exception")


class Verb(models.TextChoices):
    """What somebody does to a report; moves.py says from which state, to which, and who may."""

    HAND_IN = "HAND_IN", _("handed it in")
    TAKE_BACK = "TAKE_BACK", _("took it back")
    RETURN = "RETURN", _("returned it")
    APPROVE = "APPROVE", _("approved it")
    LOCK = "LOCK", _("locked it")
    UNLOCK = "UNLOCK", _("opened it by exception")
    RELOCK = "RELOCK", _("locked it again")


class Side(models.TextChoices):
    """Who makes a move: the unit itself, an officer of the unit above who checks, or a leader there."""

    UNIT = "UNIT", _("the unit")
    ABOVE = "ABOVE", _("officers of the unit above")
    LEADER = "LEADER", _("a leader of the unit above")


class ReminderKind(models.TextChoices):
    """Why a unit is reminded."""

    SOON = "SOON", _("Owed soon")
    OVERDUE = "OVERDUE", _("Overdue")
    ASKED = "ASKED", _("The unit above reminds")


class Standing(models.TextChoices):
    """How the unit above sorts the units below; the values stand in addresses."""

    ALL = "tat-ca", _("All")
    MISSING = "chua-nop", pgettext_lazy("reports", "Not handed in")
    LATE = "tre", pgettext_lazy("reports", "Late")
    WAITING = "cho-duyet", pgettext_lazy("reports", "Waiting for you")
    DONE = "da-duyet", pgettext_lazy("reports", "Approved or locked")
