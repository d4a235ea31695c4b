"""Reads of sittings: the lists, the live board, the attendance sheet. A constant number of queries each."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from hocvuso.assessment.models import Answer, Attempt, Incident, Seat, Sitting, SittingRecord, WalkIn
from hocvuso.assessment.models.sittings import RecordState, SittingState
from hocvuso.assessment.models.walkins import WalkInState
from hocvuso.assessment.sittings import rules
from hocvuso.assessment.sittings.rules import Need
from hocvuso.people.public import Capability, Person, named, reach_of, visible_people

PAGE_SIZE = 30
MOST_FOUND = 20
MOST_KEPT = 50


@dataclass(frozen=True)
class BoardRow:
    """One person on the board. answered, questions: as far as the server knows; passed: none until graded."""

    seat: Seat
    need: Need
    answered: int
    questions: int
    passed: bool | None
    score: int | None
    last_answer_at: datetime | None
    incidents: tuple[Incident, ...]
    clean: bool


@dataclass(frozen=True)
class KeptLine:
    """A line of a phone that is kept and not counted: what it was, about whom, why not."""

    record: SittingRecord
    name: str


@dataclass(frozen=True)
class Board:
    """Everybody in a sitting, the most urgent first. kept: lines of phones that could not be counted; at_door: people added at
    the door of whom nobody has said yet who they are."""

    rows: tuple[BoardRow, ...]
    room_incidents: tuple[Incident, ...]
    kept: tuple[KeptLine, ...]
    at_door: int
    needy: int
    present: int
    done: int


def sittings_within(person: Person, on: date) -> QuerySet[Sitting]:
    """Sittings a person may see: those in the reach of their mandate to assess."""
    reach = reach_of(person, Capability.ASSESS, on)
    return Sitting.objects.select_related("policy", "unit", "assessor").filter(reach.paths("unit__path"))


def open_sittings_of(person: Person) -> list[Sitting]:
    rows = Sitting.objects.select_related("policy").filter(assessor=person, state=SittingState.OPEN)
    return list(rows.order_by("-starts_at", "-id")[:PAGE_SIZE])


def listed(person: Person, on: date, *, after: uuid.UUID | None) -> list[Sitting]:
    """A page of sittings, newest first, with how many people sit in each; one more than a page when there are more."""
    rows = sittings_within(person, on).annotate(
        people=Count("seats"), there=Count("seats", filter=Q(seats__present_at__isnull=False))
    )
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-pk")[: PAGE_SIZE + 1])


def board(sitting: Sitting, at: datetime) -> Board:
    """The live board, in six queries whatever the number of people."""
    seats = list(Seat.objects.select_related("person").filter(sitting=sitting).order_by("joined_at", "id"))
    people = [seat.person_id for seat in seats]
    ids = [seat.attempt_id for seat in seats if seat.attempt_id]
    attempts = {
        one.id: one for one in Attempt.objects.filter(person_id__in=people, id__in=ids).defer("paper").order_by()
    }
    answered = {
        row["attempt_id"]: row
        for row in Answer.objects.filter(person_id__in=people, attempt_id__in=ids)
        .order_by()
        .values("attempt_id")
        .annotate(number=Count("position"), last=Max("answered_at"))
    }
    incidents: dict[uuid.UUID | None, list[Incident]] = {}
    for incident in Incident.objects.filter(sitting=sitting).order_by("happened_at", "id"):
        incidents.setdefault(incident.person_id, []).append(incident)
    names = {seat.person_id: seat.person.full_name for seat in seats}
    lines = SittingRecord.objects.filter(sitting=sitting, state=RecordState.KEPT).order_by("received_at", "place")
    lines = lines.exclude(problem="walk_in_waits")
    kept = tuple(KeptLine(line, names.get(line.person_id, "") if line.person_id else "") for line in lines[:MOST_KEPT])
    rows = sorted(
        (_row(sitting, seat, attempts, answered, incidents.get(seat.person_id, []), at) for seat in seats),
        key=lambda row: (row.need, row.seat.joined_at, row.seat.id),
    )
    return Board(
        rows=tuple(rows),
        room_incidents=tuple(incidents.get(None, [])),
        kept=kept,
        at_door=WalkIn.objects.filter(sitting=sitting, state=WalkInState.QUEUED).count(),
        needy=sum(row.need <= Need.NOT_TICKED for row in rows),
        present=sum(row.seat.present_at is not None for row in rows),
        done=sum(row.seat.finished_at is not None for row in rows),
    )


def _row(
    sitting: Sitting,
    seat: Seat,
    attempts: dict[uuid.UUID, Attempt],
    answered: Mapping[uuid.UUID, Mapping[str, Any]],
    incidents: list[Incident],
    at: datetime,
) -> BoardRow:
    attempt = attempts.get(seat.attempt_id) if seat.attempt_id else None
    told = answered.get(seat.attempt_id, {}) if seat.attempt_id else {}
    last = told.get("last")
    last_answer_at = last if isinstance(last, datetime) else (attempt.started_at if attempt else None)
    in_doubt = any(incident.holds for incident in incidents)
    finished = seat.finished_at is not None
    need = rules.need_of(
        at=at,
        present=seat.present_at is not None,
        started=attempt is not None,
        finished=finished,
        in_doubt=in_doubt,
        asked_help=seat.asked_help_at is not None,
        other_device=seat.other_device_at is not None,
        last_seen_at=seat.last_seen_at,
        last_answer_at=last_answer_at,
        on_own_phone=not sitting.by_assessor,
    )
    ratio = attempt.score_ratio if attempt else None
    number = told.get("number", 0)
    return BoardRow(
        seat=seat,
        need=need,
        answered=number if isinstance(number, int) else 0,
        questions=len(seat.paper) if seat.paper and not (attempt and not sitting.by_assessor) else sitting.policy.total,
        passed=attempt.passed if attempt else None,
        score=round(ratio * 100) if ratio is not None else None,
        last_answer_at=last_answer_at,
        incidents=tuple(incidents),
        clean=seat.present_at is not None and not in_doubt,
    )


def people_to_call(person: Person, text: str) -> list[Person]:
    """People within reach whose name contains the text, for calling by name. Two queries; at most twenty."""
    if len(text.strip()) < 2:
        return []
    found = visible_people(person, Capability.ASSESS).filter(named(text))
    return list(found.select_related("home_unit").order_by("search_name", "pk")[:MOST_FOUND])
