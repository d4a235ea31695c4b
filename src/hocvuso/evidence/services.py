"""Writing to the ledger."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Max

from hocvuso.evidence import worker
from hocvuso.evidence.choices import Assurance, EvidenceKind, RevocationReason
from hocvuso.evidence.digests import digest_of
from hocvuso.evidence.errors import AlreadyRevoked, DaySealed, NoSuchEvidence, UnknownKind, UnknownPerson
from hocvuso.evidence.models import Evidence, PendingEvidence, Seal, Standing, StandingUnit, Tombstone
from hocvuso.evidence.projector import hold_seals_off, project_person
from hocvuso.evidence.registry import kind_definition
from hocvuso.evidence.rules import Entry, commitment
from hocvuso.kernel.clock import local_date
from hocvuso.kernel.ids import new_id
from hocvuso.kernel.models import record_audit
from hocvuso.people.public import Person, PersonSnapshot, snapshot

Owned = TypeVar("Owned", Evidence, Standing, StandingUnit)


@dataclass(frozen=True)
class NewEvidence:
    """One entry to record. `subject` is `lesson:slug`, `service:code`, …; `details` is small JSON without personal data.

    `snapshot` and `recorded_at` are given only by fast paths that know them (the demo city, imports of dated records).
    """

    person_id: uuid.UUID
    kind: str
    subject: str
    assurance: int
    source: str
    occurred_at: datetime
    id: uuid.UUID = field(default_factory=new_id)
    recorded_by: uuid.UUID | None = None
    details: dict[str, Any] = field(default_factory=dict)
    revokes: uuid.UUID | None = None
    snapshot: PersonSnapshot | None = None
    recorded_at: datetime | None = None


def record_evidence(
    *,
    person_id: uuid.UUID,
    kind: str,
    subject: str,
    assurance: int,
    source: str,
    occurred_at: datetime,
    at: datetime,
    id: uuid.UUID | None = None,
    recorded_by: uuid.UUID | None = None,
    details: dict[str, Any] | None = None,
    revokes: uuid.UUID | None = None,
) -> Evidence | None:
    """Record one entry in the caller's transaction; none when this person's entry with this id is stored already.

    occurred_at: aware, when it happened (moved to `at` if later); at: aware, now.
    Raises UnknownKind, DaySealed. Source: R-04.
    """
    item = NewEvidence(
        person_id=person_id,
        kind=kind,
        subject=subject,
        assurance=assurance,
        source=source,
        occurred_at=occurred_at,
        id=id or new_id(),
        recorded_by=recorded_by,
        details=details or {},
        revokes=revokes,
    )
    stored = _store([item], at)
    return stored[0] if stored else None


def record_many(items: Sequence[NewEvidence], at: datetime) -> int:
    """Record many entries at once; answers how many were new. A constant number of queries per call.

    Raises UnknownKind, DaySealed (then nothing is stored).
    """
    return len(_store(items, at))


@transaction.atomic
def revoke_evidence(
    *, actor: Person | None, person_id: uuid.UUID, evidence_id: uuid.UUID, reason: str, at: datetime
) -> Evidence:
    """Take an entry back by a new entry. The old row stays readable.

    reason: a RevocationReason; anything else is recorded as OTHER, for nobody's own words belong into rows that are never
    deleted. Two at the same moment: one wins. Raises NoSuchEvidence, AlreadyRevoked. Writes the audit trail.
    """
    why = RevocationReason(reason) if reason in RevocationReason.values else RevocationReason.OTHER
    rows = Evidence.objects.filter(person_id=person_id)
    old = rows.select_for_update().filter(id=evidence_id).first()
    if old is None or old.kind == EvidenceKind.REVOCATION:
        raise NoSuchEvidence
    if rows.filter(revokes=evidence_id).exists():
        raise AlreadyRevoked
    revocation = record_evidence(
        person_id=person_id,
        kind=EvidenceKind.REVOCATION,
        subject=old.subject,
        assurance=Assurance.OBSERVED,
        source="oversight",
        occurred_at=at,
        at=at,
        recorded_by=actor.id if actor else None,
        details={"reason": why.value},
        revokes=evidence_id,
    )
    if revocation is None:
        raise AlreadyRevoked
    record_audit(
        at=at,
        actor_id=actor.id if actor else None,
        actor_name="" if actor else "system",
        action="evidence.revoked",
        object_type="evidence",
        object_id=evidence_id,
        old={"kind": old.kind, "subject": old.subject},
        new={"reason": why.value},
    )
    return revocation


@transaction.atomic
def replace_by_tombstone(*, person_id: uuid.UUID, at: datetime) -> Tombstone:
    """Honour a person's right to be erased: their rows carry a tombstone id from now on, and every count stays.

    Waiting entries are worked in first, so that none is lost. Digests stay checkable through `commitment`.
    """
    project_person(person_id)
    rows = list(Evidence.objects.filter(person_id=person_id))
    tombstone = Tombstone.objects.create(erased_at=at, rows=len(rows))
    _hand_over(Evidence, person_id, tombstone.id)
    _hand_over(Standing, person_id, tombstone.id)
    _hand_over(StandingUnit, person_id, tombstone.id)
    return tombstone


def _hand_over(model: type[Owned], person_id: uuid.UUID, tombstone_id: uuid.UUID) -> None:
    """Put copies in under the tombstone and take the person's rows out: a key cannot be changed in place on a distributed table."""
    doomed = model._base_manager.filter(person_id=person_id)
    rows = list(doomed)
    for row in rows:
        row.person_id = tombstone_id
        row._state.adding = True
    model._base_manager.bulk_create(rows, batch_size=500)
    doomed._raw_delete(doomed.db)


