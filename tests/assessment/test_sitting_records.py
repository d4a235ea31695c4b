"""What an assessor's phone sends: kept, counted once, graded on the server."""

from __future__ import annotations

import json
import random
import uuid
from datetime import datetime, timedelta

import pytest

from hocvuso.assessment import rules as paper_rules
from hocvuso.assessment.models import Answer, Attempt, Incident, Policy, Seat, SittingRecord
from hocvuso.assessment.models.sittings import SittingMode
from hocvuso.assessment.sittings import policies, rules, services
from hocvuso.assessment.sittings.errors import OtherAssessor
from hocvuso.assessment.sittings.papers import hand_out
from hocvuso.assessment.sittings.records import read_line, take_records
from hocvuso.assessment.sittings.sealing import seal
from hocvuso.evidence.public import Assurance, Evidence, EvidenceKind
from hocvuso.people.public import Role, grant_mandate
from tests.conftest import NOW
from tests.factories.spine import make_person

from .conftest import CODE, agree, client_of, right, wrong
from .test_question_kinds import MATCH
from .test_sittings import opened

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


class Phone:
    """An assessor's phone without a network: writes lines as notebook.js does."""

    def __init__(self, pack: dict, *, ahead: timedelta = timedelta(0)) -> None:
        self.pack, self.ahead, self.device = pack, ahead, str(uuid.uuid4())
        self.lines: list[dict] = []
        self.mark = ""

    def write(self, kind: str, person: object, *, at: datetime = NOW, secret: object = None, **facts: object) -> None:
        body = {"id": str(uuid.uuid4()), "n": len(self.lines) + 1, "at": (at + self.ahead).isoformat(), "kind": kind}
        body |= {"person": str(person), **facts}
        if secret is not None:
            body["sealed"] = seal(self.pack["lock"], secret)
        line = json.dumps(body)
        self.mark = rules.chain_mark(self.mark, line)
        self.lines.append({"line": line, "mark": self.mark})

    def send(self, actor, sitting, *, at: datetime = LATER, lines: list[dict] | None = None):
        told = [read_line(raw) for raw in (self.lines if lines is None else lines)]
        return take_records(
            actor=actor, sitting=sitting, device=self.device, lines=told, sent_at=at + self.ahead, at=at
        )


def whole_test(phone: Phone, person, *, correct: int) -> None:
    phone.write("PRESENT", person.pk)
    paper = Seat.objects.get(person=person).paper
    for position, question in enumerate(paper, 1):
        chosen = right(question) if position <= correct else wrong(question)
        at = NOW + timedelta(minutes=position)
        phone.write("ANSWER", person.pk, at=at, position=position, secret=chosen)
    phone.write("FINISH", person.pk, at=NOW + timedelta(minutes=20))


@pytest.fixture
def sitting(city, assessor, learner):
    made = opened(assessor, city.binh_thanh, SittingMode.SPOKEN)
    services.call_person(actor=assessor, sitting=made, person=learner, at=NOW)
    return made


@pytest.fixture
def phone(sitting, assessor):
    return Phone(hand_out(actor=assessor, sitting=sitting, at=NOW))


@pytest.mark.clause("R-27")
def test_questions_are_handed_out_without_keys(phone):
    told = json.dumps(phone.pack)
    assert len(phone.pack["seats"][0]["paper"]) == 15
    assert not any(word in told for word in ('"right"', '"rank"', '"why"', '"lesson"', '"partner"', '"id": "q'))


@pytest.mark.clause("R-27")
def test_pairs_are_asked_on_the_assessors_phone_without_saying_which_belong_together(assessor, city, learner):
    made, paper = with_paper(assessor, city, learner, [MATCH])
    phone = Phone(hand_out(actor=assessor, sitting=made, at=NOW))
    asked = phone.pack["seats"][0]["paper"][0]
    assert sorted(line["text"] for line in asked["partners"]) == ["ý a", "ý b", "ý c", "ý d"]
    assert {key for line in asked["options"] for key in line} == {"name", "text"}
    phone.write("PRESENT", learner.pk)
    phone.write("ANSWER", learner.pk, position=1, secret=right(paper[0]))
    phone.write("FINISH", learner.pk)
    assert phone.send(assessor, made).replies[-1].passed is True


@pytest.mark.clause("R-01", "R-27")
@pytest.mark.parametrize(
    ("spoil", "correct", "problem"),
    [
        (lambda trace: trace, True, ""),
        (lambda trace: trace | {"events": trace["events"][:-1]}, False, "trace_refused"),
        (lambda trace: trace | {"release": "0" * 64}, False, "trace_refused"),
        (lambda trace: [], False, "trace_refused"),
    ],
    ids=["honest", "cut short", "of another release", "empty"],
)
def test_a_practice_played_on_the_assessors_phone_is_played_again_by_the_server(
    assessor, city, learner, spoil, correct, problem
):
    made = opened(assessor, city.binh_thanh, SittingMode.OBSERVED, policy=with_practice())
    services.call_person(actor=assessor, sitting=made, person=learner, at=NOW)
    phone = Phone(hand_out(actor=assessor, sitting=made, at=NOW))
    paper = Seat.objects.get().paper
    assert paper[-1]["kind"] == "practice"
    assert phone.pack["practices"][paper[-1]["digest"]]["slug"] == paper[-1]["practice"]
    phone.write("PRESENT", learner.pk)
    phone.write("ANSWER", learner.pk, position=len(paper), secret=spoil(right(paper[-1])))
    phone.write("FINISH", learner.pk)
    phone.send(assessor, made)
    # Without an answer that counts, grading writes an empty one; the line itself stays as it came.
    answer = Answer.objects.get(person=learner, position=len(paper))
    assert (answer.correct, bool(answer.chosen)) == (correct, correct)
    assert SittingRecord.objects.get(kind="ANSWER").problem == problem


