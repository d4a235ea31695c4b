"""What services, papers and records of sittings all need: the row held, one seat, the audit trail."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from hocvuso.assessment.models import Seat, Sitting
from hocvuso.assessment.sittings.errors import NoSuchSitting, NotInSitting
from hocvuso.kernel.models import record_audit
from hocvuso.people.public import Person


def seat_at(sitting: Sitting, person_id: uuid.UUID) -> Seat:
    seat = Seat.objects.filter(person_id=person_id, sitting=sitting).first()
    if seat is None:
        raise NotInSitting
    return seat


def locked(sitting: Sitting) -> Sitting:
    row = (
        Sitting.objects.select_for_update(of=("self",))
        .select_related("policy", "unit", "assessor")
        .filter(pk=sitting.pk)
        .first()
    )
    if row is None:
        raise NoSuchSitting
    return row


def audit(
    sitting: Sitting,
    actor: Person,
    what: str,
    at: datetime,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    record_audit(
        at=at,
        action=f"assessment.sitting.{what}",
        object_type="sitting",
        object_id=sitting.pk,
        actor_id=actor.pk,
        unit_id=sitting.unit_id,
        old=old,
        new=new,
    )
