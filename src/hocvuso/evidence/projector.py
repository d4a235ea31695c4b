"""The projector: pending evidence becomes standings, and the figures that follow them, batch by batch.

Each batch is one transaction: standings, figures, the running sums of open days and the queue move together or not at all, so
a killed server loses nothing and doubles nothing. One projector works at a time.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet

from hocvuso.evidence.digests import keyed
from hocvuso.evidence.models import Evidence, OpenDay, PendingEvidence, Standing, StandingUnit
from hocvuso.evidence.projections import Change, projections
from hocvuso.evidence.registry import milestone_kinds
from hocvuso.evidence.rules import StandingView, add_digests, standings
from hocvuso.evidence.signals import StandingChange, standing_changed
from hocvuso.kernel.clock import local_date

LOCK = 757_2025  # any constant: the advisory lock that lets one projector work at a time


def project(limit: int = 2000) -> int:
    """Work at most `limit` pending entries in; answers how many were. 0 means that the figures are up to date."""
    with transaction.atomic():
        take_lock()
        pending = list(PendingEvidence.objects.order_by("id")[:limit])
        return _work_in(pending)


def project_all(limit: int = 5000) -> int:
    """Work everything in that is pending; answers how many entries that were."""
    total = 0
    while done := project(limit):
        total += done
    return total


def project_person(person_id: uuid.UUID) -> int:
    """Work one person's pending entries in now."""
    with transaction.atomic():
        take_lock()
        return _work_in(list(PendingEvidence.objects.filter(person_id=person_id)))


def take_lock() -> None:
    """Wait until no other projector works. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


SEALING = 757_2026  # the advisory lock between those who write to the ledger (shared) and who seals a day (alone)


def hold_seals_off() -> None:
    """Until this transaction ends, no day is sealed: what was found unsealed stays so until the entries are in."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SEALING])


