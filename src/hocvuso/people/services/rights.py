"""What people may ask of their data, and the parts of “my data”."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hocvuso.kernel.clock import local_date
from hocvuso.kernel.models import record_audit
from hocvuso.kernel.vietnamese import composed
from hocvuso.people import rules
from hocvuso.people.choices import RequestState, Right
from hocvuso.people.errors import (
    ReasonNeeded,
    RequestClosed,
)
from hocvuso.people.models import (
    Person,
    RightsRequest,
)
from hocvuso.people.services.erasure import erase_person


@transaction.atomic
def ask_right(*, person: Person, kind: str, at: datetime, note: str = "") -> RightsRequest:
    """Put a person's request in the queue with its clocks; the same one still open is returned instead."""
    open_one = RightsRequest.objects.filter(
        person=person, kind=kind, state__in=[RequestState.OPEN, RequestState.SEEN]
    ).first()
    if open_one is not None:
        return open_one
    acknowledge_by, answer_by = rules.due_dates(kind, local_date(at))
    request = RightsRequest.objects.create(
        person=person,
        kind=Right(kind),
        note=note[:1000],
        at=at,
        acknowledge_by=acknowledge_by,
        answer_by=answer_by,
    )
    record_audit(
        at=at,
        action="people.right.asked",
        object_type="rights_request",
        object_id=request.pk,
        actor_id=person.pk,
        unit_id=person.home_unit_id,
        new={"kind": str(kind), "answer_by": answer_by},
    )
    return request


@transaction.atomic
def answer_right(*, actor: Person, request: RightsRequest, state: str, at: datetime, answer: str = "") -> None:
    """Acknowledge (SEEN), grant (DONE) or refuse (REFUSED, with the reason) a request; an ERASE that is granted erases.

    Raises ReasonNeeded, RequestClosed. Whether the actor reaches the person is checked by who fetched the request.
    """
    if request.state in {RequestState.DONE, RequestState.REFUSED}:
        raise RequestClosed
    if state == RequestState.REFUSED and not composed(answer):
        raise ReasonNeeded
    old = request.state
    request.state = RequestState(state)
    request.acknowledged_at = request.acknowledged_at or at
    if state != RequestState.SEEN:
        request.answered_at, request.answered_by, request.answer = at, actor.pk, composed(answer)[:1000]
    request.save()
    person = request.person
    record_audit(
        at=at,
        action="people.right.answered",
        object_type="rights_request",
        object_id=request.pk,
        actor_id=actor.pk,
        unit_id=person.home_unit_id if person else None,
        old={"state": old},
        new={"state": str(state), "kind": request.kind},
    )
    if state == RequestState.DONE and request.kind == Right.ERASE and person is not None:
        erase_person(actor=actor, person=person, at=at)


Exporter = Callable[[UUID], object]


_exporters: dict[str, Exporter] = {}


def on_export(name: str, exporter: Exporter) -> None:
    """Add a part to what people download about themselves: `exporter(person_id)` gives what JSON can hold."""
    _exporters[name] = exporter


def exported_parts(person_id: UUID) -> dict[str, object]:
    """What the other rooms hold about a person, by the names they registered under."""
    return {name: exporter(person_id) for name, exporter in sorted(_exporters.items())}
