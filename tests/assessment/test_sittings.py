"""A sitting: who comes in, who is there, what the result is worth."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from hocvuso.assessment.integrity.services import decide
from hocvuso.assessment.integrity.sweep import sweep
from hocvuso.assessment.models import Case, Policy, Seat
from hocvuso.assessment.models.integrity import CaseReason, CaseState, RuleKind
from hocvuso.assessment.models.sittings import IncidentKind, SittingMode
from hocvuso.assessment.sittings import services
from hocvuso.assessment.sittings.errors import (
    AlreadyPassed,
    OtherAssessor,
    OtherTestOpen,
    OwnTest,
    SittingClosed,
    TaughtThem,
    TooManyCodes,
    WrongCode,
)
from hocvuso.credentials.public import Certificate
from hocvuso.evidence.public import Assurance, Evidence, EvidenceKind, record_evidence
from hocvuso.people.public import OutOfReach, Role, grant_mandate
from tests.conftest import NOW
from tests.factories.spine import make_person

from .conftest import CODE, client_of, take

pytestmark = pytest.mark.django_db
PHONE = "a" * 32


def opened(assessor, unit, mode=SittingMode.SUPERVISED, at=NOW, policy=None):
    if mode != SittingMode.SUPERVISED:
        services.read_guide(actor=assessor, at=at)
    return services.open_sitting(
        actor=assessor,
        unit=unit,
        policy=policy or Policy.objects.get(code=CODE),
        mode=mode,
        place="Nhà văn hóa khu phố 1",
        starts_at=at,
        ends_at=at + timedelta(hours=2),
        at=at,
    )


@pytest.fixture
def room(city, assessor, learner):
    sitting = opened(assessor, city.binh_thanh)
    return SimpleNamespace(city=city, assessor=assessor, learner=learner, sitting=sitting)


def passed(room, *, tick: bool, at=NOW):
    services.join(person=room.learner, code=room.sitting.code, device=PHONE, at=at)
    if tick:
        services.tick_present(actor=room.assessor, sitting=room.sitting, person_id=room.learner.pk, at=at)
    services.start(person=room.learner, sitting=room.sitting, device=PHONE, at=at)
    return take(room.learner, correct=15, at=at)


def worth(person) -> list[int]:
    rows = Evidence.objects.filter(person=person, kind=EvidenceKind.ASSESSMENT_PASSED).order_by("recorded_at", "id")
    return list(rows.values_list("assurance", flat=True))


@pytest.mark.clause("R-27")
def test_only_a_person_whose_presence_was_ticked_gets_a_supervised_result(room):
    attempt = passed(room, tick=True)
    assert worth(room.learner) == [Assurance.SUPERVISED]
    assert Seat.objects.get().finished_at == attempt.graded_at


def test_without_the_tick_the_result_stays_that_of_somebody_alone_until_the_tick_comes(room):
    passed(room, tick=False)
    assert worth(room.learner) == [Assurance.OBSERVED]
    services.tick_present(actor=room.assessor, sitting=room.sitting, person_id=room.learner.pk, at=NOW)
    services.tick_present(actor=room.assessor, sitting=room.sitting, person_id=room.learner.pk, at=NOW)
    assert sorted(worth(room.learner)) == [Assurance.OBSERVED, Assurance.SUPERVISED]


def test_an_incident_that_casts_doubt_keeps_the_supervised_mark_back_and_a_note_does_not(room):
    services.join(person=room.learner, code=room.sitting.code, device=PHONE, at=NOW)
    seen = {"actor": room.assessor, "sitting": room.sitting, "person_id": room.learner.pk, "at": NOW}
    services.record_incident(kind=IncidentKind.UNWELL, **seen)
    services.record_incident(kind=IncidentKind.HELPED, **seen)
    passed(room, tick=True)
    assert worth(room.learner) == [Assurance.OBSERVED]


@pytest.mark.clause("R-27", "R-32")
def test_a_result_in_doubt_holds_the_certificate_and_a_clean_end_issues_it_at_once(room):
    services.join(person=room.learner, code=room.sitting.code, device=PHONE, at=NOW)
    seen = {"actor": room.assessor, "sitting": room.sitting, "person_id": room.learner.pk, "at": NOW}
    services.record_incident(kind=IncidentKind.HELPED, **seen)
    attempt = passed(room, tick=True)
    assert attempt.passed and not Certificate.objects.exists()
    learner = client_of(room.learner)
    for address in ("/chung-nhan/", f"/kiem-tra/bai/{attempt.id}/ket-qua/"):
        page = learner.get(address).content.decode()
        assert "Kết quả đang được xem lại" in page and "Muốn hỏi thêm" in page, address
    auditor = make_person(room.city.khu_pho_2, "Huỳnh Thị Kim Chi")
    grant_mandate(actor=None, person=auditor, unit=room.city.city, role=Role.AUDITOR, at=NOW)
    sweep(at=NOW + timedelta(hours=1))
    cases = list(Case.objects.order_by("id"))
    assert RuleKind.INCIDENT in {case.kind for case in cases}
    for number, case in enumerate(cases, 1):
        assert not Certificate.objects.exists()
        later = NOW + timedelta(hours=1 + number)
        decide(actor=auditor, case=case, state=CaseState.CLEARED, reason=CaseReason.CHANCE, at=later)
    assert Certificate.objects.get().attempt_id == attempt.id
    assert "Kết quả đang được xem lại" not in learner.get("/chung-nhan/").content.decode()


def test_a_wrong_code_is_said_and_ten_of_them_wait(room):
    for _ in range(10):
        with pytest.raises(WrongCode):
            services.join(person=room.learner, code="AAA AAA", device="", at=NOW)
    with pytest.raises(TooManyCodes):
        services.join(person=room.learner, code=room.sitting.code, device="", at=NOW)


def test_the_code_of_a_closed_sitting_says_that_it_is_closed(room):
    services.close_sitting(actor=room.assessor, sitting=room.sitting, at=NOW)
    with pytest.raises(SittingClosed):
        services.join(person=room.learner, code=room.sitting.code.lower(), device="", at=NOW)


@pytest.mark.clause("R-27")
def test_whoever_taught_somebody_does_not_assess_them(room):
    record_evidence(
        person_id=room.learner.pk,
        kind=EvidenceKind.LESSON_COMPLETED,
        subject="lesson:kich-hoat-vneid",
        assurance=Assurance.ATTESTED,
        source="fieldwork",
        occurred_at=NOW - timedelta(days=3),
        at=NOW - timedelta(days=3),
        recorded_by=room.assessor.pk,
    )
    with pytest.raises(TaughtThem) as refused:
        services.join(person=room.learner, code=room.sitting.code, device="", at=NOW)
    assert "Lê Minh Coi đã dạy Nguyễn Thị Sáu" in str(refused.value)
    assert not Seat.objects.exists()


def test_an_assessor_does_not_sit_in_the_own_sitting(room):
    with pytest.raises(OwnTest):
        services.join(person=room.assessor, code=room.sitting.code, device="", at=NOW)


def test_a_person_assessed_already_is_told_when_and_keeps_the_result(room):
    passed(room, tick=True)
    again = opened(room.assessor, room.city.binh_thanh)
    with pytest.raises(AlreadyPassed) as refused:
        services.join(person=room.learner, code=again.code, device="", at=NOW)
    assert "10/11/2026" in str(refused.value)


def test_a_test_begun_alone_does_not_become_supervised_by_joining(room):
    from hocvuso.assessment.services import open_attempt

    open_attempt(person=room.learner, policy_code=CODE, at=NOW)
    with pytest.raises(OtherTestOpen):
        services.join(person=room.learner, code=room.sitting.code, device="", at=NOW)


def test_two_assessors_at_once_one_runs_it_and_the_other_may_take_over(room):
    other = make_person(room.city.khu_pho_1, "Phạm Thị Hai")
    grant_mandate(actor=None, person=other, unit=room.city.binh_thanh, role=Role.ASSESSOR, at=NOW)
    services.join(person=room.learner, code=room.sitting.code, device="", at=NOW)
    tick = {"sitting": room.sitting, "person_id": room.learner.pk, "at": NOW}
    with pytest.raises(OtherAssessor) as refused:
        services.tick_present(actor=other, **tick)
    assert "Lê Minh Coi" in str(refused.value)
    taken = services.take_over(actor=other, sitting=room.sitting, at=NOW)
    services.tick_present(actor=other, sitting=taken, person_id=room.learner.pk, at=NOW)
    assert Seat.objects.get().present_by == other.pk


def test_an_assessor_of_another_ward_cannot_open_a_sitting_here(room):
    stranger = make_person(room.city.an_khanh, "Người Phường Khác")
    grant_mandate(actor=None, person=stranger, unit=room.city.an_khanh, role=Role.ASSESSOR, at=NOW)
    with pytest.raises(OutOfReach):
        opened(stranger, room.city.binh_thanh)
