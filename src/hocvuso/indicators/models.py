"""Definitions, denominators, targets, who answers for them, and the tallies that figures are read from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.evidence.choices import ALL
from hocvuso.indicators.choices import ImportState, TargetKind
from hocvuso.kernel.ids import new_id
from hocvuso.people.choices import Group

GROUP_CHOICES = [*Group.choices, (ALL, _("Everybody"))]


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def current(self) -> IndicatorQuerySet:
        """The newest version of each indicator, in the order of display."""
        newer = Indicator.objects.filter(code=models.OuterRef("code"), version__gt=models.OuterRef("version"))
        return self.filter(~models.Exists(newer)).order_by("order", "code")


class Indicator(models.Model):
    """What one figure counts: the people of some groups who reached a milestone. Loaded from data/indicators.yaml.

    `code` is the stable identifier; a version never changes `groups` or `milestone`. The groups of one indicator share no
    person by definition (a pupil is no student), so their people are added. Unit of measure: people, each once.
    Holds no personal data.
    """

    code = models.CharField(max_length=12)
    version = models.PositiveSmallIntegerField()
    headline = models.BooleanField(default=True)  # one of the targets of R-10
    order = models.PositiveSmallIntegerField()
    groups = models.JSONField(default=list)
    milestone = models.CharField(max_length=12)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    short_title_vi = models.CharField(max_length=80)
    short_title_en = models.CharField(max_length=80)
    assurance_note_vi = models.CharField(max_length=200, blank=True)
    assurance_note_en = models.CharField(max_length=200, blank=True)
    provisional_vi = models.CharField(max_length=200, blank=True)  # "tạm, chờ văn bản": why
    provisional_en = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="indicator_version_once")]

    def __str__(self) -> str:
        return self.short_title

    def _in_language(self, field: str) -> str:
        language = "en" if (get_language() or "vi").startswith("en") else "vi"
        return str(getattr(self, f"{field}_{language}"))

    @property
    def title(self) -> str:
        return self._in_language("title")

    @property
    def short_title(self) -> str:
        return self._in_language("short_title")

    @property
    def assurance_note(self) -> str:
        return self._in_language("assurance_note")

    @property
    def provisional(self) -> str:
        return self._in_language("provisional")


class Tally(models.Model):
    """People who first reached a milestone on a day, counted in a unit: its own people and those of every unit below it.

    `group` is a group of R-10 or ALL, `segment` a breakdown or ALL. A projection of the ledger: never typed, rebuilt from zero
    to the same rows. Rows of nobody do not exist. Unit of measure: people.
    """

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    group = models.CharField(max_length=10)
    segment = models.CharField(max_length=10)
    milestone = models.CharField(max_length=12)
    day = models.DateField()
    people = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "milestone", "group", "segment", "day"], name="tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.group} {self.milestone} {self.day}: {self.people}"


class TallyTotal(models.Model):
    """The sum of a unit's tallies over all days: what dashboards of today look up. Unit of measure: people."""

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    group = models.CharField(max_length=10)
    segment = models.CharField(max_length=10)
    milestone = models.CharField(max_length=12)
    people = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "milestone", "group", "segment"], name="tally_total_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.group} {self.milestone}: {self.people}"


class DenominatorImport(models.Model):
    """One file of denominators: what it said row by row, what is wrong with it, and whether it was loaded. All or nothing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=ImportState.choices)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    rows = models.JSONField(default=list)  # unit_id, code, name, group, people, on, source, source_on, same
    errors = models.JSONField(default=list)  # row, message

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"


class Denominator(models.Model):
    """How many people of a group a unit answers for, on a day, by a source. Rows are added; the newest for a day counts.

    A stated nought is nought; no row is "no figure yet". Holds no personal data.
    """

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="denominators")
    group = models.CharField(_("group"), max_length=10, choices=GROUP_CHOICES)
    on = models.DateField(_("counted on"))
    people = models.PositiveIntegerField(_("people"))
    source = models.CharField(_("source"), max_length=200)
    source_on = models.DateField(_("date of the source"))
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField()
    batch = models.ForeignKey(
        DenominatorImport, null=True, blank=True, on_delete=models.PROTECT, related_name="denominators"
    )

    class Meta:
        indexes = [models.Index(fields=["unit", "group", "-on", "-approved_at"], name="denominator_newest")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.group} {self.on}: {self.people}"


class Target(models.Model):
    """What a unit is to reach by a day: a ratio of the denominator, or a number of people. Rows are added; the newest counts.

    Without `unit` it holds wherever no unit on the way up has its own. Ratios are inherited down the tree; a number of people
    binds its own unit only. Holds no personal data beyond the id of who set it.
    """

    unit = models.ForeignKey("units.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="targets")
    indicator_code = models.CharField(_("indicator"), max_length=12)
    due_on = models.DateField(_("due on"))
    kind = models.CharField(_("kind"), max_length=12, choices=TargetKind.choices)
    ratio = models.DecimalField(_("ratio"), max_digits=5, decimal_places=4, null=True, blank=True)
    people = models.PositiveIntegerField(_("people"), null=True, blank=True)
    set_by = models.UUIDField(null=True)
    at = models.DateTimeField()
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ratio__isnull=True, people__isnull=False) | Q(ratio__isnull=False, people__isnull=True),
                name="target_ratio_or_people",
                violation_error_message=_("A target is either a ratio or a number of people. Give one of the two."),
            ),
            models.CheckConstraint(
                condition=Q(ratio__isnull=True) | Q(ratio__gt=0, ratio__lte=1),
                name="target_ratio_up_to_whole",
                violation_error_message=_("The ratio is more than 0% and at most 100%."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "indicator_code", "due_on", "-at"], name="target_newest")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.indicator_code} {self.due_on}"


class PersonInCharge(models.Model):
    """Who answers for a unit, or for one indicator of it (R-33). Holds personal data: a name in office."""

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="people_in_charge")
    indicator_code = models.CharField(_("indicator"), max_length=12, blank=True)  # empty: the whole unit
    person = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(pgettext_lazy("of a person", "title"), max_length=120, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    set_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "indicator_code"], condition=Q(valid_to__isnull=True), name="one_in_charge_while_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.title}" if self.title else self.name
