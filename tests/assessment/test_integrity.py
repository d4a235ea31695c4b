"""What stands out is looked at by a person; clean people are left alone; anybody can repeat a draw."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from django.test import Client

from hocvuso.assessment.history import PastAttempt, load_attempts, past_papers
from hocvuso.assessment.integrity import rules, services
from hocvuso.assessment.integrity.errors import DecisionNotPossible, NoSuchCase, OwnCase
from hocvuso.assessment.integrity.sweep import measure, sweep
from hocvuso.assessment.models import Case, CaseMember, Policy, RetestEntry, Trace
from hocvuso.assessment.models.integrity import CaseReason, CaseState, RuleKind
from hocvuso.evidence.public import Seal
from hocvuso.kernel.models import AuditEntry
from hocvuso.people.public import Role, grant_mandate
from tests.conftest import NOW
from tests.factories.spine import make_person

from .conftest import CODE, client_of, right, take

pytestmark = pytest.mark.django_db


def test_pace_is_the_median_gap_and_needs_three_answers():
    at = [NOW + timedelta(seconds=second) for second in (0, 2, 4, 60)]
    assert (rules.pace_of(at), rules.pace_of(at[:2])) == (2.0, None)


@pytest.mark.parametrize(
    ("hour", "minute", "night"),
    [(22, 59, None), (23, 0, date(2026, 11, 10)), (4, 59, date(2026, 11, 9)), (5, 0, None), (12, 0, None)],
)
def test_a_night_belongs_to_the_day_whose_evening_began_it(hour, minute, night):
    moment = datetime(2026, 11, 10, hour, minute, tzinfo=UTC) - timedelta(hours=7)
    assert rules.night_of(moment) == night


def test_the_same_wrong_answer_has_one_mark_whatever_its_name_and_place():
    def paper(names: list[str]) -> list[dict]:
        options = [{"name": name, "text": text, "right": text == "c"} for name, text in zip(names, "abc", strict=True)]
        return [{"id": "q1", "kind": "one", "options": options}]

    first = rules.marks(paper(["x", "y", "z"]), {1: ["y"]}, [1])
    second = rules.marks(paper(["y", "q", "x"]), {1: ["q"]}, [1])
    assert first == second
    assert rules.marks(paper(["x", "y", "z"]), {}, [1])[1] == []


def test_ten_people_with_one_bad_key_stand_out_and_ten_strangers_do_not():
    dice, bank = Random(7), [f"q{number}" for number in range(120)]
    bad = {question: f"{question}#bad" for question in bank if dice.random() < 0.25}

    def asked() -> list[str]:
        return dice.sample(bank, 15)

    def stranger(questions: list[str]) -> list[str]:
        return [f"{one}#{dice.choice('abc')}" for one in questions if dice.random() < 0.2]

    rates = rules.Rates(rules.Counter(), rules.Counter())
    everybody = [(questions := asked(), stranger(questions)) for _ in range(800)]
    for questions, wrong in everybody:
        rates.asked.update(questions)
        rates.wrong.update(wrong)
    group = [(questions := asked(), [bad[one] for one in questions if one in bad]) for _ in range(10)]
    for questions, wrong in group:
        rates.asked.update(questions)
        rates.wrong.update(wrong)
    assert rules.sharing(group, rates).chance < 1e-5
    assert min(rules.sharing(everybody[start : start + 10], rates).chance for start in range(0, 800, 10)) > 1e-5


@pytest.mark.parametrize(
    ("passed", "results", "others_passed", "others", "stands_out"),
    [
        (90, 90, 170, 210, True),
        (35, 35, 170, 210, False),
        (80, 90, 170, 210, False),
        (0, 90, 170, 210, False),
        (5, 5, 0, 0, False),
    ],
)
def test_an_assessor_stands_out_by_far_and_often_or_not_at_all(passed, results, others_passed, others, stands_out):
    found = rules.stands_out(passed, results, others_passed, others, z=3.0, above=0.15)
    assert (found is not None) is stands_out


def test_anybody_with_the_list_and_the_seed_draws_the_same():
    codes = [rules.entry_code(number, "draw") for number in range(50)]
    by_hand = sorted(codes, key=lambda code: hashlib.sha256(f"seal:{code}".encode()).hexdigest())[:5]
    assert rules.draw(codes[::-1], "seal", 5) == by_hand
    assert (
        rules.list_hash(codes[::-1])
        == hashlib.sha256("".join(f"{one}\n" for one in sorted(codes)).encode()).hexdigest()
    )


@pytest.mark.parametrize("state", [CaseState.CLEARED, CaseState.FOUND])
def test_what_is_decided_stays_decided(state):
    assert not any(rules.may_decide(state, target, reason) for target in CaseState for reason in CaseReason)


# --- with tests ---------------------------------------------------------------------------------------------------------


def fast_test(person, *, seconds: float, device: str = "", at=NOW - timedelta(days=1)) -> PastAttempt:
    paper = next(past_papers(Policy.objects.get(code=CODE), Random(person.pk.int % 1000)))
    answers = {
        place: (right(question), at + timedelta(seconds=seconds * place)) for place, question in enumerate(paper, 1)
    }
    return PastAttempt(person.pk, uuid.uuid4(), paper, answers, at, at + timedelta(seconds=seconds * 16), device)


@pytest.fixture
def auditor(city):
    person = make_person(city.khu_pho_2, "Huỳnh Thị Kim Chi")
    grant_mandate(actor=None, person=person, unit=city.city, role=Role.AUDITOR, at=NOW)
    return person


@pytest.fixture
def case(learner, auditor) -> Case:
    load_attempts([fast_test(learner, seconds=1)], policy=Policy.objects.get(code=CODE))
    sweep(at=NOW)
    return Case.objects.get()


def test_a_graded_test_waits_to_be_measured_and_a_calm_one_opens_nothing(learner):
    take(learner, correct=3)  # all at once, and nobody passes by that
    assert Trace.objects.get().measured_at is None
    load_attempts([fast_test(make_person(learner.home_unit), seconds=20)], policy=Policy.objects.get(code=CODE))
    assert (sweep(at=NOW), Trace.objects.filter(measured_at__isnull=True).count()) == (0, 0)


def test_measuring_takes_the_same_number_of_queries_for_one_and_for_many(learner, django_assert_num_queries):
    policy = Policy.objects.get(code=CODE)
    load_attempts([fast_test(learner, seconds=9)], policy=policy)
    with django_assert_num_queries(7):
        measure(at=NOW)
    load_attempts([fast_test(make_person(learner.home_unit), seconds=9) for _ in range(4)], policy=policy)
    with django_assert_num_queries(7):
        measure(at=NOW)


def test_the_same_suspicion_comes_once_and_is_in_the_audit_trail(case):
    assert (case.kind, case.state, sweep(at=NOW)) == (RuleKind.TOO_FAST, CaseState.OPEN, 0)
    assert AuditEntry.objects.get(action="assessment.case.opened").actor_name == "system:integrity"


def test_six_people_on_one_phone_stand_out_and_a_household_of_four_does_not(learner):
    policy = Policy.objects.get(code=CODE)
    for device, number in (("a" * 32, 6), ("b" * 32, 4)):
        load_attempts(
            [fast_test(make_person(learner.home_unit), seconds=15, device=device) for _ in range(number)], policy=policy
        )
    sweep(at=NOW)
    assert list(Case.objects.values_list("kind", "people")) == [(RuleKind.SAME_DEVICE, 6)]


@pytest.mark.clause("R-32")
def test_a_suspicion_punishes_nobody_and_an_officer_decides_with_a_reason(case, auditor, learner):
    doubt = [(learner.pk, CaseMember.objects.get().attempt_id)]
    assert services.attempts_in_doubt(doubt) == set(doubt)
    with pytest.raises(DecisionNotPossible):
        services.decide(actor=auditor, case=case, state=CaseState.CLEARED, reason=CaseReason.STOOD_IN, at=NOW)
    services.decide(actor=auditor, case=case, state=CaseState.RETEST, reason=CaseReason.NOT_CLEAR, at=NOW)
    assert services.attempts_in_doubt(doubt) == set(doubt)
    services.decide(actor=auditor, case=case, state=CaseState.CLEARED, reason=CaseReason.RETEST_PASSED, at=NOW)
    assert services.attempts_in_doubt(doubt) == set()
    with pytest.raises(DecisionNotPossible):
        services.decide(actor=auditor, case=case, state=CaseState.FOUND, reason=CaseReason.STOOD_IN, at=NOW)
    assert AuditEntry.objects.filter(action="assessment.case.decided", actor_id=auditor.pk).count() == 2
    assert sweep(at=NOW) == 0


def test_nobody_decides_about_themselves_and_other_wards_see_nothing(case, city, learner):
    grant_mandate(actor=None, person=learner, unit=city.city, role=Role.AUDITOR, at=NOW)
    with pytest.raises(OwnCase):
        services.decide(actor=learner, case=case, state=CaseState.CLEARED, reason=CaseReason.CHANCE, at=NOW)
    stranger = make_person(city.an_khanh, "Người Phường Khác")
    grant_mandate(actor=None, person=stranger, unit=city.an_khanh, role=Role.AUDITOR, at=NOW)
    with pytest.raises(NoSuchCase):
        services.get_case(stranger, case.pk, NOW.date())


@pytest.mark.clause("R-32")
def test_a_draw_waits_for_a_seal_nobody_can_choose_and_its_page_lets_anybody_repeat_it(case, auditor, city):
    draw = services.fix_list(
        actor=auditor,
        unit=city.city,
        since=NOW.date() - timedelta(days=9),
        until=NOW.date(),
        wanted=1,
        at=NOW,
    )
    values = {"rows": 0, "root": "0" * 64, "previous": "0" * 64, "signature": "x"}
    Seal.objects.create(day=NOW.date() - timedelta(days=1), link="1" * 64, sealed_at=NOW - timedelta(hours=1), **values)
    assert services.draw_due(at=NOW) == 0
    Seal.objects.create(day=NOW.date(), link="2" * 64, sealed_at=NOW + timedelta(days=1), **values)
    assert services.draw_due(at=NOW + timedelta(days=1)) == 1
    assert services.draw_due(at=NOW + timedelta(days=1)) == 0
    page = Client().get(f"/cong-khai/rut-mau/{draw.pk}/").content.decode()
    told = b"".join(Client().get(f"/cong-khai/rut-mau/{draw.pk}/danh-sach.csv")).decode().split()[1:]
    codes = [line.split(",")[0] for line in told]
    assert "2" * 64 in page
    assert rules.list_hash(codes) in page
    assert rules.draw(codes, "2" * 64, 1) == list(
        RetestEntry.objects.filter(picked=True).values_list("code", flat=True)
    )


def test_the_officers_pages(case, auditor, learner, clock_at, settings):
    settings.DEMO = True
    client = client_of(auditor)
    auditor.account.demo = True
    auditor.account.save()
    assert "Trả lời quá nhanh" in client.get("/dieu-hanh/kiem-tra-lai/").content.decode()
    address = f"/dieu-hanh/kiem-tra-lai/{case.pk}/"
    assert learner.full_name in client.get(address).content.decode()
    client.post(address, {"quyet_dinh": "CLEARED:CHANCE"})
    case.refresh_from_db()
    assert (case.state, case.reason) == (CaseState.CLEARED, CaseReason.CHANCE)
    assert client_of(learner).get(address).status_code == 403


def test_the_shipped_rules_are_complete_and_marked_provisional():
    import yaml

    from hocvuso.assessment.integrity.sweep import LOOKS, RULES

    shipped = yaml.safe_load(Path(RULES).read_text(encoding="utf-8"))["rules"]
    assert {rule["kind"] for rule in shipped} == set(RuleKind.values) == set(LOOKS)
    assert all(rule["note"] for rule in shipped) and json.dumps(shipped)
