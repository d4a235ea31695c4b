"""What a result is worth: supervised only for somebody whom an assessor saw there, and whom nothing casts doubt on."""

from __future__ import annotations

import uuid

from hocvuso.assessment.models.sittings import HOLDING, Incident, Seat, SittingState
from hocvuso.evidence.public import Assurance

_SUPERVISED = uuid.UUID("6a1f4a52-5b0e-4b5e-9f0c-7d3f0a8c1e21")


def assurance_of(person_id: uuid.UUID, attempt_id: uuid.UUID) -> Assurance:
    """SUPERVISED when the attempt belongs to a seat whose presence is ticked and that no holding incident touches; OBSERVED
    (by the system) for everything else. One or two queries.
    """
    seat = Seat.objects.filter(person_id=person_id, attempt_id=attempt_id, present_at__isnull=False).first()
    if (
        seat is None
        or Incident.objects.filter(sitting_id=seat.sitting_id, person_id=person_id, kind__in=HOLDING).exists()
    ):
        return Assurance.OBSERVED
    return Assurance.SUPERVISED


def supervised_entry(attempt_id: uuid.UUID) -> uuid.UUID:
    """The id of the entry that says a result has become supervised since it was graded."""
    return uuid.uuid5(_SUPERVISED, str(attempt_id))


def has_seat(person_id: uuid.UUID, policy_code: str) -> bool:
    """Whether somebody sits in an open sitting of this test. One query."""
    seats = Seat.objects.filter(person_id=person_id, sitting__state=SittingState.OPEN, finished_at__isnull=True)
    return seats.filter(sitting__policy__code=policy_code).exists()
