"""What people can do here: issue, correct, suspend, revoke; propose, confirm, refuse. Hand-over to VNeID: handover/."""

from __future__ import annotations

from hocvuso.credentials.services.certificates import (
    AssessedResult,
    correct_name,
    decide_rescored,
    forget_person,
    issue_certificate,
    issue_many,
    ratio,
    resume_certificate,
    revoke_certificate,
    suspend_certificate,
    take_back_certificate,
)
from hocvuso.credentials.services.confirmations import (
    BulkOutcome,
    confirm,
    correct_rejected,
    follow_authority,
    in_bulk,
    move_locked,
    propose_confirmation,
    refuse,
    revoke_confirmation,
    take_proposal_back,
    withdraw,
)
from hocvuso.credentials.services.exports import ask_export, decide_export, export_rows
from hocvuso.credentials.services.recalls import appeal, end_recall, queue_recalls, stop_for_recall
from hocvuso.credentials.services.shared import MOST_AT_ONCE, SOURCE, SYSTEM, forget_old_notes
from hocvuso.credentials.services.withdrawals import withdraw_from_vneid

__all__ = [
    "MOST_AT_ONCE",
    "SOURCE",
    "SYSTEM",
    "AssessedResult",
    "BulkOutcome",
    "appeal",
    "ask_export",
    "confirm",
    "correct_name",
    "correct_rejected",
    "decide_export",
    "decide_rescored",
    "end_recall",
    "export_rows",
    "follow_authority",
    "forget_old_notes",
    "forget_person",
    "in_bulk",
    "issue_certificate",
    "issue_many",
    "move_locked",
    "propose_confirmation",
    "queue_recalls",
    "ratio",
    "refuse",
    "resume_certificate",
    "revoke_certificate",
    "revoke_confirmation",
    "stop_for_recall",
    "suspend_certificate",
    "take_back_certificate",
    "take_proposal_back",
    "withdraw",
    "withdraw_from_vneid",
]
