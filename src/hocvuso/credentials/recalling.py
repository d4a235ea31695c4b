"""Reads of certificates whose test was looked at again: for officers who decide, and for their holders."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from hocvuso.assessment.public import looked_at
from hocvuso.credentials.choices import CertificateState, RecallState
from hocvuso.credentials.models import Certificate, Confirmation, Recall
from hocvuso.kernel import clock
from hocvuso.people.public import Capability, Person, reach_of

MOST_LISTED = 50
# How long a holder reads that a look at their result ended well.
TOLD_FOR = timedelta(days=60)


@dataclass(frozen=True)
class ListedRecall:
    """One line of the officers' list. may_decide: the next step is open to this officer (others found or stopped it)."""

    recall: Recall
    certificate: Certificate
    confirmation: Confirmation | None
    may_decide: bool


def recalls_for(actor: Person) -> list[ListedRecall]:
    """What waits within an officer's reach, appeals first, then the oldest. Four queries and those of the reach."""
    reach = reach_of(actor, Capability.CONFIRM, clock.today())
    confirmed_here = Confirmation.objects.filter(reach.paths("unit__path"), person_id=OuterRef("person_id"))
    open_rows = Recall.objects.filter(state__in=[RecallState.WAITS, RecallState.SUSPENDED]).exclude(person_id=actor.pk)
    near = open_rows.filter(reach.paths("person__home_unit__path") | Exists(confirmed_here))
    rows = list(near.select_related("person", "person__home_unit").order_by("found_at", "id")[:MOST_LISTED])
    rows.sort(key=lambda row: (row.appealed_at is None, row.found_at, row.id))
    people = {row.person_id for row in rows}
    live = [CertificateState.VALID, CertificateState.SUSPENDED]
    held = Certificate.objects.filter(person_id__in=people, state__in=live).order_by("edition")
    certificates = {(one.person_id, one.attempt_id): one for one in held}
    confirmations = {one.certificate_id: one for one in Confirmation.objects.filter(person_id__in=people)}
    found = []
    for row in rows:
        certificate = certificates.get((row.person_id, row.attempt_id))
        if certificate is not None:
            may = actor.pk not in {row.found_by, row.decided_by}
            found.append(ListedRecall(row, certificate, confirmations.get(certificate.id), may))
    return found


def recalls_of(person: Person) -> dict[uuid.UUID, Recall]:
    """A holder's recalls by attempt, the newest of each. One query."""
    return {row.attempt_id: row for row in Recall.objects.filter(person=person).order_by("found_at", "id")}


def good_ends(person: Person) -> dict[uuid.UUID, datetime]:
    """Attempts of a person that were looked at again lately and are in order, with the day. Two queries."""
    since = clock.now() - TOLD_FOR
    restored = Recall.objects.filter(person=person, state=RecallState.RESTORED, ended_at__gte=since)
    days = {attempt: day for attempt, day in restored.values_list("attempt_id", "ended_at") if day is not None}
    return {**looked_at(person.pk, since), **days}
