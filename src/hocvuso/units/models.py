"""Units: every body that answers for people, in one tree model with several lines."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from hocvuso.kernel.ids import new_id
from hocvuso.kernel.vietnamese import composed, folded
from hocvuso.units.choices import COMMUNE_KINDS, Kind, Line


class UnitQuerySet(MP_NodeQuerySet):
    """Chainable picks of units."""

    def on(self, day: date) -> UnitQuerySet:
        """Units that exist on a day."""
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day)).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )

    def in_line(self, line: str) -> UnitQuerySet:
        return self.filter(line=line)

    def under(self, unit: Unit) -> UnitQuerySet:
        """The unit and everything below it."""
        # A range, not LIKE: SQLite can use the index on path only so.
        return self.filter(path__range=(unit.path, unit.path + "Z" * 20))

    def search(self, text: str) -> UnitQuerySet:
        """Units whose code is text or whose name holds it, without regard to tone marks."""
        return self.filter(Q(code=text.strip()) | Q(search_name__contains=folded(text)))


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    """Units in tree order."""

    def get_queryset(self) -> UnitQuerySet:
        return UnitQuerySet(self.model, using=self._db).order_by("path")


class Unit(MP_Node):
    """A body that answers for people: a ward, a neighbourhood, a union, a school, an enterprise.

    One row is one unit during its life from `valid_from` (inclusive) to `valid_to` (exclusive, empty while open). The stable
    identifier is (`line`, `code`), the official code; names repeat and are never matched. Holds no personal data.

    The tree is today's map. A merged unit stays, closed, points to `succeeded_by` and hangs below it, with everything that
    hung below the merged unit; so figures, rights and lists that follow the tree reach it through its successor.
    `stood_under` keeps the parent it had before. A closed unit without a successor (split, dissolved) stays where it was.
    Ask `queries.children` and `queries.breadcrumb` rather than the tree itself: they know which unit counted on which day.
    """

    steplen = 5

    line = models.CharField(max_length=12, choices=Line.choices)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200, editable=False)
    area_type = models.CharField(max_length=20, blank=True)  # urban, rural with market, rural: sets the default target
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    succeeded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )
    stood_under = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="former_children"
    )
    note = models.CharField(max_length=200, blank=True)  # why it closed, when no successor says so
    source = models.CharField(max_length=200, blank=True)

    objects = UnitManager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.UniqueConstraint(
                fields=["line", "code"],
                condition=Q(valid_to__isnull=True),
                name="unit_code_once_while_open",
                violation_error_message=_("This line already has an open unit with this code."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_from__lt=models.F("valid_to")),
                name="unit_closes_after_it_opens",
            ),
        ]
        indexes = [
            models.Index(fields=["line", "code"], name="unit_line_code"),
            models.Index(fields=["line", "kind", "search_name"], name="unit_line_kind_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def prepare(self) -> None:
        """Compose the name and fold it for searching; writers in bulk call this themselves."""
        self.name = composed(self.name)
        self.search_name = folded(self.name)

    @property
    def is_open(self) -> bool:
        return self.valid_to is None

    @property
    def is_commune(self) -> bool:
        return self.kind in COMMUNE_KINDS


class Coverage(models.Model):
    """A unit of another line looks after a unit of the territory: a union may manage several wards, or none of its own."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="coverages")
    territory = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="covered_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "territory"], name="coverage_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.territory_id}"


class Shape(models.Model):
    """The outline of a unit on a map: a GeoJSON geometry, matched by official code when loaded."""

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, primary_key=True, related_name="shape")
    geometry = models.JSONField()
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"shape of {self.unit_id}"


class UnitImport(models.Model):
    """One import of units from a file: what was asked, what it did, and what undoing it takes."""

    class State(models.TextChoices):
        TRIED = "TRIED", pgettext_lazy("import", "Tried")
        DONE = "DONE", pgettext_lazy("import", "Done")
        UNDONE = "UNDONE", pgettext_lazy("import", "Undone")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    line = models.CharField(max_length=12, choices=Line.choices)
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    rows = models.JSONField(default=list)  # what the file said, row by row
    report = models.JSONField(default=dict)  # counts and row-level messages
    undo = models.JSONField(default=list)  # old values, newest first

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"
