"""Reads that join, count or feed one screen."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidTag
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment.public import Attempt, Policy, Rescoring, passes_in_doubt, rescorings_for
from hocvuso.credentials.choices import (
    BatchState,
    CertificateState,
    ConfirmationState,
    DeliveryState,
    Move,
    OutsideState,
    RowOutcome,
)
from hocvuso.credentials.errors import BadCode, NoSuchCertificate
from hocvuso.credentials.models import (
    Certificate,
    CertificateCode,
    Confirmation,
    ExportRequest,
    HandoverBatch,
    HandoverRow,
    OutsideImport,
    OutsideResult,
    OutsideSource,
    ReasonNote,
    Recall,
)
from hocvuso.credentials.recalling import good_ends, recalls_of
from hocvuso.credentials.rules import may_move, read_code
from hocvuso.evidence.public import Milestone, RevocationReason, Standing
from hocvuso.kernel import clock
from hocvuso.kernel.crypto import decrypt
from hocvuso.kernel.ids import parse_id
from hocvuso.kernel.models import AuditEntry
from hocvuso.people.public import CAPABILITIES, Capability, Person, Reach, mandates_on, named, reach_of
from hocvuso.units.public import Kind

PAGE_SIZE = 50


@dataclass(frozen=True)
class FourStates:
    """Learned, passed, confirmed, on VNeID: the date of each, or none while it has not come."""

    learned_at: datetime | None
    passed_at: datetime | None
    confirmed_at: datetime | None
    on_vneid_at: datetime | None


@dataclass(frozen=True)
class Verified:
    """What anybody with the code may know. `certificate` is none when its owner asked to be erased."""

    code: str
    certificate: Certificate | None
    replacement: Certificate | None
    confirmation: Confirmation | None
    confirmed_by: str  # name of the unit, empty when not confirmed
    states: FourStates
    serial: int


def certificate_by_code(code: str) -> Certificate | None:
    """The certificate with a code, however it is typed; none when there is none. Two queries."""
    whole = read_code(code)
    entry = CertificateCode.objects.filter(code=whole).first() if whole else None
    return _certificate(entry.person_id, entry.certificate_id) if entry else None


def code_to_try() -> str:
    """The code of a valid certificate, empty without one. For demos only. One query, by serial number."""
    valid = CertificateCode.objects.filter(person_id__isnull=False, ended_at=None, suspended_at=None)
    return valid.order_by("serial").values_list("code", flat=True).first() or ""


def _certificate(person_id: uuid.UUID | None, certificate_id: uuid.UUID | None) -> Certificate | None:
    if person_id is None or certificate_id is None:
        return None
    return Certificate.objects.filter(person_id=person_id, id=certificate_id).first()


def get_verified(code: str) -> Verified:
    """Everything the verification page shows. A constant number of queries. Raises BadCode, NoSuchCertificate."""
    whole = read_code(code)
    if whole is None:
        raise BadCode
    entry = CertificateCode.objects.filter(code=whole).first()
    if entry is None:
        raise NoSuchCertificate
    certificate = _certificate(entry.person_id, entry.certificate_id)
    if certificate is None:
        return Verified(whole, None, None, None, "", FourStates(None, None, None, None), entry.serial)
    confirmation = (
        Confirmation.objects.filter(person_id=certificate.person_id, certificate_id=certificate.id)
        .select_related("unit")
        .first()
    )
    states = states_of([certificate], [confirmation] if confirmation else [])[certificate.id]
    unit = confirmation.unit if confirmation and states.confirmed_at else None
    if unit is not None and unit.kind == Kind.NEIGHBOURHOOD:
        unit = (
            unit.get_parent()
        )  # the ward confirms, and the neighbourhood would say more about the holder than is asked
    return Verified(
        code=whole,
        certificate=certificate,
        replacement=_certificate(certificate.person_id, certificate.replaced_by),
        confirmation=confirmation,
        confirmed_by=unit.name if unit else "",
        states=states,
        serial=entry.serial,
    )


def states_of(
    certificates: Sequence[Certificate], confirmations: Iterable[Confirmation]
) -> dict[uuid.UUID, FourStates]:
    """The four states of each certificate. One query for the learning, by person."""
    by_certificate = {row.certificate_id: row for row in confirmations}
    learned = dict(
        Standing.objects.filter(
            person_id__in={row.person_id for row in certificates}, milestone=Milestone.LEARNED
        ).values_list("person_id", "reached_at")
    )
    found = {}
    for certificate in certificates:
        row = by_certificate.get(certificate.id)
        stands = row is not None and row.confirmed_evidence_id is not None and certificate.is_valid
        found[certificate.id] = FourStates(
            learned_at=learned.get(certificate.person_id),
            passed_at=certificate.issued_at,
            confirmed_at=row.decided_at if row and stands else None,
            on_vneid_at=row.accepted_at if row and stands and row.state == ConfirmationState.ACCEPTED else None,
        )
    return found


@dataclass(frozen=True)
class OwnCertificate:
    """One certificate on its owner's page. recall: what a bad re-check leads to; in_order_at: a look at it ended well then."""

    certificate: Certificate
    confirmation: Confirmation | None
    states: FourStates
    recall: Recall | None = None
    in_order_at: datetime | None = None

    @property
    def may_withdraw(self) -> bool:
        """Whether the holder can still say that nobody shall confirm it."""
        return self.confirmation is not None and may_move(self.confirmation.state, Move.WITHDRAW)


