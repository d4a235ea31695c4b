"""Who may decide about certificates and confirmations. When it is allowed stands in rules.MOVES."""

from __future__ import annotations

from datetime import date

from hocvuso.credentials.errors import OwnResult, SamePerson, SamePersonApproves, SamePersonReleases
from hocvuso.credentials.models import Confirmation, ExportRequest, HandoverBatch
from hocvuso.people.public import Capability, OutOfReach, Person, check_may, reach_of
from hocvuso.units.public import Unit


def check_reaches(actor: Person, capability: Capability, person: Person, unit: Unit | None, on: date) -> None:
    """Raise OutOfReach unless the actor holds the capability over the unit that answers for the person; OwnResult for oneself."""
    if actor.pk == person.pk:
        raise OwnResult
    if unit is None:
        raise OutOfReach
    check_may(actor, capability, unit, on)


def check_second_approves(actor: Person, request: ExportRequest, on: date) -> None:
    """Raise NotAllowed, OutOfReach or SamePersonApproves unless the actor may let this list out."""
    check_either(actor, request.unit, on)
    if request.asked_by == actor.pk:
        raise SamePersonApproves


def check_either(actor: Person, unit: Unit, on: date) -> None:
    """Proposing or confirming over the unit is enough; the last refusal is told."""
    if not reach_of(actor, Capability.PROPOSE, on).covers(unit):
        check_may(actor, Capability.CONFIRM, unit, on)


def check_second_person(actor: Person, confirmation: Confirmation) -> None:
    """Raise SamePerson when the actor proposed it: four eyes (design.md §7)."""
    if confirmation.proposed_by == actor.pk:
        raise SamePerson


def check_releases(actor: Person, batch: HandoverBatch, on: date) -> None:
    """Raise NotAllowed, OutOfReach or SamePersonReleases unless the actor may let this batch out."""
    check_may(actor, Capability.CONFIRM, batch.unit, on)
    if batch.prepared_by == actor.pk:
        raise SamePersonReleases


def may_revoke(actor: Person | None, person: Person, on: date) -> bool:
    """Whether the page may offer revoking."""
    return (
        actor is not None
        and actor.pk != person.pk
        and person.home_unit is not None
        and reach_of(actor, Capability.CONFIRM, on).covers(person.home_unit)
    )
