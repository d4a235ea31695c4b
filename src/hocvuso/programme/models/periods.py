"""Report periods: the regular ones from data/periods.yaml, and those that a higher unit asks for."""

from __future__ import annotations

from datetime import datetime, time

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from hocvuso.kernel.clock import VIETNAM
from hocvuso.kernel.periods import Period, PeriodKind

END_OF_DAY = time(23, 59, 59)


class ReportPeriod(models.Model):
    """A time that is reported on, first and last day counted. Months run from the 15th to the 14th (Decree 09/2019/NĐ-CP).

    `code` is stable (`2026-M11`). Without `owner` it is owed by every unit; with one, by the units right below it (`everyone`) or
    by those named in PeriodUnit, and `name` says what it is for. The days of one campaign share `series`. `due_on` and
    `closes_at` (Viet Nam; none is the end of the day) say when reports are owed. Holds the id of the officer who made it.
    """

    code = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=12)
    first = models.DateField()
    last = models.DateField()
    due_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    provisional_vi = models.CharField(max_length=200, blank=True)  # "tạm, chờ văn bản": why
    provisional_en = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=120, blank=True)
    owner = models.ForeignKey("units.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    everyone = models.BooleanField(default=True)
    series = models.CharField(max_length=24, blank=True)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(null=True)
    called_off_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-last", "kind"]
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=models.F("last")), name="period_first_before_last"),
            models.CheckConstraint(condition=Q(due_on__gte=models.F("last")), name="period_due_after_last"),
            models.CheckConstraint(condition=Q(owner__isnull=True) | ~Q(name=""), name="period_of_owner_has_name"),
        ]
        indexes = [models.Index(fields=["owner", "-last"], name="period_owner")]

    def __str__(self) -> str:
        return self.code

    @property
    def period(self) -> Period:
        return Period(self.first, self.last, PeriodKind(self.kind))

    @property
    def due_at(self) -> datetime:
        """The moment from which a report is late."""
        return datetime.combine(self.due_on, self.closes_at or END_OF_DAY, tzinfo=VIETNAM)

    @property
    def provisional(self) -> str:
        return self.provisional_en if (get_language() or "vi").startswith("en") else self.provisional_vi


class PeriodUnit(models.Model):
    """A unit that owes a report on a period which not everyone right below the owner owes. No personal data."""

    period = models.ForeignKey(ReportPeriod, on_delete=models.CASCADE, related_name="asked")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "unit"], name="period_unit_once")]

    def __str__(self) -> str:
        return f"{self.period_id} {self.unit_id}"
