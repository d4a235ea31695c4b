"""What an assessor's phone sends after a sitting without a network: every line kept, none counted twice, graded here."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from hocvuso.assessment import rules as paper_rules
from hocvuso.assessment.choices import AttemptState
from hocvuso.assessment.errors import AnswerUnreadable, TraceRefused
from hocvuso.assessment.models import Answer, Attempt, Seat, Sitting, SittingRecord, WalkIn
from hocvuso.assessment.models.sittings import IncidentKind, RecordKind, RecordState
from hocvuso.assessment.services import finish
from hocvuso.assessment.services.attempts import replayed
from hocvuso.assessment.sittings import policies, rules, services, walkins
from hocvuso.assessment.sittings.errors import NotInSitting, OtherAssessor, RecordsUnreadable
from hocvuso.assessment.sittings.sealing import SealBroken, unseal
from hocvuso.assessment.sittings.shared import audit, locked, seat_at
from hocvuso.kernel.clock import parse_moment
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.ids import parse_id
from hocvuso.kernel.models import AuditEntry
from hocvuso.people.public import Person

MOST_LINES = 500
MOST_LINE_BYTES = 120_000  # a practice of 500 steps, sealed
# Problems of lines that are kept and not counted; the sentences for them are the page's.
CHAIN_BROKEN, AFTER_TAKE_OVER, SEAL_BROKEN = "chain_broken", "after_take_over", "seal_broken"
TRACE_REFUSED = "trace_refused"
WALK_IN_WAITS = "walk_in_waits"
ALREADY_FINISHED, OTHER_TEST, NO_PAPER = "already_finished", "other_test", "no_paper"


@dataclass(frozen=True)
class Line:
    """One line of the phone. place: from 1; at: by the phone's clock."""

    id: uuid.UUID
    place: int
    kind: str
    person_id: uuid.UUID | None
    at: datetime
    text: str
    mark: str
    incident: str
    position: int
    sealed: str


@dataclass(frozen=True)
class Reply:
    """status: stored, duplicate, or gap (lines before it are missing, send those first). problem: kept and not counted, why."""

    id: uuid.UUID
    status: str
    problem: str = ""
    passed: bool | None = None


@dataclass(frozen=True)
class Taken:
    """clock_off: how far the phone's clock is ahead of ours (negative: behind), told when it matters, else none."""

    replies: list[Reply]
    clock_off: timedelta | None


def read_line(raw: Any) -> Line:
    """A line as the phone wrote it. Raises RecordsUnreadable."""
    try:
        text, mark = raw["line"], raw["mark"]
        if len(text.encode()) > MOST_LINE_BYTES or len(mark) != 64:
            raise RecordsUnreadable
        body = json.loads(text)
        person, written_at = body.get("person"), parse_moment(body["at"])
        if written_at is None:
            raise RecordsUnreadable
        line = Line(
            id=uuid.UUID(body["id"]),
            place=int(body["n"]),
            kind=RecordKind(body["kind"]).value,
            person_id=uuid.UUID(person) if person else None,
            at=written_at,
            text=text,
            mark=mark,
            incident=IncidentKind(body["incident"]).value if body["kind"] == RecordKind.INCIDENT else "",
            position=int(body.get("position", 0)),
            sealed=str(body.get("sealed", "")),
        )
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise RecordsUnreadable from error
    if line.place < 1 or line.place > 1_000_000:
        raise RecordsUnreadable
    if line.person_id is None and line.kind != RecordKind.INCIDENT:
        raise RecordsUnreadable
    return line


@transaction.atomic
def take_records(
    *, actor: Person, sitting: Sitting, device: str, lines: Sequence[Line], sent_at: datetime, at: datetime
) -> Taken:
    """Store what a phone recorded, in its order, and count what can be counted. Sending it again changes nothing.

    Also after the sitting was closed, and by the assessor whom another has replaced (for what was written before that).
    sent_at: by the phone's clock. Raises NotAllowed, OutOfReach, OtherAssessor (nothing was handed out to this person),
    RecordsUnreadable; then nothing is stored and the phone keeps everything.
    """
    if len(lines) > MOST_LINES or parse_id(device) is None:
        raise RecordsUnreadable
    row = locked(sitting)
    until = _replaced_at(actor, row)
    stored = {
        record.id: record for record in SittingRecord.objects.filter(sitting=row, id__in=[line.id for line in lines])
    }
    last = SittingRecord.objects.filter(sitting=row, device=device).order_by("-place").first()
    previous = last
    doors = walkins.known_in(row)
    replies: list[Reply] = []
    moved = False
    for line in sorted(lines, key=lambda one: one.place):
        if line.id in stored:
            replies.append(Reply(line.id, "duplicate", stored[line.id].problem, _passed(stored[line.id], doors)))
            continue
        if line.place > (previous.place if previous else 0) + 1:
            replies.append(Reply(line.id, "gap"))
            continue
        moment = rules.true_moment(
            line.at,
            sent_at=sent_at,
            received_at=at,
            not_before=row.handed_out_at or row.opened_at,
            previous=previous.happened_at if previous else None,
        )
        moved = moved or moment.moved
        record = SittingRecord(
            id=line.id,
            sitting=row,
            person_id=line.person_id,
            device=device,
            place=line.place,
            kind=line.kind,
            line=line.text,
            mark=line.mark,
            sent_by=actor.pk,
            happened_at=moment.at,
            received_at=at,
            state=RecordState.APPLIED,
        )
        broken = line.mark != rules.chain_mark(previous.mark if previous else "", line.text)
        if broken or (previous is not None and line.place <= previous.place):
            record.problem = CHAIN_BROKEN
        elif until is not None and moment.at > until:
            record.problem = AFTER_TAKE_OVER
        record.state = RecordState.KEPT if record.problem else RecordState.APPLIED
        record.save(force_insert=True)
        if not record.problem:
            _count(record, line, row, actor, at, doors)
        replies.append(Reply(record.id, "stored", record.problem, _passed(record, doors)))
        previous = record
    clock_off = sent_at - at if moved else None
    if clock_off is not None:
        audit(row, actor, "clock_moved", at, new={"device": device, "seconds": int(clock_off.total_seconds())})
    return Taken(replies, clock_off)


