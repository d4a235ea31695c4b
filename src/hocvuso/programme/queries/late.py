"""What changed in the figures of a report after it was handed in, and why."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from hocvuso.evidence.public import ALL, Evidence, EvidenceKind, Standing, kind_definition
from hocvuso.indicators.public import Indicator
from hocvuso.kernel.clock import local_date
from hocvuso.programme import editions
from hocvuso.programme.models import ReportEdition
from hocvuso.programme.rules import IndicatorLine
from hocvuso.units.public import Unit

# More revocations than these are not told apart: the difference itself is still exact.
MOST_REVOCATIONS = 5_000


@dataclass(frozen=True)
class LateChange:
    """frozen, now: people so far, at the same day. removed: lost it because an entry was revoked; added: entered later;
    moved: left or came by other ways (a merger, somebody erased); all head-counts."""

    code: str
    title: str
    frozen: int
    now: int
    removed: int
    added: int
    moved: int


def late_changes(
    unit: Unit, frozen: ReportEdition, now: Sequence[IndicatorLine], known: dict[str, Indicator]
) -> tuple[LateChange, ...]:
    """The lines whose figure is another one today. No query while nothing changed, four otherwise."""
    before = {line.code: line.so_far for line in editions.lines_of(frozen)}
    changed = [line for line in now if line.code in before and before[line.code] != line.so_far]
    if not changed:
        return ()
    lost = _lost(unit, frozen, [known[line.code] for line in changed])
    return tuple(_change(line, before[line.code], lost[line.code]) for line in changed)


def _change(line: IndicatorLine, frozen: int, removed: int) -> LateChange:
    rest = line.so_far - frozen + removed
    return LateChange(line.code, line.title, frozen, line.so_far, removed, max(rest, 0), max(-rest, 0))


def _lost(unit: Unit, frozen: ReportEdition, indicators: Sequence[Indicator]) -> dict[str, int]:
    """By indicator code: people of the unit who stood in the figure and no longer do, since an entry of theirs was revoked."""
    found: dict[str, set[uuid.UUID]] = {indicator.code: set() for indicator in indicators}
    since = frozen.at
    taken = dict(
        Evidence.objects.filter(
            kind=EvidenceKind.REVOCATION, recorded_on__gte=local_date(since), recorded_at__gt=since
        ).values_list("revokes", "person_id")[:MOST_REVOCATIONS]
    )
    old = Evidence.objects.filter(
        person_id__in=set(taken.values()), id__in=list(taken), recorded_at__lte=since
    ).values_list("person_id", "kind", "unit_ids", "groups", "occurred_at")
    rows = [row for row in old if local_date(row[4]) <= frozen.as_of]
    here = set(
        Unit.objects.under(unit)
        .filter(pk__in={unit_id for row in rows for unit_id in row[2]})
        .values_list("pk", flat=True)
    )
    rows = [row for row in rows if here.intersection(row[2])]
    still = set(
        Standing.objects.filter(person_id__in={row[0] for row in rows}, reached_on__lte=frozen.as_of).values_list(
            "person_id", "milestone"
        )
    )
    for person_id, kind, _units, groups, _at in rows:
        definition = kind_definition(kind)
        for indicator in indicators:
            counted = indicator.groups == [ALL] or bool(set(groups) & set(indicator.groups))
            reached = definition is not None and indicator.milestone in definition.milestones
            if counted and reached and (person_id, indicator.milestone) not in still:
                found[indicator.code].add(person_id)
    return {code: len(people) for code, people in found.items()}
