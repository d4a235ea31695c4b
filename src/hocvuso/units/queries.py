"""Reads of the tree that know which unit counted on which day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import Substr

from hocvuso.kernel.clock import today
from hocvuso.kernel.errors import NotFound
from hocvuso.units.models import Unit, UnitQuerySet
from hocvuso.units.tree import STEP, base, prefixes

_BATCH = 5000
PAGE = 50


def find_unit(line: str, code: str, on: date | None = None) -> Unit | None:
    """The unit of a line with an official code that exists on a day (today when none is given), or none."""
    return Unit.objects.in_line(line).on(on or today()).filter(code=code).order_by("-valid_from", "-id").first()


def get_unit(unit_id: int) -> Unit:
    """The unit with this id, open or closed. Raises NotFound."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound
    return unit


def ancestor_ids(unit_ids: Iterable[int]) -> dict[int, list[int]]:
    """For each unit: its own id, then those of its ancestors up to the root, on today's map.

    A merged unit counts in itself, in its successor (and the successor's successor), and in their ancestors, not where it stood
    before. Ids that no unit has are left out. Two queries for any number of units (one more for each further 5,000).
    """
    wanted = list(set(unit_ids))
    path_of: dict[int, str] = {}
    for start in range(0, len(wanted), _BATCH):
        path_of.update(Unit.objects.filter(pk__in=wanted[start : start + _BATCH]).order_by().values_list("pk", "path"))
    paths = sorted({prefix for path in path_of.values() for prefix in prefixes(path)})
    id_of: dict[str, int] = {}
    for start in range(0, len(paths), _BATCH):
        part = Unit.objects.filter(path__in=paths[start : start + _BATCH]).order_by().values_list("path", "pk")
        id_of.update(part)
    return {unit_id: [id_of[prefix] for prefix in reversed(prefixes(path))] for unit_id, path in path_of.items()}


def children(unit: Unit, on: date | None = None) -> UnitQuerySet:
    """The units right below a unit on a day (today when none is given), in tree order.

    What hung below a unit that has been merged away counts as a child of its successor from that day, and of the merged unit
    before it. One query to prepare, one when read.
    """
    day = on or today()
    below: UnitQuerySet = Unit.objects.under(unit).exclude(pk=unit.pk)
    closed = dict(below.filter(valid_to__lte=day).values_list("path", "depth"))
    shelves = Q(depth=unit.depth + 1)
    for path, depth in closed.items():
        between = prefixes(path)[unit.depth :]
        if all(step in closed for step in between):
            shelves |= Q(depth=depth + 1, path__range=(path, path + "Z" * 20))
    hanging = below.filter(shelves).filter(Q(stood_under__isnull=True)).values("pk")
    return Unit.objects.on(day).filter(Q(pk__in=hanging) | Q(stood_under=unit))


def breadcrumb(unit: Unit) -> list[Unit]:
    """The way from the root to the unit, the unit last. Closed units in between are left out; a merged unit stands where it stood.

    One query, two for a merged unit.
    """
    parent = Unit.objects.get(pk=unit.stood_under_id) if unit.stood_under_id else None
    path = parent.path if parent else base(unit.path)
    above = Unit.objects.filter(path__in=prefixes(path), valid_to__isnull=True)
    return [*above, unit]


def tree_depth(unit: Unit) -> int:
    """How far below its root a unit stands: 0 for a root."""
    return len(unit.path) // STEP - 1


@dataclass(frozen=True)
class UnitRow:
    """A unit in a list, with the number of open units anywhere below it."""

    unit: Unit
    below: int


@dataclass(frozen=True)
class UnitPage:
    """One page of a list; `next` continues it, empty on the last page. `is_first` tells whether anything came before."""

    rows: list[UnitRow]
    next: str
    is_first: bool


def page_of(units: UnitQuerySet, after: str = "", size: int = PAGE) -> UnitPage:
    """One page of units in tree order, after the unit with the path `after`. Two queries, one more for each further level among the units."""
    if after:
        units = units.filter(path__gt=after)
    rows = list(units.order_by("path")[: size + 1])
    shown = rows[:size]
    counts = _open_below(shown)
    return UnitPage(
        [UnitRow(unit, counts.get(unit.path, 0)) for unit in shown],
        next=shown[-1].path if len(rows) > size else "",
        is_first=not after,
    )


def _open_below(units: Sequence[Unit]) -> dict[str, int]:
    """How many open units hang anywhere below each unit, by path. One query for each level among them."""
    parents = [unit for unit in units if unit.numchild]
    if not parents:
        return {}
    counts: dict[str, int] = {}
    by_depth: dict[int, list[Unit]] = {}
    for unit in parents:
        by_depth.setdefault(unit.depth, []).append(unit)
    for depth, group in by_depth.items():
        rows = (
            Unit.objects.filter(depth__gt=depth, valid_to__isnull=True)
            .filter(path__range=(group[0].path, group[-1].path + "Z" * 20))
            .annotate(top=Substr("path", 1, depth * STEP))
            .filter(top__in=[unit.path for unit in group])
            .order_by()
            .values("top")
            .annotate(number=Count("pk"))
        )
        counts.update({row["top"]: row["number"] for row in rows})
    return counts
