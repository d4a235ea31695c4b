"""Letterheads and the parts of a report that people write."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.documents import HeaderForm
from hocvuso.kernel.ids import new_id
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
    """The written parts of one unit's report on one period. Figures are never stored here: they come from evidence.

    `narrative`: part code → text. `version` counts savings, so that two people who write at the same time lose nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(ReportPeriod, on_delete=models.PROTECT, related_name="+")
    narrative = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()
    updated_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "period"], name="report_once_a_period")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period_id}"
