"""Suspicions: rules as data, what is measured of each test, cases an officer works through, re-test draws anybody can repeat."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.ids import new_id
from hocvuso.kernel.models import AppendOnly


class RuleKind(models.TextChoices):
    """What a rule looks at. The thresholds are data (IntegrityRule.settings)."""

    TOO_FAST = "TOO_FAST", _("Answered too fast")
    SAME_DEVICE = "SAME_DEVICE", _("Many people on one phone")
    SHARED_ANSWERS = "SHARED_ANSWERS", _("The same wrong answers")
    ODD_ASSESSOR = "ODD_ASSESSOR", _("An assessor's pass rate stands out")
    NIGHT_BATCH = "NIGHT_BATCH", _("Many tests at night in one place")
    INCIDENT = "INCIDENT", _("Incident in a session")


class CaseState(models.TextChoices):
    OPEN = "OPEN", _("To be looked at")
    RETEST = "RETEST", _("Re-test asked for")
    CLEARED = "CLEARED", _("Cleared")
    FOUND = "FOUND", _("Found irregular")


class CaseReason(models.TextChoices):
    """The closed list of reasons; which fits which decision stands in integrity.rules.MOVES."""

    ONE_HOUSEHOLD = "ONE_HOUSEHOLD", _("One household, one phone")
    SHARED_ROOM = "SHARED_ROOM", _("A room with shared phones")
    NIGHT_SHIFT = "NIGHT_SHIFT", _("A shift that works at night")
    GOOD_CLASS = "GOOD_CLASS", _("A well-prepared class")
    CHANCE = "CHANCE", _("Chance")
    NOT_CLEAR = "NOT_CLEAR", _("Cannot be told from here")
    RETEST_PASSED = "RETEST_PASSED", _("Passed again before another assessor")
    RETEST_FAILED = "RETEST_FAILED", _("Did not pass again before another assessor")
    STOOD_IN = "STOOD_IN", _("Somebody else took the test")
    ANSWERS_GIVEN = "ANSWERS_GIVEN", _("Answers were given away")


class DrawState(models.TextChoices):
    WAITING = "WAITING", _("The list is fixed, the seed comes with the next daily seal")
    DRAWN = "DRAWN", _("Drawn")


class IntegrityRule(models.Model):
    """A rule in one version, with its thresholds. Never changed once it exists; a new version takes its place.

    Holds no personal data.
    """

    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=14, choices=RuleKind.choices)
    settings = models.JSONField()
    enabled = models.BooleanField(default=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="integrity_rule_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)


class Trace(models.Model):
    """What is measured of one graded test: times, phone, assessor, wrong answers. Made when it is graded, measured later.

    `wrong` holds marks of question and option, `area` the path of the commune. Holds personal data by reference.
    """

    pk = models.CompositePrimaryKey("person_id", "attempt_id")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="+")
    attempt_id = models.UUIDField()
    policy_code = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.SET_NULL, db_index=False, related_name="+")
    area = models.CharField(max_length=40, blank=True)
    device = models.CharField(max_length=32, blank=True)
    assessor_id = models.UUIDField(null=True)
    started_at = models.DateTimeField(null=True)
    graded_at = models.DateTimeField(null=True)
    passed = models.BooleanField(null=True)
    questions = models.PositiveSmallIntegerField(default=0)
    pace = models.FloatField(null=True)  # median seconds between two answers
    night_on = models.DateField(null=True)
    asked = models.JSONField(default=list)
    wrong = models.JSONField(default=list)
    measured_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["graded_at"],
                condition=models.Q(measured_at__isnull=True, graded_at__isnull=False),
                name="trace_to_measure",
            ),
            models.Index(fields=["device", "started_at"], name="trace_device"),
            models.Index(fields=["area", "policy_code", "started_at"], name="trace_area"),
            models.Index(fields=["assessor_id", "started_at"], name="trace_assessor"),
            models.Index(fields=["started_at"], name="trace_started"),
        ]

    def __str__(self) -> str:
        return str(self.attempt_id)


class Case(models.Model):
    """One suspicion, with everybody it touches. It takes nothing from anybody: it waits for an officer's look.

    `key` makes the same suspicion come once. Holds personal data by reference.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.ForeignKey(IntegrityRule, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=RuleKind.choices)
    key = models.CharField(max_length=120)
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.SET_NULL, db_index=False, related_name="+")
    assessor_id = models.UUIDField(null=True)
    state = models.CharField(max_length=8, choices=CaseState.choices, default=CaseState.OPEN)
    reason = models.CharField(max_length=14, choices=CaseReason.choices, blank=True)
    people = models.PositiveIntegerField()
    details = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="case_once")]
        indexes = [models.Index(fields=["state", "id"], name="case_list")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class CaseMember(models.Model):
    """A test that a case touches. `cleared_at`: found irregular at first, and in order after all for this person.

    Holds personal data by reference.
    """

    pk = models.CompositePrimaryKey("person_id", "case_id", "attempt_id")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="members")
    attempt_id = models.UUIDField()
    cleared_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.attempt_id} in {self.case_id}"


class RetestDraw(models.Model):
    """A random sample of passed tests to be taken again. The list is fixed and its hash written down first; the seed is the
    seal of the ledger's next day, which nobody can choose; so nobody picks, and anybody with the list can draw again.

    Holds no personal data.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    wanted = models.PositiveIntegerField()
    listed = models.PositiveIntegerField()
    list_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=7, choices=DrawState.choices, default=DrawState.WAITING)
    seed = models.CharField(max_length=64, blank=True)
    seal_day = models.DateField(null=True)
    fixed_at = models.DateTimeField()
    fixed_by = models.UUIDField()
    drawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.unit_id} {self.since} {self.until}"


class RetestEntry(models.Model):
    """One test on the list of a draw, under a code that says nothing about the person. Holds personal data by reference."""

    pk = models.CompositePrimaryKey("person_id", "draw_id", "attempt_id")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="+")
    draw = models.ForeignKey(RetestDraw, on_delete=models.CASCADE, related_name="entries")
    attempt_id = models.UUIDField()
    code = models.CharField(max_length=32)
    picked = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["draw", "code"], name="retest_list")]

    def __str__(self) -> str:
        return self.code
