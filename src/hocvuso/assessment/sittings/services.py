"""What assessors and the people they assess do in a sitting."""

from __future__ import annotations

import random
import uuid
from datetime import datetime

from django.core.cache import cache as memory
from django.db import IntegrityError, transaction

from hocvuso.assessment.choices import AttemptState
from hocvuso.assessment.models import Attempt, Briefing, Incident, Policy, Seat, Sitting
from hocvuso.assessment.models.sittings import IncidentKind, JoinedBy, SittingMode, SittingState
from hocvuso.assessment.presence import assurance_of, supervised_entry
from hocvuso.assessment.services import open_attempt
from hocvuso.assessment.signals import AttemptGraded
from hocvuso.assessment.sittings import policies, rules
from hocvuso.assessment.sittings.errors import (
    NoTasks,
    NotInSitting,
    PassedOnPhone,
    SittingClosed,
    TickFirst,
    TickStays,
    TooManyCodes,
    WrongCode,
)
from hocvuso.assessment.sittings.papers import give_paper, observed_tasks
from hocvuso.assessment.sittings.sealing import new_lock
from hocvuso.assessment.sittings.shared import audit, locked, seat_at
from hocvuso.evidence.public import Assurance, EvidenceKind, record_evidence
from hocvuso.kernel.clock import local_date
from hocvuso.kernel.ids import new_id
from hocvuso.kernel.vietnamese import composed
from hocvuso.people.public import Capability, Person, check_may
from hocvuso.units.public import Unit

SOURCE = "assessment"
WRONG_CODES, WRONG_CODES_SECONDS = 10, 600
_dice = random.SystemRandom()


# --- the sitting -------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_sitting(
    *,
    actor: Person,
    unit: Unit,
    policy: Policy,
    mode: str,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    at: datetime,
) -> Sitting:
    """Open a sitting with a short code. actor becomes its assessor.

    Raises NotAllowed, OutOfReach, NotBriefed (spoken and observed need the guide read), NoTasks.
    """
    check_may(actor, Capability.ASSESS, unit, local_date(at))
    if mode != SittingMode.SUPERVISED:
        policies.check_briefed(actor)
    if mode == SittingMode.OBSERVED and not observed_tasks(policy) and not policy.practice_tasks:
        raise NoTasks
    sitting_id = new_id()
    lock_key, lock_public = new_lock(str(sitting_id))
    sitting = Sitting(
        id=sitting_id,
        unit=unit,
        policy=policy,
        mode=mode,
        assessor=actor,
        place=composed(place)[:200],
        starts_at=starts_at,
        ends_at=ends_at,
        opened_at=at,
        lock_key=lock_key,
        lock_public=lock_public,
    )
    _save_with_code(sitting)
    audit(sitting, actor, "opened", at, new={"policy": f"{policy.code} {policy.version}", "mode": str(mode)})
    return sitting


def _save_with_code(sitting: Sitting) -> None:
    for _attempt in range(20):
        sitting.code = rules.draw_code(_dice)
        try:
            with transaction.atomic():
                sitting.save(force_insert=True)
            return
        except IntegrityError:
            if not Sitting.objects.filter(code=sitting.code, state=SittingState.OPEN).exists():
                raise
    raise RuntimeError("twenty codes in a row were taken")


@transaction.atomic
def take_over(*, actor: Person, sitting: Sitting, at: datetime) -> Sitting:
    """Run a sitting from now on; the assessor before may still send what their phone recorded until now.

    Raises NotAllowed, OutOfReach, SittingClosed, OwnTest and TaughtThem for somebody who sits in it.
    """
    row = locked(sitting)
    check_may(actor, Capability.ASSESS, row.unit, local_date(at))
    if not row.is_open:
        raise SittingClosed
    if row.assessor_id == actor.pk:
        return row
    if row.by_assessor:
        policies.check_briefed(actor)
    policies.check_may_assess(actor, policies.seats_of(row))
    old, row.assessor = row.assessor_id, actor
    row.save(update_fields=["assessor"])
    audit(row, actor, "taken_over", at, old={"assessor": str(old)}, new={"assessor": str(actor.pk)})
    return row


@transaction.atomic
def close_sitting(*, actor: Person, sitting: Sitting, at: datetime) -> Sitting:
    """Close it: the code opens nothing any more. Tests that run on people's own phones go on to their own end; what a phone
    recorded before can still be sent. Closing twice changes nothing. Raises as check_runs.
    """
    row = locked(sitting)
    policies.check_runs(actor, row, at, closed_too=True)
    if row.is_open:
        row.state, row.closed_at = SittingState.CLOSED, at
        row.save(update_fields=["state", "closed_at"])
        audit(row, actor, "closed", at)
    return row


