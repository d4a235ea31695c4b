"""What the bank knows of each question beyond its words, and results that changed because of a void one."""

from __future__ import annotations

from django.db import models

from hocvuso.assessment.adaptive import EXPOSURE_LIMIT
from hocvuso.assessment.choices import ItemState, Verdict
from hocvuso.kernel.ids import new_id


class Item(models.Model):
    """One graded question of the curriculum as an item of the bank, by its code: state, parameters, counts. No personal data.

    `discrimination` and `difficulty` are those of the two-parameter model; before calibration they are the author's estimate.
    The sums are over answers of graded attempts: `rest` is the number right on the other questions of the same paper.
    """

    code = models.CharField(max_length=80, unique=True)
    skill = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=8, choices=ItemState.choices, default=ItemState.ACTIVE)
    discrimination = models.FloatField(default=1.0)
    difficulty = models.FloatField(default=0.0)
    calibrated_at = models.DateTimeField(null=True)
    calibrated_on = models.PositiveIntegerField(default=0)  # answers behind the parameters
    revision = models.BigIntegerField(default=0)
    exposure_limit = models.FloatField(default=EXPOSURE_LIMIT)
    drawn = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)
    rest_sum = models.FloatField(default=0)
    rest_square_sum = models.FloatField(default=0)
    rest_right_sum = models.FloatField(default=0)
    papers_before = models.PositiveIntegerField(default=0)  # papers counted before it came into the bank
    exposure_ratio = models.FloatField(default=0)  # drawn / papers since then
    rescored = models.BooleanField(default=True)  # whether every result a void question touched was computed again
    reason = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["state", "code"], name="item_state")]

    def __str__(self) -> str:
        return self.code

    @property
    def is_calibrated(self) -> bool:
        return self.calibrated_at is not None


class BankClock(models.Model):
    """How many graded papers the items' numbers were counted from. One row. No personal data."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    papers = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.papers}"


class Rescoring(models.Model):
    """A result that was computed again because a question of its paper was declared void. Added to, never removed.

    `needs_people`: it would have been passed before and not any more; the result stays until people decide. Personal data by reference.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="+")
    id = models.UUIDField(default=new_id)
    attempt_id = models.UUIDField()
    item = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    old_correct = models.PositiveSmallIntegerField()
    old_counted = models.PositiveSmallIntegerField()
    old_ratio = models.DecimalField(max_digits=5, decimal_places=4)
    old_passed = models.BooleanField()
    new_correct = models.PositiveSmallIntegerField()
    new_counted = models.PositiveSmallIntegerField()
    new_ratio = models.DecimalField(max_digits=5, decimal_places=4)
    new_passed = models.BooleanField()
    needs_people = models.BooleanField(default=False)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "attempt_id", "item"], name="rescored_once")]
        indexes = [
            models.Index(
                fields=["at", "id"],
                condition=models.Q(needs_people=True, decided_at__isnull=True),
                name="rescoring_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.item}"
