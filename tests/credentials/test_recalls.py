"""A re-check after the certificate: found by one, stopped by another, ended by a third; the holder reads it and can answer."""

from __future__ import annotations

import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from hocvuso.assessment.integrity.services import decide, doubts_of
from hocvuso.assessment.models import Case, CaseMember, IntegrityRule
from hocvuso.assessment.models.integrity import CaseReason, CaseState, RuleKind
from hocvuso.assessment.public import load_policies
from hocvuso.credentials import services
from hocvuso.credentials.errors import NoSuchRecall, SameEyes
from hocvuso.credentials.models import Certificate, Confirmation, Recall
from hocvuso.credentials.queries import marked_serials, serial_of
from hocvuso.credentials.recalling import recalls_for
from hocvuso.evidence.public import Milestone, milestones_of, project_all
from hocvuso.people.public import Account, Role, grant_mandate
from tests.assessment.conftest import agree, client_of, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]


@pytest.fixture
def looked(ward):
    """A confirmed result with a case over it, an auditor, and two officers who confirm."""
    load_policies()
    agree(ward.learner)
    attempt = take(ward.learner, correct=15, at=ward.now)
    row = Confirmation.objects.get(person=ward.learner)
    row = services.propose_confirmation(actor=ward.officer, confirmation=row, at=ward.now)
    services.confirm(actor=ward.confirmer, confirmation=row, at=ward.now)
    auditor = ward.person("Huỳnh Thị Kim Chi", unit=ward.other)
    grant_mandate(actor=None, person=auditor, unit=ward.city, role=Role.AUDITOR, at=ward.now)
    second = ward.person("Hà Văn Hai", unit=ward.other)
    grant_mandate(actor=None, person=second, unit=ward.unit, role=Role.CONFIRMER, at=ward.now)
    rule = IntegrityRule.objects.create(code="thu", version=1, kind=RuleKind.TOO_FAST, settings={})
    case = Case.objects.create(
        rule=rule, kind=RuleKind.TOO_FAST, key=str(attempt.id), unit=ward.unit, opened_at=ward.now, people=1
    )
    CaseMember.objects.create(person=ward.learner, case=case, attempt_id=attempt.id)
    return SimpleNamespace(
        ward=ward, attempt=attempt, auditor=auditor, first=ward.confirmer, second=second, case=case, at=ward.now
    )


def found(looked) -> Recall:
    decide(actor=looked.auditor, case=looked.case, state=CaseState.FOUND, reason=CaseReason.STOOD_IN, at=looked.at)
    return Recall.objects.get()


def stopped(looked) -> Recall:
    return services.stop_for_recall(actor=looked.first, recall=found(looked), reason="Chờ xem lại", at=looked.at)


@pytest.mark.clause("R-27", "R-32")
def test_a_suspicion_and_even_a_finding_leave_the_certificate_and_the_figures_alone(looked):
    assert Certificate.objects.get().is_valid and not Recall.objects.exists()
    recall = found(looked)
    project_all()
    assert Certificate.objects.get().is_valid and recall.state == "WAITS"
    assert {Milestone.PASSED, Milestone.CONFIRMED} <= set(milestones_of(looked.ward.learner.pk))


@pytest.mark.clause("R-27", "R-32", "R-10d")
def test_three_people_take_a_certificate_back_and_everything_follows(looked):
    recall = stopped(looked)
    serial = serial_of(Certificate.objects.get())
    assert marked_serials("suspension", 1, serial) == [serial]
    ended = services.end_recall(actor=looked.second, recall=recall, revoke=True, reason="Người khác thi", at=looked.at)
    project_all()
    assert (ended.state, Certificate.objects.get().state, Confirmation.objects.get().state) == ("REVOKED",) * 3
    assert marked_serials("revocation", 1, serial) == [serial]
    assert not {Milestone.PASSED, Milestone.CONFIRMED} & set(milestones_of(looked.ward.learner.pk))
    again = take(looked.ward.learner, correct=15, at=looked.at + timedelta(days=1))
    assert Certificate.objects.get(attempt_id=again.id).is_valid
    project_all()
    assert Milestone.PASSED in milestones_of(looked.ward.learner.pk)


def test_in_order_after_all_it_counts_again_and_nothing_holds_it_any_more(looked):
    services.end_recall(actor=looked.second, recall=stopped(looked), revoke=False, reason="", at=looked.at)
    assert Certificate.objects.get().is_valid
    assert doubts_of([(looked.ward.learner.pk, looked.attempt.id)]) == {}
    assert marked_serials("suspension", 1, 99) == []


def test_nobody_takes_two_of_the_three_steps_and_the_database_says_so_too(looked):
    grant_mandate(actor=None, person=looked.auditor, unit=looked.ward.unit, role=Role.CONFIRMER, at=looked.at)
    recall = found(looked)
    with pytest.raises(SameEyes):
        services.stop_for_recall(actor=looked.auditor, recall=recall, reason="x", at=looked.at)
    recall = services.stop_for_recall(actor=looked.first, recall=recall, reason="x", at=looked.at)
    for actor in (looked.first, looked.auditor):
        with pytest.raises(SameEyes):
            services.end_recall(actor=actor, recall=recall, revoke=True, reason="x", at=looked.at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recall.objects.update(ended_by=looked.first.pk)
    with pytest.raises(NoSuchRecall):
        services.stop_for_recall(actor=looked.second, recall=recall, reason="x", at=looked.at)
    assert not recalls_for(looked.ward.other_confirmer)
    assert [one.may_decide for one in recalls_for(looked.second)] == [True]


def test_the_holder_reads_each_step_can_answer_and_take_the_test_again(looked, settings):
    settings.DEMO = True
    learner = client_of(looked.ward.learner)
    recall = stopped(looked)
    page = learner.get("/chung-nhan/").content.decode()
    assert "Chờ xem lại" in page and "Người khác thi hộ" in page and "Làm lại bài kiểm tra" in page
    address = f"/chung-nhan/y-kien/{recall.id}/"
    assert "Viết vài chữ" in learner.post(address, {"y_kien": " "}, follow=True).content.decode()
    learner.post(address, {"y_kien": "Chính tôi làm, có con tôi ngồi cạnh."})
    assert client_of(looked.ward.officer).post(address, {"y_kien": "x"}, follow=True).status_code == 200
    officer = client_of(looked.second)
    Account.objects.filter(person__in=[looked.second, looked.ward.learner]).update(demo=True)
    desk = officer.get("/dieu-hanh/sau-kiem-tra-lai/").content.decode()
    assert "có con tôi ngồi cạnh" in desk
    assert learner.get("/dieu-hanh/sau-kiem-tra-lai/").status_code == 403
    told = {"dong": str(recall.id), "viec": "revoke", "ly_do": ""}
    officer.post("/dieu-hanh/sau-kiem-tra-lai/", told)
    assert Certificate.objects.get().state == "SUSPENDED"
    officer.post("/dieu-hanh/sau-kiem-tra-lai/", told | {"viec": "restore"})
    assert "Mọi thứ đều đúng" in learner.get("/chung-nhan/").content.decode()
    assert officer.post("/dieu-hanh/sau-kiem-tra-lai/", told | {"dong": str(uuid.uuid4())}).status_code == 302


def test_a_case_that_ends_well_says_so_to_who_has_the_certificate(looked):
    decide(actor=looked.auditor, case=looked.case, state=CaseState.CLEARED, reason=CaseReason.CHANCE, at=looked.at)
    assert "Mọi thứ đều đúng" in client_of(looked.ward.learner).get("/chung-nhan/").content.decode()
    assert not Recall.objects.exists()
