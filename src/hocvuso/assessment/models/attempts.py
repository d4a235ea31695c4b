"""Attempts and their answers."""

from __future__ import annotations

from django.db import models

from hocvuso.assessment.choices import AttemptState
from hocvuso.assessment.models.policies import Policy
from hocvuso.kernel.ids import new_id


class Attempt(models.Model):
    """One person takes one test. `paper` is the questions as drawn, with their keys: it stays on the server.

    Question order, option order and option names are drawn anew for each attempt; an adaptive paper grows by one question an answer.
    `frozen` is what the result follows from besides the paper: method, pass ratio, cut, blueprint. Holds personal data by reference.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="+")
    id = models.UUIDField(default=new_id)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=AttemptState.choices, default=AttemptState.OPEN)
    paper = models.JSONField()
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    graded_at = models.DateTimeField(null=True)
    correct = models.PositiveSmallIntegerField(null=True)
    score_ratio = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    passed = models.BooleanField(null=True)
    frozen = models.JSONField(default=dict)
    extra_minutes = models.PositiveSmallIntegerField(default=0)  # declared need; which need is not asked
    ability = models.FloatField(null=True)
    ability_error = models.FloatField(null=True)
    voided = models.JSONField(default=list)  # positions on the paper that count for nobody
    counted = models.BooleanField(default=False)  # in the items' numbers

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "policy"], condition=models.Q(state=AttemptState.OPEN), name="attempt_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(state=AttemptState.OPEN, passed__isnull=True)
                | models.Q(state=AttemptState.GRADED, passed__isnull=False, graded_at__isnull=False),
                name="attempt_graded_has_result",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deadline_at"], condition=models.Q(state=AttemptState.OPEN), name="attempt_open_deadline"
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(state=AttemptState.GRADED, counted=False),
                name="attempt_to_count",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.policy_id} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state == AttemptState.OPEN

    @property
    def is_adaptive(self) -> bool:
        """Whether each next question follows from the answers before."""
        return self.frozen.get("method") == "adaptive"

    @property
    def total(self) -> int:
        """How many questions the whole paper has, drawn or not."""
        return int(self.frozen.get("questions", 0)) if self.is_adaptive else len(self.paper)


class Answer(models.Model):
    """The answer to one question of an attempt, by its position on the paper (from 1). The first one counts.

    Grading adds a row with nothing chosen for each question without an answer. `item` is the question's code in the bank; empty
    where the question was void when the test was graded.
    """

    pk = models.CompositePrimaryKey("person_id", "attempt_id", "position")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="+")
    attempt_id = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    chosen = models.JSONField()  # option names as drawn for this attempt; of a practice task, its trace
    correct = models.BooleanField()
    answered_at = models.DateTimeField()
    item = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["item", "person"], name="answer_item")]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.position}"
