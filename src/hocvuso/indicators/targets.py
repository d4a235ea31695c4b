"""Targets in force: the nearest assigned ratio on the way up, or the unit's own promise when it asks for more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from hocvuso.indicators import rules
from hocvuso.indicators.choices import TargetKind
from hocvuso.indicators.models import Target
from hocvuso.units.public import Unit, breadcrumb


@dataclass(frozen=True)
class TargetInForce:
    """The target a unit is measured against. Exactly one of ratio and people is set.

    inherited_from: the unit that has the row, none when it is the unit's own or holds everywhere (`everywhere`).
    """

    due_on: date
    kind: str
    ratio: Decimal | None
    people: int | None
    note: str
    own: bool
    everywhere: bool
    set_on_unit: Unit | None

    def people_of(self, whole: int | None) -> int | None:
        """The people it asks for; none for a ratio of an unknown whole."""
        if self.people is not None:
            return self.people
        return None if whole is None or self.ratio is None else rules.people_for_ratio(self.ratio, whole)

    def asks_more_than(self, other: TargetInForce, whole: int | None) -> bool:
        if self.ratio is not None and other.ratio is not None:
            return self.ratio > other.ratio
        mine, theirs = self.people_of(whole), other.people_of(whole)
        return mine is not None and theirs is not None and mine > theirs


class Targets:
    """Targets of a unit and of units below it, for the first due date that is not past on a day (the last one after that).

    Two queries: the way up, and the rows.
    """

    def __init__(self, root: Unit, below: Sequence[Unit], codes: Sequence[str], on: date) -> None:
        self.on = on
        self.chain = breadcrumb(root)
        self.units = {unit.pk: unit for unit in [*self.chain, *below]}
        self.rows: dict[tuple[int | None, str], list[Target]] = {}
        rows = Target.objects.filter(
            Q(unit__isnull=True) | Q(unit__in=list(self.units)), indicator_code__in=list(codes)
        )
        for row in rows.order_by("at", "id"):
            self.rows.setdefault((row.unit_id, row.indicator_code), []).append(row)

    def of(self, unit: Unit, code: str, whole: int | None) -> TargetInForce | None:
        """What a unit (the root, or one right below it) is measured against."""
        way_up = [ancestor.pk for ancestor in reversed(self.chain)]
        if unit.pk not in way_up:
            way_up = [unit.pk, *way_up]
        way: list[int | None] = [*way_up, None]
        due_on = self._due_on(way, code)
        if due_on is None:
            return None
        assigned = self._assigned(unit, way, code, due_on)
        promised = self._newest(unit.pk, code, due_on, TargetKind.REGISTERED)
        own = self._in_force(promised, unit) if promised else None
        if assigned is None or (own is not None and own.asks_more_than(assigned, whole)):
            return own
        return assigned

    def _due_on(self, way: Sequence[int | None], code: str) -> date | None:
        days = {row.due_on for unit_id in way for row in self.rows.get((unit_id, code), [])}
        ahead = [day for day in days if day >= self.on]
        return min(ahead) if ahead else max(days, default=None)

    def _assigned(self, unit: Unit, way: Sequence[int | None], code: str, due_on: date) -> TargetInForce | None:
        for unit_id in way:
            row = self._newest(unit_id, code, due_on, TargetKind.ASSIGNED)
            # A number of people is one unit's share; it says nothing about the units below.
            if row and (row.ratio is not None or unit_id == unit.pk):
                return self._in_force(row, unit)
        return None

    def _newest(self, unit_id: int | None, code: str, due_on: date, kind: str) -> Target | None:
        rows = [row for row in self.rows.get((unit_id, code), []) if row.due_on == due_on and row.kind == kind]
        return rows[-1] if rows else None

    def _in_force(self, row: Target, unit: Unit) -> TargetInForce:
        return TargetInForce(
            due_on=row.due_on,
            kind=row.kind,
            ratio=row.ratio,
            people=row.people,
            note=row.note,
            own=row.unit_id == unit.pk,
            everywhere=row.unit_id is None,
            set_on_unit=self.units.get(row.unit_id) if row.unit_id else None,
        )
