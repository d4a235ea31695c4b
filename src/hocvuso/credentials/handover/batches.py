"""Batches of confirmed people: who can go, prepare, release by a second person, drop, fetch the file."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hocvuso.credentials import policies
from hocvuso.credentials.choices import BatchState, ConfirmationState, DeliveryState, Move
from hocvuso.credentials.errors import BatchNotReady, NobodyToSend
from hocvuso.credentials.handover.files import batch_zip, list_file
from hocvuso.credentials.keys import current_key
from hocvuso.credentials.models import Confirmation, HandoverBatch, HandoverRow
from hocvuso.credentials.services import SYSTEM, move_locked
from hocvuso.credentials.services.shared import configured_delivery
from hocvuso.kernel.clock import local_date
from hocvuso.kernel.ids import new_id
from hocvuso.kernel.models import record_audit
from hocvuso.people.public import Capability, IdentityKey, Person, Purpose, check_may, with_consent
from hocvuso.units.public import Unit

MOST_IN_A_BATCH = 2000

NO_CONSENT = _("has not agreed to sending the result to VNeID")
NO_NUMBER = _("has no personal number here")


@dataclass(frozen=True)
class Readiness:
    """Confirmed people of a unit: those who can be handed over, and the others with what they lack."""

    ready: tuple[Confirmation, ...]
    lacking: tuple[tuple[Confirmation, Promise], ...]


def readiness(unit: Unit, *, limit: int = MOST_IN_A_BATCH) -> Readiness:
    """Who of the unit's confirmed people can go to VNeID now. The VNEID purpose needs its own consent (Law 91/2025/QH15)."""
    rows = list(
        Confirmation.objects.in_state(ConfirmationState.CONFIRMED)
        .filter(unit__path__startswith=unit.path)
        .select_related("person")
        .order_by("state_changed_at", "id")[:limit]
    )
    people = [row.person_id for row in rows]
    agreed = with_consent(people, Purpose.VNEID)
    numbered = set(
        IdentityKey.objects.filter(person__in=people, kind=IdentityKey.Kind.NUMBER).values_list("person_id", flat=True)
    )
    ready: list[Confirmation] = []
    lacking: list[tuple[Confirmation, Promise]] = []
    for row in rows:
        if row.person_id not in agreed:
            lacking.append((row, NO_CONSENT))
        elif row.person_id not in numbered:
            lacking.append((row, NO_NUMBER))
        else:
            ready.append(row)
    return Readiness(tuple(ready), tuple(lacking))


@transaction.atomic
def prepare_batch(*, actor: Person, unit: Unit, at: datetime) -> HandoverBatch:
    """Put the unit's people who can be handed over into a batch. Nobody is sent before a second person releases it.

    actor: an officer who may propose over the unit. Raises NotAllowed, OutOfReach, NobodyToSend, BatchNotReady (one waits
    already).
    """
    check_may(actor, Capability.PROPOSE, unit, local_date(at))
    Unit.objects.select_for_update().get(pk=unit.pk)
    if HandoverBatch.objects.filter(unit__path__startswith=unit.path, state=BatchState.PREPARED).exists():
        raise BatchNotReady
    ready = readiness(unit).ready
    if not ready:
        raise NobodyToSend
    batch = HandoverBatch.objects.create(unit=unit, people=len(ready), prepared_by=actor.pk, prepared_at=at)
    HandoverRow.objects.bulk_create(
        HandoverRow(person_id=row.person_id, id=new_id(), batch=batch, confirmation_id=row.id) for row in ready
    )
    audit_batch("prepared", batch, actor, at, people=len(ready))
    return batch


@transaction.atomic
def release_batch(*, actor: Person, batch: HandoverBatch, at: datetime) -> HandoverBatch:
    """Let a batch out: its people are now handed to VNeID, by the channel that is set or by a file. A second person, who confirms.

    People who took their consent back or are no longer confirmed are left out. Raises NotAllowed, OutOfReach,
    SamePersonReleases, BatchNotReady, NobodyToSend.
    """
    locked = locked_batch(batch)
    policies.check_releases(actor, locked, local_date(at))
    if locked.state != BatchState.PREPARED:
        raise BatchNotReady
    rows = list(locked.rows.order_by("id"))
    by_id = {row.confirmation_id: row for row in rows}
    confirmations = list(
        Confirmation.objects.select_for_update().filter(
            person_id__in=[row.person_id for row in rows], id__in=by_id, state=ConfirmationState.CONFIRMED
        )
    )
    agreed = with_consent([row.person_id for row in confirmations], Purpose.VNEID)
    going = [row for row in confirmations if row.person_id in agreed]
    if not going:
        raise NobodyToSend
    for confirmation in going:
        move_locked(confirmation, Move.SEND, actor, at, sent_at=at)
    staying = set(by_id) - {row.id for row in going}
    HandoverRow.objects.filter(batch=locked, confirmation_id__in=staying).delete()
    locked.state, locked.released_by, locked.released_at = BatchState.RELEASED, actor.pk, at
    locked.people = len(going)
    locked.key_name = current_key(local_date(at)).name
    locked.sha256 = hashlib.sha256(list_file(locked)).hexdigest()
    locked.delivery = configured_delivery()
    locked.next_try_at = at if locked.delivery == DeliveryState.WAITING else None
    locked.save()
    audit_batch("released", locked, actor, at, people=len(going), sha256=locked.sha256)
    return locked


@transaction.atomic
def cancel_batch(*, actor: Person, batch: HandoverBatch, at: datetime) -> HandoverBatch:
    """Drop a batch that nobody has released. Raises NotAllowed, OutOfReach, BatchNotReady."""
    locked = locked_batch(batch)
    check_may(actor, Capability.PROPOSE, locked.unit, local_date(at))
    if locked.state != BatchState.PREPARED:
        raise BatchNotReady
    locked.rows.all().delete()
    locked.state = BatchState.CANCELLED
    locked.save(update_fields=["state"])
    audit_batch("cancelled", locked, actor, at)
    return locked


def batch_file(*, actor: Person, batch: HandoverBatch, at: datetime) -> bytes:
    """The signed ZIP of a released batch; the same bytes each time. Leaves an audit entry, for it holds personal numbers.

    actor: an officer who confirms over the unit. Raises NotAllowed, OutOfReach, BatchNotReady.
    """
    check_may(actor, Capability.CONFIRM, batch.unit, local_date(at))
    if batch.state not in {BatchState.RELEASED, BatchState.ANSWERED}:
        raise BatchNotReady
    content = batch_zip(batch)
    audit_batch("fetched", batch, actor, at)
    return content


def locked_batch(batch: HandoverBatch) -> HandoverBatch:
    return HandoverBatch.objects.select_for_update(of=("self",)).select_related("unit").get(pk=batch.pk)


def rows_of(batch: HandoverBatch, *, after: uuid.UUID | None, size: int) -> Sequence[HandoverRow]:
    """One page of a batch's rows, in the order of the file."""
    rows = batch.rows.select_related("person").order_by("id")
    return list(rows.filter(id__gt=after)[: size + 1] if after else rows[: size + 1])


def audit_batch(what: str, batch: HandoverBatch, actor: Person | None, at: datetime, **new: object) -> None:
    record_audit(
        at=at,
        action=f"credentials.handover.{what}",
        object_type="handover_batch",
        object_id=batch.id,
        actor_id=actor.pk if actor else None,
        actor_name="" if actor else SYSTEM,
        unit_id=batch.unit_id,
        new=dict(new),
    )
