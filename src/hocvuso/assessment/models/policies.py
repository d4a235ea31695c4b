"""How a group is assessed, as data with versions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from hocvuso.kernel.models import AppendOnly
from hocvuso.units.public import Line


class PolicyQuerySet(models.QuerySet["Policy"]):
    def in_force(self, on: date) -> PolicyQuerySet:
        """Versions whose day has come; the highest of a code is the one in force."""
        return self.filter(models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=on))


class Policy(models.Model):
    """How one group is assessed, in one version: questions, time, pass rule, blueprint. Never changed once it exists.

    A new rule is a new version, in force from its day, so that an old result keeps the rule it was made by. `provisional` shows
    "tạm, chờ văn bản": Phụ lục II of QĐ 757/QĐ-BKHCN is not public. Holds no personal data but the officer who made it.
    """

    code = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    group = models.CharField(max_length=10)
    questions = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    pass_ratio = models.DecimalField(max_digits=4, decimal_places=3)
    retry_after_hours = models.PositiveIntegerField(default=0)
    supervised = models.BooleanField(default=False)
    provisional = models.BooleanField(default=True)
    note = models.TextField(blank=True)
    blueprint = models.JSONField()  # [{"skills": ["ndct-0"], "count": 3}]
    adaptive = models.BooleanField(default=False)
    practice_tasks = models.PositiveSmallIntegerField(default=0)  # besides `questions`
    practices = models.JSONField(default=list, blank=True)  # slugs the tasks are drawn from; empty: any
    attempts_allowed = models.PositiveSmallIntegerField(default=0)  # 0: no limit
    extra_time_ratio = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("0.5"))
    equivalences = models.JSONField(default=list, blank=True)  # [{"source": …, "result": …}]
    confirmed_by = models.CharField(
        max_length=200, blank=True
    )  # a line of units; empty: credentials/data/authorities.yaml
    signatory = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(null=True)  # none: since always
    made_by = models.UUIDField(null=True)  # a person; none: shipped with the system
    made_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="assessment_policy_once")]
        ordering = ["code", "-version"]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    @property
    def confirming_line(self) -> str:
        """The line of units that confirms, in words; empty where credentials/data/authorities.yaml decides."""
        return str(Line(self.confirmed_by).label) if self.confirmed_by in Line.values else ""

    @property
    def total(self) -> int:
        """Questions and practice tasks together."""
        return self.questions + self.practice_tasks

    @property
    def extra_minutes(self) -> int:
        """Minutes added for somebody who says they need more time."""
        return round(self.minutes * self.extra_time_ratio)
