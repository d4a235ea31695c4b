"""Background work: measure graded tests, let the rules look at them, open cases. Memory does not grow with the number of tests."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from hocvuso.assessment.integrity import rules
from hocvuso.assessment.models import (
    Answer,
    Attempt,
    Case,
    CaseMember,
    Incident,
    IntegrityRule,
    Seat,
    Trace,
)
from hocvuso.assessment.models.integrity import RuleKind
from hocvuso.assessment.models.sittings import HOLDING
from hocvuso.assessment.signals import AttemptGraded
from hocvuso.kernel.clock import local_date
from hocvuso.kernel.models import record_audit
from hocvuso.people.public import Person
from hocvuso.units.public import Unit

RULES = Path(__file__).resolve().parent.parent / "data" / "integrity.yaml"
SYSTEM = "system:integrity"
BATCH = 500
COMMUNE_STEPS = 3  # nation, province, commune
Found = tuple[str, Sequence[tuple[uuid.UUID, uuid.UUID]], dict[str, Any], uuid.UUID | None]


# --- what is noted at once ---------------------------------------------------------------------------------------------


def note_device(person_id: uuid.UUID, attempt_id: uuid.UUID, device: str) -> None:
    """The phone a test was begun on; the first one is kept."""
    Trace.objects.bulk_create([Trace(person_id=person_id, attempt_id=attempt_id, device=device)], ignore_conflicts=True)


def follow_grading(event: AttemptGraded) -> None:
    """A test was graded: it waits to be measured (assessment.on_graded). Two small statements."""
    key = {"person_id": event.person_id, "attempt_id": event.attempt_id}
    Trace.objects.bulk_create([Trace(**key)], ignore_conflicts=True)
    Trace.objects.filter(**key, graded_at__isnull=True).update(graded_at=event.at, measured_at=None)


# --- measuring ---------------------------------------------------------------------------------------------------------


def measure(*, at: datetime, limit: int = BATCH) -> int:
    """Measure graded tests that wait for it, at most `limit`; answers how many. Six queries a batch."""
    waiting = list(
        Trace.objects.filter(measured_at__isnull=True, graded_at__isnull=False).order_by("graded_at")[:limit]
    )
    if not waiting:
        return 0
    people = {trace.person_id for trace in waiting}
    ids = [trace.attempt_id for trace in waiting]
    attempts = {
        one.id: one for one in Attempt.objects.select_related("policy").filter(person_id__in=people, id__in=ids)
    }
    answers: dict[uuid.UUID, list[Answer]] = {}
    for answer in Answer.objects.filter(person_id__in=people, attempt_id__in=ids).order_by("attempt_id", "position"):
        answers.setdefault(answer.attempt_id, []).append(answer)
    seats = {seat.attempt_id: seat for seat in Seat.objects.filter(person_id__in=people, attempt_id__in=ids)}
    homes = dict(Person.objects.filter(pk__in=people).values_list("pk", "home_unit_id"))
    paths = dict(Unit.objects.filter(pk__in={home for home in homes.values() if home}).values_list("pk", "path"))
    for trace in waiting:
        attempt = attempts.get(trace.attempt_id)
        trace.measured_at = at
        if attempt is None:
            continue
        seat = seats.get(attempt.id)
        _measure_one(trace, attempt, [one for one in answers.get(attempt.id, []) if one.chosen], seat)
        trace.unit_id = homes.get(trace.person_id)
        trace.area = paths.get(trace.unit_id or 0, "")[: COMMUNE_STEPS * Unit.steplen]
    Trace.objects.bulk_update(waiting, _MEASURED, batch_size=100)
    return len(waiting)


_MEASURED = [
    "measured_at",
    "policy_code",
    "unit",
    "area",
    "device",
    "assessor_id",
    "started_at",
    "passed",
    "questions",
    "pace",
    "night_on",
    "asked",
    "wrong",
]


def _measure_one(trace: Trace, attempt: Attempt, answers: list[Answer], seat: Seat | None) -> None:
    trace.policy_code = attempt.policy.code
    trace.started_at = attempt.started_at
    trace.passed = attempt.passed
    trace.questions = len(attempt.paper)
    trace.pace = rules.pace_of([answer.answered_at for answer in answers])
    trace.night_on = rules.night_of(attempt.started_at)
    chosen = {answer.position: answer.chosen for answer in answers}
    wrong = [answer.position for answer in answers if not answer.correct]
    trace.asked, trace.wrong = rules.marks(attempt.paper, chosen, wrong)
    if seat is not None:
        trace.assessor_id = seat.present_by
        trace.device = seat.device


# --- looking -----------------------------------------------------------------------------------------------------------


@cache
def _shipped() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(RULES.read_text(encoding="utf-8"))["rules"])


def load_rules() -> list[IntegrityRule]:
    """The newest version of every rule that is switched on; shipped ones that are not there yet are put in. One query mostly."""
    known = {(rule.code, rule.version): rule for rule in IntegrityRule.objects.all()}
    for data in _shipped():
        if (data["code"], data["version"]) not in known:
            rule = IntegrityRule(
                code=data["code"],
                version=data["version"],
                kind=RuleKind(data["kind"]),
                settings=data["settings"],
                note=data.get("note", ""),
            )
            rule.save()
            known[rule.code, rule.version] = rule
    newest: dict[str, IntegrityRule] = {}
    for (code, version), rule in sorted(known.items()):
        newest[code] = rule
        del version
    return [rule for rule in newest.values() if rule.enabled]


def sweep(*, at: datetime) -> int:
    """Measure what waits and open a case for everything that stands out; answers how many cases are new. May run twice, or in
    two processes: a case comes once."""
    while measure(at=at):
        pass
    opened = 0
    for rule in load_rules():
        recent = Trace.objects.filter(
            measured_at__isnull=False, started_at__gte=at - timedelta(days=rule.settings["days"])
        )
        for key, members, details, assessor_id in LOOKS[rule.kind](rule.settings, recent):
            opened += open_case(rule, key, members, details, assessor_id, at)
    return opened


def _too_fast(settings: dict[str, Any], recent: QuerySet[Trace]) -> Iterator[Found]:
    rows = recent.filter(pace__lt=settings["seconds"], questions__gte=settings["questions"], passed=True)
    for trace in rows.order_by("started_at").iterator(chunk_size=BATCH):
        yield str(trace.attempt_id), [(trace.person_id, trace.attempt_id)], {"seconds": trace.pace}, None


def _same_device(settings: dict[str, Any], recent: QuerySet[Trace]) -> Iterator[Found]:
    alone = recent.filter(assessor_id__isnull=True).exclude(device="")
    devices = (
        alone.order_by()
        .values("device")
        .annotate(number=Count("person_id", distinct=True))
        .filter(number__gte=settings["people"])
    )
    for row in devices.iterator(chunk_size=BATCH):
        told = _told(alone.filter(device=row["device"]))
        batch = rules.crowd(told, span=timedelta(days=settings["within_days"]), people=settings["people"])
        if batch:
            week = local_date(batch[0][0]).strftime("%G-%V")
            yield f"{row['device']}:{week}", [one[1:] for one in batch], {"people": len(batch)}, None


def _told(rows: QuerySet[Trace]) -> list[tuple[datetime, uuid.UUID, uuid.UUID]]:
    found = rows.order_by("started_at").values_list("started_at", "person_id", "attempt_id")[:BATCH]
    return [(moment, person, attempt) for moment, person, attempt in found if moment is not None]


def _shared_answers(settings: dict[str, Any], recent: QuerySet[Trace]) -> Iterator[Found]:
    """Blocks are the tests of one neighbourhood on one day. One pass over everybody for the rates, one over the blocks."""
    rates: dict[str, rules.Rates] = {}
    everybody = recent.order_by().values_list("policy_code", "asked", "wrong").iterator(chunk_size=BATCH)
    for policy_code, asked, wrong in everybody:
        known = rates.setdefault(policy_code, rules.Rates(Counter(), Counter()))
        known.asked.update(asked)
        known.wrong.update(wrong)
    rows = (
        recent.filter(unit__isnull=False)
        .order_by("policy_code", "unit_id", "started_at")
        .values_list("policy_code", "unit_id", "started_at", "person_id", "attempt_id", "asked", "wrong")
        .iterator(chunk_size=BATCH)
    )
    for (policy_code, unit_id, day), told in groupby(rows, key=lambda row: (row[0], row[1], _day(row[2]))):
        for number, block in enumerate(rules.in_slices(told, settings["block"])):
            found = rules.sharing([(row[5], row[6]) for row in block], rates[policy_code])
            if found.pairs < settings["pairs"] or found.chance > settings["chance"]:
                continue
            members = [(row[3], row[4]) for row in block if found.marks.intersection(row[6])]
            if len(members) >= settings["people"]:
                details = {"people": len(members), "pairs": found.pairs, "expected": round(found.expected, 2)}
                yield f"{policy_code}:{unit_id}:{day}:{number}", members, details, None


def _day(moment: datetime | None) -> str:
    return local_date(moment).isoformat() if moment else ""


def _odd_assessor(settings: dict[str, Any], recent: QuerySet[Trace]) -> Iterator[Found]:
    watched = recent.filter(assessor_id__isnull=False)
    totals = {
        row["policy_code"]: (row["number"], row["there"])
        for row in watched.order_by()
        .values("policy_code")
        .annotate(number=Count("attempt_id"), there=Count("attempt_id", filter=Q(passed=True)))
    }
    rows = (
        watched.order_by()
        .values("policy_code", "assessor_id")
        .annotate(number=Count("attempt_id"), there=Count("attempt_id", filter=Q(passed=True)), last=Max("started_at"))
        .filter(number__gte=settings["results"])
    )
    for row in rows.iterator(chunk_size=BATCH):
        everybody, passed = totals[row["policy_code"]]
        found = rules.stands_out(
            row["there"],
            row["number"],
            passed - row["there"],
            everybody - row["number"],
            z=settings["z"],
            above=settings["above"],
        )
        if found is None:
            continue
        theirs = watched.filter(assessor_id=row["assessor_id"], policy_code=row["policy_code"], passed=True)
        codes = {
            str(attempt_id): (person_id, attempt_id)
            for person_id, attempt_id in theirs.order_by("-started_at").values_list("person_id", "attempt_id")[:BATCH]
        }
        quarter = f"{local_date(row['last']):%Y}-{(local_date(row['last']).month + 2) // 3}"
        seed = f"{row['assessor_id']}:{quarter}"
        sample = [codes[code] for code in rules.draw(codes, seed, settings["sample"])]
        details = {
            "results": row["number"],
            "passed": row["there"],
            "others": everybody - row["number"],
            "others_passed": passed - row["there"],
            "z": round(found, 1),
            "seed": seed,
        }
        yield f"{row['assessor_id']}:{row['policy_code']}:{quarter}", sample, details, row["assessor_id"]


def _night_batch(settings: dict[str, Any], recent: QuerySet[Trace]) -> Iterator[Found]:
    nights = recent.filter(night_on__isnull=False, unit__isnull=False)
    groups = (
        nights.order_by()
        .values("night_on", "unit_id")
        .annotate(number=Count("person_id", distinct=True))
        .filter(number__gte=settings["people"])
    )
    for row in groups.iterator(chunk_size=BATCH):
        told = _told(nights.filter(night_on=row["night_on"], unit_id=row["unit_id"]))
        batch = rules.crowd(told, span=timedelta(minutes=settings["minutes"]), people=settings["people"])
        if batch:
            yield f"{row['unit_id']}:{row['night_on']}", [one[1:] for one in batch], {"people": len(batch)}, None


def _incident(settings: dict[str, Any], recent: QuerySet[Trace]) -> Iterator[Found]:
    held = Incident.objects.filter(kind__in=HOLDING, person__isnull=False).order_by("happened_at", "id")
    for incident in held.iterator(chunk_size=BATCH):
        if incident.person_id is None:
            continue
        trace = recent.filter(person_id=incident.person_id).order_by("-started_at")
        seat = Seat.objects.filter(
            person_id=incident.person_id, sitting_id=incident.sitting_id, attempt_id__isnull=False
        ).first()
        found = trace.filter(attempt_id=seat.attempt_id).first() if seat and seat.attempt_id else None
        if found is not None:
            details = {"incident": incident.kind, "sitting": str(incident.sitting_id)}
            yield str(incident.pk), [(found.person_id, found.attempt_id)], details, found.assessor_id


LOOKS: dict[str, Callable[[dict[str, Any], QuerySet[Trace]], Iterator[Found]]] = {
    RuleKind.TOO_FAST: _too_fast,
    RuleKind.SAME_DEVICE: _same_device,
    RuleKind.SHARED_ANSWERS: _shared_answers,
    RuleKind.ODD_ASSESSOR: _odd_assessor,
    RuleKind.NIGHT_BATCH: _night_batch,
    RuleKind.INCIDENT: _incident,
}


@transaction.atomic
def open_case(
    rule: IntegrityRule,
    key: str,
    members: Sequence[tuple[uuid.UUID, uuid.UUID]],
    details: dict[str, Any],
    assessor_id: uuid.UUID | None,
    at: datetime,
) -> bool:
    """Open a case, once; whether it is new. Tests that join an open case later are added to it."""
    case = Case.objects.filter(kind=rule.kind, key=key).first()
    fresh = case is None
    if case is None:
        trace = Trace.objects.filter(person_id=members[0][0], attempt_id=members[0][1]).first()
        commune = Unit.objects.filter(path=trace.area).first() if trace and trace.area else None
        case, fresh = Case.objects.get_or_create(
            kind=rule.kind,
            key=key,
            defaults={
                "rule": rule,
                "unit": commune,
                "assessor_id": assessor_id,
                "people": len({person for person, _ in members}),
                "details": details,
                "opened_at": at,
            },
        )
    if not fresh and case.state != "OPEN":
        return False
    CaseMember.objects.bulk_create(
        [CaseMember(person_id=person, case=case, attempt_id=attempt) for person, attempt in members],
        ignore_conflicts=True,
    )
    if fresh:
        record_audit(
            at=at,
            action="assessment.case.opened",
            object_type="case",
            object_id=case.pk,
            actor_name=SYSTEM,
            unit_id=case.unit_id,
            new={"kind": rule.kind, "rule": str(rule), "people": case.people},
        )
    return fresh
