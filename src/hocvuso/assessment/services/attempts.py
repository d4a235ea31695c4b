"""Taking a test, from the first question to the result."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from hocvuso.assessment import adaptive, rules
from hocvuso.assessment.bank import Bank, current_bank, practice_tasks
from hocvuso.assessment.choices import AttemptState, ItemState
from hocvuso.assessment.errors import (
    AlreadyAnswered,
    AnswerFromElsewhere,
    AnswerUnreadable,
    AttemptsUsedUp,
    BankTooSmall,
    ConsentMissing,
    NeedsAssessor,
    NoSuchAttempt,
    TimeIsUp,
    TooEarly,
    TraceRefused,
)
from hocvuso.assessment.models import Answer, Attempt, Item, Policy
from hocvuso.assessment.presence import assurance_of, has_seat
from hocvuso.assessment.queries import open_attempts_of
from hocvuso.assessment.services.policies import current_policy
from hocvuso.assessment.signals import AttemptGraded, attempt_graded, graded_listeners
from hocvuso.curriculum.public import replay_practice
from hocvuso.evidence.public import EvidenceKind, record_evidence
from hocvuso.kernel.clock import VIETNAM, local_date
from hocvuso.people.public import Person, Purpose, has_consent

SOURCE = "assessment"
_dice = random.SystemRandom()


@transaction.atomic
def open_attempt(*, person: Person, policy_code: str, at: datetime, more_time: bool = False) -> Attempt:
    """Start a test, or go on with the one that is under way (also on another device).

    more_time: the person says they need more time; the policy says how much is added. Which need it is, is not asked.
    Raises NoSuchPolicy, ConsentMissing, NeedsAssessor, TooEarly, AttemptsUsedUp, BankTooSmall. A test whose time ran out is graded first.
    """
    policy = current_policy(policy_code, on=local_date(at))
    if not has_consent(person, Purpose.LEARNING):
        raise ConsentMissing
    take_turns(person)
    attempts = Attempt.objects.filter(person=person, policy__code=policy_code)
    running = attempts.select_related("policy").filter(state=AttemptState.OPEN).first()
    if running is not None:
        if at <= running.deadline_at:
            return running
        _grade(running, running.deadline_at, recorded_at=at)
    if policy.supervised and not has_seat(person.pk, policy_code):
        raise NeedsAssessor
    last = attempts.filter(state=AttemptState.GRADED).order_by("-started_at").first()
    _check_may_begin(policy, last, attempts.filter(state=AttemptState.GRADED, policy=policy).count(), at)
    paper, frozen = _first_paper(policy, {question["id"] for question in last.paper} if last else set())
    minutes = policy.extra_minutes if more_time else 0
    return Attempt.objects.create(
        person=person,
        policy=policy,
        paper=paper,
        frozen=frozen,
        extra_minutes=minutes,
        started_at=at,
        deadline_at=at + timedelta(minutes=policy.minutes + minutes),
    )


def _check_may_begin(policy: Policy, last: Attempt | None, taken: int, at: datetime) -> None:
    if last is None or last.graded_at is None or last.passed:
        return
    if policy.attempts_allowed and taken >= policy.attempts_allowed:
        raise AttemptsUsedUp(allowed=policy.attempts_allowed)
    earliest = last.graded_at + timedelta(hours=policy.retry_after_hours)
    if at < earliest:
        raise TooEarly(moment=earliest.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y"))


def _first_paper(policy: Policy, seen: set[str]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The paper an attempt begins with, and what its result will follow from.

    An adaptive policy needs calibrated questions; while there are too few, its papers are drawn whole like any other.
    """
    bank = current_bank()
    tasks = drawn_tasks(policy, task_pool(policy))
    frozen: dict[str, Any] = {
        "engine": adaptive.ENGINE,
        "method": "count",
        "code": policy.code,
        "version": policy.version,
        "pass_ratio": str(policy.pass_ratio),
        "questions": policy.total,
        "blueprint": policy.blueprint,
    }
    if policy.adaptive and bank.is_ready(policy.blueprint):
        cells = [
            (cell["count"], [(one["a"], one["b"]) for one in bank.calibrated().of_cell(cell)])
            for cell in policy.blueprint
        ]
        frozen |= {"method": "adaptive", "curve": adaptive.expected_curve(cells), "seen": sorted(seen)}
        first = _next_drawn(bank, [], frozen)
        return [*tasks, *([first] if first else [])], frozen
    try:
        paper = rules.draw(bank.questions, policy.blueprint, seen, _dice, bank.over)
    except rules.TooFewQuestions as error:
        raise BankTooSmall from error
    return paper + tasks, frozen


