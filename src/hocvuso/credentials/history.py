"""Past results brought in at once: the demo city, and dated records of another system. Thousands in a few statements.

Gives the rows the services would have given, step by step, at those moments; tests/credentials/test_history.py compares them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hocvuso.credentials import rules
from hocvuso.credentials.choices import ConfirmationState as State
from hocvuso.credentials.models import Certificate, CertificateCode, Confirmation
from hocvuso.credentials.services import SOURCE, AssessedResult, ratio
from hocvuso.evidence.public import Assurance, EvidenceKind, NewEvidence, record_many
from hocvuso.kernel.ids import new_id
from hocvuso.people.public import PersonSnapshot

REACHED = (State.ELIGIBLE, State.PROPOSED, State.CONFIRMED, State.SENT, State.ACCEPTED)
BATCH = 500
CODES = len(rules.ALPHABET) ** rules.FREE_SIGNS
IdMaker = Callable[[datetime], uuid.UUID]


@dataclass(frozen=True)
class PastResult:
    """One person passed at `issued_at`, and how far the confirmation came (`state`, one of REACHED) at which moments.

    code_number: drawn by the caller (0 to 31^7 - 1), moved on when the code is taken. home_unit_id: where the person lives.
    proposed_by and decided_by: two officers. snapshot: how the person stood, when the caller knows it;
    it is the caller's word, nothing afterwards can contradict it (ADR 0002).
    evidence_ids: the entries CERTIFICATE_ISSUED, CONFIRMED, VNEID_ACCEPTED that the ledger holds already; empty to write them here.
    """

    person_id: uuid.UUID
    full_name: str
    home_unit_id: int | None
    attempt_id: uuid.UUID
    code_number: int
    result: AssessedResult
    issued_at: datetime
    state: State = State.ELIGIBLE
    proposed_by: uuid.UUID | None = None
    proposed_at: datetime | None = None
    decided_by: uuid.UUID | None = None
    decided_at: datetime | None = None
    sent_at: datetime | None = None
    accepted_at: datetime | None = None
    reference: str = ""
    snapshot: PersonSnapshot | None = None
    evidence_ids: tuple[uuid.UUID, ...] = ()

    def __post_init__(self) -> None:
        """ValueError when the state and its moments do not belong together, or one officer stands in both places."""
        moments = (self.issued_at, self.proposed_at, self.decided_at, self.sent_at, self.accepted_at)
        if self.state not in REACHED or not self.result.passed:
            raise ValueError(f"a past result cannot be {self.state}")
        reached = REACHED.index(self.state) + 1
        known = [moment for moment in moments[:reached] if moment is not None]
        if len(known) != reached or any(moments[reached:]) or known != sorted(known):
            raise ValueError("the moments of a past result follow one another up to its state, and no further")
        if reached > 2 and (self.decided_by is None or self.decided_by == self.proposed_by):
            raise ValueError("a confirmation needs a second person")
        told = self.snapshot
        if told and (told.person_id, told.home_unit_id) != (self.person_id, self.home_unit_id):
            raise ValueError("the snapshot is of another person, or of another home")
        if self.evidence_ids and len(self.evidence_ids) != sum(map(bool, (True, self.decided_at, self.accepted_at))):
            raise ValueError("a past result has one entry of evidence for each of: issued, confirmed, accepted")


@transaction.atomic
def load_history(items: Sequence[PastResult], *, at: datetime, make_id: IdMaker | None = None) -> int:
    """Bring past results in; answers how many were new. An attempt that has its certificate is left as it is.

    make_id: an id for a moment, so that a seeded demo is the same each time; UUIDv7 of now when not given. No audit entries:
    nobody acts. Raises DaySealed for a day that is sealed.
    """
    fresh_id = make_id or (lambda _: new_id())
    known = set(
        Certificate.objects.filter(person_id__in={item.person_id for item in items}).values_list(
            "person_id", "attempt_id"
        )
    )
    codes: set[str] = set()
    made = 0
    todo = [item for item in items if (item.person_id, item.attempt_id) not in known]
    for start in range(0, len(todo), BATCH):
        part = todo[start : start + BATCH]
        taken = set(
            CertificateCode.objects.filter(code__in=[rules.code_from(item.code_number) for item in part]).values_list(
                "code", flat=True
            )
        )
        certificates = [_certificate(item, fresh_id, codes, taken) for item in part]
        confirmations = [_confirmation(item, row, fresh_id) for item, row in zip(part, certificates, strict=True)]
        CertificateCode.objects.bulk_create(
            CertificateCode(code=row.code, person_id=row.person_id, certificate_id=row.id) for row in certificates
        )
        Certificate.objects.bulk_create(certificates)
        Confirmation.objects.bulk_create(confirmations)
        entries = [
            entry
            for item, certificate, confirmation in zip(part, certificates, confirmations, strict=True)
            if not item.evidence_ids
            for entry in _evidence(item, certificate, confirmation)
        ]
        if entries:
            record_many(entries, at)
        made += len(part)
    return made


def _certificate(item: PastResult, fresh_id: IdMaker, codes: set[str], taken: set[str]) -> Certificate:
    number = item.code_number
    while (code := rules.code_from(number)) in codes or code in taken:
        number = (number + 1) % CODES
        if CertificateCode.objects.filter(code=rules.code_from(number)).exists():
            taken.add(rules.code_from(number))
    codes.add(code)
    result = item.result
    return Certificate(
        person_id=item.person_id,
        id=fresh_id(item.issued_at),
        code=code,
        attempt_id=item.attempt_id,
        full_name=item.full_name,
        policy_code=result.policy_code,
        policy_title=result.policy_title,
        policy_version=result.policy_version,
        provisional=result.provisional,
        level=result.level,
        signatory=result.signatory,
        score_ratio=ratio(result.score_ratio),
        pass_ratio=ratio(result.pass_ratio),
        skills=[{"code": skill, "name": name} for skill, name in result.skills],
        issued_at=item.issued_at,
        state_changed_at=item.issued_at,
        evidence_id=item.evidence_ids[0] if item.evidence_ids else fresh_id(item.issued_at),
    )


def _confirmation(item: PastResult, certificate: Certificate, fresh_id: IdMaker) -> Confirmation:
    moments = (item.issued_at, item.proposed_at, item.decided_at, item.sent_at, item.accepted_at)
    changed = moments[REACHED.index(item.state)] or item.issued_at
    known = (*item.evidence_ids, None, None, None)
    return Confirmation(
        person_id=item.person_id,
        id=fresh_id(item.issued_at),
        certificate_id=certificate.id,
        policy_code=certificate.policy_code,
        unit_id=item.home_unit_id,
        state=item.state,
        state_changed_at=changed,
        eligible_at=item.issued_at,
        proposed_by=item.proposed_by if item.proposed_at else None,
        proposed_at=item.proposed_at,
        decided_by=item.decided_by if item.decided_at else None,
        decided_at=item.decided_at,
        sent_at=item.sent_at,
        accepted_at=item.accepted_at,
        reference=item.reference if item.accepted_at else "",
        confirmed_evidence_id=(known[1] or fresh_id(item.decided_at)) if item.decided_at else None,
        accepted_evidence_id=(known[2] or fresh_id(item.accepted_at)) if item.accepted_at else None,
    )


def _evidence(item: PastResult, certificate: Certificate, confirmation: Confirmation) -> list[NewEvidence]:
    entries = [
        NewEvidence(
            id=certificate.evidence_id,
            person_id=item.person_id,
            kind=EvidenceKind.CERTIFICATE_ISSUED,
            subject=f"certificate:{certificate.policy_code}",
            assurance=Assurance.OBSERVED,
            source=SOURCE,
            occurred_at=item.issued_at,
            recorded_at=item.issued_at,
            details={"certificate": str(certificate.id), "attempt": str(item.attempt_id)},
            snapshot=item.snapshot,
        )
    ]
    if item.decided_at and confirmation.confirmed_evidence_id:
        entries.append(
            NewEvidence(
                id=confirmation.confirmed_evidence_id,
                person_id=item.person_id,
                kind=EvidenceKind.CONFIRMED,
                subject=f"confirmation:{certificate.policy_code}",
                assurance=Assurance.CONFIRMED,
                source=SOURCE,
                occurred_at=item.decided_at,
                recorded_at=item.decided_at,
                recorded_by=item.decided_by,
                details={"certificate": str(certificate.id), "confirmation": str(confirmation.id)},
                snapshot=item.snapshot,
            )
        )
    if item.accepted_at and confirmation.accepted_evidence_id:
        entries.append(
            NewEvidence(
                id=confirmation.accepted_evidence_id,
                person_id=item.person_id,
                kind=EvidenceKind.VNEID_ACCEPTED,
                subject=f"confirmation:{certificate.policy_code}",
                assurance=Assurance.VNEID,
                source=SOURCE,
                occurred_at=item.accepted_at,
                recorded_at=item.accepted_at,
                recorded_by=item.decided_by,
                details={"reference": item.reference},
                snapshot=item.snapshot,
            )
        )
    return entries
