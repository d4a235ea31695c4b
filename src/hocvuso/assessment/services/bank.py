"""Keeping the bank: numbers of each item, retirement, void questions and the results they touched, calibration."""

from __future__ import annotations

import math
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from hocvuso.assessment import adaptive, rules
from hocvuso.assessment.bank import parameters
from hocvuso.assessment.choices import AttemptState, ItemState, Verdict
from hocvuso.assessment.errors import NoSuchItem, NoSuchRescoring, ReasonMissing
from hocvuso.assessment.models import Answer, Attempt, BankClock, Item, Rescoring
from hocvuso.assessment.services.attempts import (
    announce,
    frozen_of,
    practice_is_right,
    take_turns,
    void_positions,
)
from hocvuso.assessment.signals import AttemptRescored, attempt_rescored
from hocvuso.curriculum.public import graded_questions, replay_practice
from hocvuso.kernel.models import record_audit
from hocvuso.people.public import Person

COUNTED_AT_ONCE = 200
RESCORED_AT_ONCE = 200
# A test graded at the very moment a question was declared void may be written down a little later.
LATE = timedelta(minutes=10)
FEWEST_ANSWERS = 200
MOST_ATTEMPTS = 20_000
LOWEST_DISCRIMINATION, HIGHEST_DISCRIMINATION = 0.3, 3.0


@transaction.atomic
def refresh_items(*, at: datetime) -> int:
    """Give every graded question its item; answers how many are new."""
    known = set(Item.objects.values_list("code", flat=True))
    papers = BankClock.objects.values_list("papers", flat=True).first() or 0
    fresh = []
    for question in graded_questions():
        if question["id"] in known:
            continue
        a, b = parameters(question, None)
        fresh.append(
            Item(
                code=question["id"],
                skill=question["skill"],
                discrimination=a,
                difficulty=b,
                revision=question["revision"],
                papers_before=papers,
                exposure_limit=adaptive.EXPOSURE_LIMIT,
                changed_at=at,
            )
        )
    Item.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


# --- numbers ------------------------------------------------------------------------------------------------------


@transaction.atomic
def count_graded(*, at: datetime, limit: int = COUNTED_AT_ONCE) -> int:
    """Count graded papers in the numbers of their items, at most `limit`; answers how many. Each paper counts once."""
    clock, _ = BankClock.objects.get_or_create(id=1)
    clock = BankClock.objects.select_for_update().get(id=1)
    waiting = Attempt.objects.filter(state=AttemptState.GRADED, counted=False).order_by("id")
    batch = list(waiting.values_list("person_id", "id")[:limit])
    if not batch:
        return 0
    ids = [attempt_id for _, attempt_id in batch]
    people = {person_id for person_id, _ in batch}
    papers: dict[uuid.UUID, list[tuple[str, bool, bool]]] = defaultdict(list)
    rows = Answer.objects.filter(person_id__in=people, attempt_id__in=ids)
    for attempt_id, item, correct, chosen in rows.values_list("attempt_id", "item", "correct", "chosen"):
        papers[attempt_id].append((item, correct, bool(chosen)))
    clock.papers += len(batch)
    clock.save(update_fields=["papers"])
    _add_up(papers.values(), clock.papers, at)
    Attempt.objects.filter(person_id__in=people, id__in=ids).update(counted=True)
    return len(batch)


def _add_up(papers: Iterable[list[tuple[str, bool, bool]]], total: int, at: datetime) -> None:
    items = {item.code: item for item in Item.objects.all()}
    for paper in papers:
        right_on_paper = sum(correct for _, correct, _ in paper)
        for code, correct, answered in paper:
            item = items.get(code)
            if item is None:
                continue
            item.drawn += 1
            if not answered:
                continue
            rest = right_on_paper - correct
            item.answered += 1
            item.right += correct
            item.rest_sum += rest
            item.rest_square_sum += rest * rest
            item.rest_right_sum += rest if correct else 0
    for item in items.values():
        since = total - item.papers_before
        item.exposure_ratio = item.drawn / since if since > 0 else 0.0
    Item.objects.bulk_update(
        items.values(),
        ["drawn", "answered", "right", "rest_sum", "rest_square_sum", "rest_right_sum", "exposure_ratio"],
    )


def discrimination_index(item: Item) -> float | None:
    """How answers to an item go with the rest of the paper: the point-biserial correlation, −1 to 1; none while nothing can be said."""
    n, right = item.answered, item.right
    if n < 2 or right in {0, n}:
        return None
    mean = item.rest_sum / n
    variance = item.rest_square_sum / n - mean * mean
    if variance <= 0:
        return None
    share = right / n
    return (item.rest_right_sum / right - mean) / math.sqrt(variance) * math.sqrt(share / (1 - share))


# --- retirement and void questions --------------------------------------------------------------------------------


