"""What this room announces, after commit. Ids only; whoever needs a name reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.dispatch import Signal


@dataclass(frozen=True)
class PersonRegistered:
    person_id: UUID
    home_unit_id: int | None
    at: datetime


@dataclass(frozen=True)
class PersonErased:
    """`person_id` no longer names anybody."""

    person_id: UUID
    at: datetime


@dataclass(frozen=True)
class ConsentRecorded:
    person_id: UUID
    purpose: str
    given: bool
    at: datetime


@dataclass(frozen=True)
class HomeChanged:
    """A person lives in another unit, or in none that is known here."""

    person_id: UUID
    home_unit_id: int | None
    at: datetime


person_registered = Signal()  # event: PersonRegistered
person_erased = Signal()  # event: PersonErased
consent_recorded = Signal()  # event: ConsentRecorded
home_changed = Signal()  # event: HomeChanged