def _replaced_at(actor: Person, sitting: Sitting) -> datetime | None:
    """None for the assessor who runs it; for one before, when they were replaced. Raises as check_runs for anybody else."""
    try:
        policies.check_runs(actor, sitting, sitting.opened_at, closed_too=True)
    except OtherAssessor:
        entries = AuditEntry.objects.filter(object_type="sitting", object_id=str(sitting.pk))
        if not entries.filter(action="assessment.sitting.handed_out", actor_id=actor.pk).exists():
            raise
        replaced = entries.filter(action="assessment.sitting.taken_over", old__assessor=str(actor.pk)).order_by("at")
        last = replaced.last()
        if last is None:
            raise
        return last.at
    return None


Doors = dict[uuid.UUID, WalkIn]


def _count(record: SittingRecord, line: Line, sitting: Sitting, actor: Person, at: datetime, doors: Doors) -> None:
    """Do what the line says; what cannot be counted is kept with the reason."""
    try:
        if line.kind == RecordKind.WALK_IN and line.person_id is not None and line.person_id not in doors:
            with transaction.atomic():
                doors[line.person_id] = walkins.take(record, sitting, actor, at)
        with transaction.atomic():
            _apply(record, line, sitting, actor, at, doors)
    except HocVuSoError as error:
        record.problem = error.code.removeprefix("assessment.")
    except NotCounted as error:
        record.problem = str(error)
    except SealBroken:
        record.problem = SEAL_BROKEN
    if record.problem:
        record.state = RecordState.KEPT
        record.save(update_fields=["state", "problem"])


class NotCounted(Exception):
    """A line that is kept with a problem."""


def _apply(record: SittingRecord, line: Line, sitting: Sitting, actor: Person, at: datetime, doors: Doors) -> None:
    walk_in = doors.get(line.person_id) if line.person_id else None
    if walk_in is not None and walk_in.person_id is None:
        raise NotCounted(WALK_IN_WAITS)
    person_id = walk_in.person_id if walk_in else line.person_id
    if line.kind == RecordKind.INCIDENT:
        services.note_incident(sitting, actor, line.incident, person_id, happened_at=record.happened_at, at=at)
    elif person_id is None:
        raise RecordsUnreadable
    elif line.kind == RecordKind.WALK_IN:
        if walk_in is None:
            raise NotInSitting
        walkins.seat(walk_in, Person.objects.get(pk=person_id), at)
    elif line.kind == RecordKind.PRESENT:
        services.mark_present(sitting, person_id, actor, seen_at=record.happened_at, at=at)
    elif line.kind == RecordKind.ABSENT:
        services.mark_absent(sitting, person_id, actor, at=at)
    elif line.kind == RecordKind.FINISH:
        _grade(record, seat_at(sitting, person_id), sitting, at, walk_in)
    else:
        seat_at(sitting, person_id)


def count_walk_in(walk_in: WalkIn, *, at: datetime) -> None:
    """It is known now who was added at the door: what their phone recorded counts, in its order, by whoever recorded it."""
    doors = {walk_in.pk: walk_in}
    waiting = SittingRecord.objects.filter(
        sitting=walk_in.sitting, person_id=walk_in.pk, state=RecordState.KEPT, problem=WALK_IN_WAITS
    )
    rows = list(waiting.order_by("device", "place"))
    senders = Person.objects.in_bulk({row.sent_by for row in rows})
    for record in rows:
        actor = senders.get(record.sent_by)
        if actor is None:
            continue
        record.state, record.problem = RecordState.APPLIED, ""
        record.save(update_fields=["state", "problem"])
        line = read_line({"line": record.line, "mark": record.mark})
        _count(record, line, walk_in.sitting, actor, at, doors)


