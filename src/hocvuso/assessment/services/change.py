"""Change in what people can do (R-12): a short check before, and what they still do 30 and 90 days after confirmation."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment import adaptive, rules
from hocvuso.assessment.bank import open_questions
from hocvuso.assessment.choices import Round
from hocvuso.assessment.errors import (
    AlreadyAnswered,
    AnswerFromElsewhere,
    AnswerUnreadable,
    BankTooSmall,
    NoSuchPlacement,
    NothingAsked,
)
from hocvuso.assessment.models import FollowUp, Placement
from hocvuso.curriculum.public import LessonCard, PathCard, Service, lessons_of_path, published_paths
from hocvuso.evidence.public import Assurance, KindDefinition, Milestone, milestones_of, record_evidence, register_kind
from hocvuso.kernel.clock import local_date
from hocvuso.people.public import Person, Purpose, has_consent

SOURCE = "assessment"
FEWEST, MOST = 6, 10
# Sure enough to stop after FEWEST questions.
SURE = 0.75
KEPT_WITHOUT_OWNER = timedelta(days=90)
ASKED_UNTIL = {Round.DAY_30: 89, Round.DAY_90: 365}

PLACED = KindDefinition("PLACEMENT_TAKEN", _("Took the short check before learning"), ("PLACED",))
STILL_30 = KindDefinition("STILL_USES_30", _("Still does it 30 days after confirmation"), ("USED_30D",))
STILL_90 = KindDefinition("STILL_USES_90", _("Still does it 90 days after confirmation"), ("USED_90D",))
KIND_OF_ROUND = {Round.DAY_30: STILL_30, Round.DAY_90: STILL_90}
_dice = random.SystemRandom()


def register_kinds() -> None:
    for kind in (PLACED, STILL_30, STILL_90):
        register_kind(kind)


# --- where to start -----------------------------------------------------------------------------------------------


@transaction.atomic
def begin_placement(*, person: Person | None, group: str, at: datetime) -> Placement:
    """Begin the short check; without a person it belongs to the device alone. Raises BankTooSmall.

    Its questions are the quick ones everybody may see in lessons, so that no question of the tests gets about through it.
    """
    owner = person if person is not None and has_consent(person, Purpose.LEARNING) else None
    placement = Placement(person=owner, group=group, started_at=at)
    if len(open_questions()) < FEWEST or not _draw_next(placement):
        raise BankTooSmall
    placement.claimed_at = at if owner else None
    placement.save()
    return placement


def find_placement(placement_id: uuid.UUID | None) -> Placement:
    """Raises NoSuchPlacement."""
    placement = Placement.objects.filter(id=placement_id).first() if placement_id else None
    if placement is None:
        raise NoSuchPlacement
    return placement


@transaction.atomic
def answer_placement(*, placement_id: uuid.UUID, position: int, chosen: object, at: datetime) -> Placement:
    """Keep an answer; the next question follows from it, until enough is known. The same answer again changes nothing.

    Raises NoSuchPlacement, AnswerUnreadable, AnswerFromElsewhere, AlreadyAnswered.
    """
    placement = Placement.objects.select_for_update().filter(id=placement_id).first()
    if placement is None or not 1 <= position <= len(placement.paper):
        raise NoSuchPlacement
    question = placement.paper[position - 1]
    names = rules.readable(question, chosen)
    if position <= len(placement.answers):
        if placement.answers[position - 1]["chosen"] == names:
            return placement
        raise AlreadyAnswered
    if names is None:
        raise AnswerFromElsewhere if chosen and rules.is_foreign(question, chosen) else AnswerUnreadable
    placement.answers = [*placement.answers, {"chosen": names, "right": rules.is_correct(question, names)}]
    placement.ability, placement.ability_error = adaptive.estimate(
        [(one["a"], one["b"]) for one in placement.paper], [one["right"] for one in placement.answers]
    )
    if _knows_enough(placement) or not _draw_next(placement):
        placement.finished_at = at
    placement.save()
    if placement.finished_at and placement.person_id:
        _write_down(placement, at)
    return placement


def _knows_enough(placement: Placement) -> bool:
    given = len(placement.answers)
    return given >= MOST or (given >= FEWEST and (placement.ability_error or adaptive.PRIOR_SPREAD) < SURE)


def _draw_next(placement: Placement) -> bool:
    """Add the next question: of a lesson asked about least, among the most telling ones. False when none is left."""
    used = {question["id"] for question in placement.paper}
    candidates = [one for one in open_questions() if one["id"] not in used and one["kind"] != rules.PRACTICE]
    if not candidates:
        return False
    asked = Counter(question["lesson"] for question in placement.paper)
    least = min(asked[one["lesson"]] for one in candidates)
    fitting = [one for one in candidates if asked[one["lesson"]] == least]
    place = adaptive.pick(placement.ability or 0.0, [(one["a"], one["b"]) for one in fitting], _dice)
    placement.paper = [*placement.paper, rules.drawn(fitting[place], _dice)]
    return True


@transaction.atomic
def claim_placement(*, person: Person, placement_id: uuid.UUID, at: datetime) -> bool:
    """The short check of this device becomes the person's, once they agreed that results are kept. False when it is not, or is
    somebody's already. Taking over twice is harmless.
    """
    if not has_consent(person, Purpose.LEARNING):
        return False
    placement = Placement.objects.select_for_update().filter(id=placement_id, person__isnull=True).first()
    if placement is None:
        return False
    placement.person, placement.claimed_at = person, at
    placement.save(update_fields=["person", "claimed_at"])
    if placement.finished_at:
        _write_down(placement, at)
    return True


def _write_down(placement: Placement, at: datetime) -> None:
    """The "before" in the ledger; the first check of a person is the one that counts as their start."""
    if placement.person_id is None or placement.finished_at is None:
        return
    record_evidence(
        person_id=placement.person_id,
        kind=PLACED.code,
        subject=f"placement:{placement.group}",
        assurance=Assurance.OBSERVED,
        source=SOURCE,
        occurred_at=placement.finished_at,
        at=at,
        id=placement.id,
        details={
            "ability": placement.ability,
            "error": placement.ability_error,
            "right": sum(one["right"] for one in placement.answers),
            "questions": len(placement.answers),
        },
    )


@dataclass(frozen=True)
class Advice:
    """Where to start: the path, the lesson to begin with (none: straight to the test), and lessons that may be left out."""

    path: PathCard | None
    start: LessonCard | None
    known: tuple[LessonCard, ...]
    right: int
    questions: int


def advice_of(placement: Placement) -> Advice:
    """What a finished check suggests. A lesson is known when every question about it was right, or, where none was asked, when
    its questions are easy for what the person can do.
    """
    paths = [one for one in published_paths() if one.group == placement.group]
    path = next((one for one in paths if one.policy), paths[0] if paths else None)
    cards = lessons_of_path(path.slug) if path else []
    asked: dict[str, list[bool]] = {}
    for question, given in zip(placement.paper, placement.answers, strict=False):
        asked.setdefault(question["lesson"], []).append(given["right"])
    hard = _difficulty_of_lessons()
    known = tuple(
        card for card in cards if _is_known(asked.get(card.slug), hard.get(card.slug), placement.ability or 0.0)
    )
    start = next((card for card in cards if card not in known), None)
    right = sum(one["right"] for one in placement.answers)
    return Advice(path, start, known, right, len(placement.answers))


def _difficulty_of_lessons() -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for question in open_questions():
        found.setdefault(question["lesson"], []).append(question["b"])
    return {lesson: sum(values) / len(values) for lesson, values in found.items()}


def _is_known(answers: Sequence[bool] | None, difficulty: float | None, ability: float) -> bool:
    if answers:
        return all(answers)
    return difficulty is not None and adaptive.right_ratios(ability, [(1.0, difficulty)])[0] >= 0.85


def forget_old_placements(*, at: datetime) -> int:
    """Remove checks that nobody took over in 90 days."""
    return Placement.objects.filter(person__isnull=True, started_at__lt=at - KEPT_WITHOUT_OWNER).delete()[0]


# --- 30 and 90 days after ------------------------------------------------------------------------------------------


def due_round(person: Person, at: datetime) -> Round | None:
    """The round a confirmed person is to be asked now, if any. At most two queries."""
    confirmed = milestones_of(person.pk).get(Milestone.CONFIRMED)
    if confirmed is None:
        return None
    days = (local_date(at) - local_date(confirmed.reached_at)).days
    found = next((one for one in Round if one <= days <= ASKED_UNTIL[one]), None)
    if found is None or FollowUp.objects.filter(person=person, round=found).exists():
        return None
    return found


@transaction.atomic
def record_follow_up(*, person: Person, services: Sequence[str], at: datetime) -> FollowUp:
    """Keep what somebody says they still do, once a round; nothing ticked is an answer too and reaches no milestone.

    Raises NothingAsked outside the two windows or when it was answered before.
    """
    Person.objects.select_for_update().only("id").get(pk=person.pk)
    round_now = due_round(person, at)
    if round_now is None:
        raise NothingAsked
    kept = [code for code in Service.values if code in set(services)]
    row = FollowUp.objects.create(person=person, round=round_now, services=kept, answered_at=at)
    if kept:
        record_evidence(
            person_id=person.pk,
            kind=KIND_OF_ROUND[round_now].code,
            subject=f"round:{int(round_now)}",
            assurance=Assurance.DECLARED,
            source=SOURCE,
            occurred_at=at,
            at=at,
            details={"services": kept},
        )
    return row