@transaction.atomic
def set_state(*, actor: Person, code: str, state: ItemState, reason: str, at: datetime) -> Item:
    """Retire a question, take it back, or declare it void.

    A void question counts for nobody: tests under way leave it out when they are graded, results already given are computed
    again (`rescore_voided`), at once for the first of them. Void stays void. Raises NoSuchItem, ReasonMissing.
    """
    item = Item.objects.select_for_update().filter(code=code).exclude(state=ItemState.VOIDED).first()
    if item is None:
        raise NoSuchItem
    if not reason.strip():
        raise ReasonMissing
    old = item.state
    item.state, item.reason, item.changed_at = state, reason.strip()[:300], at
    item.rescored = state != ItemState.VOIDED
    item.save(update_fields=["state", "reason", "changed_at", "rescored"])
    record_audit(
        at=at,
        action=f"assessment.item.{state.lower()}",
        object_type="item",
        object_id=code,
        actor_id=actor.pk,
        old={"state": old},
        new={"state": str(state), "reason": item.reason},
    )
    return item


def rescore_voided(*, at: datetime, limit: int = RESCORED_AT_ONCE) -> int:
    """Compute again results that void questions touched, at most `limit` of each; answers how many. Runs twice without harm."""
    done = 0
    for item in Item.objects.filter(state=ItemState.VOIDED, rescored=False):
        again = Rescoring.objects.filter(
            person_id=OuterRef("person_id"), attempt_id=OuterRef("attempt_id"), item=item.code
        )
        graded = Attempt.objects.filter(
            person_id=OuterRef("person_id"), id=OuterRef("attempt_id"), state=AttemptState.GRADED
        )
        rows = Answer.objects.filter(~Exists(again), Exists(graded), item=item.code)
        touched = list(rows.values_list("person_id", "attempt_id")[:limit])
        people = Person.objects.in_bulk({person_id for person_id, _ in touched})
        for person_id, attempt_id in touched:
            _rescore(people[person_id], attempt_id, item, at)
        done += len(touched)
        if len(touched) < limit and item.changed_at and at - item.changed_at > LATE:
            Item.objects.filter(pk=item.pk).update(rescored=True)
    return done


@transaction.atomic
def _rescore(person: Person, attempt_id: uuid.UUID, item: Item, at: datetime) -> None:
    take_turns(person)
    attempt = Attempt.objects.select_related("policy").get(person=person, id=attempt_id)
    if attempt.is_open or Rescoring.objects.filter(person=person, attempt_id=attempt_id, item=item.code).exists():
        return
    voided = void_positions(attempt.paper)
    rows = Answer.objects.filter(person=person, attempt_id=attempt_id, correct=True)
    result = rules.grade(attempt.paper, set(rows.values_list("position", flat=True)), frozen_of(attempt), voided)
    lost = bool(attempt.passed) and not result.passed
    Rescoring.objects.create(
        person=person,
        attempt_id=attempt_id,
        item=item.code,
        reason=item.reason,
        at=at,
        old_correct=attempt.correct or 0,
        old_counted=len(attempt.paper) - len(attempt.voided),
        old_ratio=attempt.score_ratio or 0,
        old_passed=bool(attempt.passed),
        new_correct=result.correct,
        new_counted=result.counted,
        new_ratio=result.ratio,
        new_passed=result.passed,
        needs_people=lost,
    )
    event = AttemptRescored(person.pk, attempt_id, item.code, bool(attempt.passed), result.passed, at)
    transaction.on_commit(lambda: attempt_rescored.send_robust(sender=Attempt, event=event))
    if lost:
        return  # the result stands until people have looked at it
    won = result.passed and not attempt.passed
    attempt.voided = voided
    attempt.correct, attempt.score_ratio, attempt.passed = result.correct, result.ratio, result.passed
    attempt.ability, attempt.ability_error = result.ability, result.error
    attempt.save(update_fields=["voided", "correct", "score_ratio", "passed", "ability", "ability_error"])
    if won:
        announce(attempt, at)


@transaction.atomic
def decide_rescoring(
    *, actor: Person, person_id: uuid.UUID, rescoring_id: uuid.UUID, verdict: Verdict, at: datetime
) -> Rescoring:
    """People decided about a pass that a void question took away: the certificate stays, or goes to whoever may withdraw it.

    Nothing is withdrawn here. Raises NoSuchRescoring.
    """
    row = (
        Rescoring.objects.select_for_update()
        .filter(person_id=person_id, id=rescoring_id, needs_people=True, decided_at__isnull=True)
        .first()
    )
    if row is None:
        raise NoSuchRescoring
    row.verdict, row.decided_by, row.decided_at = verdict, actor.pk, at
    row.save(update_fields=["verdict", "decided_by", "decided_at"])
    record_audit(
        at=at,
        action="assessment.rescoring.decided",
        object_type="attempt",
        object_id=row.attempt_id,
        actor_id=actor.pk,
        new={"item": row.item, "verdict": str(verdict)},
    )
    return row


# --- recomputing and calibrating ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recomputed:
    """One old result computed again from what was frozen with it. `same`: nothing differs from what is stored."""

    attempt_id: uuid.UUID
    stored: tuple[int, str, bool]
    again: tuple[int, str, bool]
    answers_differ: int

    @property
    def same(self) -> bool:
        return self.stored == self.again and not self.answers_differ


