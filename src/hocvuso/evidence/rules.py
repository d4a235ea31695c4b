"""Arithmetic of the ledger: digests, standings, seals. Plain values in and out."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from hocvuso.evidence.choices import Segment
from hocvuso.evidence.registry import KindDefinition

MODULUS = 1 << 256
NO_LINK = "0" * 64


@dataclass(frozen=True)
class Entry:
    """What one row of the ledger says, without its digest. Times are aware; ids are UUIDs."""

    id: uuid.UUID
    commitment: str
    kind: str
    subject: str
    unit_ids: list[int]
    groups: list[str]
    traits: list[str]
    assurance: int
    source: str
    recorded_by: uuid.UUID | None
    occurred_at: datetime
    recorded_at: datetime
    recorded_on: date
    details: dict[str, Any]
    revokes: uuid.UUID | None


@dataclass(frozen=True)
class StandingView:
    """A milestone reached: when, by which entry, and where and among whom it counts."""

    reached_at: datetime
    evidence_id: uuid.UUID
    assurance: int
    unit_ids: tuple[int, ...]
    groups: tuple[str, ...]
    segments: tuple[str, ...]


def commitment(person_id: uuid.UUID, salt: str) -> str:
    """64 hex digits that stand for a person in digests; without the salt nobody can find the person behind them."""
    return hashlib.sha256(f"{salt}:{person_id.hex}".encode()).hexdigest()


def canonical(entry: Entry) -> str:
    """The entry as text that is the same on every machine and database."""

    def moment(value: datetime) -> str:
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    fields = [
        entry.id.hex,
        entry.commitment,
        entry.kind,
        entry.subject,
        entry.unit_ids,
        entry.groups,
        entry.traits,
        entry.assurance,
        entry.source,
        entry.recorded_by.hex if entry.recorded_by else None,
        moment(entry.occurred_at),
        moment(entry.recorded_at),
        entry.recorded_on.isoformat(),
        entry.details,
        entry.revokes.hex if entry.revokes else None,
    ]
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def standings(entries: Iterable[Any], kinds: Mapping[str, KindDefinition]) -> dict[str, StandingView]:
    """Milestones that one person's entries reach: for each, the earliest entry that is not revoked.

    The answer does not depend on the order of the entries, nor on when each arrived.
    entries: rows with the fields of Entry (model instances will do).
    """
    rows = list(entries)
    revoked = {row.revokes for row in rows if row.revokes is not None}
    first: dict[str, Any] = {}
    for row in rows:
        definition = kinds.get(row.kind)
        if definition is None or row.id in revoked or row.assurance < definition.assurance:
            continue
        for milestone in definition.milestones:
            known = first.get(milestone)
            if known is None or (row.occurred_at, row.id) < (known.occurred_at, known.id):
                first[milestone] = row
    return {
        milestone: StandingView(
            reached_at=row.occurred_at,
            evidence_id=row.id,
            assurance=row.assurance,
            unit_ids=tuple(sorted(set(row.unit_ids))),
            groups=tuple(sorted(set(row.groups))),
            segments=(Segment.ALL.value, *sorted(set(row.traits))),
        )
        for milestone, row in first.items()
    }


def add_digests(total: str, digests: Iterable[str], sign: int = 1) -> str:
    """The sum of digests modulo 2^256 as 64 hex digits; it does not depend on their order."""
    value = int(total, 16)
    for digest in digests:
        value += sign * int(digest, 16)
    return f"{value % MODULUS:064x}"


def chain_link(previous: str, day: date, rows: int, root: str) -> str:
    """What the next seal points back to."""
    return hashlib.sha256(f"{previous}\n{day.isoformat()}\n{rows}\n{root}".encode()).hexdigest()