def serial_of(certificate: Certificate) -> int:
    """The certificate's number among the codes: its place in the status lists."""
    return CertificateCode.objects.values_list("serial", flat=True).get(code=certificate.code)


def last_serial() -> int:
    """The highest number given so far; 0 before the first certificate."""
    return CertificateCode.objects.order_by("-serial").values_list("serial", flat=True).first() or 0


@dataclass(frozen=True)
class HeldResult:
    """A passed test that is looked at again. state: how far that is (assessment CaseState); issued: it has its certificate."""

    attempt: Attempt
    state: str
    issued: bool


def policy_titles() -> dict[str, str]:
    """The title of every assessment, as `code/version`, for verifiers that work without a network."""
    rows = Policy.objects.order_by("code", "version").values_list("code", "version", "title")
    return {f"{code}/{version}": title for code, version, title in rows}


def certificates_of(person: Person) -> list[OwnCertificate]:
    """A person's certificates, newest first, without those a corrected one replaced. Six queries."""
    certificates = list(
        Certificate.objects.filter(person_id=person.pk)
        .exclude(state=CertificateState.REPLACED)
        .order_by("-issued_at", "-id")
    )
    confirmations = list(Confirmation.objects.filter(person_id=person.pk))
    by_certificate = {row.certificate_id: row for row in confirmations}
    states = states_of(certificates, confirmations)
    recalls, ends = recalls_of(person), good_ends(person)
    return [
        OwnCertificate(
            row, by_certificate.get(row.id), states[row.id], recalls.get(row.attempt_id), ends.get(row.attempt_id)
        )
        for row in certificates
    ]


def held_results(person_id: uuid.UUID) -> list[HeldResult]:
    """A person's passed tests that are looked at again, with whether the certificate was issued before. At most seven queries."""
    doubts = passes_in_doubt(person_id)
    held = Certificate.objects.filter(person_id=person_id, attempt_id__in=[attempt.id for attempt, _ in doubts])
    issued = set(held.values_list("attempt_id", flat=True))
    return [HeldResult(attempt, state, attempt.id in issued) for attempt, state in doubts]


def exported_outside(person_id: uuid.UUID) -> list[dict[str, object]]:
    """A person's results of other platforms, for "my data". One query."""
    return [
        {
            "source": row.source.name,
            "id": row.outside_id,
            "course": row.course_title,
            "passed": row.passed,
            "taken_on": row.taken_on.isoformat(),
            "score_percent": None if row.score_ratio is None else float(row.score_ratio * 100),
        }
        for row in outside_results_of(person_id)
    ]


def exported(person_id: uuid.UUID) -> list[dict[str, object]]:
    """A person's certificates and how far each came, for "my data" (people.on_export). Three queries."""
    confirmations = {row.certificate_id: row for row in Confirmation.objects.filter(person_id=person_id)}
    handed: dict[uuid.UUID, list[dict[str, object]]] = {}
    for row in HandoverRow.objects.filter(person_id=person_id).order_by("id"):
        handed.setdefault(row.confirmation_id, []).append(
            {"batch": str(row.batch_id), "outcome": row.outcome, "reference": row.reference, "reason": row.reason}
        )
    parts: list[dict[str, object]] = []
    for certificate in Certificate.objects.filter(person_id=person_id).order_by("issued_at", "edition", "id"):
        confirmation = confirmations.get(certificate.id)
        parts.append(
            {
                "code": certificate.code,
                "name": certificate.full_name,
                "assessment": certificate.policy_title,
                "version": certificate.policy_version,
                "score_percent": certificate.score_percent,
                "skills": certificate.skill_names,
                "issued_at": certificate.issued_at.isoformat(),
                "state": certificate.state,
                "reason": certificate.reason,
                "confirmation": None
                if confirmation is None
                else {
                    "state": confirmation.state,
                    "since": confirmation.state_changed_at.isoformat(),
                    "reason": confirmation.reason,
                    "vneid_reference": confirmation.reference,
                    "handed_over": handed.get(confirmation.id, []),
                },
            }
        )
    return parts


