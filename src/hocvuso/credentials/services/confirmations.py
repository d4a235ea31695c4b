"""Confirmation: propose, confirm, refuse, withdraw, revoke; and the one place where its states change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from hocvuso.assessment.public import attempts_in_doubt
from hocvuso.credentials import policies, rules
from hocvuso.credentials.authorities import authorities_of, authority_of
from hocvuso.credentials.choices import ConfirmationState, Move
from hocvuso.credentials.errors import MoveNotPossible, NothingChosen, NotValid, ResultInDoubt, TooManyChosen
from hocvuso.credentials.models import Certificate, Confirmation
from hocvuso.credentials.services.shared import (
    MOST_AT_ONCE,
    SOURCE,
    audit,
    checked_cause,
    checked_reason,
    get_person,
    keep_note,
)
from hocvuso.credentials.services.withdrawals import withdraw_from_vneid
from hocvuso.credentials.signals import ConfirmationDecided, confirmation_decided
from hocvuso.evidence.public import Assurance, EvidenceKind, RevocationReason, record_evidence, revoke_evidence
from hocvuso.kernel.clock import local_date
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.ids import new_id
from hocvuso.people.public import Capability, OutOfReach, Person


@dataclass
class BulkOutcome:
    """What a step did for many people: how many it moved, and why it left others."""

    moved: list[Confirmation] = field(default_factory=list)
    left: list[tuple[Confirmation, HocVuSoError]] = field(default_factory=list)


@transaction.atomic
def propose_confirmation(*, actor: Person, confirmation: Confirmation, at: datetime) -> Confirmation:
    """Put a person forward for confirmation. actor: an officer who may propose where the person lives.

    Raises NotAllowed, OutOfReach, OwnResult, MoveNotPossible.
    """
    row, person = _locked(confirmation, at)
    policies.check_reaches(actor, Capability.PROPOSE, person, row.unit, local_date(at))
    return _move(row, Move.PROPOSE, actor, at, proposed_by=actor.pk, proposed_at=at, decided_by=None, decided_at=None)


@transaction.atomic
def take_proposal_back(*, actor: Person, confirmation: Confirmation, at: datetime) -> Confirmation:
    """Undo a proposal that nobody has decided on. Raises as propose_confirmation does."""
    row, person = _locked(confirmation, at)
    policies.check_reaches(actor, Capability.PROPOSE, person, row.unit, local_date(at))
    return _move(row, Move.TAKE_BACK, actor, at, proposed_by=None, proposed_at=None)


@transaction.atomic
def confirm(*, actor: Person, confirmation: Confirmation, at: datetime) -> Confirmation:
    """Confirm a proposed person: a second officer, never the one who proposed. Writes evidence (CONFIRMED, assurance 4).

    Raises NotAllowed, OutOfReach, OwnResult, SamePerson, NotValid (the certificate was revoked), ResultInDoubt (a re-check waits), MoveNotPossible. Sends
    confirmation_decided after commit. Source: R-27; four eyes: design.md §7.
    """
    row, person = _locked(confirmation, at)
    policies.check_reaches(actor, Capability.CONFIRM, person, row.unit, local_date(at))
    _check_state(row, Move.CONFIRM)
    policies.check_second_person(actor, row)
    certificate = Certificate.objects.filter(person_id=row.person_id, id=row.certificate_id).first()
    if certificate is None or not certificate.is_valid:
        raise NotValid
    if attempts_in_doubt([(row.person_id, certificate.attempt_id)]):
        raise ResultInDoubt
    evidence_id = new_id()
    record_evidence(
        id=evidence_id,
        person_id=row.person_id,
        kind=EvidenceKind.CONFIRMED,
        subject=f"confirmation:{row.policy_code}",
        assurance=Assurance.CONFIRMED,
        source=SOURCE,
        occurred_at=at,
        at=at,
        recorded_by=actor.pk,
        details={"certificate": str(row.certificate_id), "confirmation": str(row.id)},
    )
    moved = _move(row, Move.CONFIRM, actor, at, decided_by=actor.pk, decided_at=at, confirmed_evidence_id=evidence_id)
    _announce(moved, at)
    return moved


@transaction.atomic
def refuse(*, actor: Person, confirmation: Confirmation, reason: str, at: datetime) -> Confirmation:
    """Refuse a proposed person, with a reason the person can read; they can be proposed again. Raises as confirm does, and
    ReasonNeeded."""
    row, person = _locked(confirmation, at)
    policies.check_reaches(actor, Capability.CONFIRM, person, row.unit, local_date(at))
    _check_state(row, Move.REFUSE)
    policies.check_second_person(actor, row)
    moved = _move(row, Move.REFUSE, actor, at, reason=checked_reason(reason), decided_by=actor.pk, decided_at=at)
    _announce(moved, at)
    return moved


@transaction.atomic
def revoke_confirmation(
    *, actor: Person, confirmation: Confirmation, reason: str, at: datetime, cause: str = RevocationReason.OTHER
) -> Confirmation:
    """Take a confirmation back; its evidence is revoked and the figures move down. Raises as confirm does, and ReasonNeeded.

    reason: words the person will read; cause: a RevocationReason for the ledger.
    """
    row, person = _locked(confirmation, at)
    policies.check_reaches(actor, Capability.CONFIRM, person, row.unit, local_date(at))
    _check_state(row, Move.REVOKE)
    return undo(row, Move.REVOKE, actor, checked_reason(reason), at, cause=checked_cause(cause))


@transaction.atomic
def withdraw(*, actor: Person, confirmation: Confirmation, reason: str, at: datetime) -> Confirmation:
    """The person does not want to be confirmed: actor is the person themself, or an officer who may propose them."""
    row, person = _locked(confirmation, at)
    if actor.pk != person.pk:
        policies.check_reaches(actor, Capability.PROPOSE, person, row.unit, local_date(at))
    _check_state(row, Move.WITHDRAW)
    return undo(row, Move.WITHDRAW, actor, checked_reason(reason), at, cause=RevocationReason.OWN_WISH)


@transaction.atomic
def correct_rejected(*, actor: Person, confirmation: Confirmation, at: datetime) -> Confirmation:
    """What VNeID found wrong has been put right: the person may be handed over again. Raises as propose_confirmation does."""
    row, person = _locked(confirmation, at)
    policies.check_reaches(actor, Capability.PROPOSE, person, row.unit, local_date(at))
    return _move(row, Move.CORRECT, actor, at)


def in_bulk(
    step: Any, *, actor: Person, confirmations: Iterable[Confirmation], at: datetime, **values: Any
) -> BulkOutcome:
    """One step (propose_confirmation, confirm, refuse …) for at most 100 people; each stands alone, with its own reason if left.

    Raises NothingChosen, TooManyChosen.
    """
    chosen = list(confirmations)
    if not chosen:
        raise NothingChosen
    if len(chosen) > MOST_AT_ONCE:
        raise TooManyChosen
    outcome = BulkOutcome()
    for confirmation in chosen:
        try:
            outcome.moved.append(step(actor=actor, confirmation=confirmation, at=at, **values))
        except HocVuSoError as error:
            outcome.left.append((confirmation, error))
            if isinstance(error, OutOfReach):
                follow_authority(confirmation.person_id, at)
    return outcome


def _check_state(row: Confirmation, move: Move) -> None:
    if not rules.may_move(row.state, move):
        raise MoveNotPossible


def _move(
    row: Confirmation,
    move: Move,
    actor: Person | None,
    at: datetime,
    *,
    reason: str = "",
    cause: RevocationReason | None = None,
    **values: Any,
) -> Confirmation:
    """Make an allowed move of a locked row and leave an audit entry. Raises MoveNotPossible."""
    _check_state(row, move)
    before = row.state
    row.state = rules.MOVES[move].target
    row.state_changed_at = at
    row.reason = reason
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "state_changed_at", "reason", "unit", *values])
    keep_note(row.person_id, row.id, reason, at)
    audit(
        f"confirmation.{move.value.lower()}",
        "confirmation",
        row.id,
        actor,
        at,
        unit_id=row.unit_id,
        old={"state": before},
        new={"state": row.state, **({"cause": cause.value} if cause else {})},
    )
    return row


def move_locked(row: Confirmation, move: Move, actor: Person | None, at: datetime, **values: Any) -> Confirmation:
    """For the hand-over: a move of a row its caller has locked and checked."""
    return _move(row, move, actor, at, **values)


def undo(
    row: Confirmation, move: Move, actor: Person, reason: str, at: datetime, *, cause: RevocationReason
) -> Confirmation:
    """Withdraw or revoke a locked row, taking the evidence back with it."""
    if row.state == ConfirmationState.ACCEPTED:
        withdraw_from_vneid(row, actor, at)
    for evidence_id in (row.accepted_evidence_id, row.confirmed_evidence_id):
        if evidence_id is not None:
            revoke_evidence(actor=actor, person_id=row.person_id, evidence_id=evidence_id, reason=cause, at=at)
    return _move(
        row, move, actor, at, reason=reason, cause=cause, accepted_evidence_id=None, confirmed_evidence_id=None
    )


def _announce(row: Confirmation, at: datetime) -> None:
    event = ConfirmationDecided(row.person_id, row.id, row.state, at)
    transaction.on_commit(lambda: confirmation_decided.send(sender=Confirmation, event=event))


def follow_authority(person_id: UUID, at: datetime) -> None:
    """The person lives or works elsewhere by now: what waits goes to the lists of the unit that answers for them today."""
    person = get_person(person_id)
    rows = list(Confirmation.objects.filter(person_id=person_id))
    versions = dict(Certificate.objects.filter(person_id=person_id).values_list("id", "policy_version"))
    wanted = [(person_id, person.home_unit, row.policy_code, versions.get(row.certificate_id, "")) for row in rows]
    units = authorities_of(wanted, local_date(at))
    for row, unit in zip(rows, units, strict=True):
        if row.unit_id != (unit.pk if unit else None):
            Confirmation.objects.filter(person_id=person_id, id=row.id).update(unit=unit)


def _locked(confirmation: Confirmation, at: datetime) -> tuple[Confirmation, Person]:
    """The row, held, with the unit that answers for the person today, and the person."""
    row = (
        Confirmation.objects.select_for_update(of=("self",))
        .filter(person_id=confirmation.person_id, id=confirmation.id)
        .first()
    )
    if row is None:
        raise MoveNotPossible
    person = get_person(row.person_id)
    certificate = Certificate.objects.filter(person_id=row.person_id, id=row.certificate_id).first()
    row.unit = authority_of(person, row.policy_code, certificate.policy_version if certificate else "", local_date(at))
    return row, person


def open_confirmation(certificate: Certificate, person: Person, at: datetime) -> None:
    """The way to confirmation opens once a policy: who passes again while on it, or at its end, does not start over."""
    ended = (ConfirmationState.WITHDRAWN, ConfirmationState.REVOKED)
    on_the_way = Confirmation.objects.filter(person_id=person.pk, policy_code=certificate.policy_code)
    if on_the_way.exclude(state__in=ended).exists():
        return
    Confirmation.objects.create(
        person_id=person.pk,
        certificate_id=certificate.id,
        policy_code=certificate.policy_code,
        unit=authority_of(person, certificate.policy_code, certificate.policy_version, local_date(at)),
        state_changed_at=at,
        eligible_at=at,
    )
