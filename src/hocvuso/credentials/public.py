"""What other rooms may use: issuing, looking up, revoking; the way to confirmation and VNeID; the models to read."""

from __future__ import annotations

from hocvuso.credentials.choices import CertificateState, ConfirmationState, Move
from hocvuso.credentials.handover import deliver_due, import_answer, prepare_batch, release_batch
from hocvuso.credentials.history import PastResult, load_history
from hocvuso.credentials.models import Certificate, Confirmation, HandoverBatch
from hocvuso.credentials.queries import certificate_by_code, certificates_of, people_waiting, work_waiting
from hocvuso.credentials.rules import read_code
from hocvuso.credentials.services import (
    AssessedResult,
    BulkOutcome,
    confirm,
    correct_name,
    forget_old_notes,
    in_bulk,
    issue_certificate,
    issue_many,
    propose_confirmation,
    refuse,
    resume_certificate,
    revoke_certificate,
    revoke_confirmation,
    suspend_certificate,
    take_proposal_back,
    withdraw,
)

__all__ = [
    "AssessedResult",
    "BulkOutcome",
    "Certificate",
    "CertificateState",
    "Confirmation",
    "ConfirmationState",
    "HandoverBatch",
    "Move",
    "PastResult",
    "certificate_by_code",
    "certificates_of",
    "confirm",
    "correct_name",
    "deliver_due",
    "forget_old_notes",
    "import_answer",
    "in_bulk",
    "issue_certificate",
    "issue_many",
    "load_history",
    "people_waiting",
    "prepare_batch",
    "propose_confirmation",
    "read_code",
    "refuse",
    "release_batch",
    "resume_certificate",
    "revoke_certificate",
    "revoke_confirmation",
    "suspend_certificate",
    "take_proposal_back",
    "withdraw",
    "work_waiting",
]
