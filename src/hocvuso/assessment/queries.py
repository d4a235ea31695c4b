"""Reads of tests. Nothing here hands out a key before the test is graded."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hocvuso.assessment import rules
from hocvuso.assessment.choices import AttemptState
from hocvuso.assessment.models import Answer, Attempt, Policy, Rescoring
from hocvuso.curriculum.public import LessonCard, catalogue
from hocvuso.kernel import clock
from hocvuso.people.public import Person


@dataclass(frozen=True)
class ShownQuestion:
    """A question as a person sees it. options: (name, text) in the order drawn; chosen: names answered before, or none."""

    position: int
    total: int
    kind: str
    text: str
    options: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...] | None
    story: str = ""
    scene: Mapping[str, str] | None = None
    partners: tuple[tuple[str, str], ...] = ()
    practice: str = ""
    digest: str = ""
    title: str = ""


@dataclass(frozen=True)
class Missed:
    """A question that was not right: what was asked, why the chosen answer is tempting and wrong, which lesson helps."""

    text: str
    reasons: tuple[str, ...]
    lesson: str
    answered: bool = True


@dataclass(frozen=True)
class Result:
    """The result of a graded test. lessons: slugs to look at again, the most needed first.

    ratio: 0 to 1; of an adaptive test the share of the whole bank that the person would get right. voided: questions that count
    for nobody. again: the result was computed again after it was given.
    """

    passed: bool
    correct: int
    questions: int
    needed: int
    missed: tuple[Missed, ...]
    lessons: tuple[str, ...]
    adaptive: bool = False
    ratio: Decimal = Decimal(0)
    pass_ratio: Decimal = Decimal(0)
    voided: int = 0
    again: Rescoring | None = None


def newest_policies(on: date | None = None) -> list[Policy]:
    """The version of every policy that is in force on a day (today when not said), by title. One query."""
    newest: dict[str, Policy] = {}
    for policy in Policy.objects.in_force(on or clock.today()).order_by("code", "version"):
        newest[policy.code] = policy
    return sorted(newest.values(), key=lambda policy: policy.title)


def question_at(attempt: Attempt, position: int) -> ShownQuestion | None:
    """The question at a position (from 1), without its key; none past the end. One query."""
    if not 1 <= position <= len(attempt.paper):
        return None
    question = attempt.paper[position - 1]
    stored = Answer.objects.filter(person_id=attempt.person_id, attempt_id=attempt.id, position=position).first()
    return shown(question, position, attempt.total, stored.chosen if stored else None)


def shown(question: Mapping[str, Any], position: int, total: int, chosen: Sequence[str] | None) -> ShownQuestion:
    """A drawn question without its key."""
    return ShownQuestion(
        position=position,
        total=total,
        kind=question["kind"],
        text=question["text"],
        options=tuple((option["name"], option["text"]) for option in question["options"]),
        chosen=None if chosen is None else tuple(chosen),
        story=question.get("story", ""),
        scene=question.get("scene"),
        partners=tuple((partner["name"], partner["text"]) for partner in question.get("partners", ())),
        practice=question.get("practice", ""),
        digest=question.get("digest", ""),
        title=question.get("title", ""),
    )


def given_answers(attempt: Attempt) -> dict[int, list[str]]:
    """Position → what was chosen there. One query."""
    rows = Answer.objects.filter(person_id=attempt.person_id, attempt_id=attempt.id)
    return dict(rows.values_list("position", "chosen"))


def answered_positions(attempt: Attempt) -> set[int]:
    """One query."""
    rows = Answer.objects.filter(person_id=attempt.person_id, attempt_id=attempt.id)
    return set(rows.values_list("position", flat=True))


def next_position(attempt: Attempt) -> int | None:
    """The first question without an answer; none when all have one."""
    answered = answered_positions(attempt)
    return next((position for position in range(1, len(attempt.paper) + 1) if position not in answered), None)


def next_question(attempt: Attempt) -> ShownQuestion | None:
    """The first question without an answer, without its key."""
    position = next_position(attempt)
    return None if position is None else question_at(attempt, position)


def result_of(attempt: Attempt) -> Result:
    """The result with what to learn next. Raises ValueError while the test is under way. Two queries."""
    if attempt.is_open or attempt.correct is None:
        raise ValueError("the attempt is not graded")
    answers = {row.position: row for row in Answer.objects.filter(person_id=attempt.person_id, attempt_id=attempt.id)}
    missed: list[Missed] = []
    lessons: Counter[str] = Counter()
    for position, question in enumerate(attempt.paper, 1):
        stored = answers.get(position)
        if position in attempt.voided or (stored is not None and stored.correct):
            continue
        chosen = stored.chosen if stored else []
        missed.append(Missed(question["text"], _reasons(question, chosen), question["lesson"], bool(chosen)))
        if question["lesson"]:
            lessons[question["lesson"]] += 1
    total = (attempt.total if attempt.is_adaptive else len(attempt.paper)) - len(attempt.voided)
    pass_ratio = Decimal(attempt.frozen.get("pass_ratio", attempt.policy.pass_ratio))
    again = Rescoring.objects.filter(person_id=attempt.person_id, attempt_id=attempt.id).order_by("-at", "-id").first()
    return Result(
        passed=bool(attempt.passed),
        correct=attempt.correct,
        questions=total,
        needed=rules.needed(total, pass_ratio),
        missed=tuple(missed),
        lessons=tuple(slug for slug, _ in lessons.most_common()),
        adaptive=attempt.is_adaptive,
        ratio=attempt.score_ratio or Decimal(0),
        pass_ratio=pass_ratio,
        voided=len(attempt.voided),
        again=again,
    )


def _reasons(question: dict[str, Any], chosen: Any) -> tuple[str, ...]:
    """Why the chosen options that are wrong are wrong; the right ones are not given away."""
    if question["kind"] in {"order", "match", rules.PRACTICE}:
        return ()
    return tuple(
        option["why"]
        for option in question["options"]
        if option["name"] in chosen and not option["right"] and option["why"]
    )


def open_attempt_of(person: Person, at: datetime) -> Attempt | None:
    """The person's test that is under way, if any."""
    return (
        Attempt.objects.select_related("policy")
        .filter(person=person, state=AttemptState.OPEN, deadline_at__gte=at)
        .first()
    )


def open_attempts_of(person: Person) -> list[Attempt]:
    """The person's tests that are under way, also those whose time ran out unseen; without their papers. One query."""
    rows = Attempt.objects.select_related("policy").defer("paper").filter(person=person, state=AttemptState.OPEN)
    return list(rows.order_by("-started_at", "-id"))


def attempts_of(person: Person, limit: int = 20) -> list[Attempt]:
    """The person's graded tests, newest first."""
    rows = Attempt.objects.select_related("policy").defer("paper").filter(person=person, state=AttemptState.GRADED)
    return list(rows.order_by("-started_at", "-id")[:limit])


def lesson_cards(slugs: Sequence[str]) -> list[LessonCard]:
    """The published lessons of these slugs, in the same order; one that is no longer published is left out."""
    known = {card.slug: card for card in catalogue()}
    return [known[slug] for slug in slugs if slug in known]


def policy_of_attempt(person_id: uuid.UUID, attempt_id: uuid.UUID) -> Policy | None:
    """The policy version an attempt was made by."""
    attempt = Attempt.objects.select_related("policy").filter(person_id=person_id, id=attempt_id).first()
    return attempt.policy if attempt else None
