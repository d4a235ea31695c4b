"""The projection that keeps tallies in step with standings, in the projector's own transaction."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection

from hocvuso.evidence.public import ALL, Change, StandingUnit, StandingView, hold_projector, stored_standings
from hocvuso.indicators.models import Tally, TallyTotal
from hocvuso.kernel.clock import local_date
from hocvuso.units.models import Unit
from hocvuso.units.public import Merge, ancestor_ids

Key = tuple[int, str, str, str, date]  # unit, milestone, group, segment, day
Chains = dict[int, list[int]]


class TallyProjection:
    """Registered with the ledger at start-up."""

    name = "tallies"

    def apply(self, changes: Sequence[Change]) -> None:
        """Add and take away what changed. Constant number of queries for reading, one statement per 200 rows for writing."""
        add_to_tallies(count(changes, chains_of(changes)))

    def rebuild(self) -> TallyRebuild:
        return TallyRebuild()


class TallyRebuild:
    """Tallies from zero, in a temporary table beside the stored ones: memory does not grow with the city."""

    def __init__(self) -> None:
        self.counted: Counter[Key] = Counter()
        self.chains: Chains = {}
        with connection.cursor() as cursor:
            cursor.execute(f'DROP TABLE IF EXISTS "{_FRESH}"')
            cursor.execute(f'CREATE TEMPORARY TABLE "{_FRESH}" AS SELECT {_ROW} FROM "{_TALLY}" WHERE 1 = 0')  # noqa: S608
            cursor.execute(f'CREATE UNIQUE INDEX "{_FRESH}_once" ON "{_FRESH}" ({_names(_COLUMNS)})')

    def add(self, changes: Sequence[Change]) -> None:
        missing = {
            unit for change in changes for view in (change.before, change.after) if view for unit in view.unit_ids
        }
        missing -= self.chains.keys()
        if missing:
            self.chains.update(ancestor_ids(sorted(missing)))
        self.counted.update(count(changes, self.chains))
        if len(self.counted) >= _IN_MEMORY:
            self._write()

    def _write(self) -> None:
        _upsert(_FRESH, _COLUMNS, self.counted.items())
        self.counted.clear()

    def differences(self, limit: int) -> list[str]:
        self._write()
        found: list[str] = []
        for *key, stored, fresh in self._unequal(_TALLY, _COLUMNS, f'"{_FRESH}"', limit):
            found.append(f"unit {key[0]} {tuple(key[1:])}: stored {stored or 0}, from the ledger {fresh or 0}")
        sums = (
            f'(SELECT {_names(_TOTAL)}, SUM("people") AS "people" FROM "{_FRESH}" GROUP BY {_names(_TOTAL)} '  # noqa: S608
            'HAVING SUM("people") <> 0)'
        )
        for *key, stored, fresh in self._unequal(_TALLY_TOTAL, _TOTAL, sums, limit):
            found.append(
                f"total of unit {key[0]} {tuple(key[1:])}: stored {stored or 0}, the sum of the days is {fresh or 0}"
            )
        return found[:limit]

    def _unequal(self, table: str, columns: Sequence[str], fresh: str, limit: int) -> list[tuple[Any, ...]]:
        """Rows that only one side has, or that differ: the key, what is stored, what follows from the ledger."""

        def side(left: str, right: str, stored: str, counted: str, also: str) -> str:
            same = " AND ".join(f'l."{column}" = r."{column}"' for column in columns)
            keys = ", ".join(f'l."{column}"' for column in columns)
            return (
                f"SELECT {keys}, {stored}, {counted} FROM {left} l LEFT JOIN {right} r ON {same} "  # noqa: S608
                f'WHERE r."people" IS NULL{also}'
            )

        stored_side = side(f'"{table}"', fresh, 'l."people"', 'r."people"', ' OR r."people" <> l."people"')
        fresh_side = side(fresh, f'"{table}"', 'r."people"', 'l."people"', "")
        with connection.cursor() as cursor:
            cursor.execute(f"{stored_side} UNION ALL {fresh_side} LIMIT %s", [limit])
            return list(cursor.fetchall())

    def replace(self) -> None:
        self._write()
        for model in (Tally, TallyTotal):
            rows = model._default_manager.all()
            rows._raw_delete(rows.db)
        with connection.cursor() as cursor:
            cursor.execute(f'INSERT INTO "{_TALLY}" ({_ROW}) SELECT {_ROW} FROM "{_FRESH}" ORDER BY {_names(_COLUMNS)}')  # noqa: S608
            cursor.execute(
                f'INSERT INTO "{_TALLY_TOTAL}" ({_names(_TOTAL)}, "people") '  # noqa: S608
                f'SELECT {_names(_TOTAL)}, SUM("people") FROM "{_FRESH}" GROUP BY {_names(_TOTAL)} ORDER BY {_names(_TOTAL)}'
            )


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


_TALLY, _TALLY_TOTAL, _FRESH = "indicators_tally", "indicators_tallytotal", "indicators_tally_fresh"
_COLUMNS = ("unit_id", "milestone", "group", "segment", "day")
_TOTAL = ("unit_id", "milestone", "group", "segment")
_ROW = _names((*_COLUMNS, "people"))
_IN_MEMORY = 100_000  # tallies counted before they go into the temporary table


def totals(counted: Counter[Key]) -> dict[tuple[Any, ...], int]:
    """Sums over all days, without those that are nought."""
    summed: Counter[tuple[Any, ...]] = Counter()
    for (unit, milestone, group, segment, _), people in counted.items():
        summed[unit, milestone, group, segment] += people
    return {key: people for key, people in summed.items() if people}


def chains_of(changes: Iterable[Change]) -> Chains:
    """For every unit that the changes touch: itself and all units it counts in."""
    units = {unit for change in changes for view in (change.before, change.after) if view for unit in view.unit_ids}
    return ancestor_ids(sorted(units)) if units else {}


def count(changes: Iterable[Change], chains: Chains) -> Counter[Key]:
    """How each tally moves. A person counts once in a unit, however many ways lead there."""
    counted: Counter[Key] = Counter()
    for change in changes:
        if change.before:
            for key in keys_of(change.milestone, change.before, chains):
                counted[key] -= 1
        if change.after:
            for key in keys_of(change.milestone, change.after, chains):
                counted[key] += 1
    return Counter({key: people for key, people in counted.items() if people})


def keys_of(milestone: str, view: StandingView, chains: Chains) -> Iterator[Key]:
    """The tallies that one standing counts in."""
    day = local_date(view.reached_at)
    units = {unit for direct in view.unit_ids for unit in chains[direct]}
    for unit in units:
        for group in (ALL, *view.groups):
            for segment in view.segments:
                yield unit, milestone, group, segment, day


def move_merged(merge: Merge) -> None:
    """Let the figures of merged units count where they stand now; what is above both keeps its totals.

    Runs inside the merger's transaction, person by person in batches, for somebody may count on both sides.
    """
    hold_projector()
    sources = list(Unit.objects.filter(pk__in=merge.source_ids))
    affected = Unit.objects.none()
    for source in sources:
        affected = affected | Unit.objects.under(source)
    now_chains = ancestor_ids(affected.order_by().values_list("pk", flat=True))
    stood = ancestor_ids([source.stood_under_id for source in sources if source.stood_under_id])
    before_chains: Chains = {}
    for source in sources:
        above = stood.get(source.stood_under_id, []) if source.stood_under_id else []
        for unit_id, chain in now_chains.items():
            if source.pk in chain:
                before_chains[unit_id] = chain[: chain.index(source.pk) + 1] + above
    people = (
        StandingUnit.objects.filter(unit_id__in=affected.order_by().values("pk"))
        .order_by("person_id")
        .values_list("person_id", flat=True)
        .distinct()
        .iterator(chunk_size=1000)
    )
    while batch := list(islice(people, 1000)):
        _move(batch, before_chains, now_chains)


def _move(person_ids: Sequence[uuid.UUID], before: Chains, after: Chains) -> None:
    views = [
        (milestone, view)
        for standings in stored_standings(person_ids).values()
        for milestone, view in standings.items()
        if any(unit in before for unit in view.unit_ids)
    ]
    elsewhere = ancestor_ids({unit for _, view in views for unit in view.unit_ids} - before.keys())
    counted: Counter[Key] = Counter()
    for milestone, view in views:
        counted.subtract(keys_of(milestone, view, {**elsewhere, **before}))
        counted.update(keys_of(milestone, view, {**elsewhere, **after}))
    add_to_tallies(Counter({key: people for key, people in counted.items() if people}))


def add_to_tallies(counted: Counter[Key]) -> None:
    """Add to the stored rows, make those that are missing, remove those that came to nought."""
    _upsert(_TALLY, _COLUMNS, counted.items())
    summed = totals(counted)
    _upsert(_TALLY_TOTAL, _TOTAL, summed.items())
    if any(people < 0 for people in counted.values()):
        units = {key[0] for key, people in counted.items() if people < 0}
        Tally.objects.filter(unit_id__in=units, people=0).delete()
        TallyTotal.objects.filter(unit_id__in=units, people=0).delete()


def _upsert(table: str, columns: Sequence[str], rows: Iterable[tuple[tuple[Any, ...], int]]) -> None:
    """INSERT … ON CONFLICT adds to what is stored; bulk_create can only overwrite. The same SQL runs on both databases.

    Rows are written in one order everywhere, so that two writers cannot wait for each other in a circle.
    """
    names = ", ".join(f'"{column}"' for column in columns)
    one = "(" + ", ".join(["%s"] * (len(columns) + 1)) + ")"
    ordered = iter(sorted(rows))
    with connection.cursor() as cursor:
        while chunk := list(islice(ordered, 200)):
            values = ", ".join([one] * len(chunk))
            cursor.execute(
                f'INSERT INTO "{table}" ({names}, "people") VALUES {values} '  # noqa: S608 (names are constants above)
                f'ON CONFLICT ({names}) DO UPDATE SET "people" = "{table}"."people" + excluded."people"',
                [value for key, people in chunk for value in (*key, people)],
            )
