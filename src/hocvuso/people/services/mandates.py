"""Roles over units, given and ended."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from hocvuso.kernel.clock import local_date
from hocvuso.kernel.models import record_audit
from hocvuso.kernel.vietnamese import composed
from hocvuso.people.errors import (
    MandateExists,
)
from hocvuso.people.models import (
    Mandate,
    Person,
)
from hocvuso.people.policies import check_may_grant
from hocvuso.people.services.registration import SYSTEM
from hocvuso.people.studio import sync_author

if TYPE_CHECKING:
    from hocvuso.units.models import Unit


@transaction.atomic
def grant_mandate(
    *, actor: Person | None, person: Person, unit: Unit, role: str, at: datetime, title: str = ""
) -> Mandate:
    """Give a person a role over a unit and its subtree, from today.

    actor: an officer with MANAGE_PEOPLE over the unit; none for the system (set-up, demo). Raises NotAllowed, OutOfReach,
    CannotGrant, CannotGrantToSelf, MandateExists. Writes an audit entry.
    """
    day = local_date(at)
    if actor is not None:
        check_may_grant(actor, person, role, unit, day)
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(
                person=person,
                unit=unit,
                role=role,
                title=composed(title)[:120],
                valid_from=day,
                granted_by=actor.pk if actor else None,
            )
    except IntegrityError as error:
        raise MandateExists from error
    record_audit(
        at=at,
        action="people.mandate.granted",
        object_type="mandate",
        object_id=mandate.pk,
        actor_id=actor.pk if actor else None,
        actor_name="" if actor else SYSTEM,
        unit_id=unit.pk,
        new={"role": str(role), "person": str(person.pk), "unit": unit.code, "title": mandate.title},
    )
    sync_author(person, on=day)
    return mandate


@transaction.atomic
def end_mandate(*, actor: Person | None, mandate: Mandate, at: datetime) -> Mandate:
    """End a mandate as of today: its holder has it no more. Raises as grant_mandate does. Writes an audit entry."""
    day = local_date(at)
    if actor is not None:
        check_may_grant(actor, mandate.person, mandate.role, mandate.unit, day)
    if mandate.valid_to is not None and mandate.valid_to <= day:
        return mandate
    mandate.valid_to = day
    mandate.save(update_fields=["valid_to"])
    record_audit(
        at=at,
        action="people.mandate.ended",
        object_type="mandate",
        object_id=mandate.pk,
        actor_id=actor.pk if actor else None,
        actor_name="" if actor else SYSTEM,
        unit_id=mandate.unit_id,
        old={"role": mandate.role, "person": str(mandate.person_id), "valid_to": None},
        new={"valid_to": day},
    )
    sync_author(mandate.person, on=day)
    return mandate
