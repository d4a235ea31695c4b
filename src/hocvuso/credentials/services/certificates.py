"""Certificates: issue, correct, suspend, revoke."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from django.db import IntegrityError, transaction

from hocvuso.assessment.public import Rescoring, Verdict, decide_rescoring, tell_cleared
from hocvuso.credentials import policies, rules
from hocvuso.credentials.authorities import authority_of
from hocvuso.credentials.choices import CertificateState, ConfirmationState, Move
from hocvuso.credentials.errors import (
    NameConfirmed,
    NameMissing,
    NameUnchanged,
    NoSuchCertificate,
    NotPassed,
    NotSuspended,
    NotValid,
    OwnResult,
)
from hocvuso.credentials.models import (
    Certificate,
    CertificateCode,
    Confirmation,
    HandoverRow,
    OutsideResult,
    ReasonNote,
    Recall,
)
from hocvuso.credentials.services.confirmations import open_confirmation, undo
from hocvuso.credentials.services.shared import SOURCE, audit, checked_cause, checked_reason, get_person, keep_note
from hocvuso.credentials.signals import CertificateIssued, certificate_issued
from hocvuso.evidence.public import Assurance, EvidenceKind, RevocationReason, record_evidence, revoke_evidence
from hocvuso.kernel.clock import local_date
from hocvuso.kernel.errors import HocVuSoError, NotAllowed
from hocvuso.kernel.ids import new_id
from hocvuso.kernel.vietnamese import composed
from hocvuso.people.public import Capability, Person

_CODES = len(rules.ALPHABET) ** rules.FREE_SIGNS


@dataclass(frozen=True)
class AssessedResult:
    """What an attempt showed and by which policy. Ratios 0–1; skills as (code, name)."""

    policy_code: str
    policy_title: str
    policy_version: str
    passed: bool
    score_ratio: Decimal | float | None
    pass_ratio: Decimal | float | None = None
    level: str = ""
    skills: tuple[tuple[str, str], ...] = ()
    provisional: bool = False
    signatory: str = ""


@transaction.atomic
def issue_certificate(
    *, person_id: uuid.UUID, attempt_id: uuid.UUID, result: AssessedResult, at: datetime
) -> Certificate:
    """Give a person the certificate for an attempt that passed; the one it already has when asked again.

    Writes one entry of evidence (CERTIFICATE_ISSUED, observed by the system) and opens the way to confirmation. Raises
    NotPassed. Sends certificate_issued after commit. Source: R-27.
    """
    if not result.passed:
        raise NotPassed
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    known = Certificate.objects.filter(person_id=person_id, attempt_id=attempt_id).order_by("-edition").first()
    if known is not None:
        return known
    certificate = Certificate(
        person_id=person_id,
        id=new_id(),
        attempt_id=attempt_id,
        full_name=person.full_name,
        policy_code=result.policy_code,
        policy_title=result.policy_title,
        policy_version=result.policy_version,
        provisional=result.provisional,
        level=result.level,
        signatory=result.signatory,
        score_ratio=ratio(result.score_ratio),
        pass_ratio=ratio(result.pass_ratio),
        skills=[{"code": code, "name": name} for code, name in result.skills],
        issued_at=at,
        state_changed_at=at,
        evidence_id=new_id(),
    )
    _save_with_new_code(certificate)
    record_evidence(
        id=certificate.evidence_id,
        person_id=person_id,
        kind=EvidenceKind.CERTIFICATE_ISSUED,
        subject=f"certificate:{result.policy_code}",
        assurance=Assurance.OBSERVED,
        source=SOURCE,
        occurred_at=at,
        at=at,
        details={"certificate": str(certificate.id), "attempt": str(attempt_id)},
    )
    open_confirmation(certificate, person, at)
    audit(
        "certificate.issued",
        "certificate",
        certificate.id,
        None,
        at,
        new={"code": certificate.code, "policy": result.policy_code},
    )
    event = CertificateIssued(person_id, certificate.id, attempt_id, result.policy_code, at)
    transaction.on_commit(lambda: certificate_issued.send(sender=Certificate, event=event))
    return certificate


def issue_many(
    items: Iterable[tuple[uuid.UUID, uuid.UUID, AssessedResult]], *, at: datetime
) -> tuple[list[Certificate], list[tuple[uuid.UUID, HocVuSoError]]]:
    """Certificates for many attempts (person, attempt, result), each in a transaction of its own: one that fails leaves the
    others. Answers those issued, and attempts with the reason why not. Again with the same items changes nothing.
    """
    issued: list[Certificate] = []
    left: list[tuple[uuid.UUID, HocVuSoError]] = []
    for person_id, attempt_id, result in items:
        try:
            issued.append(issue_certificate(person_id=person_id, attempt_id=attempt_id, result=result, at=at))
        except HocVuSoError as error:
            left.append((attempt_id, error))
    return issued, left


@transaction.atomic
def correct_name(*, actor: Person, certificate: Certificate, full_name: str, reason: str, at: datetime) -> Certificate:
    """Put a corrected certificate, with a code of its own, in the place of one whose name was written wrongly.

    The old one stays findable as replaced. The confirmation goes on with the new certificate. actor: an officer who may
    propose or confirm where the person lives. Raises NotAllowed, OutOfReach, OwnResult, NotValid, NameConfirmed, NameMissing,
    NameUnchanged, ReasonNeeded.
    """
    person = get_person(certificate.person_id)
    _check_any(actor, certificate, person, at, Capability.PROPOSE, Capability.CONFIRM)
    old = _locked(certificate)
    name, why = composed(full_name)[:120], checked_reason(reason)
    if not old.is_valid:
        raise NotValid
    # One officer alone does not put another name to what two people have confirmed.
    settled = [ConfirmationState.CONFIRMED, ConfirmationState.SENT, ConfirmationState.ACCEPTED]
    if Confirmation.objects.filter(person_id=old.person_id, certificate_id=old.id, state__in=settled).exists():
        raise NameConfirmed
    if not name:
        raise NameMissing
    if name == old.full_name:
        raise NameUnchanged
    corrected = Certificate(
        **{
            copied: getattr(old, copied)
            for copied in [
                "person_id",
                "attempt_id",
                "policy_code",
                "policy_title",
                "policy_version",
                "provisional",
                "level",
                "signatory",
                "score_ratio",
                "pass_ratio",
                "skills",
                "issued_at",
                "evidence_id",
            ]
        },
        id=new_id(),
        edition=old.edition + 1,
        full_name=name,
        state_changed_at=at,
    )
    _save_with_new_code(corrected)
    _end(old, CertificateState.REPLACED, why, at, replaced_by=corrected.id)
    Confirmation.objects.filter(person_id=old.person_id, certificate_id=old.id).update(certificate_id=corrected.id)
    keep_note(old.person_id, corrected.id, why, at)
    audit(
        "certificate.name_corrected",
        "certificate",
        corrected.id,
        actor,
        at,
        unit_id=person.home_unit_id,
        old={"code": old.code, "name": _masked(old.full_name)},
        new={"code": corrected.code, "name": _masked(name)},
    )
    return corrected


@transaction.atomic
def revoke_certificate(
    *, actor: Person, certificate: Certificate, reason: str, at: datetime, cause: str = RevocationReason.OTHER
) -> Certificate:
    """Take a certificate back: it stays findable as revoked, its evidence is revoked, and so is what was confirmed on it.

    reason: words the person will read; cause: a RevocationReason for the ledger. actor: an officer who confirms where the
    person belongs. Raises NotAllowed, OutOfReach, OwnResult, NotValid, ReasonNeeded.
    """
    person = get_person(certificate.person_id)
    _check_any(actor, certificate, person, at, Capability.CONFIRM)
    return take_back_certificate(certificate, actor, checked_reason(reason), checked_cause(cause), at)


def take_back_certificate(
    certificate: Certificate, actor: Person, why: str, kind: RevocationReason, at: datetime
) -> Certificate:
    """The revoking itself, for a caller who has checked who may. Raises NotValid."""
    current = _locked(certificate)
    before = current.state
    if before not in {CertificateState.VALID, CertificateState.SUSPENDED}:
        raise NotValid
    _end(current, CertificateState.REVOKED, why, at)
    revoke_evidence(actor=actor, person_id=current.person_id, evidence_id=current.evidence_id, reason=kind, at=at)
    confirmation = (
        Confirmation.objects.select_for_update().filter(person_id=current.person_id, certificate_id=current.id).first()
    )
    if confirmation is not None:
        move = next((move for move in (Move.REVOKE, Move.WITHDRAW) if rules.may_move(confirmation.state, move)), None)
        if move is not None:
            undo(confirmation, move, actor, why, at, cause=kind)
    keep_note(current.person_id, current.id, why, at)
    audit(
        "certificate.revoked",
        "certificate",
        current.id,
        actor,
        at,
        unit_id=get_person(current.person_id).home_unit_id,
        old={"state": before},
        new={"state": CertificateState.REVOKED, "cause": kind.value},
    )
    return current


@transaction.atomic
def suspend_certificate(*, actor: Person, certificate: Certificate, reason: str, at: datetime) -> Certificate:
    """Stop a certificate for a time, while something is looked into: it is not valid, and everything it stands on stays.

    Its bit in the list of suspensions is set, so that other people's verifiers refuse it. Raises as revoke_certificate does.
    """
    person = get_person(certificate.person_id)
    _check_any(actor, certificate, person, at, Capability.CONFIRM)
    current = _locked(certificate)
    why = checked_reason(reason)
    if not current.is_valid:
        raise NotValid
    _turn(current, CertificateState.SUSPENDED, why, at)
    CertificateCode.objects.filter(code=current.code).update(suspended_at=at)
    keep_note(current.person_id, current.id, why, at)
    _audit_state("suspended", current, actor, person, at, CertificateState.VALID)
    return current


@transaction.atomic
def resume_certificate(*, actor: Person, certificate: Certificate, at: datetime) -> Certificate:
    """Let a suspended certificate count again. Raises NotAllowed, OutOfReach, OwnResult, NotSuspended."""
    person = get_person(certificate.person_id)
    _check_any(actor, certificate, person, at, Capability.CONFIRM)
    current = _locked(certificate)
    if current.state != CertificateState.SUSPENDED:
        raise NotSuspended
    _turn(current, CertificateState.VALID, "", at)
    CertificateCode.objects.filter(code=current.code).update(suspended_at=None)
    _audit_state("resumed", current, actor, person, at, CertificateState.SUSPENDED)
    return current


@transaction.atomic
def decide_rescored(*, actor: Person, rescoring: Rescoring, keep: bool, reason: str, at: datetime) -> None:
    """A void question took a pass away after the certificate: it stays, or is suspended while somebody looks into it.

    Nothing is withdrawn here; a certificate that was held back is issued when the result is kept. actor: an officer who confirms
    where the person belongs. Raises NotAllowed, OutOfReach, OwnResult, ReasonNeeded, NoSuchRescoring (decided meanwhile).
    """
    held = Certificate.objects.filter(person_id=rescoring.person_id, attempt_id=rescoring.attempt_id)
    certificate = held.order_by("-edition").first()
    person = get_person(rescoring.person_id)
    why = checked_reason(reason)
    if certificate is None:
        policies.check_reaches(actor, Capability.CONFIRM, person, person.home_unit, local_date(at))
    else:
        _check_any(actor, certificate, person, at, Capability.CONFIRM)
    decide_rescoring(
        actor=actor,
        person_id=rescoring.person_id,
        rescoring_id=rescoring.id,
        verdict=Verdict.KEEP if keep else Verdict.HAND_OVER,
        at=at,
    )
    if keep:
        tell_cleared([(rescoring.person_id, rescoring.attempt_id)], at)
    if certificate is None:
        return
    if keep:
        keep_note(certificate.person_id, certificate.id, why, at)
        _audit_state("kept", certificate, actor, person, at, certificate.state)
    elif certificate.is_valid:
        suspend_certificate(actor=actor, certificate=certificate, reason=why, at=at)


def forget_person(person_id: uuid.UUID, at: datetime) -> None:
    """A person is erased (people.on_erase): what names them goes, their codes stay, ended and without anybody behind them."""
    CertificateCode.objects.filter(person_id=person_id, ended_at__isnull=True).update(ended_at=at)
    CertificateCode.objects.filter(person_id=person_id).update(person_id=None, certificate_id=None)
    for model in (HandoverRow, ReasonNote, Recall, OutsideResult, Confirmation, Certificate):
        rows = model._base_manager.filter(person_id=person_id)
        rows._raw_delete(rows.db)


def _locked(certificate: Certificate) -> Certificate:
    row = Certificate.objects.select_for_update().filter(person_id=certificate.person_id, id=certificate.id).first()
    if row is None:
        raise NoSuchCertificate
    return row


def _check_any(
    actor: Person, certificate: Certificate, person: Person, at: datetime, *capabilities: Capability
) -> None:
    """Any of the capabilities is enough, over the unit that confirms or over the person's home; the last refusal is told."""
    day = local_date(at)
    answers = authority_of(person, certificate.policy_code, certificate.policy_version, day)
    tries = [(capability, unit) for unit in (answers, person.home_unit) for capability in capabilities]
    for capability, unit in tries[:-1]:
        try:
            return policies.check_reaches(actor, capability, person, unit, day)
        except OwnResult:
            raise
        except NotAllowed:
            continue
    capability, unit = tries[-1]
    policies.check_reaches(actor, capability, person, unit, day)


