"""Reminders to hand a report in."""

from __future__ import annotations

from django.db import models

from hocvuso.kernel.ids import new_id
from hocvuso.programme.choices import ReminderKind
from hocvuso.programme.models.periods import ReportPeriod


class ReportReminder(models.Model):
    """A unit was reminded of a report it owes, once a kind and day. Its officers see it on their page and get an e-mail.

    `by` is none when the system reminded by itself. `mailed_at`: when the e-mails went out (also when there was nobody to write
    to, then `mails` is nought); `tries` counts attempts. Holds the id of the officer who reminded.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    period = models.ForeignKey(ReportPeriod, on_delete=models.CASCADE, related_name="reminders")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=ReminderKind.choices)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    words = models.CharField(max_length=300, blank=True)
    mailed_at = models.DateTimeField(null=True)
    mails = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "unit", "kind", "on"], name="reminder_once_a_day")]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(mailed_at__isnull=True), name="reminder_to_mail"),
            models.Index(fields=["unit", "-at"], name="reminder_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period_id} {self.unit_id}"