@pytest.mark.parametrize("mode", SittingMode.values)
def test_every_kind_of_sitting_asks_for_the_practices_of_the_policy(assessor, city, learner, mode):
    made = opened(assessor, city.binh_thanh, mode, policy=with_practice())
    services.call_person(actor=assessor, sitting=made, person=learner, at=NOW)
    hand_out(actor=assessor, sitting=made, at=NOW)
    assert [question["kind"] for question in Seat.objects.get().paper].count("practice") == 1


def with_practice() -> Policy:
    """The policy with one practice task, as its next version."""
    policy = Policy.objects.get(code=CODE, version=1)
    values = {field.name: getattr(policy, field.name) for field in policy._meta.fields if field.name != "id"}
    return Policy.objects.create(**(values | {"version": 2, "practice_tasks": 1}))


def with_paper(assessor, city, learner, questions):
    """A spoken sitting whose one paper is these questions."""
    made = opened(assessor, city.binh_thanh, SittingMode.SPOKEN)
    services.call_person(actor=assessor, sitting=made, person=learner, at=NOW)
    paper = [paper_rules.drawn(question, random.Random(4)) for question in questions]
    Seat.objects.update(paper=paper)
    return made, paper


@pytest.mark.clause("R-01")
def test_a_spoken_test_recorded_without_a_network_is_graded_when_it_arrives(phone, sitting, assessor, learner):
    whole_test(phone, learner, correct=12)
    taken = phone.send(assessor, sitting)
    attempt = Attempt.objects.get(person=learner)
    assert (attempt.correct, attempt.passed, taken.replies[-1].passed) == (12, True, True)
    assert attempt.graded_at == NOW + timedelta(minutes=20)
    row = Evidence.objects.get(person=learner, kind=EvidenceKind.ASSESSMENT_PASSED)
    assert (row.assurance, row.recorded_at) == (Assurance.SUPERVISED, LATER)


def test_an_upload_sent_twice_counts_once(phone, sitting, assessor, learner):
    whole_test(phone, learner, correct=12)
    phone.write("INCIDENT", learner.pk, incident="UNWELL")
    first = phone.send(assessor, sitting)
    second = phone.send(assessor, sitting)
    assert {one.status for one in first.replies} == {"stored"}
    assert {one.status for one in second.replies} == {"duplicate"}
    assert [one.passed for one in second.replies] == [one.passed for one in first.replies]
    assert (Attempt.objects.count(), Incident.objects.count(), SittingRecord.objects.count()) == (1, 1, 18)


def test_half_an_upload_goes_on_where_it_stopped_and_a_gap_is_asked_for(phone, sitting, assessor, learner):
    whole_test(phone, learner, correct=15)
    assert {one.status for one in phone.send(assessor, sitting, lines=phone.lines[5:]).replies} == {"gap"}
    assert not SittingRecord.objects.exists()
    phone.send(assessor, sitting, lines=phone.lines[:9])
    phone.send(assessor, sitting, lines=phone.lines[4:])
    assert Attempt.objects.get(person=learner).correct == 15


def test_after_the_sitting_was_closed_what_was_recorded_still_counts(phone, sitting, assessor, learner):
    whole_test(phone, learner, correct=13)
    services.close_sitting(actor=assessor, sitting=sitting, at=NOW + timedelta(hours=1))
    assert phone.send(assessor, sitting).replies[-1].passed is True


@pytest.mark.parametrize("ahead", [timedelta(days=400), -timedelta(days=400)])
def test_a_phone_whose_clock_was_moved_loses_nothing_and_is_told(sitting, assessor, learner, ahead):
    phone = Phone(hand_out(actor=assessor, sitting=sitting, at=NOW), ahead=ahead)
    whole_test(phone, learner, correct=15)
    taken = phone.send(assessor, sitting)
    assert taken.clock_off == ahead
    attempt = Attempt.objects.get(person=learner)
    assert attempt.passed
    assert attempt.graded_at == NOW + timedelta(minutes=20)


def test_a_clock_moved_in_the_middle_keeps_the_order_and_stays_between_hand_out_and_arrival(
    phone, sitting, assessor, learner
):
    phone.write("PRESENT", learner.pk, at=NOW + timedelta(minutes=9))
    phone.write("FINISH", learner.pk, at=NOW - timedelta(days=2))
    taken = phone.send(assessor, sitting)
    moments = list(SittingRecord.objects.order_by("place").values_list("happened_at", flat=True))
    assert moments == [NOW + timedelta(minutes=9)] * 2
    assert taken.clock_off is not None


