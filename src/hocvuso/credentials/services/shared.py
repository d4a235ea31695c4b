"""What services of certificates and of confirmations both need: people, reasons, the audit trail."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from hocvuso.credentials.choices import DeliveryState
from hocvuso.credentials.errors import ReasonNeeded
from hocvuso.credentials.models import ReasonNote
from hocvuso.evidence.public import RevocationReason
from hocvuso.kernel.models import record_audit
from hocvuso.kernel.vietnamese import composed
from hocvuso.people.public import Person

SOURCE = "credentials"
SYSTEM = "system:credentials"
MOST_AT_ONCE = 100
# How long an officer's own words are kept beside the audit trail, which is kept for ever. Tạm, chờ văn bản.
NOTES_KEPT = timedelta(days=730)


def get_person(person_id: uuid.UUID) -> Person:
    return Person.objects.select_related("home_unit").get(pk=person_id)


def checked_reason(text: str) -> str:
    """An officer's own words, at most 300 signs. Raises ReasonNeeded."""
    reason = composed(text)[:300]
    if not reason:
        raise ReasonNeeded
    return reason


def checked_cause(cause: str) -> RevocationReason:
    """The cause from the closed list; OTHER for anything else."""
    return RevocationReason(cause) if cause in RevocationReason.values else RevocationReason.OTHER


def configured_delivery() -> DeliveryState:
    """How released batches travel: by themselves where a channel is set, else by an officer's hand."""
    return DeliveryState.WAITING if settings.VNEID_URL or settings.VNEID_OUT else DeliveryState.BY_HAND


def keep_note(person_id: uuid.UUID, object_id: uuid.UUID, text: str, at: datetime) -> None:
    """Keep an officer's own words beside the audit entry of the same object and moment, until they expire."""
    if text:
        ReasonNote.objects.create(
            person_id=person_id, object_id=object_id, text=text, at=at, expires_at=at + NOTES_KEPT
        )


def forget_old_notes(at: datetime) -> int:
    """Drop the notes whose time is over; answers how many."""
    return ReasonNote.objects.filter(expires_at__lt=at).delete()[0]


def audit(
    action: str,
    object_type: str,
    object_id: uuid.UUID,
    actor: Person | None,
    at: datetime,
    *,
    unit_id: int | None = None,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    """An entry of the audit trail by a person, or by this part of the system."""
    record_audit(
        at=at,
        action=f"credentials.{action}",
        object_type=object_type,
        object_id=object_id,
        actor_id=actor.pk if actor else None,
        actor_name="" if actor else SYSTEM,
        unit_id=unit_id,
        old=old,
        new=new,
    )
