"""What other rooms may use of the ledger."""

from __future__ import annotations

import uuid

from hocvuso.evidence.choices import ALL, Assurance, EvidenceKind, Milestone, RevocationReason, Segment
from hocvuso.evidence.history import record_histories
from hocvuso.evidence.models import Evidence, Seal, Standing, StandingUnit
from hocvuso.evidence.projections import Change, Rebuild, register_projection
from hocvuso.evidence.projector import project, project_all, project_person, stored_standings
from hocvuso.evidence.projector import take_lock as hold_projector
from hocvuso.evidence.registry import KindDefinition, kind_definition, register_kind
from hocvuso.evidence.rules import StandingView
from hocvuso.evidence.seals import VerifyReport, seal_days, verify
from hocvuso.evidence.services import NewEvidence, record_evidence, record_many, replace_by_tombstone, revoke_evidence
from hocvuso.evidence.worker import wait as wait_for_evidence


def milestones_of(person_id: uuid.UUID) -> dict[str, Standing]:
    """What a person has reached, by milestone code. One query."""
    return {row.milestone: row for row in Standing.objects.filter(person_id=person_id)}


__all__ = [
    "ALL",
    "Assurance",
    "Change",
    "Evidence",
    "EvidenceKind",
    "KindDefinition",
    "Milestone",
    "NewEvidence",
    "Rebuild",
    "RevocationReason",
    "Seal",
    "Segment",
    "Standing",
    "StandingUnit",
    "StandingView",
    "VerifyReport",
    "hold_projector",
    "kind_definition",
    "milestones_of",
    "project",
    "project_all",
    "project_person",
    "record_evidence",
    "record_histories",
    "record_many",
    "register_kind",
    "register_projection",
    "replace_by_tombstone",
    "revoke_evidence",
    "seal_days",
    "stored_standings",
    "verify",
    "wait_for_evidence",
]
