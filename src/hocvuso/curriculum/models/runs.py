"""Meetings that were held with a pack."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.ids import new_id

MOST_PEOPLE = 5000


class MeetingRun(models.Model):
    """One meeting held with a meeting pack (R-25): when, in which unit, how many were there, how many hands for each answer.

    `id` is made by the page, so that sending twice records once. `digest` names the release that was used; `hands` is a
    list of a list for each question of the quiz, in the order of its answers, null where nobody counted. Nobody's name is
    kept but `recorded_by`, the id of the person who recorded it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    pack_slug = models.CharField(_("meeting pack"), max_length=80)
    digest = models.CharField(max_length=64)
    unit = models.ForeignKey("units.Unit", verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField(_("held on"))
    people_present = models.PositiveIntegerField(
        _("people present"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)]
    )
    hands = models.JSONField(_("hands"), default=list)
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["unit", "held_on"], name="meeting_unit_day")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(people_present__gte=1, people_present__lte=MOST_PEOPLE), name="meeting_people_sane"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pack_slug} {self.held_on}"