def marked_serials(purpose: str, first: int, last: int) -> list[int]:
    """Serials from first to last (both counted) that are ended (`revocation`) or stopped for a time (`suspension`)."""
    rows = CertificateCode.objects.filter(serial__gte=first, serial__lte=last)
    rows = rows.filter(suspended_at__isnull=False) if purpose == "suspension" else rows.filter(ended_at__isnull=False)
    return list(rows.order_by("serial").values_list("serial", flat=True))


@dataclass(frozen=True)
class Rescored:
    """A pass a void question took away, with the certificate and the confirmation that stand on it."""

    rescoring: Rescoring
    certificate: Certificate | None
    confirmation: Confirmation | None


def rescored_for(actor: Person) -> list[Rescored]:
    """What waits for this officer, oldest first, at most a page. Four queries."""
    rows = rescorings_for(actor, clock.today())
    people = {row.person_id for row in rows}
    held = Certificate.objects.filter(person_id__in=people, attempt_id__in={row.attempt_id for row in rows})
    certificates = {row.attempt_id: row for row in held.order_by("edition")}
    confirmations = {row.certificate_id: row for row in Confirmation.objects.filter(person_id__in=people)}
    found = []
    for row in rows:
        certificate = certificates.get(row.attempt_id)
        found.append(Rescored(row, certificate, confirmations.get(certificate.id) if certificate else None))
    return found


# --- officers' lists --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListedConfirmation:
    """A row of the officers' list. proposer, decider: names, empty when nobody or gone."""

    confirmation: Confirmation
    certificate: Certificate | None
    proposer: str
    decider: str


@dataclass(frozen=True)
class ConfirmationPage:
    """A page of the list, oldest first; `following` is the key of the next page, empty at the end."""

    rows: list[ListedConfirmation]
    following: str


def confirmations_within(reach: Reach) -> QuerySet[Confirmation]:
    """Confirmations of the people whose home lies within reach."""
    return Confirmation.objects.filter(reach.paths("unit__path"))


def both_reaches(person: Person) -> Reach:
    """What an officer sees here: units they propose, confirm or look into."""
    roots = {
        root.path: root
        for capability in (Capability.PROPOSE, Capability.CONFIRM, Capability.SEE_PEOPLE)
        for root in reach_of(person, capability).roots
    }
    kept = [root for path, root in sorted(roots.items()) if not any(path != p and path.startswith(p) for p in roots)]
    return Reach(tuple(kept))


def deciding_reach(person: Person) -> Reach:
    """Units an officer proposes or confirms in."""
    roots = {root.path: root for c in (Capability.PROPOSE, Capability.CONFIRM) for root in reach_of(person, c).roots}
    return Reach(tuple(r for p, r in sorted(roots.items()) if not any(p != q and p.startswith(q) for q in roots)))


def exports_within(reach: Reach) -> QuerySet[ExportRequest]:
    """Asked-for lists of the units within reach."""
    return ExportRequest.objects.filter(reach.paths("unit__path")).select_related("unit")


def count_by_state(rows: QuerySet[Confirmation]) -> dict[str, int]:
    """People in each state; states without anybody are 0. One query."""
    counted = dict(rows.order_by().values_list("state").annotate(people=Count("id")))
    return {state: counted.get(state, 0) for state in ConfirmationState.values}


def people_waiting(person: Person, capability: Capability) -> int:
    """How many people wait for this officer: proposals to confirm, or results to propose."""
    state = ConfirmationState.PROPOSED if capability == Capability.CONFIRM else ConfirmationState.ELIGIBLE
    return confirmations_within(reach_of(person, capability)).in_state(state).count()  # type: ignore[attr-defined]


@dataclass(frozen=True)
class WorkWaiting:
    """People whose result waits for one officer; 0 where the officer may not take that step."""

    to_confirm: int
    to_propose: int


