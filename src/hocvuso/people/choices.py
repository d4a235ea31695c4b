"""Groups of the population, roles, purposes of consent."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    """Population groups of R-10. A person can be in several. ALL is used by tallies only: every person once."""

    PUBLIC = "PUBLIC", _("Public-sector staff")
    PUPIL = "PUPIL", _("Pupils")
    STUDENT = "STUDENT", _("Students")
    ADULT = "ADULT", _("Adults")
    WORKER = "WORKER", _("Workers in enterprises and cooperatives")


class Sex(models.TextChoices):
    FEMALE = "F", _("Female")
    MALE = "M", _("Male")


class Role(models.TextChoices):
    """What a mandate lets a person do over a unit and its subtree (people.policies holds the table)."""

    OFFICER = "OFFICER", _("Officer in charge")
    CONFIRMER = "CONFIRMER", _("Confirms results")
    LEADER = "LEADER", _("Leader")
    AUDITOR = "AUDITOR", _("Auditor")
    AUTHOR = "AUTHOR", _("Author of lessons")
    REVIEWER = "REVIEWER", _("Reviews lessons")
    PUBLISHER = "PUBLISHER", _("Publishes lessons")
    MANAGER = "MANAGER", _("Manages units and people")
    ASSESSOR = "ASSESSOR", _("Assesses: runs test sessions")


class Purpose(models.TextChoices):
    """What personal data may be used for; each asked for on its own, never pre-ticked (Law 91/2025/QH15)."""

    LEARNING = "LEARNING", _("Keep my learning and certificates")
    REPORTING = "REPORTING", _("Count my result in the figures of my ward")
    VNEID = "VNEID", _("Send my confirmed result to VNeID")
    CONTACT = "CONTACT", _("Remind me by message")
    SENSITIVE = "SENSITIVE", _("Count me in figures about disability, poverty or ethnicity")


class Right(models.TextChoices):
    """What a person may ask about their own data (Law 91/2025/QH15, Decree 356/2025/NĐ-CP)."""

    ACCESS = "ACCESS", _("See my data")
    RECTIFY = "RECTIFY", _("Correct my data")
    WITHDRAW = "WITHDRAW", _("Withdraw my consent")
    OBJECT = "OBJECT", _("Object to a use of my data")
    ERASE = "ERASE", _("Erase my data")


class RequestState(models.TextChoices):
    OPEN = "OPEN", _("New")
    SEEN = "SEEN", _("Being handled")
    DONE = "DONE", _("Done")
    REFUSED = "REFUSED", _("Refused")