def wait_for_writers() -> None:
    """Wait until nobody is writing to the ledger; who comes after finds the new seal. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING])


def project_day(day: date) -> int:
    """Work in what still waits for one day; the caller holds the lock."""
    waiting = PendingEvidence.objects.order_by("id")
    found = 0
    while batch := _of_day(waiting, day):
        found += _work_in(batch)
    return found


def _of_day(waiting: QuerySet[PendingEvidence], day: date, limit: int = 2000) -> list[PendingEvidence]:
    """At most `limit` waiting entries that were recorded on a day."""
    ids = Evidence.objects.filter(recorded_on=day, id__in=waiting.order_by().values("evidence_id")).values("id")
    return list(waiting.filter(evidence_id__in=ids)[:limit])


@contextmanager
def exclusive() -> Iterator[None]:
    """One transaction that sees the ledger as it stands at one moment while no projector works."""
    session_lock = connection.vendor == "postgresql" and not connection.in_atomic_block
    if session_lock:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        with transaction.atomic():
            if session_lock:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    finally:
        if session_lock:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _work_in(pending: Sequence[PendingEvidence]) -> int:
    if not pending:
        return 0
    people = sorted({row.person_id for row in pending})
    fresh_ids = {row.evidence_id for row in pending}
    fresh: list[Evidence] = []
    changes: list[Change] = []
    for chunk in _chunks(people, 500):
        rows = list(Evidence.objects.filter(person_id__in=chunk))
        # Read after the entries: whatever was committed in between waits in the queue and is left for its own batch.
        waiting = (
            set(PendingEvidence.objects.filter(person_id__in=chunk).values_list("evidence_id", flat=True)) - fresh_ids
        )
        entries: dict[uuid.UUID, list[Evidence]] = defaultdict(list)
        for row in rows:
            if row.id not in waiting:
                entries[row.person_id].append(row)
            if row.id in fresh_ids:
                fresh.append(row)
        before = stored_standings(chunk)
        kinds = milestone_kinds()
        for person_id in chunk:
            after = standings(entries[person_id], kinds)
            changes += differing(person_id, before.get(person_id, {}), after)
    store_changes(changes)
    for projection in projections():
        projection.apply(changes)
    add_to_open_days([DayEntry(row.recorded_on, row.digest) for row in fresh])
    PendingEvidence.objects.filter(id__in=[row.id for row in pending]).delete()
    announced = [StandingChange(change.person_id, change.milestone, change.after is not None) for change in changes]
    if announced:
        transaction.on_commit(lambda: standing_changed.send(sender="evidence", changes=announced))
    return len(pending)


def differing(person_id: uuid.UUID, before: dict[str, StandingView], after: dict[str, StandingView]) -> list[Change]:
    """What changed for one person."""
    return [
        Change(person_id, milestone, before.get(milestone), after.get(milestone))
        for milestone in sorted(before.keys() | after.keys())
        if before.get(milestone) != after.get(milestone)
    ]


def stored_standings(person_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, StandingView]]:
    """Standings as stored, by person and milestone. Two queries."""
    units: dict[tuple[uuid.UUID, str], list[int]] = defaultdict(list)
    for person_id, milestone, unit_id in StandingUnit.objects.filter(person_id__in=person_ids).values_list(
        "person_id", "milestone", "unit_id"
    ):
        units[person_id, milestone].append(unit_id)
    stored: dict[uuid.UUID, dict[str, StandingView]] = defaultdict(dict)
    for row in Standing.objects.filter(person_id__in=person_ids):
        stored[row.person_id][row.milestone] = StandingView(
            reached_at=row.reached_at,
            evidence_id=row.evidence_id,
            assurance=row.assurance,
            unit_ids=tuple(sorted(units[row.person_id, row.milestone])),
            groups=tuple(row.groups),
            segments=tuple(row.segments),
        )
    return stored


def store_changes(changes: Iterable[Change]) -> None:
    """Write standings: what changed is taken out and put in anew."""
    gone: dict[str, list[uuid.UUID]] = defaultdict(list)
    rows: list[Standing] = []
    unit_rows: list[StandingUnit] = []
    for change in changes:
        if change.before is not None:
            gone[change.milestone].append(change.person_id)
        if change.after is not None:
            standing, units = standing_rows(change.person_id, change.milestone, change.after)
            rows.append(standing)
            unit_rows += units
    for milestone, people in gone.items():
        for chunk in _chunks(people, 500):
            for model in (Standing, StandingUnit):
                doomed = model._base_manager.filter(milestone=milestone, person_id__in=chunk)
                doomed._raw_delete(doomed.db)
    Standing.objects.bulk_create(rows, batch_size=1000)
    StandingUnit.objects.bulk_create(unit_rows, batch_size=2000)


def standing_rows(person_id: uuid.UUID, milestone: str, view: StandingView) -> tuple[Standing, list[StandingUnit]]:
    """The rows that store one standing."""
    day = local_date(view.reached_at)
    standing = Standing(
        person_id=person_id,
        milestone=milestone,
        reached_at=view.reached_at,
        reached_on=day,
        evidence_id=view.evidence_id,
        assurance=view.assurance,
        groups=list(view.groups),
        segments=list(view.segments),
    )
    return standing, [
        StandingUnit(person_id=person_id, milestone=milestone, unit_id=unit_id, reached_on=day)
        for unit_id in view.unit_ids
    ]


class DayEntry(NamedTuple):
    """What the running sum of a day needs of an entry."""

    recorded_on: date
    digest: str


def add_to_open_days(rows: Iterable[DayEntry]) -> None:
    """Add entries to the running sums of their days. Two queries, and one for every 200 days."""
    by_day: dict[date, list[str]] = defaultdict(list)
    for row in rows:
        by_day[row.recorded_on].append(row.digest)
    known = {day.day: day for day in OpenDay.objects.select_for_update().filter(day__in=by_day)}
    for day in sorted(by_day.keys() - known.keys()):
        known[day] = OpenDay(day=day)
    for day, digests in by_day.items():
        open_day = known[day]
        open_day.rows += len(digests)
        open_day.digest_sum = add_digests(open_day.digest_sum, digests)
        open_day.check_code = check_code(open_day)
    OpenDay.objects.bulk_create(
        known.values(),
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["rows", "digest_sum", "check_code"],
        batch_size=200,
    )


def check_code(open_day: OpenDay) -> str:
    """Keyed code over an open day's count and sum."""
    return keyed(f"open\n{open_day.day.isoformat()}\n{open_day.rows}\n{open_day.digest_sum}")


def _chunks(values: Sequence[uuid.UUID], size: int) -> Iterator[Sequence[uuid.UUID]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
