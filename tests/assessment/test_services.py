"""Taking a test."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from hocvuso.assessment.errors import (
    AlreadyAnswered,
    AnswerUnreadable,
    NoSuchAttempt,
    NoSuchPolicy,
    PolicyChanged,
    TimeIsUp,
    TooEarly,
)
from hocvuso.assessment.models import Answer, Attempt, Policy
from hocvuso.assessment.queries import next_position, question_at, result_of
from hocvuso.assessment.services import answer, finish, get_attempt, load_policies, open_attempt
from hocvuso.assessment.signals import graded_listeners
from hocvuso.evidence.public import Evidence
from hocvuso.evidence.seals import seal_days
from tests.factories.spine import make_person, record

from .conftest import CODE, agree, right, take

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)


@pytest.mark.clause("R-27")
def test_twelve_right_of_fifteen_pass_and_leave_evidence(learner):
    attempt = take(learner, correct=12)
    assert (attempt.passed, attempt.correct, len(attempt.paper)) == (True, 12, 15)
    row = Evidence.objects.get(person=learner, kind="ASSESSMENT_PASSED")
    assert (row.kind, row.subject, row.details["correct"]) == ("ASSESSMENT_PASSED", f"policy:{CODE}", 12)


def test_eleven_right_do_not_pass_and_the_result_says_what_to_learn(learner):
    result = result_of(take(learner, correct=11))
    assert (result.passed, result.correct, result.needed, len(result.missed)) == (False, 11, 12, 4)
    assert result.lessons
    assert not Evidence.objects.exists()


def test_the_blueprint_is_kept(learner):
    policy = Policy.objects.get(code=CODE)
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    for cell in policy.blueprint:
        families = tuple(f"{skill}." for skill in cell["skills"])
        assert sum(f"{q['skill']}.".startswith(families) for q in attempt.paper) == cell["count"]


def test_a_shown_question_holds_neither_key_nor_reason(learner):
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    for position, question in enumerate(attempt.paper, 1):
        shown = question_at(attempt, position)
        assert shown is not None
        text = json.dumps([shown.text, shown.options, shown.kind], ensure_ascii=False)
        assert question["id"] not in text
        assert not any(option["why"] and option["why"] in text for option in question["options"])


def test_opening_again_goes_on_with_the_same_paper_after_a_lost_connection(learner):
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    answer(person=learner, attempt_id=attempt.id, position=1, chosen=right(attempt.paper[0]), at=NOW)
    again = open_attempt(person=learner, policy_code=CODE, at=NOW + timedelta(minutes=10))
    assert (again.id, again.paper, next_position(again)) == (attempt.id, attempt.paper, 2)
    assert Attempt.objects.count() == 1


def test_the_same_answer_twice_is_kept_once_and_another_one_is_refused(learner):
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    chosen = right(attempt.paper[0])
    for _ in range(3):
        answer(person=learner, attempt_id=attempt.id, position=1, chosen=chosen, at=NOW)
    assert Answer.objects.count() == 1
    other = [option["name"] for option in attempt.paper[0]["options"] if [option["name"]] != chosen][:1]
    with pytest.raises((AlreadyAnswered, AnswerUnreadable)):
        answer(person=learner, attempt_id=attempt.id, position=1, chosen=other, at=NOW)


def test_answers_after_the_time_are_refused_and_the_earlier_ones_graded(learner):
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    answer(person=learner, attempt_id=attempt.id, position=1, chosen=right(attempt.paper[0]), at=NOW)
    in_grace = NOW + timedelta(minutes=15, seconds=29)
    answer(person=learner, attempt_id=attempt.id, position=2, chosen=right(attempt.paper[1]), at=in_grace)
    with pytest.raises(TimeIsUp):
        answer(
            person=learner,
            attempt_id=attempt.id,
            position=3,
            chosen=right(attempt.paper[2]),
            at=NOW + timedelta(minutes=16),
        )
    fresh = open_attempt(person=learner, policy_code=CODE, at=NOW + timedelta(hours=1))
    graded = get_attempt(learner, attempt.id)
    assert fresh.id != attempt.id
    assert (graded.correct, graded.passed, graded.graded_at) == (2, False, attempt.deadline_at)


def test_finishing_twice_gives_one_result_and_one_evidence(learner):
    attempt = take(learner, correct=15)
    again = finish(person=learner, attempt_id=attempt.id, at=NOW + timedelta(days=1))
    passes = Evidence.objects.filter(kind="ASSESSMENT_PASSED").count()
    assert (again.graded_at, passes) == (attempt.graded_at, 1)


def test_a_new_paper_avoids_the_questions_of_the_last_one(learner):
    first = take(learner, correct=0)
    second = open_attempt(person=learner, policy_code=CODE, at=NOW + timedelta(hours=1))
    shared = {q["id"] for q in first.paper} & {q["id"] for q in second.paper}
    assert len(shared) < 5


def test_nobody_reaches_somebody_elses_test(learner):
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    stranger = make_person(None, "Lê Văn Lạ")
    agree(stranger)
    for act in (
        lambda: answer(person=stranger, attempt_id=attempt.id, position=1, chosen=["x"], at=NOW),
        lambda: finish(person=stranger, attempt_id=attempt.id, at=NOW),
        lambda: answer(person=learner, attempt_id=attempt.id, position=99, chosen=["x"], at=NOW),
        lambda: answer(person=learner, attempt_id=uuid.uuid4(), position=1, chosen=["x"], at=NOW),
    ):
        with pytest.raises(NoSuchAttempt):
            act()


def test_an_unknown_policy_is_told(learner):
    with pytest.raises(NoSuchPolicy):
        open_attempt(person=learner, policy_code="khong-co", at=NOW)


def test_waiting_time_after_a_failure_is_kept(learner):
    old = Policy.objects.get(code=CODE)
    fields = {field.name: getattr(old, field.name) for field in Policy._meta.fields if field.name != "id"}
    Policy.objects.create(**{**fields, "version": 2, "retry_after_hours": 24})
    take(learner, correct=0)
    with pytest.raises(TooEarly):
        open_attempt(person=learner, policy_code=CODE, at=NOW + timedelta(hours=23))
    assert open_attempt(person=learner, policy_code=CODE, at=NOW + timedelta(hours=25))


def test_policies_are_loaded_once_and_a_changed_version_is_refused(learner):
    assert load_policies() == 0
    Policy.objects.filter(code=CODE).update(minutes=99)
    with pytest.raises(PolicyChanged):
        load_policies()


def test_a_policy_change_never_changes_an_old_result(learner):
    attempt = take(learner, correct=12)
    old = Policy.objects.get(code=CODE)
    fields = {field.name: getattr(old, field.name) for field in Policy._meta.fields if field.name != "id"}
    Policy.objects.create(**{**fields, "version": 2, "pass_ratio": "0.9"})
    kept = get_attempt(learner, attempt.id)
    assert (kept.passed, result_of(kept).needed) == (True, 12)


def test_when_a_listener_fails_nothing_is_graded(learner, monkeypatch):
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)

    def die(event: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("hocvuso.assessment.services.attempts.graded_listeners", lambda: [*graded_listeners(), die])
    with pytest.raises(RuntimeError):
        finish(person=learner, attempt_id=attempt.id, at=NOW)
    monkeypatch.undo()
    assert get_attempt(learner, attempt.id).is_open
    assert finish(person=learner, attempt_id=attempt.id, at=NOW).passed is False


def test_a_test_left_open_and_passed_is_written_down_on_the_day_somebody_looks(learner):
    """Its own day may be sealed by then: evidence says when it happened and when it was recorded."""
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    for position, question in enumerate(attempt.paper, 1):
        answer(person=learner, attempt_id=attempt.id, position=position, chosen=right(question), at=NOW)
    record(make_person(None, "Trần Văn An"), at=NOW)
    seal_days(at=NOW + timedelta(days=2))
    later = NOW + timedelta(days=2)
    assert open_attempt(person=learner, policy_code=CODE, at=later).id != attempt.id
    row = Evidence.objects.get(person=learner, kind="ASSESSMENT_PASSED")
    assert (row.occurred_at, row.recorded_at) == (attempt.deadline_at, later)
