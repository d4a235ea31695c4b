"""States and moves of certificates, confirmations and hand-over batches."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CertificateState(models.TextChoices):
    """A certificate is valid until it is suspended, revoked or replaced by a corrected one; it never disappears."""

    VALID = "VALID", pgettext_lazy("certificate", "Valid")
    SUSPENDED = "SUSPENDED", pgettext_lazy("certificate", "Suspended for the time being")
    REVOKED = "REVOKED", pgettext_lazy("certificate", "Revoked")
    REPLACED = "REPLACED", pgettext_lazy("certificate", "Replaced by a corrected one")


class ConfirmationState(models.TextChoices):
    """Where a person's result stands on its way from the assessment to VNeID."""

    ELIGIBLE = "ELIGIBLE", _("May be proposed")
    PROPOSED = "PROPOSED", _("Waits for confirmation")
    REFUSED = "REFUSED", _("Refused, with a reason")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    SENT = "SENT", _("Handed to VNeID")
    ACCEPTED = "ACCEPTED", _("Accepted by VNeID")
    REJECTED = "REJECTED", _("Returned by VNeID")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    REVOKED = "REVOKED", pgettext_lazy("confirmation", "Confirmation revoked")


class Move(models.TextChoices):
    """What can be done with a confirmation (rules.MOVES says from where to where)."""

    PROPOSE = "PROPOSE", _("Propose")
    TAKE_BACK = "TAKE_BACK", _("Take the proposal back")
    CONFIRM = "CONFIRM", _("Confirm")
    REFUSE = "REFUSE", _("Refuse")
    SEND = "SEND", _("Hand to VNeID")
    ACCEPT = "ACCEPT", _("VNeID accepts")
    REJECT = "REJECT", _("VNeID returns")
    CORRECT = "CORRECT", _("Correct, to be sent again")
    WITHDRAW = "WITHDRAW", _("Withdraw")
    REVOKE = "REVOKE", _("Revoke the confirmation")


class RecallState(models.TextChoices):
    """What becomes of a certificate whose test a re-check found irregular: one officer stops it, another ends it."""

    WAITS = "WAITS", _("Waits for an officer")
    SUSPENDED = "SUSPENDED", _("Suspended, a second officer decides")
    REVOKED = "REVOKED", pgettext_lazy("recall", "Revoked")
    RESTORED = "RESTORED", _("In order after all")


class ExportPurpose(models.TextChoices):
    """What a list of names is taken out for."""

    CONTACT = "CONTACT", _("Invite or remind people")
    CHECK = "CHECK", _("Compare with another list")
    CEREMONY = "CEREMONY", _("Hand out certificates")
    REPORT = "REPORT", _("Annex to a report")


class ExportState(models.TextChoices):
    """A list of names leaves only after a second person said yes."""

    ASKED = "ASKED", _("Waits for a second person")
    APPROVED = "APPROVED", _("May be fetched")
    REFUSED = "REFUSED", pgettext_lazy("list of names", "Refused")


class BatchState(models.TextChoices):
    """A hand-over is prepared by one officer, released by another, answered by VNeID."""

    PREPARED = "PREPARED", _("Prepared, waits for a second person")
    RELEASED = "RELEASED", _("Released")
    ANSWERED = "ANSWERED", _("Answered in full")
    CANCELLED = "CANCELLED", _("Cancelled")


class DeliveryState(models.TextChoices):
    """How a released batch travels."""

    BY_HAND = "BY_HAND", _("Carried by an officer")
    WAITING = "WAITING", _("Waits to be sent")
    DELIVERED = "DELIVERED", _("Delivered, waits for the answer")
    DONE = "DONE", _("Answered")
    DEAD = "DEAD", _("Given up, needs a look")


class RowOutcome(models.TextChoices):
    """What VNeID said about one person of a batch."""

    WAITING = "WAITING", _("No answer yet")
    ACCEPTED = "ACCEPTED", pgettext_lazy("hand-over row", "Accepted")
    REJECTED = "REJECTED", pgettext_lazy("hand-over row", "Returned")
    FAILED = "FAILED", pgettext_lazy("hand-over row", "Not taken for a fault")


class OutsideState(models.TextChoices):
    """What became of a result of another platform."""

    MATCHED = "MATCHED", _("Belongs to a person here")
    QUEUED = "QUEUED", _("For a person to look at")
    SET_ASIDE = "SET_ASIDE", _("Nobody's here")


class QueueReason(models.TextChoices):
    """Why the system does not decide by itself whose a result is."""

    NO_KEY = "NO_KEY", _("no personal number, phone or e-mail")
    NOBODY = "NOBODY", _("nobody here has this number, phone or e-mail")
    TWO_PEOPLE = "TWO_PEOPLE", _("number and phone belong to different people")
    OTHER_NAME = "OTHER_NAME", _("the number fits, the name is another")
    OTHER_YEAR = "OTHER_YEAR", _("the number fits, the year of birth is another")
