"""What people agreed to, in their own words and at a time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hocvuso.people.choices import Purpose
from hocvuso.people.models import (
    Consent,
    Person,
)
from hocvuso.people.signals import (
    ConsentRecorded,
    consent_recorded,
)


@transaction.atomic
def record_consent(
    *,
    actor: Person | None,
    person: Person,
    purpose: str,
    given: bool,
    text_version: str,
    how: str,
    at: datetime,
) -> Consent:
    """Keep a person's yes or no to one purpose, with the version of the sentence they read and how it was asked.

    actor: who wrote it down; the person, a helper, a parent or guardian; none for an import. how: "web", "helper", "paper",
    "representative", "demo". Sends consent_recorded after commit.
    """
    consent = Consent.objects.create(
        person=person,
        purpose=Purpose(purpose),
        given=given,
        text_version=text_version,
        how=how,
        recorded_by=actor.pk if actor else None,
        at=at,
    )
    event = ConsentRecorded(person_id=person.pk, purpose=str(purpose), given=given, at=at)
    transaction.on_commit(lambda: consent_recorded.send(sender=Consent, event=event))
    return consent
