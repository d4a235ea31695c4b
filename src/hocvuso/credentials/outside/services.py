"""Take results of other platforms in, once each; let a person decide the doubtful ones; undo an import."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from django.db import transaction

from hocvuso.assessment.public import Policy, newest_policies
from hocvuso.credentials.apps import OUTSIDE_RESULT
from hocvuso.credentials.choices import CertificateState, OutsideState, QueueReason
from hocvuso.credentials.errors import ImportNotUndoable, NotQueued, UnknownSource
from hocvuso.credentials.models import Certificate, Confirmation, OutsideImport, OutsideResult, OutsideSource
from hocvuso.credentials.outside.files import GivenResult, RowProblem, read_file
from hocvuso.credentials.outside.matching import Match, keys_of, match_all
from hocvuso.credentials.services import AssessedResult, issue_certificate, ratio, take_back_certificate
from hocvuso.credentials.services.shared import SYSTEM
from hocvuso.curriculum.public import skill_titles
from hocvuso.evidence.public import Assurance, NewEvidence, RevocationReason, record_many, revoke_evidence
from hocvuso.kernel.clock import VIETNAM, local_date
from hocvuso.kernel.crypto import encrypt, keyed_hash
from hocvuso.kernel.ids import new_id
from hocvuso.kernel.models import record_audit
from hocvuso.people.public import Capability, Person, check_may, visible_people
from hocvuso.units.public import Unit

STRONGEST = Assurance.SUPERVISED  # of what another platform says; confirming is a unit's own act


@dataclass
class Taken:
    """What became of the results. answers: by place in the list, for the API: stored, queued, duplicate, rejected: why."""

    stored: int = 0
    queued: int = 0
    duplicates: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    answers: dict[int, str] = field(default_factory=dict)


def register_source(*, actor: Person, unit: Unit, code: str, name: str, assurance: int, at: datetime) -> OutsideSource:
    """Make another platform known, answered for by a unit. assurance: how much its results are worth, at most supervised.

    actor: who manages people over the unit. Raises NotAllowed, OutOfReach, UnknownSource (the code is taken).
    """
    check_may(actor, Capability.MANAGE_PEOPLE, unit, local_date(at))
    if OutsideSource.objects.filter(code=code).exists():
        raise UnknownSource
    source = OutsideSource.objects.create(
        code=code[:30], name=name[:200], assurance=min(int(assurance), STRONGEST), unit=unit, created_by=actor.pk, at=at
    )
    _audit("source_registered", source.pk, actor, at, unit, code=source.code, assurance=source.assurance)
    return source


@transaction.atomic
def issue_token(*, actor: Person, source: OutsideSource, at: datetime) -> str:
    """A new token for the source's programs; shown once, kept as a keyed hash. The old one stops working.

    Raises NotAllowed, OutOfReach.
    """
    check_may(actor, Capability.MANAGE_PEOPLE, source.unit, local_date(at))
    token = f"hvs_{secrets.token_urlsafe(32)}"
    OutsideSource.objects.filter(pk=source.pk).update(token_digest=_digest(token))
    _audit("token_issued", source.pk, actor, at, source.unit, code=source.code)
    return token


def source_by_token(token: str) -> OutsideSource | None:
    """The source a token belongs to; none for an unknown one."""
    if not token.startswith("hvs_") or len(token) > 80:
        return None
    return OutsideSource.objects.select_related("unit").filter(token_digest=_digest(token), active=True).first()


def try_file(content: bytes, *, source: OutsideSource, at: datetime) -> Taken:
    """What importing a file would do. Stores nothing. Raises BadOutsideFile."""
    results, problems = read_file(content, today=local_date(at))
    known = _known(source, results)
    taken = Taken(problems=problems)
    for given, match in zip(results, match_all(results), strict=True):
        _count(taken, "duplicate" if given.id in known else "queued" if match.why else "stored")
    return taken


@transaction.atomic
def take_results(
    results: Sequence[GivenResult],
    *,
    source: OutsideSource,
    actor: Person | None,
    at: datetime,
    problems: Sequence[RowProblem] = (),
    file_name: str = "",
) -> Taken:
    """Store results of one source: matched ones with evidence of that source's own, doubtful ones in a queue, each id once.

    actor: the officer who brings a file (who manages people over the source's unit), none for the API. Raises NotAllowed,
    OutOfReach, DaySealed.
    """
    if actor is not None:
        check_may(actor, Capability.MANAGE_PEOPLE, source.unit, local_date(at))
    OutsideSource.objects.select_for_update().get(pk=source.pk)  # two deliveries of one source, one after the other
    known = _known(source, results)
    taken = Taken(problems=list(problems))
    fresh = [(given, match) for given, match in zip(results, match_all(results), strict=True) if given.id not in known]
    taken.answers = {given.line: "duplicate" for given in results if given.id in known}
    taken.duplicates = len(taken.answers)
    batch = OutsideImport.objects.create(
        source=source, file_name=file_name[:200], imported_by=actor.pk if actor else None, at=at
    )
    rows = [_row(source, batch, given, match, at) for given, match in fresh]
    OutsideResult.objects.bulk_create(rows, batch_size=500)
    record_many([_evidence(source, row, actor) for row in rows if row.state == OutsideState.MATCHED], at)
    for row, (given, _) in zip(rows, fresh, strict=True):
        word = "stored" if row.state == OutsideState.MATCHED else "queued"
        taken.answers[given.line] = word
        _count(taken, word)
    _recognise(source, [row for row in rows if row.state == OutsideState.MATCHED], at)
    batch.stored, batch.queued, batch.duplicates, batch.refused = (
        taken.stored,
        taken.queued,
        taken.duplicates,
        len(taken.problems),
    )
    if fresh or actor is not None:
        batch.save()
        _audit(
            "imported", batch.pk, actor, at, source.unit, source=source.code, stored=taken.stored, queued=taken.queued
        )
    else:
        batch.delete()  # the same delivery once more: nothing to show
    return taken


@transaction.atomic
def decide_queued(*, actor: Person, result: OutsideResult, person: Person | None, at: datetime) -> OutsideResult:
    """A person says whose a doubtful result is, or (none) that it is nobody's here.

    actor: who manages people over the source's unit, and may see the person. Raises NotAllowed, OutOfReach, NotQueued.
    """
    row = OutsideResult.objects.select_for_update(of=("self",)).select_related("source__unit").get(pk=result.pk)
    check_may(actor, Capability.MANAGE_PEOPLE, row.source.unit, local_date(at))
    if row.state != OutsideState.QUEUED:
        raise NotQueued
    if person is not None and not visible_people(actor, Capability.MANAGE_PEOPLE).filter(pk=person.pk).exists():
        raise NotQueued
    row.decided_by, row.decided_at = actor.pk, at
    row.sealed = ""
    if person is None:
        row.state = OutsideState.SET_ASIDE
    else:
        row.state, row.person_id, row.evidence_id = OutsideState.MATCHED, person.pk, new_id()
        record_many([_evidence(row.source, row, actor)], at)
    row.save()
    _audit("decided", row.pk, actor, at, row.source.unit, state=row.state, why=row.why)
    if row.state == OutsideState.MATCHED:
        _recognise(row.source, [row], at)
    return row


@transaction.atomic
def undo_import(*, actor: Person, batch: OutsideImport, at: datetime) -> int:
    """Take a whole import back: its evidence is revoked, its queue emptied; answers how many results.

    Raises NotAllowed, OutOfReach, ImportNotUndoable (undone already, or somebody was confirmed on it).
    """
    locked = OutsideImport.objects.select_for_update(of=("self",)).select_related("source__unit").get(pk=batch.pk)
    check_may(actor, Capability.MANAGE_PEOPLE, locked.source.unit, local_date(at))
    rows = list(locked.results.all())
    recognised = [row.certificate_id for row in rows if row.certificate_id]
    settled = Confirmation.objects.filter(
        certificate_id__in=recognised, person_id__in=[row.person_id for row in rows if row.person_id]
    ).filter(confirmed_evidence_id__isnull=False)
    if locked.undone_at is not None or settled.exists():
        raise ImportNotUndoable
    for row in rows:
        if row.person_id and row.evidence_id:
            revoke_evidence(
                actor=actor,
                person_id=row.person_id,
                evidence_id=row.evidence_id,
                reason=RevocationReason.IMPORT_UNDONE,
                at=at,
            )
        if row.certificate_id and row.person_id:
            held = Certificate.objects.get(person_id=row.person_id, id=row.certificate_id)
            if held.state in {CertificateState.VALID, CertificateState.SUSPENDED}:
                take_back_certificate(
                    held, actor, str(RevocationReason.IMPORT_UNDONE.label), RevocationReason.IMPORT_UNDONE, at
                )
    # The id is free again, so that a corrected file can bring the result once more.
    locked.results.all().delete()
    locked.undone_at, locked.undone_by = at, actor.pk
    locked.save(update_fields=["undone_at", "undone_by"])
    _audit("undone", locked.pk, actor, at, locked.source.unit, results=len(rows))
    return len(rows)


# --- one result -------------------------------------------------------------------------------------------------------


def _known(source: OutsideSource, results: Sequence[GivenResult]) -> set[str]:
    return set(
        OutsideResult.objects.filter(source=source, outside_id__in=[given.id for given in results]).values_list(
            "outside_id", flat=True
        )
    )


def _row(source: OutsideSource, batch: OutsideImport, given: GivenResult, match: Match, at: datetime) -> OutsideResult:
    row = OutsideResult(
        source=source,
        batch=batch,
        outside_id=given.id,
        course=given.course,
        course_title=given.course_title,
        passed=given.passed,
        score_ratio=ratio(None if given.score is None else given.score / 100),
        taken_on=given.taken_on,
        received_at=at,
    )
    if match.why is None and match.person is not None:
        row.state, row.person_id, row.evidence_id = OutsideState.MATCHED, match.person.pk, new_id()
    else:
        row.state, row.why = OutsideState.QUEUED, match.why or QueueReason.NOBODY
        row.suggested_id = match.person.pk if match.person else None
        keys = " · ".join(value for _, value in keys_of(given))
        year = f" ({given.birth_year})" if given.birth_year else ""
        row.sealed = encrypt(f"{given.name}{year}\n{keys}", bound_to=str(row.pk))
    return row


def _evidence(source: OutsideSource, row: OutsideResult, actor: Person | None) -> NewEvidence:
    assert row.person_id is not None and row.evidence_id is not None  # noqa: S101 - matched rows have both
    return NewEvidence(
        id=row.evidence_id,
        person_id=row.person_id,
        kind=OUTSIDE_RESULT,
        subject=f"outside:{source.code}:{row.course}"[:120],
        assurance=source.assurance,
        source=f"import:{source.code}"[:40],
        occurred_at=datetime.combine(row.taken_on, time(), VIETNAM).astimezone(UTC),
        recorded_by=actor.pk if actor else None,
        details={"result": str(row.pk), "passed": row.passed},
    )


def equivalents(source: OutsideSource, on: date) -> dict[str, Policy]:
    """Which courses of a source count like passing which assessment: the policies in force say so (`equivalences`)."""
    return {
        str(rule.get("result", "")): policy
        for policy in newest_policies(on)
        for rule in policy.equivalences
        if str(rule.get("source", "")).strip().lower() == source.code
    }


def _recognise(source: OutsideSource, rows: Sequence[OutsideResult], at: datetime) -> None:
    """Give our certificate for what a policy names as equivalent; it says on its face where the result comes from."""
    policies = equivalents(source, local_date(at))
    for row in rows:
        policy = policies.get(row.course) if row.passed else None
        if policy is None or row.person_id is None:
            continue
        titles = skill_titles()
        codes = dict.fromkeys(code for part in policy.blueprint for code in part.get("skills", []))
        result = AssessedResult(
            policy_code=policy.code,
            policy_title=policy.title,
            policy_version=str(policy.version),
            passed=True,
            score_ratio=row.score_ratio,
            level=f"Công nhận kết quả của {source.name}"[:80],
            skills=tuple((code, titles.get(code, code)) for code in codes),
            provisional=policy.provisional,
            signatory=policy.signatory,
        )
        row.certificate_id = issue_certificate(person_id=row.person_id, attempt_id=row.pk, result=result, at=at).id
        row.save(update_fields=["certificate_id"])


def _count(taken: Taken, word: str) -> None:
    name = {"stored": "stored", "queued": "queued", "duplicate": "duplicates"}[word]
    setattr(taken, name, getattr(taken, name) + 1)


def _digest(token: str) -> str:
    return keyed_hash("credentials.outside.token", token)


def _audit(what: str, object_id: object, actor: Person | None, at: datetime, unit: Unit, **new: object) -> None:
    record_audit(
        at=at,
        action=f"credentials.outside.{what}",
        object_type="outside_result",
        object_id=object_id,
        actor_id=actor.pk if actor else None,
        actor_name="" if actor else SYSTEM,
        unit_id=unit.pk,
        new=dict(new),
    )