def recompute(attempt: Attempt) -> Recomputed:
    """Grade every kept answer again by the keys on the paper, practice tasks by replaying their trace. Writes nothing."""
    right, differ = set(), 0
    for row in Answer.objects.filter(person_id=attempt.person_id, attempt_id=attempt.id):
        question = attempt.paper[row.position - 1]
        if question["kind"] == rules.PRACTICE:
            correct = bool(row.chosen) and practice_is_right(replay_practice(question["digest"], row.chosen))
        else:
            correct = rules.is_correct(question, row.chosen)
        differ += correct != row.correct
        if correct:
            right.add(row.position)
    result = rules.grade(attempt.paper, right, frozen_of(attempt), attempt.voided)
    stored = (attempt.correct or 0, str(attempt.score_ratio), bool(attempt.passed))
    return Recomputed(attempt.id, stored, (result.correct, str(result.ratio), result.passed), differ)


@dataclass(frozen=True)
class Calibrated:
    """What a calibration found: items with new parameters, those with too few answers, and how many people it rests on."""

    items: tuple[tuple[str, float, float, int], ...]  # code, discrimination, difficulty, answers
    too_few: int
    people: int


def calibrate(
    *, at: datetime, fewest: int = FEWEST_ANSWERS, most: int = MOST_ATTEMPTS, write: bool = True
) -> Calibrated:
    """Fit the two-parameter model to real answers by marginal maximum likelihood (girth, MIT licence).

    The newest `most` papers count, of each person the first answer to a question only. An item needs `fewest` answers, and both
    right and wrong ones. Papers taken before keep the parameters frozen on them.
    """
    answers = _first_answers(most)
    by_item: dict[str, int] = defaultdict(int)
    for given in answers.values():
        for code in given:
            by_item[code] += 1
    codes = sorted(code for code, count in by_item.items() if count >= fewest and _both(code, answers))
    if len(codes) < 3:
        return Calibrated((), len(by_item), len(answers))
    found = fit(codes, [given for given in answers.values() if any(code in given for code in codes)])
    items = tuple((code, a, b, by_item[code]) for code, (a, b) in zip(codes, found, strict=True))
    if write:
        _write_parameters(items, at)
    return Calibrated(items, len(by_item) - len(codes), len(answers))


def _first_answers(most: int) -> dict[uuid.UUID, dict[str, bool]]:
    newest = list(
        Attempt.objects.filter(state=AttemptState.GRADED)
        .order_by("-graded_at", "-id")
        .values_list("id", flat=True)[:most]
    )
    found: dict[uuid.UUID, dict[str, bool]] = defaultdict(dict)
    for start in range(0, len(newest), 500):
        rows = Answer.objects.filter(attempt_id__in=newest[start : start + 500]).exclude(item="")
        for person_id, item, correct, chosen in rows.order_by("answered_at").values_list(
            "person_id", "item", "correct", "chosen"
        ):
            if chosen:
                found[person_id].setdefault(item, correct)
    return found


def _both(code: str, answers: dict[uuid.UUID, dict[str, bool]]) -> bool:
    return len({given[code] for given in answers.values() if code in given}) == 2


def fit(codes: list[str], answers: list[dict[str, bool]]) -> list[adaptive.Parameters]:
    """Discrimination and difficulty of each code from answers (code → right), some of which may be missing."""
    import girth
    import numpy as np

    matrix = np.full((len(codes), len(answers)), girth.INVALID_RESPONSE, dtype=int)
    places = {code: place for place, code in enumerate(codes)}
    for column, given in enumerate(answers):
        for code, right in given.items():
            if code in places:
                matrix[places[code], column] = int(right)
    found = girth.twopl_mml(girth.tag_missing_data(matrix, [0, 1]))
    return [
        (
            round(min(max(float(a), LOWEST_DISCRIMINATION), HIGHEST_DISCRIMINATION), adaptive.DECIMALS),
            round(min(max(float(b), adaptive.LOWEST), adaptive.HIGHEST), adaptive.DECIMALS),
        )
        for a, b in zip(found["Discrimination"], found["Difficulty"], strict=True)
    ]


@transaction.atomic
def _write_parameters(items: Iterable[tuple[str, float, float, int]], at: datetime) -> None:
    refresh_items(at=at)
    known = Item.objects.in_bulk([code for code, *_ in items], field_name="code")
    for code, a, b, answers in items:
        if code not in known:
            continue
        item = known[code]
        item.discrimination, item.difficulty = a, b
        item.calibrated_at, item.calibrated_on, item.changed_at = at, answers, at
    Item.objects.bulk_update(
        known.values(), ["discrimination", "difficulty", "calibrated_at", "calibrated_on", "changed_at"]
    )
    record_audit(
        at=at,
        action="assessment.bank.calibrated",
        object_type="bank",
        object_id="bank",
        actor_name="system:assessment",
        new={"items": len(known)},
    )
