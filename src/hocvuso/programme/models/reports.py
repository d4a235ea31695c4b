"""Letterheads, reports, what was handed in, and every move."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.documents import HeaderForm
from hocvuso.kernel.ids import new_id
from hocvuso.kernel.models import AppendOnly
from hocvuso.programme.choices import ReportState, Verb
from hocvuso.programme.models.periods import ReportPeriod


class Letterhead(models.Model):
    """How a unit's official documents are headed and signed. Defaults are proposed from the unit; the office corrects them.

    Holds the name of whoever signs (an office matter).
    """

    unit = models.OneToOneField("units.Unit", on_delete=models.CASCADE, primary_key=True, related_name="letterhead")
    form = models.CharField(
        max_length=8, choices=[(form.value, form.value) for form in HeaderForm], default=HeaderForm.STATE
    )
    superior = models.CharField(_("Body above (upper line)"), max_length=200, blank=True)
    issuer = models.CharField(_("Issuing body"), max_length=200)
    symbol = models.CharField(_("Symbol"), max_length=40, blank=True)
    place = models.CharField(_("Place name"), max_length=120)
    authority = models.CharField(_("On behalf of"), max_length=120, blank=True)
    signer_title = models.CharField(_("Title of the signer"), max_length=120, blank=True)
    signer = models.CharField(_("Name of the signer"), max_length=120, blank=True)
    recipients = models.TextField(_("Recipients, one a line"), blank=True)

    def __str__(self) -> str:
        return self.issuer


class Report(models.Model):
    """One unit's report on one period: its written parts and where it stands.

    `narrative`: part code → text. `version` counts savings and moves, so that two people at once, or a page left open, lose
    nothing. Figures are stored in no draft: they come from evidence, and are kept in a ReportEdition each time it is handed in.
    `edition` is what was handed in last, `locked_edition` what the unit above counts with. `writers`: ids of those who wrote or
    handed in, for four eyes. `open_until`: last day of an exception; the system locks again after it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(ReportPeriod, on_delete=models.PROTECT, related_name="+")
    narrative = models.JSONField(default=dict)
    rows = models.JSONField(default=dict)  # table code → rows that the office writes (tables.py)
    carried = models.JSONField(default=list)  # codes of parts and tables that still stand as in the last report
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()
    updated_by = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    state_at = models.DateTimeField(null=True)
    writers = models.JSONField(default=list)
    edition = models.ForeignKey("ReportEdition", null=True, on_delete=models.PROTECT, related_name="+")
    locked_edition = models.ForeignKey("ReportEdition", null=True, on_delete=models.PROTECT, related_name="+")
    first_handed_in_at = models.DateTimeField(null=True)
    open_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "period"], name="report_once_a_period"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["SUBMITTED", "APPROVED", "LOCKED"]) | models.Q(edition__isnull=False),
                name="report_handed_in_has_edition",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="LOCKED") | models.Q(locked_edition__isnull=False),
                name="report_locked_has_edition",
            ),
        ]
        indexes = [models.Index(fields=["period", "state"], name="report_period_state")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period_id}"


class ReportEdition(models.Model):
    """What a unit handed in: figures, tables and words as they were at that moment. Insert-only.

    `content` is plain JSON; `digest` is the SHA-256 of its canonical form, so that anybody can see that nothing was changed.
    `number` counts from 1 in a report. Unit of measure: as in the content.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.UUIDField()
    as_of = models.DateField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_edition_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly


class ReportMove(models.Model):
    """One move of a report: who, when, why, until when. Insert-only; the page of the report tells them.

    `actor_id` is none when the system did it (the end of an exception). Holds the acting person's id.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="moves")
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    verb = models.CharField(max_length=10, choices=Verb.choices)
    source = models.CharField(max_length=10, choices=ReportState.choices)
    target = models.CharField(max_length=10, choices=ReportState.choices)
    remark = models.TextField(blank=True)
    until = models.DateField(null=True)
    edition = models.ForeignKey(ReportEdition, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["report", "at"], name="report_move_time")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly
