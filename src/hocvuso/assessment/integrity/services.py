"""What officers do about suspicions: decide on a case, fix a list for re-tests, draw from it when the seed is there."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from hocvuso.assessment.choices import AttemptState
from hocvuso.assessment.integrity import rules
from hocvuso.assessment.integrity.errors import DecisionNotPossible, NobodyToDraw, NoSuchCase, OwnCase
from hocvuso.assessment.integrity.sweep import sweep
from hocvuso.assessment.models import (
    Attempt,
    Case,
    CaseMember,
    Incident,
    Rescoring,
    RetestDraw,
    RetestEntry,
    Seat,
    Trace,
)
from hocvuso.assessment.models.integrity import CaseState, DrawState, RuleKind
from hocvuso.assessment.models.sittings import HOLDING
from hocvuso.assessment.presence import supervised_entry
from hocvuso.assessment.signals import AttemptGraded, CaseFound, cleared_listeners, found_listeners
from hocvuso.assessment.sittings.records import count_again
from hocvuso.assessment.sittings.walkins import forget_old as forget_old_walk_ins
from hocvuso.evidence.public import Evidence, Seal, revoke_evidence
from hocvuso.kernel.clock import local_date
from hocvuso.kernel.ids import new_id
from hocvuso.kernel.models import record_audit
from hocvuso.people.public import Capability, Person, check_may, reach_of
from hocvuso.units.public import Unit

MOST_LISTED = 50_000
BATCH = 1_000
KEEP_MARKS = timedelta(days=180)


def get_case(person: Person, case_id: uuid.UUID, on: date) -> Case:
    """A case within reach of somebody who inspects. Raises NoSuchCase for anything else."""
    reach = reach_of(person, Capability.AUDIT, on)
    found = Case.objects.select_related("rule", "unit").filter(reach.paths("unit__path"), pk=case_id).first()
    if found is None:
        raise NoSuchCase
    return found


@transaction.atomic
def decide(*, actor: Person, case: Case, state: str, reason: str, at: datetime) -> Case:
    """Decide on a case: cleared, a re-test asked for, or found irregular; the reason is of the closed list.

    Nothing is taken away by it: what was confirmed or certified stays until an officer of that unit revokes it. What waited for
    a case that is cleared is told at once (assessment.on_cleared). Raises
    NotAllowed, OutOfReach, OwnCase, DecisionNotPossible. Writes the audit trail.
    """
    row = Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=case.pk)
    if row.unit is None:
        raise NoSuchCase
    check_may(actor, Capability.AUDIT, row.unit, local_date(at))
    if row.assessor_id == actor.pk or CaseMember.objects.filter(person_id=actor.pk, case=row).exists():
        raise OwnCase
    if not rules.may_decide(row.state, state, reason):
        raise DecisionNotPossible
    before, row.state, row.reason = row.state, CaseState(state), reason
    row.decided_at, row.decided_by = at, actor.pk
    row.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    record_audit(
        at=at,
        action="assessment.case.decided",
        object_type="case",
        object_id=row.pk,
        actor_id=actor.pk,
        unit_id=row.unit_id,
        old={"state": before},
        new={"state": state, "reason": reason},
    )
    touched = list(row.members.order_by("person_id", "attempt_id").values_list("person_id", "attempt_id"))
    if state == CaseState.FOUND:
        event = CaseFound(row.pk, tuple(touched), reason, actor.pk, at)
        for listener in found_listeners():
            listener(event)
    if state == CaseState.CLEARED:
        tell_cleared(touched, at)
    return row


def doubts_of(attempts: Collection[tuple[uuid.UUID, uuid.UUID]]) -> dict[tuple[uuid.UUID, uuid.UUID], CaseState]:
    """Which of these (person, attempt) are looked at again, and how far that is; those that are clean are left out.

    In doubt: a case that is not cleared, a holding incident of the sitting whose case is not cleared, a pass that a void question
    took away and nobody has decided on. Their certificate and their confirmation wait. At most five queries.
    """
    wanted, people = set(attempts), {person for person, _ in attempts}
    found: dict[tuple[uuid.UUID, uuid.UUID], CaseState] = {}
    members = CaseMember.objects.filter(person_id__in=people, cleared_at__isnull=True)
    members = members.exclude(case__state=CaseState.CLEARED)
    for person, attempt, state in members.values_list("person_id", "attempt_id", "case__state"):
        if found.get((person, attempt)) != CaseState.FOUND:
            found[person, attempt] = CaseState(state)
    waiting = Rescoring.objects.filter(person_id__in=people, needs_people=True, decided_at__isnull=True)
    held = [*waiting.values_list("person_id", "attempt_id"), *_held_by_incident(people)]
    for pair in held:
        found.setdefault(pair, CaseState.OPEN)
    return {pair: state for pair, state in found.items() if pair in wanted}


def _held_by_incident(people: Collection[uuid.UUID]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Tests in whose sitting something holding happened to the person, unless its case was cleared."""
    incidents = list(
        Incident.objects.filter(person_id__in=people, kind__in=HOLDING).values_list("id", "person_id", "sitting_id")
    )
    if not incidents:
        return set()
    keys = [str(incident) for incident, _, _ in incidents]
    cleared = Case.objects.filter(kind=RuleKind.INCIDENT, key__in=keys).filter(
        Q(state=CaseState.CLEARED) | Q(members__cleared_at__isnull=False)
    )
    settled = set(cleared.values_list("key", flat=True))
    places = {(person, sitting) for incident, person, sitting in incidents if str(incident) not in settled}
    seats = Seat.objects.filter(person_id__in=people, attempt_id__isnull=False)
    return {
        (person, attempt)
        for person, sitting, attempt in seats.values_list("person_id", "sitting_id", "attempt_id")
        if attempt is not None and (person, sitting) in places
    }


