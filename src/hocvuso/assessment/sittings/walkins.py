"""People added at the door by an assessor's phone: matched only where nothing speaks against it, else a person decides."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from hocvuso.assessment.models import Seat, Sitting, SittingRecord, SparePaper, WalkIn
from hocvuso.assessment.models.sittings import JoinedBy, RecordKind
from hocvuso.assessment.models.walkins import WalkInReason, WalkInState
from hocvuso.assessment.sittings import services
from hocvuso.assessment.sittings.errors import RecordsUnreadable
from hocvuso.assessment.sittings.sealing import unseal
from hocvuso.assessment.sittings.shared import audit
from hocvuso.kernel.clock import local_date
from hocvuso.kernel.crypto import encrypt
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.ids import parse_id
from hocvuso.kernel.vietnamese import composed, folded
from hocvuso.people.public import (
    Capability,
    IdentityKey,
    Person,
    Purpose,
    find_people_by,
    has_consent,
    home_at,
    record_consent,
    register_person,
    visible_people,
)

PHONE = IdentityKey.Kind.PHONE.value


@dataclass(frozen=True)
class Details:
    """What the assessor wrote down at the door. agreed: the version of the sentence the person said yes to, read aloud."""

    full_name: str
    birth_year: int | None
    phone: str
    lives_here: bool
    agreed: str


def read_details(told: Any) -> Details:
    """What a phone sealed about a person. Raises RecordsUnreadable: nothing was agreed to, or it is no such thing at all."""
    if not isinstance(told, dict) or not told.get("agreed"):
        raise RecordsUnreadable
    year = told.get("birth_year")
    return Details(
        full_name=composed(str(told.get("full_name", "")))[:120],
        birth_year=year if isinstance(year, int) and 0 < year < 10_000 else None,
        phone=str(told.get("phone", ""))[:20],
        lives_here=told.get("lives_here") is True,
        agreed=str(told["agreed"])[:20],
    )


def known_in(sitting: Sitting) -> dict[uuid.UUID, WalkIn]:
    """Everybody added at the door of a sitting, by what phones call them. One query."""
    return {one.pk: one for one in WalkIn.objects.select_related("spare").filter(sitting=sitting)}


def take(record: SittingRecord, sitting: Sitting, actor: Person, at: datetime) -> WalkIn:
    """Somebody was added at the door: match, register or queue them. The caller seats whoever is known (`seat`).

    Raises SealBroken, RecordsUnreadable; then the line is kept as it came.
    """
    if record.person_id is None:
        raise RecordsUnreadable
    body = json.loads(record.line)
    details = read_details(unseal(sitting.lock_key, str(sitting.pk), str(body.get("sealed", ""))))
    # The phone makes the name up: it is nobody else's, here or in another sitting.
    if WalkIn.objects.filter(pk=record.person_id).exists() or Person.objects.filter(pk=record.person_id).exists():
        raise RecordsUnreadable
    spare_id = parse_id(str(body.get("spare", "")))
    walk_in = WalkIn(
        id=record.person_id,
        sitting=sitting,
        spare=SparePaper.objects.filter(pk=spare_id, sitting=sitting).first() if spare_id else None,
        state=WalkInState.QUEUED,
        added_by=actor.pk,
        added_at=record.happened_at,
    )
    person, reason = _match(details, sitting, actor)
    if reason is None:
        try:
            with transaction.atomic():
                settle(walk_in, person or register(details, sitting, actor, at), details, actor, at, new=person is None)
        except HocVuSoError:
            reason = WalkInReason.BAD_DETAILS
    if reason is not None:
        walk_in.person, walk_in.state, walk_in.reason = None, WalkInState.QUEUED, reason
        walk_in.details = encrypt(json.dumps(asdict(details)), bound_to=str(walk_in.pk))
    walk_in.save(force_insert=True)
    audit(
        sitting,
        actor,
        "walk_in",
        at,
        new={"walk_in": str(walk_in.pk), "state": walk_in.state, "reason": str(reason or "")},
    )
    return walk_in


def _match(details: Details, sitting: Sitting, actor: Person) -> tuple[Person | None, WalkInReason | None]:
    """Who it is for certain, or why a person has to look; neither: somebody new. A name alone never matches anybody."""
    if details.phone:
        owner = find_people_by([(PHONE, details.phone)]).get((PHONE, details.phone))
        if owner is not None:
            if owner.search_name != folded(details.full_name):
                return None, WalkInReason.OTHER_NAME
            if details.birth_year and owner.birth_year and owner.birth_year != details.birth_year:
                return None, WalkInReason.OTHER_YEAR
            return owner, None
    return None, WalkInReason.LOOKS_ALIKE if alike([details], sitting, actor) else None


def alike(many: Sequence[Details], sitting: Sitting, actor: Person) -> list[Person]:
    """People whom the actor may see, or who sit in this sitting, with one of these names and no other year of birth."""
    names = {folded(one.full_name) for one in many}
    found = {
        person.pk: person
        for rows in (
            visible_people(actor, Capability.ASSESS).filter(search_name__in=names),
            Person.objects.filter(
                search_name__in=names, pk__in=Seat.objects.filter(sitting=sitting).values("person_id")
            ),
        )
        for person in rows.select_related("home_unit").order_by("search_name", "pk")[:500]
    }
    return [person for person in found.values() if any(may_be(person, one) for one in many)]


def may_be(person: Person, details: Details) -> bool:
    if person.search_name != folded(details.full_name):
        return False
    return not (details.birth_year and person.birth_year) or details.birth_year == person.birth_year


def register(details: Details, sitting: Sitting, actor: Person, at: datetime) -> Person:
    return register_person(
        actor=actor,
        full_name=details.full_name,
        birth_year=details.birth_year,
        phone=details.phone,
        home_unit=home_at(sitting.unit, local_date(at)) if details.lives_here else None,
        at=at,
    )


def settle(walk_in: WalkIn, person: Person, details: Details, actor: Person, at: datetime, *, new: bool) -> None:
    """Write down who it is, and that they said yes before anything was written."""
    walk_in.person, walk_in.details, walk_in.reason = person, "", ""
    walk_in.state = WalkInState.NEW if new else WalkInState.MATCHED
    if not has_consent(person, Purpose.LEARNING):
        record_consent(
            actor=actor,
            person=person,
            purpose=Purpose.LEARNING,
            given=True,
            text_version=details.agreed,
            how="helper",
            at=min(walk_in.added_at, at),
        )


def seat(walk_in: WalkIn, person: Person, at: datetime) -> Seat:
    """Seat somebody who is known now, with the paper they were asked from. Raises as policies.check_may_sit."""
    made = services.sit_down(person, walk_in.sitting, JoinedBy.DOOR, "", at, closed_too=True)
    if walk_in.spare is not None and made.attempt_id is None:
        made.paper = walk_in.spare.paper
        made.save(update_fields=["paper"])
    return made


def forget_person(person_id: uuid.UUID, at: datetime) -> None:
    """A person is erased (people.on_erase): what was written about them at a door goes; the line's place in its chain stays."""
    ids = list(WalkIn.objects.filter(person_id=person_id).values_list("pk", flat=True))
    SittingRecord.objects.filter(kind=RecordKind.WALK_IN, person_id__in=ids).update(line="")


def forget_old(*, before: datetime) -> int:
    """Nobody said in time who it was: name and phone go. Lines stay sealed. Answers how many."""
    old = WalkIn.objects.filter(person__isnull=True, added_at__lt=before).exclude(details="")
    ids = list(old.values_list("pk", flat=True)[:500])
    SittingRecord.objects.filter(kind=RecordKind.WALK_IN, person_id__in=ids).update(line="")
    return WalkIn.objects.filter(pk__in=ids).update(details="", state=WalkInState.SET_ASIDE)