def work_waiting(person: Person) -> WorkWaiting:
    """What waits for this officer; nobody confirms what they proposed themselves. At most two queries."""
    mandates = list(mandates_on(person, clock.today()).select_related("unit"))
    confirms, proposes = (
        Reach(tuple(mandate.unit for mandate in mandates if step in CAPABILITIES[mandate.role]))
        for step in (Capability.CONFIRM, Capability.PROPOSE)
    )
    if not confirms.roots and not proposes.roots:
        return WorkWaiting(0, 0)
    to_confirm = confirms.paths("unit__path") & Q(state=ConfirmationState.PROPOSED) & ~Q(proposed_by=person.pk)
    to_propose = proposes.paths("unit__path") & Q(state=ConfirmationState.ELIGIBLE)
    return WorkWaiting(
        **Confirmation.objects.filter(state__in=[ConfirmationState.PROPOSED, ConfirmationState.ELIGIBLE]).aggregate(
            to_confirm=Count("id", filter=to_confirm), to_propose=Count("id", filter=to_propose)
        )
    )


def confirmation_page(
    rows: QuerySet[Confirmation], *, after: str = "", name: str = "", size: int = PAGE_SIZE
) -> ConfirmationPage:
    """One page by key, oldest change first. name: part of a name, with or without tone marks. Four queries."""
    if name.strip():
        rows = rows.filter(named(name, "person__"))
    moment, row_id = _read_key(after)
    if moment is not None and row_id is not None:
        rows = rows.filter(Q(state_changed_at__gt=moment) | Q(state_changed_at=moment, id__gt=row_id))
    picked = list(rows.select_related("person", "unit").order_by("state_changed_at", "id")[: size + 1])
    page, more = picked[:size], len(picked) > size
    return ConfirmationPage(_listed(page), _key(page[-1]) if more else "")


def _listed(rows: Sequence[Confirmation]) -> list[ListedConfirmation]:
    certificates = {
        row.id: row
        for row in Certificate.objects.filter(
            person_id__in={row.person_id for row in rows}, id__in={row.certificate_id for row in rows}
        )
    }
    officers = names_of({row.proposed_by for row in rows} | {row.decided_by for row in rows})
    return [
        ListedConfirmation(
            row,
            certificates.get(row.certificate_id),
            officers.get(row.proposed_by, ""),
            officers.get(row.decided_by, ""),
        )
        for row in rows
    ]


