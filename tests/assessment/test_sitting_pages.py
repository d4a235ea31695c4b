"""Pages of sittings: the assessor's desk, the board, the doors for those who come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from hocvuso.assessment.errors import NeedsAssessor
from hocvuso.assessment.models import Incident, Policy, Seat, Sitting
from hocvuso.assessment.models.sittings import IncidentKind, SittingMode
from hocvuso.assessment.services import open_attempt
from hocvuso.assessment.sittings import queries, rules, services
from hocvuso.assessment.sittings.errors import NotBriefed, TickFirst
from hocvuso.assessment.sittings.rules import Need
from hocvuso.people.public import Role, grant_mandate
from tests.conftest import NOW
from tests.factories.spine import make_person

from .conftest import CODE, agree, client_of
from .test_sittings import opened

pytestmark = pytest.mark.django_db
CALM = {
    "at": NOW,
    "present": True,
    "started": True,
    "finished": False,
    "in_doubt": False,
    "asked_help": False,
    "other_device": False,
    "last_seen_at": NOW,
    "last_answer_at": NOW,
    "on_own_phone": True,
}


@pytest.mark.parametrize(
    ("change", "need"),
    [
        ({}, Need.WORKING),
        ({"asked_help": True, "in_doubt": True}, Need.ASKED),
        ({"in_doubt": True, "finished": True}, Need.DOUBT),
        ({"other_device": True}, Need.OTHER_PHONE),
        ({"last_seen_at": NOW - timedelta(seconds=76)}, Need.LOST),
        ({"last_seen_at": None}, Need.LOST),
        ({"last_answer_at": NOW - timedelta(minutes=4)}, Need.IDLE),
        ({"last_seen_at": None, "on_own_phone": False}, Need.WORKING),
        ({"present": False}, Need.NOT_TICKED),
        ({"started": False}, Need.WAITING),
        ({"finished": True}, Need.DONE),
    ],
)
def test_the_board_knows_why_to_look_at_somebody(change, need):
    assert rules.need_of(**(CALM | change)) == need


@pytest.fixture
def desk(assessor, clock_at, settings) -> Client:
    settings.DEMO = True
    client = client_of(assessor)
    assessor.account.demo = True
    assessor.account.save()
    return client


def test_a_session_from_opening_to_closing(desk, city, learner, browser):
    told = {
        "unit": city.binh_thanh.pk,
        "policy": CODE,
        "mode": "SUPERVISED",
        "place": "Nhà văn hóa",
        "starts_at": "2026-11-10T09:00",
        "minutes": 90,
    }
    assert desk.post("/dieu-hanh/kiem-tra/mo/", told | {"minutes": 3}).status_code == 422
    address = desk.post("/dieu-hanh/kiem-tra/mo/", told).url
    sitting = Sitting.objects.get()
    assert sitting.ends_at - sitting.starts_at == timedelta(minutes=90)
    assert (
        "Không có buổi nào đang mở với mã này" in browser.post("/kiem-tra/phong/", {"code": "zzzzzz"}).content.decode()
    )
    lobby = browser.post("/kiem-tra/phong/", {"code": f"{sitting.code[:3]} {sitting.code[3:].lower()}"}).url
    assert "điểm danh" in browser.get(lobby).content.decode()
    desk.post(address, {"viec": "present", "nguoi": str(learner.pk)})
    first = browser.post(lobby).url
    assert "Gọi người coi tới" in browser.get(first).content.decode()
    browser.post(lobby, {"viec": "help", "ve": "1"})
    part = desk.post(
        address, {"viec": "incident:UNWELL", "nguoi": str(learner.pk)}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in part
    assert part.count("Gọi giúp") == 1
    assert Incident.objects.get().kind == IncidentKind.UNWELL
    assert Seat.objects.get().device
    assert desk.get(f"{address}diem-danh.pdf").content[:5] == b"%PDF-"
    desk.post(address, {"viec": "close"})
    assert "Đã đóng" in desk.get(address).content.decode()
    assert sitting.code not in desk.get("/dieu-hanh/kiem-tra/").content.decode()


def test_others_stay_outside(desk, assessor, city, browser, settings):
    sitting = opened(assessor, city.binh_thanh)
    address = f"/dieu-hanh/kiem-tra/buoi/{sitting.pk}/"
    assert browser.get(address).status_code == 403
    assert Client().get(address).status_code == 302
    stranger = make_person(city.an_khanh, "Người Phường Khác")
    grant_mandate(actor=None, person=stranger, unit=city.an_khanh, role=Role.ASSESSOR, at=NOW)
    client = client_of(stranger)
    stranger.account.demo = True
    stranger.account.save()
    assert client.get(address).status_code == 404
    assert client.post(address, {"viec": "close"}).status_code == 404
    assert desk.put(address).status_code == 405


def test_the_board_and_the_list_ask_as_much_for_one_as_for_many(assessor, city, django_assert_num_queries):
    sitting = opened(assessor, city.binh_thanh)
    for number in range(5):
        person = make_person(city.khu_pho_1, f"Người {number}")
        agree(person)
        services.call_person(actor=assessor, sitting=sitting, person=person, at=NOW)
        services.start(person=person, sitting=sitting, device="a" * 32, at=NOW)
        if number in {0, 4}:
            with django_assert_num_queries(6):
                queries.board(sitting, NOW)
    opened(assessor, city.binh_thanh)
    with django_assert_num_queries(2):
        list(queries.listed(assessor, NOW.date(), after=None))


def test_spoken_and_observed_sessions_need_the_guide_read(assessor, city):
    with pytest.raises(NotBriefed):
        services.open_sitting(
            actor=assessor,
            unit=city.binh_thanh,
            policy=Policy.objects.get(code=CODE),
            mode=SittingMode.SPOKEN,
            place="x",
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            at=NOW,
        )


@pytest.mark.clause("R-27")
def test_a_test_that_has_to_be_supervised_begins_before_an_assessor_who_has_ticked(assessor, city, learner):
    old = Policy.objects.get(code=CODE)
    old.pk, old.version, old.supervised, old._state.adding = None, old.version + 1, True, True
    old.save()
    with pytest.raises(NeedsAssessor):
        open_attempt(person=learner, policy_code=CODE, at=NOW)
    sitting = services.open_sitting(
        actor=assessor,
        unit=city.binh_thanh,
        policy=old,
        mode=SittingMode.SUPERVISED,
        place="x",
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        at=NOW,
    )
    services.join(person=learner, code=sitting.code, device="", at=NOW)
    with pytest.raises(TickFirst):
        services.start(person=learner, sitting=sitting, device="", at=NOW)
    services.tick_present(actor=assessor, sitting=sitting, person_id=learner.pk, at=NOW)
    assert services.start(person=learner, sitting=sitting, device="", at=NOW).is_open
