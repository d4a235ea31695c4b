"""Denominators in force: a unit's own row, else the sum of the units below when every one of them has a figure.

Missing is not zero: one unit without a figure leaves its parent without one, and the page says how many are missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from hocvuso.evidence.choices import ALL
from hocvuso.indicators.choices import DenominatorKind
from hocvuso.indicators.models import Denominator
from hocvuso.units.public import Unit, children

# A city without its own row asks its wards, a ward its neighbourhoods; deeper than this nobody looks.
LEVELS_BELOW = 3


@dataclass(frozen=True)
class Whole:
    """The denominator of a unit for some groups on a day.

    people: none when the figure is missing. parts, missing_parts: units below that were added, and those that lack a figure
    (only when there is no own row). source: of the own row, or of the parts when all name the same one. source_on: the day of the oldest part.
    """

    kind: DenominatorKind
    people: int | None = None
    source: str = ""
    source_on: date | None = None
    parts: int = 0
    missing_parts: int = 0

    @property
    def is_sum(self) -> bool:
        return self.kind == DenominatorKind.SUM


MISSING = Whole(DenominatorKind.MISSING)
Key = tuple[int, str]


class Denominators:
    """Denominators of a unit and, if asked, of the units right below it, on one day.

    Reads at most two queries per level, and goes down a level only while something is missing above.
    """

    def __init__(self, root: Unit, below: Sequence[Unit], groups: Iterable[str], on: date) -> None:
        # Everybody has no denominator: figures of ALL count activity and are measured against nothing.
        self.root, self.on, self.groups = root, on, sorted(set(groups) - {ALL})
        self._own: dict[Key, Denominator] = {}
        self._below: dict[int, list[int]] = {}
        self._resolved: dict[Key, Whole] = {}
        self._load(below)

    def of(self, unit_id: int, groups: Sequence[str]) -> Whole:
        """The whole of several groups that share no person: known only when each of them is."""
        wholes = [self._resolve(unit_id, group) for group in groups]
        if len(wholes) == 1:
            return wholes[0]
        if any(whole.people is None for whole in wholes):
            return Whole(
                DenominatorKind.MISSING,
                parts=max(whole.parts for whole in wholes),
                missing_parts=max(whole.missing_parts for whole in wholes),
            )
        return _added(wholes, parts=max(whole.parts for whole in wholes))

    def own_row(self, unit_id: int, group: str) -> Denominator | None:
        return self._own.get((unit_id, group))

    def _load(self, given: Sequence[Unit]) -> None:
        level: dict[str, int] = {self.root.path: self.root.pk}
        self._read_rows([self.root.pk])
        for depth in range(1, LEVELS_BELOW + 1):
            incomplete = {path: pk for path, pk in level.items() if self._lacks(pk)}
            below = self._units_below(depth, list(given), incomplete)
            if not below:
                return
            self._read_rows([pk for _, pk in below])
            level = dict(below)

    def _lacks(self, unit_id: int) -> bool:
        return any((unit_id, group) not in self._own for group in self.groups)

    def _units_below(self, depth: int, given: list[Unit], incomplete: dict[str, int]) -> list[tuple[str, int]]:
        """Paths and ids of the units right below those that lack a row (at the first level: the children given, if any)."""
        if depth == 1 and (given or incomplete):
            found = [(unit.path, unit.pk) for unit in given or children(self.root, self.on)]
            self._below[self.root.pk] = [pk for _, pk in found]
            return found
        if not incomplete:
            return []
        step = Unit.steplen
        # What hangs below a merged unit counts below its successor (units.queries.children), at any level.
        closed = set(
            Unit.objects.under(self.root).filter(valid_to__lte=self.on).order_by().values_list("path", flat=True)
        )
        depths = {len(path) // step + 1 for path in [*incomplete, *closed]}
        rows = Unit.objects.on(self.on).under(self.root).filter(depth__in=depths).order_by("path")
        found = []
        for path, pk in rows.values_list("path", "pk"):
            parent = path[:-step]
            while parent in closed:
                parent = parent[:-step]
            if parent in incomplete:
                self._below.setdefault(incomplete[parent], []).append(pk)
                found.append((path, pk))
        return found

    def _read_rows(self, unit_ids: list[int]) -> None:
        """The newest row of each unit and group up to the day. One query."""
        rows = Denominator.objects.filter(unit__in=unit_ids, group__in=self.groups, on__lte=self.on)
        for row in rows.order_by("unit_id", "group", "on", "approved_at", "id"):
            self._own[row.unit_id, row.group] = row

    def _resolve(self, unit_id: int, group: str) -> Whole:
        key = (unit_id, group)
        if group == ALL:
            return MISSING
        if key not in self._resolved:
            own = self._own.get(key)
            if own is not None:
                self._resolved[key] = Whole(DenominatorKind.OWN, own.people, own.source, own.source_on)
            else:
                self._resolved[key] = self._sum_of_parts(unit_id, group)
        return self._resolved[key]

    def _sum_of_parts(self, unit_id: int, group: str) -> Whole:
        parts = [self._resolve(below, group) for below in self._below.get(unit_id, [])]
        missing = sum(1 for part in parts if part.people is None)
        if not parts:
            return MISSING
        if missing:
            return Whole(DenominatorKind.MISSING, parts=len(parts), missing_parts=missing)
        return _added(parts, parts=len(parts))


def _added(wholes: Sequence[Whole], *, parts: int) -> Whole:
    """The sum of known wholes. parts: units below that it was added up from; 0 when all of it is the unit's own."""
    sources = {(whole.source, whole.source_on) for whole in wholes}
    names = {source for source, _ in sources}
    days = [day for _, day in sources if day]
    return Whole(
        DenominatorKind.SUM if parts else DenominatorKind.OWN,
        sum(whole.people or 0 for whole in wholes),
        names.pop() if len(names) == 1 else "",
        min(days) if days else None,
        parts,
    )