@transaction.atomic
def read_guide(*, actor: Person, at: datetime) -> None:
    """actor has read the guide for spoken and observed tests."""
    Briefing.objects.get_or_create(person=actor, version=policies.GUIDE_VERSION, defaults={"read_at": at})


# --- coming in ---------------------------------------------------------------------------------------------------------


def join(*, person: Person, code: str, device: str, at: datetime) -> Seat:
    """Take a seat by the code on the board; the seat one has when asked again.

    Raises WrongCode, TooManyCodes, SittingClosed and everything of policies.check_may_sit.
    """
    key = f"sitting-codes:{person.pk}"
    if memory.get(key, 0) >= WRONG_CODES:
        raise TooManyCodes
    signs = rules.read_code(code)
    sittings = Sitting.objects.select_related("policy", "assessor").filter(code=signs or "-")
    sitting = sittings.filter(state=SittingState.OPEN).first()
    if sitting is None:
        if signs and (sittings.exists()):
            raise SittingClosed
        memory.set(key, memory.get(key, 0) + 1, WRONG_CODES_SECONDS)
        raise WrongCode
    return sit_down(person, sitting, JoinedBy.CODE, device, at)


def call_person(*, actor: Person, sitting: Sitting, person: Person, at: datetime) -> Seat:
    """Put somebody who has no code, or no phone, on the list by name. Raises as check_runs and check_may_sit."""
    policies.check_runs(actor, sitting, at)
    seat = sit_down(person, sitting, JoinedBy.CALLED, "", at)
    if sitting.handed_out_at and seat.paper is None:
        give_paper(sitting, [seat])
    return seat


@transaction.atomic
def sit_down(
    person: Person, sitting: Sitting, how: str, device: str, at: datetime, *, closed_too: bool = False
) -> Seat:
    """A seat for a person; the one they have when asked again. Raises as policies.check_may_sit."""
    Person.objects.select_for_update().only("id").get(pk=person.pk)
    seat = Seat.objects.filter(person=person, sitting=sitting).first()
    if seat is not None:
        if device and not seat.device:
            seat.device = device
            seat.save(update_fields=["device"])
        return seat
    policies.check_may_sit(person, sitting, at, closed_too=closed_too)
    shared = device and Seat.objects.filter(sitting=sitting, device=device).exists()
    return Seat.objects.create(
        person=person,
        sitting=sitting,
        how=how,
        joined_at=at,
        device=device,
        last_seen_at=at if device else None,
        other_device_at=at if shared else None,
    )


@transaction.atomic
def start(*, person: Person, sitting: Sitting, device: str, at: datetime) -> Attempt:
    """Begin the test on one's own phone, or go on with it. Raises NotInSitting, SittingClosed, PassedOnPhone,
    TickFirst (a test that has to be supervised), and as open_attempt."""
    seat = seat_of(person, sitting)
    if sitting.by_assessor:
        raise PassedOnPhone
    if seat.attempt_id is None and not sitting.is_open:
        raise SittingClosed
    if sitting.policy.supervised and seat.present_at is None:
        raise TickFirst
    attempt = open_attempt(person=person, policy_code=sitting.policy.code, at=at)
    if seat.attempt_id is None:
        seat.attempt_id = attempt.id
        seat.save(update_fields=["attempt_id"])
    _note(seat, device, at)
    return attempt


def seat_of(person: Person, sitting: Sitting) -> Seat:
    """The person's seat. Raises NotInSitting."""
    seat = Seat.objects.filter(person=person, sitting=sitting).first()
    if seat is None:
        raise NotInSitting
    return seat


def note_seen(*, person: Person, attempt_id: uuid.UUID, device: str, at: datetime) -> Seat | None:
    """The phone of a running test says that it is there; none when the test belongs to no sitting."""
    seat = Seat.objects.filter(person=person, attempt_id=attempt_id).first()
    if seat is not None and seat.finished_at is None:
        _note(seat, device, at)
    return seat


def _note(seat: Seat, device: str, at: datetime) -> None:
    fields = ["last_seen_at"]
    seat.last_seen_at = at
    if device and not seat.device:
        seat.device = device
        fields.append("device")
    elif device and seat.device != device:
        seat.other_device_at = at
        fields.append("other_device_at")
    seat.save(update_fields=fields)


def ask_help(*, person: Person, sitting: Sitting, at: datetime) -> None:
    """The assessor sees on the board that this person asks for help. Raises NotInSitting."""
    seat = seat_of(person, sitting)
    seat.asked_help_at = at
    seat.save(update_fields=["asked_help_at"])


# --- what the assessor does --------------------------------------------------------------------------------------------


