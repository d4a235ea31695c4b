"""Many nodes into the tree at once: paths are worked out here, for adding nodes one by one takes minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import F, Max, QuerySet
from django.db.models.functions import Substr

from hocvuso.units.models import Unit

STEP = Unit.steplen


def base(path: str) -> str:
    """The path of the parent; empty for a root."""
    return path[:-STEP]


def prefixes(path: str) -> list[str]:
    """The paths of a node and its ancestors, the root first."""
    return [path[:end] for end in range(STEP, len(path) + 1, STEP)]


def add_units(pairs: Sequence[tuple[Unit, Unit | None]]) -> None:
    """Insert new units, each with its parent, in the caller's transaction.

    A parent is stored already or stands earlier in pairs; none makes a root. Units get `path`, `depth` and `numchild`, and
    their ids where the database returns them. Takes a constant number of queries plus one for each level and batch.
    """
    stored = {parent.path for _, parent in pairs if parent is not None and parent.pk is not None}
    if any(parent is None for _, parent in pairs):
        stored.add("")
    last = _last_positions(stored)
    grown: dict[str, int] = defaultdict(int)
    for unit, parent in pairs:
        under = "" if parent is None else parent.path
        last[under] += 1
        unit.depth = len(under) // STEP + 1
        unit.path = Unit._get_path(under, unit.depth, last[under])
        if parent is not None and parent.pk is None:
            parent.numchild += 1
        elif parent is not None:
            grown[parent.path] += 1
    for unit, _ in pairs:
        unit.prepare()
    Unit.objects.bulk_create([unit for unit, _ in pairs], batch_size=500)
    by_growth: dict[int, list[str]] = defaultdict(list)
    for path, growth in grown.items():
        by_growth[growth].append(path)
    for growth, paths in by_growth.items():
        for part in _parts(paths):
            Unit.objects.filter(path__in=part).update(numchild=F("numchild") + growth)
    for _, parent in pairs:
        if parent is not None and parent.path in grown:
            parent.numchild += grown.pop(parent.path)


def _last_positions(parents: Iterable[str]) -> dict[str, int]:
    """For each parent's path (empty: the roots), the number of its last child; nought without one."""
    by_depth: dict[int, list[str]] = defaultdict(list)
    for path in parents:
        by_depth[len(path) // STEP + 1].append(path)
    last: dict[str, int] = defaultdict(int)
    for depth, paths in by_depth.items():
        rows = Unit.objects.filter(depth=depth).annotate(base=Substr("path", 1, (depth - 1) * STEP)).order_by()
        if depth == 1:
            found = {"": Unit.objects.filter(depth=1).order_by().aggregate(last=Max("path"))["last"]}
        else:
            found = {
                row["base"]: row["last"]
                for part in _parts(paths)
                for row in rows.filter(base__in=part).values("base").annotate(last=Max("path"))
            }
        for path, newest in found.items():
            if newest:
                last[path] = Unit._str2int(newest[-STEP:])
    return last


def _parts(items: list[str], size: int = 5000) -> Iterable[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def parent_ids(units: Sequence[Unit]) -> dict[int, int | None]:
    """For each unit's id, the id of the unit it hangs below; none for a root."""
    id_of: dict[str, int] = {}
    for part in _parts(sorted({base(unit.path) for unit in units} - {""})):
        id_of.update(Unit.objects.filter(path__in=part).order_by().values_list("path", "pk"))
    return {unit.pk: id_of.get(base(unit.path)) for unit in units}


def remove_units(units: Sequence[Unit]) -> None:
    """Delete units of which no other unit hangs below, in the caller's transaction. Raises ProtectedError if rows point to one."""
    gone = {unit.path for unit in units}
    shrunk: dict[str, int] = defaultdict(int)
    for unit in units:
        if base(unit.path) not in gone and base(unit.path):
            shrunk[base(unit.path)] += 1
    ids = [unit.pk for unit in sorted(units, key=lambda unit: unit.depth, reverse=True)]
    for start in range(0, len(ids), 5000):
        # The plain delete: treebeard's would look for descendants of each.
        QuerySet(Unit).filter(pk__in=ids[start : start + 5000]).delete()
    by_loss: dict[int, list[str]] = defaultdict(list)
    for path, loss in shrunk.items():
        by_loss[loss].append(path)
    for loss, paths in by_loss.items():
        for part in _parts(paths):
            Unit.objects.filter(path__in=part).update(numchild=F("numchild") - loss)