def task_pool(policy: Policy) -> list[dict[str, Any]]:
    """The practices a policy draws its tasks from; none when it asks for none. Raises BankTooSmall."""
    if not policy.practice_tasks:
        return []
    found = practice_tasks(policy.practices)
    if len(found) < policy.practice_tasks:
        raise BankTooSmall
    return found


def drawn_tasks(policy: Policy, pool: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The practice tasks of one paper."""
    return [rules.drawn(task, _dice) for task in _dice.sample(list(pool), policy.practice_tasks)]


def _next_drawn(
    bank: Bank, answered: list[tuple[Mapping[str, Any], bool]], frozen: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The next question of an adaptive paper, given the questions so far with whether each was right; none when it is full."""
    blueprint, on_paper = frozen["blueprint"], {question["id"] for question, _ in answered}
    taken = [0] * len(blueprint)
    for question, _ in answered:
        if "cell" in question:
            taken[question["cell"]] += 1
    cell = adaptive.next_cell(blueprint, taken, _dice)
    if cell is None:
        return None
    candidates = [one for one in bank.calibrated().of_cell(blueprint[cell]) if one["id"] not in on_paper]
    if not candidates:
        return None
    ability, _ = adaptive.estimate([(q["a"], q["b"]) for q, _ in answered], [right for _, right in answered])
    fitting = adaptive.allowed(candidates, frozen.get("seen", ()), bank.over)
    place = adaptive.pick(ability, [(one["a"], one["b"]) for one in fitting], _dice)
    return {**rules.drawn(fitting[place], _dice), "cell": cell}


def get_attempt(person: Person, attempt_id: uuid.UUID) -> Attempt:
    """The person's own attempt with its policy. Raises NoSuchAttempt for anybody else's."""
    attempt = Attempt.objects.select_related("policy").filter(person=person, id=attempt_id).first()
    if attempt is None:
        raise NoSuchAttempt
    return attempt


def _to_answer(person: Person, attempt_id: uuid.UUID) -> Attempt:
    """The person's own attempt, as far as an answer needs it: the busiest read of a test. Raises NoSuchAttempt."""
    rows = Attempt.objects.filter(person=person, id=attempt_id).only(
        "person", "id", "state", "paper", "frozen", "started_at", "deadline_at"
    )
    attempt = next(iter(rows), None)
    if attempt is None:
        raise NoSuchAttempt
    return attempt


@transaction.atomic
def answer(*, person: Person, attempt_id: uuid.UUID, position: int, chosen: object, at: datetime) -> Answer:
    """Keep the answer to one question. Sending the same answer again answers the stored one.

    position: from 1. chosen: option names as drawn; of a practice task, the recorded trace. An adaptive paper grows by its next
    question. Raises NoSuchAttempt, AnswerUnreadable, AnswerFromElsewhere (it names options of another paper), TraceRefused,
    AlreadyAnswered (another answer was kept), TimeIsUp (what came before is graded).
    """
    take_turns(person)
    attempt = _to_answer(person, attempt_id)
    if not 1 <= position <= len(attempt.paper):
        raise NoSuchAttempt
    question = attempt.paper[position - 1]
    stored = next(iter(Answer.objects.filter(person=person, attempt_id=attempt_id, position=position)), None)
    if stored is not None and stored.chosen:
        if _is_same(question, chosen, stored.chosen):
            return stored
        raise AlreadyAnswered
    if not attempt.is_open or rules.is_over(attempt.deadline_at, at):
        raise TimeIsUp
    kept, correct = _read(question, chosen)
    made = Answer.objects.create(
        person=person,
        attempt_id=attempt_id,
        position=position,
        chosen=kept,
        correct=correct,
        # A server clock that was set back never makes an answer older than its test.
        answered_at=max(at, attempt.started_at),
        item=question["id"],
    )
    if attempt.is_adaptive and len(attempt.paper) < attempt.total:
        _grow(attempt)
    return made


def _is_same(question: Mapping[str, Any], chosen: object, stored: object) -> bool:
    return chosen == stored if question["kind"] == rules.PRACTICE else rules.readable(question, chosen) == stored


def _read(question: Mapping[str, Any], chosen: object) -> tuple[Any, bool]:
    """What is kept of an answer, and whether it is right."""
    if question["kind"] == rules.PRACTICE:
        return replayed(question, chosen)
    names = rules.readable(question, chosen)
    if names is None:
        raise AnswerFromElsewhere if chosen and rules.is_foreign(question, chosen) else AnswerUnreadable
    return names, rules.is_correct(question, names)


def replayed(question: Mapping[str, Any], trace: object) -> tuple[Any, bool]:
    """A practice task as the server saw it again: the trace, and whether it was done right. Raises AnswerUnreadable, TraceRefused."""
    if not trace:
        raise AnswerUnreadable
    result = replay_practice(question["digest"], trace)
    if result.reason is not None:
        raise TraceRefused
    return trace, practice_is_right(result)


def practice_is_right(result: Any) -> bool:
    """Whether a replayed practice counts as done right: finished, without wandering through every wrong turn."""
    return result.end == "pass" and result.wrong <= rules.WRONG_TURNS


def _grow(attempt: Attempt) -> None:
    """Add the next question of an adaptive paper once every question on it has its answer."""
    rights = dict(
        Answer.objects.filter(person_id=attempt.person_id, attempt_id=attempt.id).values_list("position", "correct")
    )
    if len(rights) < len(attempt.paper):
        return
    answered = [(question, rights[place]) for place, question in enumerate(attempt.paper, 1)]
    following = _next_drawn(current_bank(), answered, attempt.frozen)
    if following is None:
        # The bank has shrunk under a running test: it ends here, and what is missing counts against nobody.
        attempt.frozen = {**attempt.frozen, "questions": len(attempt.paper)}
        attempt.save(update_fields=["frozen"])
        return
    attempt.paper = [*attempt.paper, following]
    attempt.save(update_fields=["paper"])


@transaction.atomic
def finish(*, person: Person, attempt_id: uuid.UUID, at: datetime) -> Attempt:
    """Grade a test; finishing it again answers the same result. Questions without an answer are not correct.

    Writes evidence when passed; calls the listeners of `on_graded` in the same transaction; sends attempt_graded after commit.
    Raises NoSuchAttempt.
    """
    take_turns(person)
    attempt = get_attempt(person, attempt_id)
    if attempt.is_open:
        _grade(attempt, min(at, attempt.deadline_at), recorded_at=at)
    return attempt


def finish_overdue(*, person: Person, at: datetime) -> int:
    """Grade the person's tests whose time ran out while nobody looked; answers how many."""
    overdue = [one.id for one in open_attempts_of(person) if rules.is_over(one.deadline_at, at)]
    for attempt_id in overdue:
        finish(person=person, attempt_id=attempt_id, at=at)
    return len(overdue)


def finish_all_overdue(*, at: datetime, limit: int = 200) -> int:
    """Grade tests whose time ran out, whoever took them, at most `limit`; answers how many. Background work; each in its own
    transaction, and several workers do no harm to each other.
    """
    rows = Attempt.objects.filter(
        state=AttemptState.OPEN, deadline_at__lt=at - timedelta(seconds=rules.GRACE_SECONDS)
    ).order_by("deadline_at")
    overdue = list(rows.values_list("person_id", "id")[:limit])
    people = Person.objects.in_bulk({person_id for person_id, _ in overdue})
    for person_id, attempt_id in overdue:
        if person_id in people:
            finish(person=people[person_id], attempt_id=attempt_id, at=at)
    return len(overdue)


def take_turns(person: Person) -> None:
    """One request of a person at a time: two taps or two devices cannot open two papers."""
    Person.objects.select_for_update().only("id").get(pk=person.pk)


def frozen_of(attempt: Attempt) -> dict[str, Any]:
    """What an attempt's result follows from; attempts from before it was frozen follow their policy version, which never changes."""
    return attempt.frozen or {
        "method": "count",
        "pass_ratio": str(attempt.policy.pass_ratio),
        "questions": len(attempt.paper),
    }


def void_positions(paper: Sequence[Mapping[str, Any]]) -> list[int]:
    """Positions of questions that were declared void. One query."""
    void = set(
        Item.objects.filter(code__in=[question["id"] for question in paper], state=ItemState.VOIDED).values_list(
            "code", flat=True
        )
    )
    return [place for place, question in enumerate(paper, 1) if question["id"] in void]


def _grade(attempt: Attempt, at: datetime, recorded_at: datetime | None = None) -> None:
    at = max(at, attempt.started_at)
    rights = dict(
        Answer.objects.filter(person_id=attempt.person_id, attempt_id=attempt.id).values_list("position", "correct")
    )
    attempt.voided = void_positions(attempt.paper)
    result = rules.grade(
        attempt.paper, [place for place, right in rights.items() if right], frozen_of(attempt), attempt.voided
    )
    Answer.objects.bulk_create(
        [
            Answer(
                person_id=attempt.person_id,
                attempt_id=attempt.id,
                position=place,
                chosen=[],
                correct=False,
                answered_at=at,
                item="" if place in attempt.voided else question["id"],
            )
            for place, question in enumerate(attempt.paper, 1)
            if place not in rights
        ]
    )
    if attempt.voided:
        # Already left out: nothing to compute again, nothing to count.
        Answer.objects.filter(person_id=attempt.person_id, attempt_id=attempt.id, position__in=attempt.voided).update(
            item=""
        )
    attempt.state = AttemptState.GRADED
    attempt.graded_at = at
    attempt.correct, attempt.score_ratio, attempt.passed = result.correct, result.ratio, result.passed
    attempt.ability, attempt.ability_error = result.ability, result.error
    attempt.save(
        update_fields=["state", "graded_at", "correct", "score_ratio", "passed", "ability", "ability_error", "voided"]
    )
    announce(attempt, recorded_at or at)


def announce(attempt: Attempt, at: datetime) -> None:
    """Tell of a result, in the caller's transaction: evidence of a pass, the listeners, and the signal after commit."""
    if attempt.passed and attempt.graded_at is not None:
        record_evidence(
            person_id=attempt.person_id,
            kind=EvidenceKind.ASSESSMENT_PASSED,
            subject=f"policy:{attempt.policy.code}",
            assurance=assurance_of(attempt.person_id, attempt.id),
            source=SOURCE,
            occurred_at=attempt.graded_at,
            at=at,
            id=attempt.id,
            details=_details(attempt),
        )
    event = AttemptGraded(
        person_id=attempt.person_id,
        attempt_id=attempt.id,
        policy_code=attempt.policy.code,
        policy_version=attempt.policy.version,
        passed=bool(attempt.passed),
        score_ratio=float(attempt.score_ratio or 0),
        at=at,
    )
    for listener in graded_listeners():
        listener(event)
    transaction.on_commit(lambda: attempt_graded.send_robust(sender=Attempt, event=event))


def _details(attempt: Attempt) -> dict[str, Any]:
    return {"version": attempt.policy.version, "correct": attempt.correct, "questions": len(attempt.paper)}
