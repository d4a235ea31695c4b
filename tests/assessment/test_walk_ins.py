"""People added at the door by an assessor's phone: matched safely or queued, never merged in silence, nothing lost."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hocvuso.assessment.integrity.services import watch
from hocvuso.assessment.models import Answer, Attempt, Seat, SittingRecord, SparePaper, WalkIn
from hocvuso.assessment.models.sittings import SittingMode
from hocvuso.assessment.models.walkins import WalkInReason, WalkInState
from hocvuso.assessment.sittings import door, services
from hocvuso.assessment.sittings.errors import NoSuchWalkIn, WalkInDecided
from hocvuso.assessment.sittings.papers import hand_out
from hocvuso.evidence.public import Assurance, Evidence, EvidenceKind
from hocvuso.people.public import (
    Account,
    AlreadyKnown,
    IdentityKey,
    OutOfReach,
    Person,
    Purpose,
    Role,
    erase_person,
    find_person_by,
    grant_mandate,
    has_consent,
    set_identity,
)
from tests.conftest import NOW
from tests.factories.spine import make_person

from .conftest import agree, client_of, right
from .test_sitting_records import LATER, Phone
from .test_sittings import opened

pytestmark = pytest.mark.django_db
NAME, NUMBER = "Trần Thị Bảy", "0903123456"


@pytest.fixture
def sitting(city, assessor):
    return opened(assessor, city.binh_thanh, SittingMode.SPOKEN)


@pytest.fixture
def phone(sitting, assessor):
    return Phone(hand_out(actor=assessor, sitting=sitting, at=NOW))


def comes(
    phone: Phone, *, name=NAME, born=1958, number=NUMBER, lives_here=True, agreed="2026-11", spare=0
) -> uuid.UUID:
    """Somebody is added at the door, present, asked and finished, all without a network."""
    here = uuid.uuid4()
    paper = phone.pack["spares"][spare]["id"]
    details = {"full_name": name, "birth_year": born, "phone": number, "lives_here": lives_here, "agreed": agreed}
    phone.write("WALK_IN", here, at=NOW + timedelta(minutes=1), spare=paper, secret=details)
    phone.write("PRESENT", here, at=NOW + timedelta(minutes=2))
    for position, question in enumerate(SparePaper.objects.get(pk=paper).paper, 1):
        phone.write("ANSWER", here, at=NOW + timedelta(minutes=3), position=position, secret=right(question))
    phone.write("FINISH", here, at=NOW + timedelta(minutes=20))
    return here


def known(unit, *, name=NAME, number=NUMBER, born=1958) -> Person:
    person = make_person(unit, name)
    person.birth_year = born
    person.save(update_fields=["birth_year"])
    if number:
        set_identity(person=person, kind=IdentityKey.Kind.PHONE, value=number, at=NOW)
    return person


@pytest.mark.clause("R-01", "R-27")
def test_somebody_new_at_the_door_is_registered_after_their_yes_and_graded(phone, sitting, assessor, city):
    comes(phone)
    assert phone.send(assessor, sitting).replies[-1].passed is True
    person = find_person_by(IdentityKey.Kind.PHONE, NUMBER)
    assert (person.full_name, person.birth_year, person.home_unit) == (NAME, 1958, city.binh_thanh)
    assert has_consent(person, Purpose.LEARNING)
    assert person.consents.get().at == NOW + timedelta(minutes=1)
    row = Evidence.objects.get(person=person, kind=EvidenceKind.ASSESSMENT_PASSED)
    assert row.assurance == Assurance.SUPERVISED
    walk_in = WalkIn.objects.get()
    assert (walk_in.state, walk_in.details, Seat.objects.get().how) == (WalkInState.NEW, "", "DOOR")


def test_without_a_phone_or_a_year_or_a_home_somebody_is_registered_all_the_same(phone, sitting, assessor):
    comes(phone, born=None, number="", lives_here=False)
    phone.send(assessor, sitting)
    person = Seat.objects.get().person
    assert (person.full_name, person.birth_year, person.home_unit) == (NAME, None, None)


def test_the_same_phone_name_and_year_is_the_same_person(phone, sitting, assessor, city):
    person = known(city.khu_pho_1)
    comes(phone, name="tran thi bay")
    phone.send(assessor, sitting)
    assert (WalkIn.objects.get().state, WalkIn.objects.get().person) == (WalkInState.MATCHED, person)
    assert Attempt.objects.get().person == person and Person.objects.filter(search_name=person.search_name).count() == 1


@pytest.mark.clause("R-27")
@pytest.mark.parametrize(
    ("door_says", "reason"),
    [
        ({"name": "Trần Thị Tám"}, WalkInReason.OTHER_NAME),
        ({"born": 1985}, WalkInReason.OTHER_YEAR),
        ({"number": ""}, WalkInReason.LOOKS_ALIKE),
        ({"number": "0903999888"}, WalkInReason.LOOKS_ALIKE),
        ({"name": "Lê Văn Lạ", "number": "12"}, WalkInReason.BAD_DETAILS),
        ({"name": "Lê Văn Lạ", "number": "", "born": 1600}, WalkInReason.BAD_DETAILS),
    ],
)
def test_what_is_not_certain_waits_for_a_person_and_changes_nobody(phone, sitting, assessor, city, door_says, reason):
    person = known(city.khu_pho_1)
    people = Person.objects.count()
    comes(phone, **door_says)
    taken = phone.send(assessor, sitting)
    assert {one.problem for one in taken.replies} == {"walk_in_waits"}
    assert (WalkIn.objects.get().state, WalkIn.objects.get().reason) == (WalkInState.QUEUED, reason)
    assert (Person.objects.count(), Attempt.objects.count(), Seat.objects.count()) == (people, 0, 0)
    assert not has_consent(person, Purpose.LEARNING)
    assert SittingRecord.objects.count() == len(phone.lines)


def test_a_decision_counts_everything_that_waited_and_sending_again_counts_nothing_twice(
    phone, sitting, assessor, city
):
    person = known(city.khu_pho_1)
    comes(phone, number="")
    phone.send(assessor, sitting)
    door.decide_is(actor=assessor, walk_in=WalkIn.objects.get(), person=person, at=LATER)
    again = phone.send(assessor, sitting)
    attempt = Attempt.objects.get(person=person)
    assert (attempt.passed, Answer.objects.count()) == (True, len(attempt.paper))
    assert attempt.graded_at == NOW + timedelta(minutes=20)
    assert (again.replies[-1].passed, {one.problem for one in again.replies}) == (True, {""})
    assert (Seat.objects.get().present_by, WalkIn.objects.get().details) == (assessor.pk, "")
    with pytest.raises(WalkInDecided):
        door.set_aside(actor=assessor, walk_in=WalkIn.objects.get(), at=LATER)


def test_somebody_new_with_the_name_of_another_and_a_phone_that_is_taken(phone, sitting, assessor, city):
    person = known(city.khu_pho_1)
    comes(phone, born=1985)
    phone.send(assessor, sitting)
    said = {"actor": assessor, "walk_in": WalkIn.objects.get(), "full_name": NAME, "birth_year": 1985, "at": LATER}
    with pytest.raises(AlreadyKnown):
        door.decide_new(phone=NUMBER, **said)
    assert WalkIn.objects.get().details
    door.decide_new(phone="", **said)
    made = Attempt.objects.get().person
    assert made != person and made.birth_year == 1985
    assert find_person_by(IdentityKey.Kind.PHONE, NUMBER) == person


def test_set_aside_counts_nothing_and_can_still_be_decided_until_half_a_year_has_gone(phone, sitting, assessor, city):
    person = known(city.khu_pho_1)
    comes(phone, number="")
    phone.send(assessor, sitting)
    door.set_aside(actor=assessor, walk_in=WalkIn.objects.get(), at=LATER)
    assert not Attempt.objects.exists()
    assert door.waiting_in(sitting, assessor)[0].alike == (person,)
    watch(at=NOW + timedelta(days=200))
    assert not door.waiting_in(sitting, assessor)
    assert not SittingRecord.objects.get(kind="WALK_IN").line
    with pytest.raises(WalkInDecided):
        door.decide_is(actor=assessor, walk_in=WalkIn.objects.get(), person=person, at=LATER)


def test_nothing_is_taken_without_the_yes_and_nobody_takes_the_name_of_another(phone, sitting, assessor, city, learner):
    comes(phone, agreed="")
    stranger = known(city.khu_pho_1, name="Người Khác", number="")
    paper = phone.pack["spares"][1]["id"]
    phone.write("WALK_IN", stranger.pk, spare=paper, secret={"full_name": "Ai Đó", "agreed": "1"})
    taken = phone.send(assessor, sitting)
    assert (taken.replies[0].problem, taken.replies[-1].problem) == ("records_unreadable", "records_unreadable")
    assert {one.problem for one in taken.replies[1:-1]} == {"not_in_sitting"}
    assert not (WalkIn.objects.exists() or Seat.objects.exists() or Attempt.objects.exists())


def test_somebody_on_the_list_after_all_and_two_people_with_the_same_spare_paper(
    phone, sitting, assessor, city, learner
):
    person = known(city.khu_pho_1)
    agree(person)
    services.call_person(actor=assessor, sitting=sitting, person=person, at=NOW)
    comes(phone)
    comes(phone, name="Võ Văn Chín", number="")
    services.close_sitting(actor=assessor, sitting=sitting, at=NOW + timedelta(hours=1))
    phone.send(assessor, sitting)
    assert {(one.person.full_name, one.passed) for one in Attempt.objects.select_related("person")} == {
        (NAME, True),
        ("Võ Văn Chín", True),
    }
    assert Seat.objects.count() == 2


def test_who_passed_already_or_was_taught_is_known_and_not_counted(phone, sitting, assessor, city, monkeypatch):
    person = known(city.khu_pho_1)
    monkeypatch.setattr("hocvuso.assessment.sittings.policies.taught_by", lambda _assessor, people: set(people))
    comes(phone)
    taken = phone.send(assessor, sitting)
    assert taken.replies[0].problem == "taught_them"
    assert (WalkIn.objects.get().person, Attempt.objects.count()) == (person, 0)


def test_erasing_somebody_takes_what_was_written_at_the_door_with_them(phone, sitting, assessor):
    comes(phone)
    phone.send(assessor, sitting)
    erase_person(actor=None, person=Seat.objects.get().person, at=LATER)
    assert not WalkIn.objects.exists()
    assert not SittingRecord.objects.get(kind="WALK_IN").line


def test_papers_for_people_off_the_list_are_kept_ready_without_keys(phone, sitting, assessor):
    assert [len(one["paper"]) for one in phone.pack["spares"]] == [15] * 10
    assert '"right"' not in str(phone.pack["spares"]).replace("'", '"')
    comes(phone)
    phone.send(assessor, sitting)
    again = hand_out(actor=assessor, sitting=sitting, at=LATER)
    used = phone.pack["spares"][0]["id"]
    assert len(again["spares"]) == 10 and used not in [one["id"] for one in again["spares"]]
    assert again["walk_ins"] == {str(WalkIn.objects.get().pk): str(Seat.objects.get().person_id)}


def test_the_page_that_asks_who_it_is(
    phone, sitting, assessor, city, learner, clock_at, settings, django_assert_num_queries
):
    settings.DEMO = True
    person, hidden = known(city.khu_pho_1), known(city.an_khanh, name="Ẩn Danh", number="0909000111")
    for number in ("", "0909000111"):
        comes(phone, number=number, spare=1 if number else 0)
    phone.send(assessor, sitting)
    browser, address = client_of(assessor), f"/dieu-hanh/kiem-tra/buoi/{sitting.pk}/toi-tai-cho/"
    Account.objects.filter(person=assessor).update(demo=True)
    assert address in browser.get(f"/dieu-hanh/kiem-tra/buoi/{sitting.pk}/").content.decode()
    page = browser.get(address).content.decode()
    with CaptureQueriesContext(connection) as two:
        assert len(door.waiting_in(sitting, assessor)) == 2
    comes(phone, number="", name=NAME.upper(), spare=2)
    phone.send(assessor, sitting)
    with django_assert_num_queries(len(two)):
        assert len(door.waiting_in(sitting, assessor)) == 3
    WalkIn.objects.get(spare__pk=phone.pack["spares"][2]["id"]).delete()
    assert NAME in page and hidden.full_name not in page
    assert client_of(learner).get(address).status_code == 403
    first = WalkIn.objects.get(reason=WalkInReason.LOOKS_ALIKE)
    out = browser.post(address, {"ai": first.pk, "viec": f"is:{hidden.pk}"}, follow=True).content.decode()
    assert "Không có ai chờ ở đây" in out
    browser.post(address, {"ai": first.pk, "viec": f"is:{person.pk}"})
    assert Attempt.objects.get().person == person
    second = WalkIn.objects.get(reason=WalkInReason.OTHER_NAME)
    told = {"ai": second.pk, "viec": "new", "full_name": NAME, "birth_year": "x", "phone": ""}
    assert "bốn chữ số" in browser.post(address, told, follow=True).content.decode()
    browser.post(address, told | {"birth_year": "1959"})
    assert Attempt.objects.count() == 2


def test_an_assessor_of_another_unit_decides_nothing(phone, sitting, assessor, city):
    person = known(city.khu_pho_1)
    comes(phone, number="")
    phone.send(assessor, sitting)
    other = make_person(city.an_khanh, "Người Nơi Khác")
    grant_mandate(actor=None, person=other, unit=city.an_khanh, role=Role.ASSESSOR, at=NOW)
    with pytest.raises(OutOfReach):
        door.decide_is(actor=other, walk_in=WalkIn.objects.get(), person=person, at=LATER)
    with pytest.raises(NoSuchWalkIn):
        far = known(city.an_khanh, name="Xa", number="")
        door.decide_is(actor=assessor, walk_in=WalkIn.objects.get(), person=far, at=LATER)
