"""The right to be erased: the person goes, the counts stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hocvuso.kernel.models import record_audit
from hocvuso.people.choices import RequestState, Right
from hocvuso.people.models import (
    Person,
    RightsRequest,
)
from hocvuso.people.services.registration import SYSTEM
from hocvuso.people.signals import (
    PersonErased,
    person_erased,
)

Eraser = Callable[[UUID, datetime], None]


_erasers: list[Eraser] = []


def on_erase(callback: Eraser) -> Eraser:
    """Call `callback(person_id, at)` inside the transaction that erases a person, before the person's row goes.

    Rooms above register in their AppConfig.ready(): evidence replaces the person by a tombstone, others remove their rows. An
    exception stops the whole erasure. Usable as a decorator; registering twice counts once.
    """
    if callback not in _erasers:
        _erasers.append(callback)
    return callback


@transaction.atomic
def erase_person(*, actor: Person | None, person: Person, at: datetime) -> None:
    """Remove everything that says who a person was; counts stay, for evidence keeps a tombstone in their place.

    actor: the officer who answers the request, the person themself, or none for the system. Runs every on_erase callback in
    the same transaction. Sends person_erased after commit.
    """
    person_id = person.pk
    # What is being written for this person at this moment lands first, so that nothing is left behind under their id.
    Person.objects.select_for_update().only("id").get(pk=person_id)
    for callback in list(_erasers):
        callback(person_id, at)
    RightsRequest.objects.filter(person=person, kind=Right.ERASE).exclude(
        state__in=[RequestState.DONE, RequestState.REFUSED]
    ).update(state=RequestState.DONE, answered_at=at, answered_by=actor.pk if actor else None)
    # That a request was made and answered stays as proof; what was written in it tells of the person.
    RightsRequest.objects.filter(person=person).update(note="", answer="")
    record_audit(
        at=at,
        action="people.person.erased",
        object_type="person",
        object_id=person_id,
        actor_id=actor.pk if actor else None,
        actor_name="" if actor else SYSTEM,
        unit_id=person.home_unit_id,
    )
    person.delete()
    event = PersonErased(person_id=person_id, at=at)
    transaction.on_commit(lambda: person_erased.send(sender=Person, event=event))
