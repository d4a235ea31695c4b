"""The bank: numbers, calibration, adaptive papers, void questions, and old results computed again."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from hocvuso.assessment import adaptive, rules, simulation
from hocvuso.assessment.bank import current_bank
from hocvuso.assessment.choices import ItemState, Verdict
from hocvuso.assessment.errors import NoSuchRescoring
from hocvuso.assessment.models import Answer, Attempt, Item, Policy, Rescoring
from hocvuso.assessment.services import answer, finish, finish_all_overdue, get_attempt, open_attempt
from hocvuso.assessment.services.bank import (
    count_graded,
    decide_rescoring,
    discrimination_index,
    fit,
    recompute,
    refresh_items,
    rescore_voided,
    set_state,
)
from hocvuso.credentials.public import Certificate
from hocvuso.evidence.public import Evidence
from hocvuso.people.public import Role
from tests.conftest import NOW
from tests.factories.figures import make_officer
from tests.factories.spine import make_person
from tests.factories.traces import passing_trace

from .conftest import CODE, agree, right, take, wrong

BLUEPRINT = [{"skills": ["ndct-1"], "count": 4}, {"skills": ["ndct-4"], "count": 6}]


def next_version(**changes) -> Policy:
    old = Policy.objects.filter(code=CODE).order_by("-version").first()
    assert old is not None
    fields = {field.name: getattr(old, field.name) for field in Policy._meta.fields if field.name != "id"}
    return Policy.objects.create(**{**fields, "version": old.version + 1, **changes})


def calibrate_all() -> None:
    """Every item with parameters that came from answers, spread over the scale."""
    refresh_items(at=NOW)
    for place, item in enumerate(Item.objects.order_by("code")):
        Item.objects.filter(pk=item.pk).update(
            difficulty=-2 + (place % 9) * 0.5, discrimination=1.2, calibrated_at=NOW, changed_at=NOW
        )


def test_the_estimate_is_girths_and_an_adaptive_test_beats_a_paper_of_the_same_length():
    bank = simulation.invented_bank(BLUEPRINT, items=120, seed=2)
    found = simulation.simulate(bank, BLUEPRINT, people=60, seed=2, limit=0.5, pass_ratio=0.8)
    assert abs(found.ours.rmse - found.same_prior.rmse) < 0.01
    assert found.ours.rmse < found.fixed.rmse
    assert found.content_kept
    again = simulation.simulate(bank, BLUEPRINT, people=60, seed=2, limit=0.5, pass_ratio=0.8)
    assert again == found


@pytest.mark.parametrize("answers", [[True] * 15, [False] * 15])
def test_all_right_or_all_wrong_still_gives_a_finite_ability(answers):
    ability, error = adaptive.estimate([(1.0, 0.0)] * 15, answers)
    assert abs(ability) < adaptive.HIGHEST and 0 < error < adaptive.PRIOR_SPREAD
    assert (ability > 0) is answers[0]


def test_the_pass_line_of_an_adaptive_test_is_where_the_curve_reaches_the_ratio():
    curve = adaptive.expected_curve([(5, [(1.0, -1.0), (1.2, 0.5)]), (10, [(0.8, 0.0)])])
    cut = adaptive.cut(curve, 0.8)
    assert adaptive.expected_ratio(cut, curve) == pytest.approx(0.8, abs=1e-6)
    assert adaptive.expected_ratio(cut + 0.3, curve) > 0.8 > adaptive.expected_ratio(cut - 0.3, curve)


def test_nobody_passes_an_adaptive_test_by_stopping_while_ahead():
    curve = adaptive.expected_curve([(15, [(1.2, -2 + place * 0.25) for place in range(17)])])
    frozen = {"method": "adaptive", "pass_ratio": "0.8", "questions": 15, "curve": curve}
    paper = [{"a": 1.2, "b": min(place * 0.4, 2.0)} for place in range(15)]
    assert rules.grade(paper, set(range(1, 16)), frozen).passed
    for given in range(1, 13):
        assert not rules.grade(paper[:given], set(range(1, given + 1)), frozen).passed


def test_a_question_shown_too_often_rests_until_nothing_else_is_left():
    candidates = [{"id": "a"}, {"id": "b"}, {"id": "c"}]
    assert adaptive.allowed(candidates, {"a"}, {"b"}) == [{"id": "c"}]
    assert adaptive.allowed(candidates, {"a"}, {"b", "c"}) == [{"id": "b"}, {"id": "c"}]
    assert adaptive.allowed(candidates, {"a", "b", "c"}, set()) == candidates


def test_calibration_finds_the_parameters_that_made_the_answers():
    dice = random.Random(7)
    truth = {f"q{n}": (dice.uniform(0.7, 1.8), -1.5 + n * 0.3) for n in range(10)}
    answers = []
    for _ in range(900):
        ability = dice.gauss(0, 1)
        given = dice.sample(sorted(truth), 8)  # nobody answers everything
        answers.append({q: dice.random() < adaptive.right_ratios(ability, [truth[q]])[0] for q in given})
    found = fit(sorted(truth), answers)
    for code, (a, b) in zip(sorted(truth), found, strict=True):
        assert abs(b - truth[code][1]) < 0.45
        assert abs(a - truth[code][0]) < 0.8


@pytest.mark.django_db
@pytest.mark.clause("R-27")
def test_an_adaptive_policy_without_calibrated_questions_draws_its_papers_whole(learner):
    next_version(adaptive=True)
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    assert (attempt.is_adaptive, len(attempt.paper)) == (False, 15)


@pytest.mark.django_db
@pytest.mark.clause("R-27")
def test_an_adaptive_paper_grows_by_one_question_an_answer_keeps_the_blueprint_and_recomputes(learner):
    policy = next_version(adaptive=True)
    calibrate_all()
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    assert (attempt.is_adaptive, len(attempt.paper), attempt.total) == (True, 1, 15)
    for position in range(1, 16):
        attempt = get_attempt(learner, attempt.id)
        assert len(attempt.paper) == position
        chosen = right(attempt.paper[position - 1])
        answer(person=learner, attempt_id=attempt.id, position=position, chosen=chosen, at=NOW)
    # The second tab, still on the last question, sends its answer too.
    answer(person=learner, attempt_id=attempt.id, position=15, chosen=chosen, at=NOW)
    done = finish(person=learner, attempt_id=attempt.id, at=NOW)
    for place, cell in enumerate(policy.blueprint):
        assert sum(question["cell"] == place for question in done.paper) == cell["count"]
    assert len({question["id"] for question in done.paper}) == 15
    assert done.passed and done.ability is not None and done.ability > 1
    Item.objects.update(difficulty=0.0)
    assert recompute(done).same


@pytest.mark.django_db
def test_questions_never_reached_in_an_adaptive_test_count_as_not_right(learner):
    next_version(adaptive=True)
    calibrate_all()
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    answer(person=learner, attempt_id=attempt.id, position=1, chosen=right(attempt.paper[0]), at=NOW)
    assert finish_all_overdue(at=NOW + timedelta(hours=3)) == 1
    done = get_attempt(learner, attempt.id)
    assert (done.passed, done.graded_at) == (False, attempt.deadline_at)
    assert done.score_ratio is not None and done.score_ratio < 0.5


@pytest.mark.django_db
def test_a_test_that_nobody_comes_back_to_is_graded_by_background_work_once(learner):
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    assert finish_all_overdue(at=attempt.deadline_at) == 0
    assert finish_all_overdue(at=attempt.deadline_at + timedelta(minutes=1)) == 1
    assert finish_all_overdue(at=attempt.deadline_at + timedelta(minutes=2)) == 0
    assert get_attempt(learner, attempt.id).passed is False


@pytest.mark.django_db
def test_numbers_of_an_item_follow_from_graded_papers_each_counted_once(learner, city):
    refresh_items(at=NOW)
    first = take(learner, correct=10)
    other = make_person(city.khu_pho_2, "Lê Văn Bảy")
    agree(other)
    take(other, correct=5)
    assert (count_graded(at=NOW), count_graded(at=NOW)) == (2, 0)
    items = Item.objects.filter(code__in=[question["id"] for question in first.paper[:10]])
    assert all(item.right >= 1 and 0 < item.exposure_ratio <= 1 for item in items)
    assert sum(Item.objects.values_list("answered", flat=True)) == 30


def test_the_discrimination_index_is_the_correlation_with_the_rest_of_the_paper():
    item = Item(answered=4, right=2, rest_sum=20, rest_square_sum=9 + 16 + 36 + 49, rest_right_sum=13)
    assert discrimination_index(item) == pytest.approx(0.9487, abs=1e-3)
    assert discrimination_index(Item(answered=4, right=4)) is None


@pytest.mark.django_db
def test_a_void_question_takes_no_pass_away_without_people(learner, city):
    refresh_items(at=NOW)
    lost = take(learner, correct=12)
    set_state(actor=learner, code=lost.paper[0]["id"], state=ItemState.VOIDED, reason="Đáp án sai", at=NOW)
    assert (rescore_voided(at=NOW), rescore_voided(at=NOW)) == (1, 0)
    kept = get_attempt(learner, lost.id)
    assert (kept.passed, kept.correct) == (True, 12) and recompute(kept).same
    waiting = Rescoring.objects.get(person=learner, needs_people=True)
    assert (waiting.old_passed, waiting.new_passed, waiting.new_correct, waiting.new_counted) == (True, False, 11, 14)
    assert Certificate.objects.get(person_id=learner.pk).state == "VALID"
    officer = make_person(city.khu_pho_2, "Trần Thị Hai")
    verdict = {"person_id": learner.pk, "rescoring_id": waiting.id, "verdict": Verdict.KEEP, "at": NOW}
    assert decide_rescoring(actor=officer, **verdict).decided_by == officer.pk
    with pytest.raises(NoSuchRescoring):
        decide_rescoring(actor=officer, **verdict)


@pytest.mark.django_db
@pytest.mark.parametrize(("step", "state"), [("keep", "VALID"), ("suspend", "SUSPENDED")])
def test_an_officer_keeps_or_suspends_a_certificate_whose_pass_a_void_question_took_away(
    learner, city, step, state, clock_at
):
    refresh_items(at=NOW)
    lost = take(learner, correct=12)
    set_state(actor=learner, code=lost.paper[0]["id"], state=ItemState.VOIDED, reason="Đáp án sai", at=NOW)
    rescore_voided(at=NOW)
    account = make_officer(city.binh_thanh, Role.CONFIRMER, "Trần Thị Hai")
    client, page = Client(), "/dieu-hanh/ket-qua-tinh-lai/"
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    certificate = Certificate.objects.get(person_id=learner.pk)
    text = client.get(page).content.decode()
    assert certificate.code in text and "Có thể đề nghị" in text
    sent = {"dong": str(Rescoring.objects.get().id), "viec": step}
    client.post(page, sent)
    assert Rescoring.objects.get().decided_at is None
    client.post(page, {**sent, "ly_do": "Đã xem bài làm"})
    certificate.refresh_from_db()
    assert certificate.state == state and certificate.code not in client.get(page).content.decode()
    assert Rescoring.objects.get().decided_by == account.person_id


@pytest.mark.django_db
def test_who_passes_without_a_void_question_gets_evidence_and_certificate_at_once(learner):
    refresh_items(at=NOW)
    attempt = take(learner, correct=11)  # 11 of 15: not passed; 11 of 13: 84%
    assert not attempt.passed
    for question in attempt.paper[11:13]:
        set_state(actor=learner, code=question["id"], state=ItemState.VOIDED, reason="Hai đáp án đúng", at=NOW)
    rescore_voided(at=NOW)
    after = get_attempt(learner, attempt.id)
    assert (after.passed, after.correct, len(after.voided)) == (True, 11, 2)
    assert Evidence.objects.filter(person=learner, kind="ASSESSMENT_PASSED").count() == 1
    assert Certificate.objects.filter(person_id=learner.pk).count() == 1
    assert not any(q["id"] in {p["id"] for p in attempt.paper[11:13]} for q in current_bank().questions)


@pytest.mark.django_db
def test_a_test_under_way_leaves_out_what_became_void_meanwhile(learner):
    refresh_items(at=NOW)
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    set_state(actor=learner, code=attempt.paper[0]["id"], state=ItemState.VOIDED, reason="Sai đề", at=NOW)
    for position, question in enumerate(attempt.paper, 1):
        chosen = right(question) if 1 < position <= 13 else wrong(question)
        answer(person=learner, attempt_id=attempt.id, position=position, chosen=chosen, at=NOW)
    done = finish(person=learner, attempt_id=attempt.id, at=NOW)
    assert (done.correct, done.voided, done.passed) == (12, [1], True)
    assert rescore_voided(at=NOW) == 0


@pytest.mark.django_db
@pytest.mark.clause("R-12")
def test_old_results_recompute_to_the_same_whatever_policies_and_items_became(learner, capsys):
    attempt = take(learner, correct=12)
    next_version(pass_ratio="0.9", minutes=5)
    refresh_items(at=NOW)
    Item.objects.update(difficulty=3.0, discrimination=0.5)
    call_command("assessment", "recompute")
    Answer.objects.filter(attempt_id=attempt.id, position=1).update(correct=False)
    with pytest.raises(SystemExit):
        call_command("assessment", "recompute")
    assert str(attempt.id) in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.clause("R-03")
def test_a_practice_task_is_graded_by_replaying_its_trace_and_recomputes(learner):
    from hocvuso.assessment.errors import TraceRefused
    from hocvuso.curriculum.public import practice_definition

    next_version(practice_tasks=2)
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    assert [question["kind"] for question in attempt.paper[15:]] == [rules.PRACTICE] * 2
    first, second = attempt.paper[15:]
    trace = passing_trace(practice_definition(first["digest"]))
    foreign = passing_trace(practice_definition(second["digest"]))
    for bad in (foreign, {**trace, "result": {**trace["result"], "wrong": 99}}, {"v": 1}, ["x"], "x"):
        with pytest.raises(TraceRefused):
            answer(person=learner, attempt_id=attempt.id, position=16, chosen=bad, at=NOW)
    assert not Answer.objects.exists()
    for _ in range(2):
        answer(person=learner, attempt_id=attempt.id, position=16, chosen=trace, at=NOW)
    done = finish(person=learner, attempt_id=attempt.id, at=NOW)
    assert (done.correct, len(done.paper)) == (1, 17)
    assert recompute(done).same


@pytest.mark.django_db
def test_whoever_says_so_gets_more_time_and_nobody_asks_why(learner):
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW, more_time=True)
    assert attempt.deadline_at == NOW + timedelta(minutes=15 + attempt.extra_minutes)
    assert attempt.extra_minutes == 8


@pytest.mark.django_db
def test_a_server_clock_that_is_set_back_loses_nothing_and_writes_no_answer_before_its_test(learner):
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    before = NOW - timedelta(hours=2)
    kept = answer(person=learner, attempt_id=attempt.id, position=1, chosen=right(attempt.paper[0]), at=before)
    assert kept.answered_at == NOW
    done = finish(person=learner, attempt_id=attempt.id, at=before)
    assert (done.graded_at, done.correct) == (NOW, 1)


@pytest.mark.django_db
def test_tries_run_out_where_the_policy_counts_them(learner):
    from hocvuso.assessment.errors import AttemptsUsedUp

    next_version(attempts_allowed=1)
    take(learner, correct=0)
    with pytest.raises(AttemptsUsedUp):
        open_attempt(person=learner, policy_code=CODE, at=NOW + timedelta(days=1))
    assert Attempt.objects.count() == 1
