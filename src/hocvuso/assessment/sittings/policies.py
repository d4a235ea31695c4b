"""Who may run a sitting, and for whom."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime

from hocvuso.assessment.choices import AttemptState
from hocvuso.assessment.models import Attempt, Briefing, Seat, Sitting
from hocvuso.assessment.sittings.errors import (
    AlreadyPassed,
    NoSuchSitting,
    NotBriefed,
    OtherAssessor,
    OtherTestOpen,
    OwnTest,
    PersonAgrees,
    SittingClosed,
    TaughtThem,
)
from hocvuso.evidence.public import Assurance, Evidence, EvidenceKind
from hocvuso.kernel.clock import local_date
from hocvuso.people.public import Capability, Person, Purpose, check_may, reach_of, with_consent

# The guide an assessor of spoken and observed tests has read; a new text is a new number.
GUIDE_VERSION = 1
# What a helper writes down about somebody they taught.
TAUGHT = (
    EvidenceKind.LESSON_COMPLETED,
    EvidenceKind.PRACTICE_PASSED,
    EvidenceKind.SERVICE_USED,
    EvidenceKind.PATH_COMPLETED,
)


def get_sitting(person: Person, sitting_id: uuid.UUID, on: date) -> Sitting:
    """A sitting within reach of somebody who assesses. Raises NoSuchSitting for anything else."""
    reach = reach_of(person, Capability.ASSESS, on)
    found = Sitting.objects.select_related("policy", "unit", "assessor").filter(
        reach.paths("unit__path"), pk=sitting_id
    )
    sitting = found.first()
    if sitting is None:
        raise NoSuchSitting
    return sitting


def check_runs(actor: Person, sitting: Sitting, at: datetime, *, closed_too: bool = False) -> None:
    """Raise unless actor is the assessor of this sitting today: NotAllowed, OutOfReach, OtherAssessor, SittingClosed."""
    check_may(actor, Capability.ASSESS, sitting.unit, local_date(at))
    if sitting.assessor_id != actor.pk:
        raise OtherAssessor(name=sitting.assessor.full_name if sitting.assessor else "–")
    if not sitting.is_open and not closed_too:
        raise SittingClosed


def check_briefed(actor: Person) -> None:
    if not Briefing.objects.filter(person=actor, version=GUIDE_VERSION).exists():
        raise NotBriefed


def taught_by(assessor_id: uuid.UUID, person_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these people the assessor taught: their ledger holds learning that the assessor wrote down. One query."""
    rows = Evidence.objects.filter(person_id__in=person_ids, recorded_by=assessor_id, kind__in=TAUGHT)
    return set(rows.values_list("person_id", flat=True).distinct())


def check_may_assess(actor: Person, seats: Sequence[Seat]) -> None:
    """Raise OwnTest or TaughtThem when the actor sits in one of these seats or taught somebody in them."""
    if any(seat.person_id == actor.pk for seat in seats):
        raise OwnTest
    taught = taught_by(actor.pk, [seat.person_id for seat in seats])
    if taught:
        names = ", ".join(sorted(seat.person.full_name for seat in seats if seat.person_id in taught)[:3])
        raise TaughtThem(assessor=actor.full_name, person=names)


def check_may_sit(person: Person, sitting: Sitting, at: datetime, *, closed_too: bool = False) -> None:
    """Raise unless this person may be assessed in this sitting: SittingClosed, OwnTest, TaughtThem, PersonAgrees,
    AlreadyPassed, OtherTestOpen (a test begun alone does not become supervised by joining). closed_too: what a phone recorded
    while the sitting was open may come later.
    """
    if not sitting.is_open and not closed_too:
        raise SittingClosed
    if sitting.assessor_id is None:
        raise NoSuchSitting
    if sitting.assessor_id == person.pk:
        raise OwnTest
    if taught_by(sitting.assessor_id, [person.pk]):
        name = sitting.assessor.full_name if sitting.assessor else "–"
        raise TaughtThem(assessor=name, person=person.full_name)
    if person.pk not in with_consent([person.pk], Purpose.LEARNING):
        raise PersonAgrees(person=person.full_name)
    passed = (
        Evidence.objects.filter(
            person_id=person.pk,
            kind=EvidenceKind.ASSESSMENT_PASSED,
            subject=f"policy:{sitting.policy.code}",
            assurance__gte=Assurance.SUPERVISED,
        )
        .order_by("occurred_at")
        .first()
    )
    if passed is not None and not _revoked(passed):
        raise AlreadyPassed(person=person.full_name, day=local_date(passed.occurred_at).strftime("%d/%m/%Y"))
    running = Attempt.objects.filter(
        person=person, policy__code=sitting.policy.code, state=AttemptState.OPEN, deadline_at__gte=at
    )
    if running.exists():
        raise OtherTestOpen(person=person.full_name)


def _revoked(row: Evidence) -> bool:
    return Evidence.objects.filter(person_id=row.person_id, revokes=row.id).exists()


def seats_of(sitting: Sitting) -> list[Seat]:
    """Everybody in a sitting with their names, in the order of names. One query."""
    rows = Seat.objects.select_related("person").filter(sitting=sitting)
    return list(rows.order_by("person__search_name", "person_id"))
