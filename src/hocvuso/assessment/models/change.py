"""Change in what people can do (R-12): a short check before, and what they still do 30 and 90 days after confirmation."""

from __future__ import annotations

from django.db import models

from hocvuso.assessment.choices import Round
from hocvuso.kernel.ids import new_id


class Placement(models.Model):
    """A short check of where to start, on one device; it becomes a person's "before" when they sign in.

    Until then it says nothing about who took it, and goes after 90 days. `paper` holds the questions as drawn, with their keys;
    `answers` one entry a question: the option names chosen and whether they were right.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, null=True, related_name="+")
    group = models.CharField(max_length=10)
    paper = models.JSONField(default=list)
    answers = models.JSONField(default=list)
    started_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)
    ability = models.FloatField(
        null=True
    )  # on the scale of the two-parameter model: 0 is the middle, most people within ±2
    ability_error = models.FloatField(null=True)
    claimed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.id}"


class FollowUp(models.Model):
    """What a confirmed person says they still do by themselves, once at 30 and once at 90 days. Holds personal data by reference."""

    pk = models.CompositePrimaryKey("person_id", "round")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="+")
    round = models.PositiveSmallIntegerField(choices=Round.choices)
    services = models.JSONField(default=list)
    answered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.round}"