def names_of(people: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    """Full names by id. One query."""
    return dict(Person.objects.filter(pk__in={pk for pk in people if pk}).values_list("pk", "full_name"))


def chosen_within(reach: Reach, ids: Sequence[str]) -> list[Confirmation]:
    """Ticked rows that lie within reach; unknown, foreign and malformed ids are left out."""
    wanted: dict[uuid.UUID, uuid.UUID] = {}
    for text in ids:
        person_id, _, row_id = text.partition(":")
        pair = (parse_id(person_id), parse_id(row_id))
        if pair[0] and pair[1]:
            wanted[pair[1]] = pair[0]
    rows = confirmations_within(reach).filter(person_id__in=set(wanted.values()), id__in=set(wanted))
    return list(rows.select_related("person").order_by("state_changed_at", "id"))


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened to a result, newest last. who: empty for the system; words: what was done."""

    at: datetime
    words: str
    who: str
    reason: str


def history_of(confirmation: Confirmation) -> list[HistoryLine]:
    """What the audit trail and its notes know about a confirmation and its certificates. Four queries."""
    editions = list(
        Certificate.objects.filter(person_id=confirmation.person_id, policy_code=confirmation.policy_code).values_list(
            "id", flat=True
        )
    )
    entries = list(
        AuditEntry.objects.filter(
            Q(object_type="confirmation", object_id=str(confirmation.id))
            | Q(object_type="certificate", object_id__in=[str(pk) for pk in editions])
        ).order_by("at", "id")[:200]
    )
    untold = _untold(confirmation, {entry.action.removeprefix("credentials.") for entry in entries})
    names = names_of({entry.actor_id for entry in entries} | {actor for *_when, actor in untold})
    notes = {
        (str(note.object_id), note.at): note.text
        for note in ReasonNote.objects.filter(person_id=confirmation.person_id)
    }
    told = [
        HistoryLine(
            entry.at,
            _words(entry.action),
            names.get(entry.actor_id, ""),
            notes.get((entry.object_id, entry.at)) or entry.new.get("reason", "") or _cause(entry.new.get("cause", "")),
        )
        for entry in entries
    ]
    told += [HistoryLine(at, _words(action), names.get(actor, ""), "") for at, action, actor in untold]
    return sorted(told, key=lambda line: line.at)


def _untold(confirmation: Confirmation, told: set[str]) -> list[tuple[datetime, str, uuid.UUID | None]]:
    """Steps the confirmation itself knows but the audit trail does not, as of results brought in from before: when, what, by whom."""
    row, confirmed = confirmation, confirmation.confirmed_evidence_id is not None
    steps = (
        (row.eligible_at, "certificate.issued", None),
        (row.proposed_at, "confirmation.propose", row.proposed_by),
        (row.decided_at if confirmed else None, "confirmation.confirm", row.decided_by),
        (row.sent_at, "confirmation.send", None),
        (row.accepted_at, "confirmation.accept", None),
    )
    return [(at, action, actor) for at, action, actor in steps if at is not None and action not in told]


def _cause(code: str) -> str:
    return str(RevocationReason(code).label) if code in RevocationReason.values else ""


def _words(action: str) -> str:
    return str(ACTIONS.get(action.removeprefix("credentials."), action))


ACTIONS = {
    "certificate.issued": _("Certificate issued"),
    "certificate.name_corrected": _("Name corrected, a new certificate issued"),
    "certificate.revoked": _("Certificate revoked"),
    "certificate.kept": _("Certificate stays after a void question"),
    "certificate.suspended": _("Certificate suspended"),
    "certificate.resumed": _("Certificate valid again"),
    "confirmation.propose": _("Proposed"),
    "confirmation.take_back": _("Proposal taken back"),
    "confirmation.confirm": _("Confirmed"),
    "confirmation.refuse": _("Refused"),
    "confirmation.send": _("Handed to VNeID"),
    "confirmation.accept": _("Accepted by VNeID"),
    "confirmation.reject": _("Returned by VNeID"),
    "confirmation.correct": _("Corrected, to be sent again"),
    "confirmation.withdraw": _("Withdrawn"),
    "confirmation.revoke": _("Confirmation revoked"),
}


# --- results of other platforms ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Queued:
    """A doubtful result: what the platform wrote (name, keys), and the person its keys point to, if there is one."""

    result: OutsideResult
    given: str
    suggested: Person | None


def sources_within(reach: Reach) -> QuerySet[OutsideSource]:
    """Other platforms that units within reach answer for."""
    return OutsideSource.objects.filter(reach.paths("unit__path")).select_related("unit")


def imports_of(source: OutsideSource) -> list[OutsideImport]:
    """The newest imports of a source that brought something."""
    return list(source.imports.order_by("-at", "-id")[:PAGE_SIZE])


def queue_of(source: OutsideSource) -> list[Queued]:
    """The oldest results that wait for a person. Two queries."""
    rows = list(source.results.filter(state=OutsideState.QUEUED).order_by("received_at", "id")[:PAGE_SIZE])
    people = Person.objects.in_bulk([row.suggested_id for row in rows if row.suggested_id])
    return [Queued(row, _unsealed(row), people.get(row.suggested_id) if row.suggested_id else None) for row in rows]


def outside_results_of(person_id: uuid.UUID) -> list[OutsideResult]:
    """A person's results of other platforms, newest first; shown apart from our own. One query."""
    rows = OutsideResult.objects.filter(person_id=person_id, state=OutsideState.MATCHED).select_related("source")
    return list(rows.order_by("-taken_on", "-id")[:200])


def _unsealed(row: OutsideResult) -> str:
    try:
        return decrypt(row.sealed, bound_to=str(row.pk)) if row.sealed else ""
    except InvalidTag:
        return ""


# --- hand-over --------------------------------------------------------------------------------------------------------


def batches_within(reach: Reach) -> QuerySet[HandoverBatch]:
    """Batches of the units within reach."""
    return HandoverBatch.objects.filter(reach.paths("unit__path")).select_related("unit")


def dead_letters(reach: Reach) -> QuerySet[HandoverBatch]:
    """Batches somebody has to look at: given up, or with people that could not be taken for a fault."""
    failed = HandoverRow.objects.filter(batch=OuterRef("pk"), outcome=RowOutcome.FAILED)
    return batches_within(reach).filter(Q(delivery=DeliveryState.DEAD) | Q(Exists(failed)), state=BatchState.RELEASED)


def outcome_counts(batch: HandoverBatch) -> dict[str, int]:
    """People of a batch by what VNeID said. One query."""
    counted = dict(batch.rows.order_by().values_list("outcome").annotate(people=Count("id")))
    return {outcome: counted.get(outcome, 0) for outcome in RowOutcome.values}


def _key(row: Confirmation) -> str:
    return f"{row.state_changed_at.isoformat()}_{row.id}"


def _read_key(text: str) -> tuple[datetime | None, uuid.UUID | None]:
    moment, _, row_id = text.rpartition("_")
    return clock.parse_moment(moment), parse_id(row_id)
