"""From zero: the same standings and figures out of the ledger alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from hocvuso.evidence.models import Evidence, OpenDay, PendingEvidence, Seal, Standing, StandingUnit
from hocvuso.evidence.projections import Change, projections
from hocvuso.evidence.projector import check_code, differing, exclusive, store_changes, stored_standings
from hocvuso.evidence.registry import milestone_kinds
from hocvuso.evidence.rules import add_digests, standings

CHUNK = 1000  # people worked at once: memory stays flat


@dataclass
class RebuildReport:
    """How many people and entries were read, and sentences about what differed (at most 50)."""

    people: int = 0
    entries: int = 0
    differences: list[str] = field(default_factory=list)

    def tell(self, sentence: str) -> None:
        if len(self.differences) < 50:
            self.differences.append(sentence)


def rebuild(*, check: bool) -> RebuildReport:
    """Compute every standing and every registered figure from the ledger.

    check: only compare with what is stored, leaving out entries that still wait to be worked in; otherwise replace it.
    """
    with exclusive():
        return _rebuild(check)


def _rebuild(check: bool) -> RebuildReport:
    report = RebuildReport()
    fresh = [(projection.name, projection.rebuild()) for projection in projections()]
    kinds = milestone_kinds()
    for people in _people(waiting=not check):
        report.people += len(people)
        person_ids = [person_id for person_id, _ in people]
        stored = stored_standings(person_ids)
        from_zero: list[Change] = []
        to_mend: list[Change] = []
        for person_id, rows in people:
            report.entries += len(rows)
            after = standings(rows, kinds)
            from_zero += [Change(person_id, milestone, None, view) for milestone, view in after.items()]
            to_mend += differing(person_id, stored.get(person_id, {}), after)
        for change in to_mend:
            report.tell(f"standing {change.person_id} {change.milestone}: {change.before} != {change.after}")
        if not check:
            store_changes(to_mend)
        for _, counted in fresh:
            counted.add(from_zero)
    _check_orphans(report, check)
    for name, counted in fresh:
        if check:
            for sentence in counted.differences(50):
                report.tell(f"{name}: {sentence}")
        else:
            counted.replace()
    if not check:
        _rebuild_open_days()
        PendingEvidence.objects.all().delete()
    return report


def _people(*, waiting: bool) -> Iterator[list[tuple[Any, list[Evidence]]]]:
    """People in the order of their ids with their entries, CHUNK at a time. waiting: also entries still to be worked in."""
    rows = Evidence.objects.order_by("person_id", "id")
    if not waiting:
        pending = PendingEvidence.objects.filter(person_id=OuterRef("person_id"), evidence_id=OuterRef("id"))
        rows = rows.filter(~Exists(pending))
    counted = rows.iterator(chunk_size=5000)
    grouped = (
        (person_id, list(entries)) for person_id, entries in itertools.groupby(counted, key=lambda row: row.person_id)
    )
    while chunk := list(itertools.islice(grouped, CHUNK)):
        yield chunk


def _check_orphans(report: RebuildReport, check: bool) -> None:
    """Standings of people of whom the ledger knows nothing."""
    known = Evidence.objects.values("person_id")
    for model in (Standing, StandingUnit):
        orphans = model._base_manager.exclude(person_id__in=known)
        count = orphans.count()
        if count:
            report.tell(f"{model._meta.model_name}: {count} rows without any evidence")
            if not check:
                orphans._raw_delete(orphans.db)


def _rebuild_open_days() -> None:
    OpenDay.objects.all().delete()
    sealed = Seal.objects.order_by("-day").values_list("day", flat=True).first()
    rows = Evidence.objects.all() if sealed is None else Evidence.objects.filter(recorded_on__gt=sealed)
    days: dict[Any, OpenDay] = {}
    for day, digest in rows.values_list("recorded_on", "digest").iterator(chunk_size=5000):
        open_day = days.setdefault(day, OpenDay(day=day))
        open_day.rows += 1
        open_day.digest_sum = add_digests(open_day.digest_sum, [digest])
    for open_day in days.values():
        open_day.check_code = check_code(open_day)
    OpenDay.objects.bulk_create(days.values())