def _grade(record: SittingRecord, seat: Seat, sitting: Sitting, at: datetime, walk_in: WalkIn | None = None) -> None:
    """Unseal the answers of this phone for this person, and grade them. The first answer to a question counts.

    walk_in: the phone called the person by this; the answers are to the spare paper.
    """
    if seat.finished_at is not None:
        raise NotCounted(ALREADY_FINISHED)
    if walk_in is not None and walk_in.spare is not None:
        seat.paper = walk_in.spare.paper
    if not seat.paper:
        raise NotCounted(NO_PAPER)
    if seat.attempt_id is not None:
        raise NotCounted(OTHER_TEST)
    if Attempt.objects.filter(person_id=seat.person_id, policy=sitting.policy, state=AttemptState.OPEN).exists():
        raise NotCounted(OTHER_TEST)
    at_doors = WalkIn.objects.filter(sitting=sitting, person_id=seat.person_id).values_list("pk", flat=True)
    rows = SittingRecord.objects.filter(
        sitting=sitting,
        device=record.device,
        person_id__in=[seat.person_id, *at_doors],
        kind=RecordKind.ANSWER,
        state=RecordState.APPLIED,
    ).order_by("place")
    answers: dict[int, Answer] = {}
    attempt = Attempt(
        person_id=seat.person_id,
        policy=sitting.policy,
        paper=seat.paper,
        frozen={
            "method": "count",
            "code": sitting.policy.code,
            "version": sitting.policy.version,
            "pass_ratio": str(sitting.policy.pass_ratio),
            "questions": len(seat.paper),
            "mode": sitting.mode,
        },
    )
    for row in rows:
        body = json.loads(row.line)
        position = int(body.get("position", 0))
        if position in answers or not 1 <= position <= len(seat.paper):
            continue
        question = seat.paper[position - 1]
        try:
            kept, correct = _read(question, unseal(sitting.lock_key, str(sitting.pk), str(body.get("sealed", ""))))
        except (SealBroken, TraceRefused) as error:
            problem = SEAL_BROKEN if isinstance(error, SealBroken) else TRACE_REFUSED
            SittingRecord.objects.filter(pk=row.pk).update(state=RecordState.KEPT, problem=problem)
            continue
        answers[position] = Answer(
            person_id=seat.person_id,
            attempt_id=attempt.id,
            position=position,
            chosen=kept,
            correct=correct,
            answered_at=row.happened_at,
            item=question["id"],
        )
    attempt.started_at = min([answer.answered_at for answer in answers.values()] or [record.happened_at])
    attempt.deadline_at = record.happened_at
    attempt.save(force_insert=True)
    Answer.objects.bulk_create(answers.values())
    seat.attempt_id = attempt.id
    seat.save(update_fields=["attempt_id", "paper"])
    finish(person=seat.person, attempt_id=attempt.id, at=at)


def _read(question: Mapping[str, Any], chosen: object) -> tuple[Any, bool]:
    """What is kept of an unsealed answer, and whether it is right; a practice is played again here. Raises TraceRefused."""
    if question["kind"] == paper_rules.PRACTICE:
        try:
            return replayed(question, chosen)
        except AnswerUnreadable as error:
            raise TraceRefused from error
    names = paper_rules.readable(question, chosen)
    return names or [], names is not None and paper_rules.is_correct(question, names)


def count_again(*, at: datetime, limit: int = 100) -> int:
    """Grade what had to wait because another test of the same person was open; answers how many. Background work."""
    waiting = SittingRecord.objects.select_related("sitting__policy", "sitting__assessor").filter(
        kind=RecordKind.FINISH, state=RecordState.KEPT, problem=OTHER_TEST
    )
    done = 0
    for record in waiting.order_by("received_at")[:limit]:
        if record.person_id is None:
            continue
        walk_in = WalkIn.objects.select_related("spare").filter(pk=record.person_id).first()
        person_id = walk_in.person_id if walk_in and walk_in.person_id else record.person_id
        seat = Seat.objects.select_related("person").filter(sitting=record.sitting, person_id=person_id).first()
        if seat is None or seat.attempt_id is not None:
            continue
        try:
            with transaction.atomic():
                _grade(record, seat, record.sitting, at, walk_in)
                record.state, record.problem = RecordState.APPLIED, ""
                record.save(update_fields=["state", "problem"])
                done += 1
        except NotCounted:
            continue
    return done


def _passed(record: SittingRecord, doors: Doors) -> bool | None:
    """What came of a FINISH that was counted."""
    if record.kind != RecordKind.FINISH or record.state != RecordState.APPLIED or record.person_id is None:
        return None
    walk_in = doors.get(record.person_id)
    person_id = walk_in.person_id if walk_in and walk_in.person_id else record.person_id
    seat = Seat.objects.filter(sitting_id=record.sitting_id, person_id=person_id).first()
    if seat is None or seat.attempt_id is None:
        return None
    attempt = Attempt.objects.filter(person_id=seat.person_id, id=seat.attempt_id).first()
    return attempt.passed if attempt else None
