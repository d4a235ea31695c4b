"""VNeID's answer is worked in, row by row, as often as it comes: each row counts once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hocvuso.credentials.choices import BatchState, ConfirmationState, DeliveryState, Move, RowOutcome
from hocvuso.credentials.errors import BatchNotReady
from hocvuso.credentials.handover.batches import audit_batch, locked_batch
from hocvuso.credentials.handover.files import Answer, read_answer_zip
from hocvuso.credentials.models import Confirmation, HandoverBatch, HandoverRow
from hocvuso.credentials.services import SOURCE, move_locked
from hocvuso.evidence.public import Assurance, EvidenceKind, record_evidence
from hocvuso.kernel.clock import local_date
from hocvuso.kernel.ids import new_id, parse_id
from hocvuso.kernel.vietnamese import composed
from hocvuso.people.public import Capability, Person, check_may

WORDS = {
    "CHAP_NHAN": RowOutcome.ACCEPTED,
    "ACCEPTED": RowOutcome.ACCEPTED,
    "TU_CHOI": RowOutcome.REJECTED,
    "REJECTED": RowOutcome.REJECTED,
    "LOI": RowOutcome.FAILED,
}


@dataclass
class Reconciliation:
    """What an answer did. Counts of people; problems as (line, words)."""

    accepted: int = 0
    rejected: int = 0
    failed: int = 0
    known_already: int = 0
    waiting: int = 0
    problems: list[tuple[int, str | Promise]] = field(default_factory=list)


def import_answer(*, actor: Person, batch: HandoverBatch, content: bytes, at: datetime) -> Reconciliation:
    """Read the signed answer file an officer brings. Raises NotAllowed, OutOfReach, BatchNotReady, BadResponseFile,
    AnswerNotSigned, NoAnswerKey."""
    check_may(actor, Capability.CONFIRM, batch.unit, local_date(at))
    return take_answers(actor=actor, batch=batch, answers=read_answer_zip(content), at=at)


@transaction.atomic
def take_answers(
    *, actor: Person | None, batch: HandoverBatch, answers: Sequence[Answer], at: datetime
) -> Reconciliation:
    """Work the rows of a checked answer in: accepted (with its number), returned with a reason, or not taken for a fault.

    Rows that are not of this batch, unreadable or contradicting an earlier answer are reported and change nothing. Accepted
    people get evidence (VNEID_ACCEPTED, assurance 5): only that counts for R-10d. actor: none when it came by itself.
    Raises BatchNotReady.
    """
    locked = locked_batch(batch)
    if locked.state not in {BatchState.RELEASED, BatchState.ANSWERED}:
        raise BatchNotReady
    rows = {row.id: row for row in locked.rows.select_related("batch")}
    confirmations = {
        row.id: row
        for row in Confirmation.objects.select_for_update().filter(
            person_id__in={row.person_id for row in rows.values()},
            id__in={row.confirmation_id for row in rows.values()},
        )
    }
    result = Reconciliation()
    for answer in answers:
        row_id = parse_id(answer.row)
        row = rows.get(row_id) if row_id else None
        if row is None:
            result.problems.append((answer.line, _("this row is not of this batch")))
            continue
        _take(row, confirmations.get(row.confirmation_id), answer, actor, at, result)
    result.waiting = sum(1 for row in rows.values() if row.outcome == RowOutcome.WAITING)
    unsettled = any(row.outcome in {RowOutcome.WAITING, RowOutcome.FAILED} for row in rows.values())
    locked.last_answer_at = at
    locked.state = BatchState.RELEASED if unsettled else BatchState.ANSWERED
    if not result.waiting and locked.delivery != DeliveryState.BY_HAND:
        locked.delivery, locked.next_try_at, locked.tries = DeliveryState.DONE, None, 0
    locked.save(update_fields=["last_answer_at", "state", "delivery", "next_try_at", "tries"])
    audit_batch(
        "answered",
        locked,
        actor,
        at,
        accepted=result.accepted,
        rejected=result.rejected,
        failed=result.failed,
        known_already=result.known_already,
        problems=len(result.problems),
    )
    return result


def _take(
    row: HandoverRow,
    confirmation: Confirmation | None,
    answer: Answer,
    actor: Person | None,
    at: datetime,
    result: Reconciliation,
) -> None:
    outcome = WORDS.get(answer.outcome)
    if outcome is None:
        result.problems.append((answer.line, _("the column ket_qua says neither CHAP_NHAN nor TU_CHOI")))
        return
    if row.outcome not in {RowOutcome.WAITING, RowOutcome.FAILED}:
        if row.outcome == outcome:
            result.known_already += 1
        else:
            result.problems.append((answer.line, _("an earlier answer said otherwise; nothing was changed")))
        return
    withdrawal = row.batch.withdraws
    if not withdrawal and (confirmation is None or confirmation.state != ConfirmationState.SENT):
        result.problems.append((answer.line, _("the confirmation was revoked meanwhile; tell VNeID")))
        return
    reason = composed(answer.reason)[:300]
    reference = composed(answer.reference)[:60]
    if outcome == RowOutcome.FAILED:
        if row.outcome == RowOutcome.FAILED:
            result.known_already += 1
            return
        result.failed += 1
    elif outcome == RowOutcome.REJECTED:
        if not reason:
            result.problems.append((answer.line, _("returned without a reason in the column ly_do")))
            return
        if confirmation is not None and not withdrawal:
            move_locked(confirmation, Move.REJECT, actor, at, reason=reason)
        result.rejected += 1
    elif withdrawal or confirmation is None:
        result.accepted += 1
    else:
        evidence_id = new_id()
        record_evidence(
            id=evidence_id,
            person_id=row.person_id,
            kind=EvidenceKind.VNEID_ACCEPTED,
            subject=f"confirmation:{confirmation.policy_code}",
            assurance=Assurance.VNEID,
            source=SOURCE,
            occurred_at=at,
            at=at,
            recorded_by=actor.pk if actor else None,
            details={"batch": str(row.batch_id), "reference": reference},
        )
        move_locked(
            confirmation, Move.ACCEPT, actor, at, accepted_at=at, reference=reference, accepted_evidence_id=evidence_id
        )
        result.accepted += 1
    row.outcome, row.reason, row.reference, row.answered_at = outcome, reason, reference, at
    row.save(update_fields=["outcome", "reason", "reference", "answered_at"])
