"""What this room announces, after commit. Ids only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.dispatch import Signal


@dataclass(frozen=True)
class CertificateIssued:
    person_id: UUID
    certificate_id: UUID
    attempt_id: UUID
    policy_code: str
    at: datetime


@dataclass(frozen=True)
class ConfirmationDecided:
    """`state` is one of ConfirmationState: CONFIRMED or REFUSED."""

    person_id: UUID
    confirmation_id: UUID
    state: str
    at: datetime


certificate_issued = Signal()  # event: CertificateIssued
confirmation_decided = Signal()  # event: ConfirmationDecided
