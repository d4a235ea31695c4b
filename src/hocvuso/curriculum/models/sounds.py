"""Voices: recordings of what a lesson says, each tied to the very text that was read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SoundPart(models.TextChoices):
    """The parts of a lesson that are read aloud: the ids of its screens."""

    UNDERSTAND = "hieu", _("1. Understand")
    USE = "dung", _("3. Use")


class Recording(models.Model):
    """Somebody reading one part of a lesson. Learners hear it only while the lesson still says what was read.

    `text_digest` is the SHA-256 of the text that was read (sound.text_of): when the lesson says something else, the recording is
    flagged for the authors and phones fall back to their own voice. `digest` names the bytes. One recording a part and language is
    kept. `speaker` is a name that may be shown, given by whoever recorded it: personal data.
    """

    lesson = models.CharField(max_length=80)
    part = models.CharField(max_length=8, choices=SoundPart.choices)
    language = models.CharField(max_length=8, default="vi")
    text_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, db_index=True)
    content_type = models.CharField(max_length=40)
    body = models.BinaryField()
    speaker = models.CharField(_("who reads"), max_length=120)
    licence = models.CharField(_("licence"), max_length=60, default="CC BY 4.0")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "part", "language"], name="recording_once_per_part")]

    def __str__(self) -> str:
        return f"{self.lesson} {self.part}"
