"""After a re-check that ended badly: one officer stops the certificate, another revokes it or lets it count again."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from hocvuso.assessment.public import CaseReason, clear_after_all, take_back_pass
from hocvuso.assessment.signals import CaseFound
from hocvuso.credentials.choices import CertificateState, RecallState
from hocvuso.credentials.errors import NoSuchRecall, NothingSaid, SameEyes
from hocvuso.credentials.models import Certificate, Recall
from hocvuso.credentials.services.certificates import resume_certificate, revoke_certificate, suspend_certificate
from hocvuso.credentials.services.shared import audit, keep_note
from hocvuso.evidence.public import RevocationReason
from hocvuso.kernel.ids import new_id
from hocvuso.kernel.vietnamese import composed
from hocvuso.people.public import Person

LIVE = (CertificateState.VALID, CertificateState.SUSPENDED)
CAUSES = {
    CaseReason.STOOD_IN: RevocationReason.IMPERSONATION,
    CaseReason.ANSWERS_GIVEN: RevocationReason.RULES_BROKEN,
    CaseReason.RETEST_FAILED: RevocationReason.RECHECK_FAILED,
}


def queue_recalls(event: CaseFound) -> None:
    """Certificates of tests found irregular come on the list of the officers who confirm (assessment.on_found). They stay valid."""
    wanted = set(event.attempts)
    held = Certificate.objects.filter(
        person_id__in={person for person, _ in wanted}, attempt_id__in={one for _, one in wanted}, state__in=LIVE
    )
    rows = [
        Recall(
            person_id=person,
            id=new_id(),
            attempt_id=attempt,
            case_id=event.case_id,
            finding=event.reason,
            found_by=event.found_by,
            found_at=event.at,
        )
        for person, attempt in held.order_by("person_id", "attempt_id").values_list("person_id", "attempt_id")
        if (person, attempt) in wanted
    ]
    Recall.objects.bulk_create(rows, ignore_conflicts=True)
    for row in rows:
        audit("recall.opened", "recall", row.id, None, event.at, new={"finding": event.reason})


@transaction.atomic
def stop_for_recall(*, actor: Person, recall: Recall, reason: str, at: datetime) -> Recall:
    """Suspend the certificate until a second officer decides; its holder reads why and can answer.

    Raises NotAllowed, OutOfReach, OwnResult, SameEyes (actor found it), NoSuchRecall, ReasonNeeded.
    """
    row = _locked(recall, RecallState.WAITS)
    if row.found_by == actor.pk:
        raise SameEyes
    certificate = _certificate(row)
    if certificate.is_valid:
        suspend_certificate(actor=actor, certificate=certificate, reason=reason, at=at)
    row.state, row.decided_by, row.decided_at = RecallState.SUSPENDED, actor.pk, at
    return _save(row, actor, at, "suspended")


@transaction.atomic
def end_recall(*, actor: Person, recall: Recall, revoke: bool, reason: str, at: datetime) -> Recall:
    """Revoke the certificate with everything that stands on it, the pass included, or let it count again. The figures follow.

    Raises as stop_for_recall; SameEyes also for who stopped it.
    """
    row = _locked(recall, RecallState.SUSPENDED)
    if actor.pk in {row.found_by, row.decided_by}:
        raise SameEyes
    certificate = _certificate(row)
    row.ended_by, row.ended_at = actor.pk, at
    if revoke:
        cause = CAUSES.get(CaseReason(row.finding), RevocationReason.RECHECK_FAILED)
        revoke_certificate(actor=actor, certificate=certificate, reason=reason, at=at, cause=cause)
        take_back_pass(actor=actor, person_id=row.person_id, attempt_id=row.attempt_id, reason=cause, at=at)
        row.state = RecallState.REVOKED
        return _save(row, actor, at, "revoked")
    resume_certificate(actor=actor, certificate=certificate, at=at)
    keep_note(row.person_id, row.id, composed(reason)[:300], at)
    row.state = RecallState.RESTORED
    _save(row, actor, at, "restored")
    clear_after_all(row.person_id, row.attempt_id, row.case_id, at)
    return row


@transaction.atomic
def appeal(*, person: Person, recall_id: uuid.UUID, text: str, at: datetime) -> Recall:
    """The holder does not agree: what they say stands before the second officer. Raises NoSuchRecall, NothingSaid."""
    words = composed(text)[:1000]
    row = Recall.objects.select_for_update().filter(person=person, id=recall_id, state=RecallState.SUSPENDED).first()
    if row is None:
        raise NoSuchRecall
    if not words:
        raise NothingSaid
    row.appeal, row.appealed_at = words, at
    row.save(update_fields=["appeal", "appealed_at"])
    audit("recall.appealed", "recall", row.id, person, at)
    return row


def _locked(recall: Recall, state: RecallState) -> Recall:
    row = Recall.objects.select_for_update().filter(person_id=recall.person_id, id=recall.id, state=state).first()
    if row is None:
        raise NoSuchRecall
    return row


def _certificate(row: Recall) -> Certificate:
    """The certificate of the attempt as it is today: a corrected name has made a new one."""
    rows = Certificate.objects.filter(person_id=row.person_id, attempt_id=row.attempt_id, state__in=LIVE)
    found = rows.order_by("-edition").first()
    if found is None:
        raise NoSuchRecall
    return found


def _save(row: Recall, actor: Person, at: datetime, what: str) -> Recall:
    row.save(update_fields=["state", "decided_by", "decided_at", "ended_by", "ended_at"])
    audit(f"recall.{what}", "recall", row.id, actor, at, new={"finding": row.finding})
    return row