def test_an_answer_changed_on_the_phone_is_kept_and_not_counted(phone, sitting, assessor, learner):
    whole_test(phone, learner, correct=15)
    body = json.loads(phone.lines[3]["line"]) | {"position": 9}
    phone.lines[3]["line"] = json.dumps(body)
    taken = phone.send(assessor, sitting)
    assert taken.replies[3].problem == "chain_broken"
    assert Attempt.objects.get(person=learner).correct == 14
    assert SittingRecord.objects.count() == len(phone.lines)


def test_a_seal_of_another_sitting_does_not_open(phone, sitting, assessor, learner):
    phone.write("PRESENT", learner.pk)
    other = opened(assessor, sitting.unit, SittingMode.SPOKEN)
    phone.pack["lock"] = other.lock_public
    phone.write("ANSWER", learner.pk, position=1, secret=["x"])
    phone.write("FINISH", learner.pk)
    phone.send(assessor, sitting)
    assert SittingRecord.objects.get(kind="ANSWER").problem == "seal_broken"
    assert Attempt.objects.get(person=learner).passed is False


def test_two_assessors_at_once_the_replaced_one_sends_what_was_written_before(phone, sitting, assessor, learner, city):
    other = make_person(city.khu_pho_1, "Phạm Thị Hai")
    grant_mandate(actor=None, person=other, unit=city.binh_thanh, role=Role.ASSESSOR, at=NOW)
    phone.write("PRESENT", learner.pk)
    with pytest.raises(OtherAssessor):
        phone.send(other, sitting)
    services.read_guide(actor=other, at=NOW)
    services.take_over(actor=other, sitting=sitting, at=NOW + timedelta(minutes=30))
    phone.write("INCIDENT", learner.pk, at=NOW + timedelta(minutes=40), incident="HELPED")
    taken = phone.send(assessor, sitting)
    assert [one.problem for one in taken.replies] == ["", "after_take_over"]
    assert Seat.objects.get().present_by == assessor.pk


def test_a_person_finished_on_two_phones_keeps_the_first_result(phone, sitting, assessor, learner):
    second = Phone(hand_out(actor=assessor, sitting=sitting, at=NOW))
    whole_test(phone, learner, correct=15)
    whole_test(second, learner, correct=0)
    phone.send(assessor, sitting)
    assert second.send(assessor, sitting).replies[-1].problem == "already_finished"
    assert Attempt.objects.get(person=learner).correct == 15


def test_observed_work_passes_when_everything_needed_was_seen_and_nothing_forbidden(city, assessor, learner):
    made = opened(assessor, city.binh_thanh, SittingMode.OBSERVED)
    services.call_person(actor=assessor, sitting=made, person=learner, at=NOW)
    phone = Phone(hand_out(actor=assessor, sitting=made, at=NOW))
    paper = Seat.objects.get().paper
    assert all(question["options"][-1]["text"] == "Không làm được" for question in paper)
    phone.write("PRESENT", learner.pk)
    for position, question in enumerate(paper, 1):
        chosen = right(question) if position > 1 else [option["name"] for option in question["options"]]
        phone.write("ANSWER", learner.pk, position=position, secret=chosen)
    phone.write("FINISH", learner.pk)
    phone.send(assessor, made)
    attempt = Attempt.objects.get(person=learner)
    assert (attempt.correct, len(attempt.paper), attempt.passed) == (4, 5, True)


def test_somebody_taught_later_is_kept_and_not_ticked(phone, sitting, assessor, learner, monkeypatch):
    phone.write("PRESENT", learner.pk)
    monkeypatch.setattr(policies, "taught_by", lambda _assessor, people: set(people))
    assert phone.send(assessor, sitting).replies[0].problem == "taught_them"
    assert Seat.objects.get().present_at is None


def test_the_doors_for_phones(phone, sitting, assessor, learner, clock_at):
    from django.test import Client

    agree(assessor)
    client = client_of(assessor)
    header = {"headers": {"X-Hocvuso": "1"}}
    address = f"/api/v1/sittings/{sitting.pk}/records"
    body = {"device": phone.device, "sent_at": NOW.isoformat(), "records": []}
    assert Client().post(address, body, content_type="application/json", **header).status_code == 401
    assert client_of(learner).post(address, body, content_type="application/json", **header).status_code == 403
    from hocvuso.people.models import Account

    Account.objects.filter(person=assessor).update(demo=True)
    with pytest.MonkeyPatch.context() as patch:
        from django.conf import settings

        patch.setattr(settings, "DEMO", True)
        assert client.get("/api/v1/sittings", **header).json()["sittings"][0]["code"] == sitting.code
        assert client.post(address, body, content_type="application/json").status_code == 400
        assert client.post(address, "no json", content_type="application/json", **header).status_code == 400
        phone.write("PRESENT", learner.pk)
        body["records"] = phone.lines
        told = client.post(address, body, content_type="application/json", **header).json()
        assert [one["status"] for one in told["results"]] == ["stored"]
