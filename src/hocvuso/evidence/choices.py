"""Assurance levels, kinds of evidence and the segments figures are broken down by."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Assurance(models.IntegerChoices):
    """How strongly a piece of evidence is vouched for (design §5)."""

    DECLARED = 0, _("Declared by the person")
    OBSERVED = 1, _("Observed by the system")
    ATTESTED = 2, _("Attested by a helper")
    SUPERVISED = 3, _("Supervised assessment")
    CONFIRMED = 4, _("Confirmed by an authorised unit")
    VNEID = 5, _("Recorded on VNeID")


class EvidenceKind(models.TextChoices):
    """What happened."""

    LESSON_COMPLETED = "LESSON_COMPLETED", _("Finished a lesson")
    PRACTICE_PASSED = "PRACTICE_PASSED", _("Passed a practice")
    SERVICE_USED = "SERVICE_USED", _("Used a service for real")
    PATH_COMPLETED = "PATH_COMPLETED", _("Finished a learning path")
    ASSESSMENT_PASSED = "ASSESSMENT_PASSED", _("Passed an assessment")
    CERTIFICATE_ISSUED = "CERTIFICATE_ISSUED", _("Got a certificate")
    CONFIRMED = "CONFIRMED", _("Confirmed by an authorised unit")
    VNEID_ACCEPTED = "VNEID_ACCEPTED", _("Accepted by VNeID")
    REVOCATION = "REVOCATION", _("Revoked an earlier entry")


class RevocationReason(models.TextChoices):
    """Why an entry was taken back. A closed list: the ledger is kept for ever, so nobody's own words go into it."""

    IMPERSONATION = "IMPERSONATION", _("Somebody else took the test")
    WRONG_PERSON = "WRONG_PERSON", _("Recorded for the wrong person")
    WRONG_DATA = "WRONG_DATA", _("Recorded by mistake")
    RECHECK_FAILED = "RECHECK_FAILED", _("The re-check did not bear it out")
    RULES_BROKEN = "RULES_BROKEN", _("The rules of the test were broken")
    IMPORT_UNDONE = "IMPORT_UNDONE", _("The import was undone")
    OWN_WISH = "OWN_WISH", _("At the person's own wish")
    OTHER = "OTHER", _("Another reason")


class Milestone(models.TextChoices):
    """What a person has reached; four of them are the four states with four dates: learned, passed, confirmed, on VNeID."""

    STARTED = "STARTED", _("Started learning")
    PRACTISED = "PRACTISED", _("Passed a practice")
    USED = "USED", _("Uses an essential service")
    LEARNED = "LEARNED", _("Finished learning")
    PASSED = "PASSED", _("Passed the assessment")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    ON_VNEID = "ON_VNEID", _("Recorded on VNeID")


# Tallies count every person once under this group besides the groups of R-10.
ALL = "ALL"


class Segment(models.TextChoices):
    """Breakdowns that ride on each piece of evidence (R-13). ALL is everybody."""

    ALL = "ALL", _("Everybody")
    FEMALE = "FEMALE", _("Women")
    AGE60 = "AGE60", _("Aged 60 and over")