def _save_with_new_code(certificate: Certificate) -> None:
    """Save with a code nobody has. Codes are drawn, not counted, so that nobody can walk through them."""
    while True:
        certificate.code = rules.code_from(secrets.randbelow(_CODES))
        try:
            with transaction.atomic():
                CertificateCode.objects.create(
                    code=certificate.code, person_id=certificate.person_id, certificate_id=certificate.id
                )
        except IntegrityError:
            continue
        break
    certificate.save(force_insert=True)


def _turn(
    certificate: Certificate, state: CertificateState, reason: str, at: datetime, replaced_by: uuid.UUID | None = None
) -> None:
    certificate.state, certificate.state_changed_at, certificate.reason = state, at, reason
    certificate.replaced_by = replaced_by
    certificate.save(update_fields=["state", "state_changed_at", "reason", "replaced_by"])


def _end(
    certificate: Certificate, state: CertificateState, reason: str, at: datetime, replaced_by: uuid.UUID | None = None
) -> None:
    _turn(certificate, state, reason, at, replaced_by)
    CertificateCode.objects.filter(code=certificate.code).update(ended_at=at, suspended_at=None)


def _audit_state(what: str, certificate: Certificate, actor: Person, person: Person, at: datetime, before: str) -> None:
    audit(
        f"certificate.{what}",
        "certificate",
        certificate.id,
        actor,
        at,
        unit_id=person.home_unit_id,
        old={"state": before},
        new={"state": certificate.state},
    )


def _masked(name: str) -> str:
    """`Nguyễn Thị Sáu` → `N. T. Sáu`: enough to follow the history, no more."""
    words = name.split()
    return " ".join([*(f"{word[0]}." for word in words[:-1]), *words[-1:]])


def ratio(value: Decimal | float | None) -> Decimal | None:
    """A ratio with four decimals, rounded down; none stays none."""
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.0001"), rounding=ROUND_DOWN)
