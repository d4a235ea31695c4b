"""Closed lists of the curriculum."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReleaseKind(models.TextChoices):
    """What a release holds. Stored and spoken in small letters: they are part of addresses and traces."""

    LESSON = "lesson", _("Lesson")
    PRACTICE = "practice", _("Practice")
    PATH = "path", _("Path")
    MEETING = "meeting", _("Meeting pack")


class ThingKind(models.TextChoices):
    """What is written, compared and scheduled in the studio; the first four have releases."""

    LESSON = "lesson", _("Lesson")
    PRACTICE = "practice", _("Practice")
    PATH = "path", _("Path")
    MEETING = "meeting", _("Meeting pack")
    QUESTION = "question", _("Question")


class ScheduleAction(models.TextChoices):
    PUBLISH = "PUBLISH", _("goes live")
    WITHDRAW = "WITHDRAW", _("comes down")


class ScheduleState(models.TextChoices):
    """A proposal waits for a publisher's approval; a moment that waits is carried out by the background work."""

    PROPOSED = "PROPOSED", _("proposed, waits for a publisher")
    WAITING = "WAITING", _("is going to happen")
    DONE = "DONE", _("was done")
    REFUSED = "REFUSED", _("could not be done")
    CANCELLED = "CANCELLED", _("called off")


class QuestionKind(models.TextChoices):
    ONE = "one", _("One right answer")
    MANY = "many", _("Several right answers")
    ORDER = "order", _("Put the answers in order")
    MATCH = "match", _("Give each its partner")
    SPOT = "spot", _("Find what betrays a scam")
    SITUATION = "situation", _("A situation, then one right answer")


class SceneKind(models.TextChoices):
    """What the message of a `spot` question looks like."""

    SMS = "sms", _("Text message")
    CHAT = "chat", _("Conversation")
    CALL = "call", _("Call")
    BROWSER = "browser", _("Web page")
    EMAIL = "email", _("E-mail")
    POSTER = "poster", _("Poster, notice")


class Audience(models.TextChoices):
    """Where a meeting pack is used."""

    UNION = "UNION", _("Union group")
    NEIGHBOURHOOD = "NEIGHBOURHOOD", _("Neighbourhood meeting")
    CLASS = "CLASS", _("Class hour")


class Level(models.IntegerChoices):
    """The author's estimate of how hard a question is."""

    EASY = 1, _("Easy")
    MIDDLE = 2, _("Middling")
    HARD = 3, _("Hard")


class Service(models.TextChoices):
    """Essential services a lesson leads to (R-24)."""

    VNEID = "vneid", "VNeID"
    PUBLIC_SERVICES = "dich-vu-cong", _("Online public services")
    CITY_APP = "cong-dan-so", "Công dân số TP.HCM"
    INSURANCE = "vssid", "VssID"
    TAX = "etax", "eTax Mobile"
    HEALTH_BOOK = "so-suc-khoe", _("Electronic health book")
    PAYMENT = "thanh-toan", _("Cashless payment")
    QR = "thanh-toan-qr", _("Payment by QR code")
    WALLET = "vi-dien-tu", _("Electronic wallet")
    SIGNATURE = "chu-ky-so", _("Digital signature")
    AI = "tro-ly-ai", _("AI assistant")
    SAFETY = "an-toan", _("Online safety")


class Box(models.TextChoices):
    """The parts of step 1. `text` is plain; the others are boxes with a colour and a name."""

    TEXT = "text", _("Text")
    REMEMBER = "nho", _("To remember")
    DANGER = "canh-bao", _("Danger")
    STORY = "chuyen", _("A story")
    PICTURE = "hinh", _("Picture")


class PictureLicence(models.TextChoices):
    """Under which licence a picture may be used. Stored as files write them."""

    OURS = "CC BY 4.0", _("CC BY 4.0, ours")
    BY = "CC BY", _("CC BY: free to use, the author is named")
    BY_SA = "CC BY-SA", _("CC BY-SA: as CC BY, what is made of it stays free")
    FREE = "CC0", _("CC0 or public domain: free for everything")
    OWN = "RIENG", _("A licence of its own")


class LinkProblem(models.TextChoices):
    """Why an address gave no good answer."""

    NAME = "NAME", _("no such site")
    TIMEOUT = "TIMEOUT", _("no answer in time")
    REFUSED = "REFUSED", _("the site refused the connection")
    SECURE = "SECURE", _("the secure connection failed")
    GONE = "GONE", _("the page is not there")
    SERVER = "SERVER", _("the site reports a fault of its own")
    LOOP = "LOOP", _("the address leads round in circles")
    FORBIDDEN = "FORBIDDEN", _("not an address on the public internet")