@transaction.atomic
def _store(items: Sequence[NewEvidence], at: datetime) -> list[Evidence]:
    for item in items:
        if kind_definition(item.kind) is None:
            raise UnknownKind(kind=item.kind)
    fresh = _without_stored(items)
    if not fresh:
        return []
    check_not_sealed({local_date(item.recorded_at or at) for item in fresh})
    snapshots = snapshot({item.person_id for item in fresh if item.snapshot is None}, on=local_date(at))
    if any(item.snapshot is None and item.person_id not in snapshots for item in fresh):
        raise UnknownPerson
    rows = [_row(item, item.snapshot or snapshots[item.person_id], at) for item in fresh]
    try:
        with transaction.atomic():
            Evidence._base_manager.bulk_create(rows, batch_size=500)
            PendingEvidence.objects.bulk_create(
                [PendingEvidence(person_id=row.person_id, evidence_id=row.id) for row in rows], batch_size=2000
            )
    except IntegrityError:
        # Somebody stored one of them at the same moment: keep what is new.
        remaining = _without_stored(fresh)
        if len(remaining) == len(fresh):
            raise
        return _store(remaining, at)
    transaction.on_commit(worker.wake)
    return rows


def _without_stored(items: Sequence[NewEvidence]) -> list[NewEvidence]:
    unique = {(item.person_id, item.id): item for item in items}
    people = {item.person_id for item in items}
    ids = [item.id for item in items]
    stored: set[tuple[uuid.UUID, uuid.UUID]] = set()
    for start in range(0, len(ids), 5000):
        stored |= set(
            Evidence.objects.filter(person_id__in=people, id__in=ids[start : start + 5000]).values_list(
                "person_id", "id"
            )
            if len(people) <= 5000
            else Evidence.objects.filter(id__in=ids[start : start + 5000]).values_list("person_id", "id")
        )
    return [item for key, item in unique.items() if key not in stored]


def check_not_sealed(days: set[date]) -> None:
    """Raise DaySealed if one of the days is closed; the others stay open until the caller's transaction ends."""
    hold_seals_off()
    last = Seal.objects.aggregate(last=Max("day"))["last"]
    if last is not None and min(days) <= last:
        raise DaySealed(day=min(days).strftime("%d/%m/%Y"))


def _row(item: NewEvidence, standing: PersonSnapshot, at: datetime) -> Evidence:
    recorded_at = item.recorded_at or at
    entry = Entry(
        id=item.id,
        commitment=commitment(item.person_id, standing.salt),
        kind=str(item.kind),
        subject=item.subject,
        unit_ids=list(standing.unit_ids),
        groups=[str(group) for group in standing.groups],
        traits=[str(trait) for trait in standing.traits],
        assurance=int(item.assurance),
        source=item.source,
        recorded_by=item.recorded_by,
        occurred_at=min(item.occurred_at, recorded_at),
        recorded_at=recorded_at,
        recorded_on=local_date(recorded_at),
        details=json.loads(json.dumps(item.details)),
        revokes=item.revokes,
    )
    return Evidence(person_id=item.person_id, digest=digest_of(entry), **vars(entry))