def help_given(*, actor: Person, sitting: Sitting, person_id: uuid.UUID, at: datetime) -> None:
    """The assessor went there. Also settles “another phone”: the assessor has looked."""
    policies.check_runs(actor, sitting, at, closed_too=True)
    seat = seat_at(sitting, person_id)
    seat.asked_help_at = seat.other_device_at = None
    seat.save(update_fields=["asked_help_at", "other_device_at"])


@transaction.atomic
def tick_present(*, actor: Person, sitting: Sitting, person_id: uuid.UUID, at: datetime) -> Seat:
    """The assessor saw this person there. A result that was passed before the tick becomes supervised now.

    Raises as check_runs, TaughtThem, NotInSitting.
    """
    policies.check_runs(actor, sitting, at)
    return mark_present(sitting, person_id, actor, seen_at=at, at=at)


def mark_present(sitting: Sitting, person_id: uuid.UUID, actor: Person, *, seen_at: datetime, at: datetime) -> Seat:
    """Presence as an assessor ticked it, checked by the caller. Raises TaughtThem, OwnTest, NotInSitting."""
    seat = seat_at(sitting, person_id)
    policies.check_may_assess(actor, [seat])
    if seat.present_at is None:
        seat.present_at, seat.present_by = seen_at, actor.pk
        seat.save(update_fields=["present_at", "present_by"])
        audit(sitting, actor, "present", at, new={"person": str(person_id)})
        raise_assurance(seat, at)
    return seat


@transaction.atomic
def take_tick_back(*, actor: Person, sitting: Sitting, person_id: uuid.UUID, at: datetime) -> Seat:
    """A tick by mistake; not once the test is finished. Raises as check_runs, TickStays."""
    policies.check_runs(actor, sitting, at, closed_too=True)
    return mark_absent(sitting, person_id, actor, at=at)


def mark_absent(sitting: Sitting, person_id: uuid.UUID, actor: Person, *, at: datetime) -> Seat:
    seat = seat_at(sitting, person_id)
    if seat.finished_at is not None:
        raise TickStays
    if seat.present_at is not None:
        seat.present_at = seat.present_by = None
        seat.save(update_fields=["present_at", "present_by"])
        audit(sitting, actor, "absent", at, new={"person": str(person_id)})
    return seat


@transaction.atomic
def record_incident(
    *, actor: Person, sitting: Sitting, kind: str, at: datetime, person_id: uuid.UUID | None = None
) -> Incident:
    """One tap: something of the closed list happened, to one person or to the whole room. Raises as check_runs, NotInSitting."""
    policies.check_runs(actor, sitting, at, closed_too=True)
    return note_incident(sitting, actor, kind, person_id, happened_at=at, at=at)


def note_incident(
    sitting: Sitting,
    actor: Person,
    kind: str,
    person_id: uuid.UUID | None,
    *,
    happened_at: datetime,
    at: datetime,
) -> Incident:
    """An incident as an assessor tapped it, checked by the caller. Raises NotInSitting, ValueError for a kind of no list."""
    if person_id is not None:
        seat_at(sitting, person_id)
    incident = Incident.objects.create(
        sitting=sitting, person_id=person_id, kind=IncidentKind(kind), happened_at=happened_at, recorded_by=actor.pk
    )
    audit(sitting, actor, "incident", at, new={"kind": str(kind), "person": str(person_id or "")})
    return incident


def raise_assurance(seat: Seat, at: datetime) -> None:
    """A passed result of a seat that has become supervised since it was graded gets an entry that says so; once."""
    if seat.attempt_id is None:
        return
    attempt = Attempt.objects.select_related("policy").filter(person_id=seat.person_id, id=seat.attempt_id).first()
    if attempt is None or attempt.state != AttemptState.GRADED or not attempt.passed or attempt.graded_at is None:
        return
    if assurance_of(seat.person_id, attempt.id) != Assurance.SUPERVISED:
        return
    record_evidence(
        id=supervised_entry(attempt.id),
        person_id=seat.person_id,
        kind=EvidenceKind.ASSESSMENT_PASSED,
        subject=f"policy:{attempt.policy.code}",
        assurance=Assurance.SUPERVISED,
        source=SOURCE,
        occurred_at=attempt.graded_at,
        at=at,
        details={"version": attempt.policy.version, "attempt": str(attempt.id)},
    )


def follow_grading(event: AttemptGraded) -> None:
    """A test of a sitting was graded: its seat is finished (assessment.on_graded)."""
    Seat.objects.filter(person_id=event.person_id, attempt_id=event.attempt_id, finished_at__isnull=True).update(
        finished_at=event.at
    )
