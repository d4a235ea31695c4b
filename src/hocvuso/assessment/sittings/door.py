"""The queue of people added at a door: whom they may be, and what an assessor decides about them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hocvuso.assessment.models import Seat, Sitting, WalkIn
from hocvuso.assessment.models.walkins import WalkInState
from hocvuso.assessment.sittings import walkins
from hocvuso.assessment.sittings.errors import NoSuchWalkIn, OwnTest, WalkInDecided
from hocvuso.assessment.sittings.records import count_walk_in
from hocvuso.assessment.sittings.shared import audit, locked
from hocvuso.assessment.sittings.walkins import Details
from hocvuso.kernel.clock import local_date
from hocvuso.kernel.crypto import decrypt
from hocvuso.kernel.vietnamese import composed
from hocvuso.people.public import Capability, Person, check_may, find_people_by, visible_people

MOST_ALIKE = 5
WAITS = (WalkInState.QUEUED, WalkInState.SET_ASIDE)


@dataclass(frozen=True)
class Waiting:
    """One of the queue: who came, as written down, and who here it may be. masked: the phone as far as it may be shown."""

    walk_in: WalkIn
    details: Details
    masked: str
    alike: tuple[Person, ...]


def get_waiting(sitting: Sitting, walk_in_id: uuid.UUID) -> WalkIn:
    """One of the queue. Raises NoSuchWalkIn."""
    found = WalkIn.objects.select_related("spare", "sitting").filter(sitting=sitting, pk=walk_in_id).first()
    if found is None:
        raise NoSuchWalkIn
    return found


def details_of(walk_in: WalkIn) -> Details:
    return Details(**json.loads(decrypt(walk_in.details, bound_to=str(walk_in.pk))))


def waiting_in(sitting: Sitting, actor: Person) -> list[Waiting]:
    """The queue of a sitting, oldest first, each with whom it may be among those the actor may see. A constant number of queries."""
    rows = list(
        WalkIn.objects.filter(sitting=sitting, state__in=[WalkInState.QUEUED, WalkInState.SET_ASIDE])
        .exclude(details="")
        .order_by("added_at", "pk")
    )
    told = {one.pk: details_of(one) for one in rows}
    alike = walkins.alike(list(told.values()), sitting, actor) if told else []
    owners = find_people_by([(walkins.PHONE, one.phone) for one in told.values() if one.phone])
    wanted = {owner.pk for owner in owners.values()}
    seen = {
        one.pk: one
        for one in visible_people(actor, Capability.ASSESS).filter(pk__in=wanted).select_related("home_unit")
    }
    return [
        Waiting(row, told[row.pk], masked(told[row.pk].phone), _candidates(told[row.pk], alike, owners, seen))
        for row in rows
    ]


def _candidates(
    details: Details, alike: Iterable[Person], owners: dict[tuple[str, str], Person], seen: dict[uuid.UUID, Person]
) -> tuple[Person, ...]:
    owner = owners.get((walkins.PHONE, details.phone))
    found = [seen[owner.pk]] if owner is not None and owner.pk in seen else []
    found += [one for one in alike if walkins.may_be(one, details) and one not in found]
    return tuple(found[:MOST_ALIKE])


def masked(phone: str) -> str:
    """`090*****12`: enough to ask about, no more."""
    return f"{phone[:3]}{'*' * max(len(phone) - 5, 0)}{phone[-2:]}" if len(phone) > 5 else phone


@transaction.atomic
def decide_is(*, actor: Person, walk_in: WalkIn, person: Person, at: datetime) -> WalkIn:
    """This is somebody known here. What was recorded at the door counts for them from now on.

    Raises NotAllowed, OutOfReach, NoSuchWalkIn (the person is out of reach), OwnTest, WalkInDecided.
    """
    row, details = _to_decide(actor, walk_in, at)
    candidates = visible_people(actor, Capability.ASSESS).filter(pk=person.pk).exists()
    if not candidates and not Seat.objects.filter(sitting=row.sitting, person=person).exists():
        raise NoSuchWalkIn
    if person.pk == actor.pk:
        raise OwnTest
    walkins.settle(row, person, details, actor, at, new=False)
    return _decided(row, actor, at)


@transaction.atomic
def decide_new(
    *, actor: Person, walk_in: WalkIn, full_name: str, birth_year: int | None, phone: str, at: datetime
) -> WalkIn:
    """This is somebody new, written as corrected here. Raises as decide_is and register_person (AlreadyKnown: the phone is
    somebody else's; register without it, or say that it is that person).
    """
    row, details = _to_decide(actor, walk_in, at)
    told = Details(composed(full_name)[:120], birth_year, phone.strip(), details.lives_here, details.agreed)
    walkins.settle(row, walkins.register(told, row.sitting, actor, at), told, actor, at, new=True)
    return _decided(row, actor, at)


@transaction.atomic
def set_aside(*, actor: Person, walk_in: WalkIn, at: datetime) -> WalkIn:
    """Nobody can say who it was: nothing is counted, everything is kept, and it can still be decided. Raises as decide_is."""
    row, _details = _to_decide(actor, walk_in, at)
    row.state = WalkInState.SET_ASIDE
    return _save_decision(row, actor, at)


def _to_decide(actor: Person, walk_in: WalkIn, at: datetime) -> tuple[WalkIn, Details]:
    sitting = locked(walk_in.sitting)
    check_may(actor, Capability.ASSESS, sitting.unit, local_date(at))
    row = WalkIn.objects.select_for_update(of=("self",)).select_related("spare").get(pk=walk_in.pk)
    if row.is_known or not row.details:
        raise WalkInDecided
    row.sitting = sitting
    return row, details_of(row)


def _decided(row: WalkIn, actor: Person, at: datetime) -> WalkIn:
    _save_decision(row, actor, at)
    count_walk_in(row, at=at)
    return row


def _save_decision(row: WalkIn, actor: Person, at: datetime) -> WalkIn:
    row.decided_by, row.decided_at = actor.pk, at
    row.save(update_fields=["state", "reason", "person", "details", "decided_by", "decided_at"])
    audit(row.sitting, actor, "walk_in_decided", at, new={"walk_in": str(row.pk), "state": row.state})
    return row