def attempts_in_doubt(attempts: Collection[tuple[uuid.UUID, uuid.UUID]]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Which of these (person, attempt) are looked at again (`doubts_of`)."""
    return set(doubts_of(attempts))


def passes_in_doubt(person_id: uuid.UUID) -> list[tuple[Attempt, CaseState]]:
    """A person's passed tests that are looked at again, newest first. At most six queries."""
    passed = list(
        Attempt.objects.filter(person_id=person_id, state=AttemptState.GRADED, passed=True)
        .select_related("policy")
        .order_by("-graded_at", "-id")
    )
    doubts = doubts_of([(person_id, attempt.id) for attempt in passed])
    return [(attempt, doubts[person_id, attempt.id]) for attempt in passed if (person_id, attempt.id) in doubts]


def tell_cleared(attempts: Collection[tuple[uuid.UUID, uuid.UUID]], at: datetime) -> None:
    """Nothing may be wrong with these any more: for passes that are clean now, call the listeners of `on_cleared`."""
    clean = set(attempts) - attempts_in_doubt(attempts)
    rows = Attempt.objects.filter(
        person_id__in={person for person, _ in clean}, id__in={attempt for _, attempt in clean}, passed=True
    )
    for attempt in rows.filter(state=AttemptState.GRADED).select_related("policy").order_by("person_id", "id"):
        event = AttemptGraded(
            attempt.person_id,
            attempt.id,
            attempt.policy.code,
            attempt.policy.version,
            True,
            float(attempt.score_ratio or 0),
            at,
        )
        for listener in cleared_listeners():
            listener(event)


def clear_after_all(person_id: uuid.UUID, attempt_id: uuid.UUID, case_id: uuid.UUID, at: datetime) -> None:
    """What a case found irregular was in order for this person: nothing holds their result any more."""
    CaseMember.objects.filter(person_id=person_id, attempt_id=attempt_id, case_id=case_id).update(cleared_at=at)
    tell_cleared([(person_id, attempt_id)], at)


def take_back_pass(*, actor: Person, person_id: uuid.UUID, attempt_id: uuid.UUID, reason: str, at: datetime) -> int:
    """The pass counts nowhere any more; the attempt stays as it was taken. Answers how many entries were revoked (again: 0)."""
    rows = Evidence.objects.filter(person_id=person_id)
    revoked = rows.filter(revokes__isnull=False).values_list("revokes", flat=True)
    entries = set(rows.filter(id__in=[attempt_id, supervised_entry(attempt_id)]).values_list("id", flat=True))
    standing = sorted(entries - set(revoked))
    for entry_id in standing:
        revoke_evidence(actor=actor, person_id=person_id, evidence_id=entry_id, reason=reason, at=at)
    return len(standing)


def looked_at(person_id: uuid.UUID, since: datetime) -> dict[uuid.UUID, datetime]:
    """The person's tests that were looked at again and found in order since then, with the day. One query."""
    rows = CaseMember.objects.filter(person_id=person_id, case__state=CaseState.CLEARED, case__decided_at__gte=since)
    days = rows.order_by("case__decided_at").values_list("attempt_id", "case__decided_at")
    return {attempt: day for attempt, day in days if day is not None}


# --- draws -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def fix_list(*, actor: Person, unit: Unit, since: date, until: date, wanted: int, at: datetime) -> RetestDraw:
    """Fix the list of tests passed in a unit between two days, before anybody can know the seed.

    Raises NotAllowed, OutOfReach, NobodyToDraw. Writes the audit trail.
    """
    check_may(actor, Capability.AUDIT, unit, local_date(at))
    passed = Trace.objects.filter(
        unit__path__startswith=unit.path,
        passed=True,
        measured_at__isnull=False,
        graded_at__date__gte=since,
        graded_at__date__lte=until,
    )
    rows = list(passed.order_by("attempt_id").values_list("person_id", "attempt_id")[:MOST_LISTED])
    if not rows:
        raise NobodyToDraw
    draw_id = new_id()
    entries = [
        RetestEntry(person_id=person, draw_id=draw_id, attempt_id=attempt, code=rules.entry_code(attempt, draw_id))
        for person, attempt in rows
    ]
    draw = RetestDraw.objects.create(
        id=draw_id,
        unit=unit,
        since=since,
        until=until,
        wanted=wanted,
        listed=len(entries),
        list_hash=rules.list_hash(entry.code for entry in entries),
        fixed_at=at,
        fixed_by=actor.pk,
    )
    RetestEntry.objects.bulk_create(entries, batch_size=BATCH)
    record_audit(
        at=at,
        action="assessment.draw.fixed",
        object_type="draw",
        object_id=draw.pk,
        actor_id=actor.pk,
        unit_id=unit.pk,
        new={"listed": draw.listed, "wanted": wanted, "list_hash": draw.list_hash},
    )
    return draw


def draw_due(*, at: datetime) -> int:
    """Draw every fixed list for which a later seal of the ledger is there; answers how many. Background work."""
    done = 0
    for draw in RetestDraw.objects.filter(state=DrawState.WAITING).order_by("fixed_at"):
        seal = Seal.objects.filter(sealed_at__gt=draw.fixed_at).order_by("day").first()
        if seal is not None:
            _draw(draw.pk, seal, at)
            done += 1
    return done


@transaction.atomic
def _draw(draw_id: uuid.UUID, seal: Seal, at: datetime) -> None:
    row = RetestDraw.objects.select_for_update().filter(pk=draw_id, state=DrawState.WAITING).first()
    if row is None:
        return
    codes = list(RetestEntry.objects.filter(draw=row).values_list("code", flat=True))
    picked = rules.draw(codes, seal.link, row.wanted)
    for part in rules.in_slices(picked, BATCH):
        RetestEntry.objects.filter(draw=row, code__in=part).update(picked=True)
    row.state, row.seed, row.seal_day, row.drawn_at = DrawState.DRAWN, seal.link, seal.day, at
    row.save(update_fields=["state", "seed", "seal_day", "drawn_at"])
    record_audit(
        at=at,
        action="assessment.draw.drawn",
        object_type="draw",
        object_id=row.pk,
        actor_name="system:integrity",
        unit_id=row.unit_id,
        new={"seed": row.seed, "picked": len(picked)},
    )


def forget_old(*, at: datetime) -> int:
    """Phones and answer marks of old tests go: half a year is enough to look (data law: kept no longer than needed)."""
    old = Trace.objects.filter(started_at__lt=at - KEEP_MARKS).exclude(device="", asked=[], wrong=[])
    return old.update(device="", asked=[], wrong=[])


def watch(*, at: datetime) -> int:
    """Everything that is due about integrity: measure, look, draw, forget. Answers how many cases are new."""
    count_again(at=at)
    opened = sweep(at=at)
    draw_due(at=at)
    forget_old(at=at)
    forget_old_walk_ins(before=at - KEEP_MARKS)
    return opened
