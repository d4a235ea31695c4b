"""Certificates and confirmations: what happens, and every way it is refused."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from hocvuso.assessment.models import Case, CaseMember, IntegrityRule
from hocvuso.assessment.public import Policy
from hocvuso.assessment.signals import AttemptGraded, graded_listeners
from hocvuso.credentials import receivers, services
from hocvuso.credentials.choices import CertificateState
from hocvuso.credentials.errors import (
    MoveNotPossible,
    NameConfirmed,
    NameMissing,
    NameUnchanged,
    NothingChosen,
    NotPassed,
    NotSuspended,
    NotValid,
    OwnResult,
    ReasonNeeded,
    ResultInDoubt,
    SamePerson,
    TooManyChosen,
)
from hocvuso.credentials.models import Certificate, CertificateCode, Confirmation
from hocvuso.credentials.queries import history_of
from hocvuso.evidence.public import Evidence, RevocationReason, record_evidence, revoke_evidence
from hocvuso.kernel.errors import NotAllowed
from hocvuso.kernel.models import AuditEntry
from hocvuso.people.public import OutOfReach, Role, erase_person, grant_mandate, set_home
from hocvuso.people.services import exported_parts
from tests.credentials.conftest import PASSED


def kinds(person) -> list[str]:
    return sorted(Evidence.objects.filter(person_id=person.pk).values_list("kind", flat=True))


# --- certificates


@pytest.mark.clause("R-27")
def test_certificate_keeps_what_was_true_on_that_day(ward) -> None:
    certificate = ward.certificate()
    ward.learner.full_name = "Nguyễn Thị Bảy"
    ward.learner.save()
    certificate = Certificate.objects.get(person_id=ward.learner.pk)
    assert certificate.full_name == "Nguyễn Thị Sáu"
    assert (certificate.policy_version, certificate.score_percent, certificate.pass_percent) == ("1", 93, 80)
    assert certificate.is_valid
    assert kinds(ward.learner) == ["CERTIFICATE_ISSUED"]
    assert CertificateCode.objects.get(code=certificate.code).certificate_id == certificate.id


def test_same_attempt_gets_the_same_certificate(ward) -> None:
    attempt = uuid.uuid4()
    first, second = (
        services.issue_certificate(person_id=ward.learner.pk, attempt_id=attempt, result=PASSED, at=ward.now)
        for _ in range(2)
    )
    assert first.code == second.code
    assert kinds(ward.learner) == ["CERTIFICATE_ISSUED"]
    assert Confirmation.objects.count() == 1


def test_failed_attempt_gets_none(ward) -> None:
    with pytest.raises(NotPassed):
        services.issue_certificate(
            person_id=ward.learner.pk, attempt_id=uuid.uuid4(), result=replace(PASSED, passed=False), at=ward.now
        )
    assert Certificate.objects.count() == 0


def test_mark_of_a_provisional_framework_is_not_repeated_on_each_skill() -> None:
    certificate = Certificate(skills=[{"code": "ndct-4", "name": "An toàn số (khung tạm)"}])
    assert certificate.skill_names == ["An toàn số"]


def test_score_is_rounded_down() -> None:
    assert Certificate(score_ratio=Decimal("0.7999")).score_percent == 79


def test_passing_again_does_not_start_a_second_confirmation(ward) -> None:
    ward.confirmation(state="CONFIRMED")
    ward.certificate()
    assert Certificate.objects.count() == 2
    assert Confirmation.objects.count() == 1


def policy(**changes) -> Policy:
    values = {
        "code": "pho-cap-nguoi-dan",
        "version": 3,
        "title": "Kiểm tra kỹ năng số cơ bản cho người dân",
        "group": "ADULT",
        "questions": 15,
        "minutes": 15,
        "pass_ratio": Decimal("0.8"),
        "blueprint": [{"skills": ["ndct-1", "ndct-4"], "count": 10}, {"skills": ["ndct-4"], "count": 5}],
    }
    return Policy.objects.create(**{**values, **changes})


def test_passed_attempt_brings_a_certificate_by_the_version_it_was_made_by(ward) -> None:
    policy(version=2, title="Bản cũ")
    policy()
    event = AttemptGraded(ward.learner.pk, uuid.uuid4(), "pho-cap-nguoi-dan", 2, True, 0.8667, ward.now)
    for _ in range(2):
        receivers.issue_when_passed(event)
    certificate = Certificate.objects.get()
    assert (certificate.policy_title, certificate.policy_version, certificate.score_percent) == ("Bản cũ", "2", 86)
    assert [skill["code"] for skill in certificate.skills] == ["ndct-1", "ndct-4"]
    assert certificate.provisional


def test_failed_attempt_brings_none(ward) -> None:
    policy()
    event = AttemptGraded(ward.learner.pk, uuid.uuid4(), "pho-cap-nguoi-dan", 3, False, 0.5, ward.now)
    receivers.issue_when_passed(event)
    assert Certificate.objects.count() == 0


def test_grading_calls_for_the_certificate_in_its_own_transaction() -> None:
    assert receivers.issue_when_passed in graded_listeners()


def test_person_who_moves_house_takes_the_waiting_result_along(ward, django_capture_on_commit_callbacks) -> None:
    row = ward.confirmation(state="PROPOSED")
    with django_capture_on_commit_callbacks(execute=True):
        set_home(actor=ward.learner, person=ward.learner, unit=ward.other, at=ward.now)
    assert Confirmation.objects.get(id=row.id).unit_id == ward.other.pk


def test_correcting_the_name_replaces_the_certificate_and_keeps_its_history(ward) -> None:
    confirmation = ward.confirmation(state="PROPOSED")
    old = Certificate.objects.get()
    new = services.correct_name(
        actor=ward.officer, certificate=old, full_name="Nguyễn Thị  Sáu Nhỏ", reason="Thiếu tên đệm", at=ward.now
    )
    old = Certificate.objects.get(person_id=old.person_id, id=old.id)
    assert (old.state, old.replaced_by, old.reason) == (CertificateState.REPLACED, new.id, "Thiếu tên đệm")
    assert (new.full_name, new.edition, new.state) == ("Nguyễn Thị Sáu Nhỏ", 2, CertificateState.VALID)
    assert new.code != old.code
    assert CertificateCode.objects.get(code=old.code).ended_at == ward.now
    assert Confirmation.objects.get(id=confirmation.id).certificate_id == new.id
    entry = AuditEntry.objects.get(action="credentials.certificate.name_corrected")
    assert entry.old["name"] == "N. T. Sáu"
    assert kinds(ward.learner) == ["CERTIFICATE_ISSUED"]


@pytest.mark.parametrize("state", ["CONFIRMED", "SENT", "ACCEPTED"])
def test_one_officer_alone_does_not_rename_what_two_people_confirmed(ward, state) -> None:
    confirmation = ward.confirmation(state="CONFIRMED")
    Confirmation.objects.filter(id=confirmation.id).update(state=state)
    with pytest.raises(NameConfirmed):
        services.correct_name(
            actor=ward.officer,
            certificate=Certificate.objects.get(),
            full_name="Người Khác Hẳn",
            reason="x",
            at=ward.now,
        )
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "reason", "error"),
    [("", "x", NameMissing), ("Nguyễn Thị Sáu", "x", NameUnchanged), ("Nguyễn Thị Bảy", "  ", ReasonNeeded)],
)
def test_correcting_the_name_needs_a_new_name_and_a_reason(ward, name, reason, error) -> None:
    with pytest.raises(error):
        services.correct_name(
            actor=ward.officer, certificate=ward.certificate(), full_name=name, reason=reason, at=ward.now
        )


def test_revoked_certificate_stays_findable_and_takes_evidence_and_confirmation_with_it(ward) -> None:
    confirmation = ward.confirmation(state="CONFIRMED")
    certificate = Certificate.objects.get()
    services.revoke_certificate(actor=ward.confirmer, certificate=certificate, reason="Thi hộ", at=ward.now)
    certificate = Certificate.objects.get()
    assert (certificate.state, certificate.reason) == (CertificateState.REVOKED, "Thi hộ")
    assert Confirmation.objects.get(id=confirmation.id).state == "REVOKED"
    assert kinds(ward.learner) == ["CERTIFICATE_ISSUED", "CONFIRMED", "REVOCATION", "REVOCATION"]
    assert AuditEntry.objects.filter(action="credentials.certificate.revoked", actor_id=ward.confirmer.pk).count() == 1


def test_revoking_an_unconfirmed_certificate_withdraws_the_proposal(ward) -> None:
    confirmation = ward.confirmation(state="PROPOSED")
    services.revoke_certificate(
        actor=ward.confirmer, certificate=Certificate.objects.get(), reason="Thi hộ", at=ward.now
    )
    assert Confirmation.objects.get(id=confirmation.id).state == "WITHDRAWN"


def test_revoking_twice_and_correcting_a_revoked_certificate_are_refused(ward) -> None:
    certificate = ward.certificate()
    services.revoke_certificate(actor=ward.confirmer, certificate=certificate, reason="Thi hộ", at=ward.now)
    with pytest.raises(NotValid):
        services.revoke_certificate(actor=ward.confirmer, certificate=certificate, reason="Lần nữa", at=ward.now)
    with pytest.raises(NotValid):
        services.correct_name(
            actor=ward.officer, certificate=certificate, full_name="Tên Khác", reason="x", at=ward.now
        )


def test_suspended_certificate_stops_counting_and_comes_back(ward) -> None:
    row = ward.confirmation(state="PROPOSED")
    certificate = Certificate.objects.get()
    services.suspend_certificate(actor=ward.confirmer, certificate=certificate, reason="Chờ kiểm tra lại", at=ward.now)
    held = Certificate.objects.get()
    assert (held.state, held.is_valid, CertificateCode.objects.get().suspended_at) == ("SUSPENDED", False, ward.now)
    with pytest.raises(NotValid):
        services.confirm(actor=ward.confirmer, confirmation=row, at=ward.now)
    services.resume_certificate(actor=ward.confirmer, certificate=certificate, at=ward.now)
    assert Certificate.objects.get().is_valid
    assert CertificateCode.objects.get().suspended_at is None
    with pytest.raises(NotSuspended):
        services.resume_certificate(actor=ward.confirmer, certificate=certificate, at=ward.now)
    assert kinds(ward.learner) == ["CERTIFICATE_ISSUED"]
    assert services.confirm(actor=ward.confirmer, confirmation=row, at=ward.now).state == "CONFIRMED"


def test_only_who_confirms_there_suspends_and_a_suspended_one_can_be_revoked(ward) -> None:
    certificate = ward.certificate()
    for actor in (ward.officer, ward.other_confirmer):
        with pytest.raises(NotAllowed):
            services.suspend_certificate(actor=actor, certificate=certificate, reason="x", at=ward.now)
    services.suspend_certificate(actor=ward.confirmer, certificate=certificate, reason="Chờ", at=ward.now)
    services.revoke_certificate(actor=ward.confirmer, certificate=certificate, reason="Thi hộ", at=ward.now)
    code = CertificateCode.objects.get()
    assert (code.ended_at, code.suspended_at) == (ward.now, None)


@pytest.mark.clause("R-05")
def test_what_an_officer_wrote_is_in_no_row_that_is_kept_for_ever(ward) -> None:
    row = ward.confirmation(state="CONFIRMED")
    services.revoke_certificate(
        actor=ward.confirmer,
        certificate=Certificate.objects.get(),
        reason="Bà Sáu nhờ con gái thi",
        at=ward.now,
        cause="IMPERSONATION",
    )
    revocations = Evidence.objects.filter(kind="REVOCATION")
    assert [one.details["reason"] for one in revocations] == ["IMPERSONATION"] * 2
    kept = str(list(Evidence.objects.values_list("details"))) + str(list(AuditEntry.objects.values_list("old", "new")))
    assert "con gái" not in kept
    assert "con gái" in [line.reason for line in history_of(row)][-1]
    assert services.forget_old_notes(ward.now + timedelta(days=731)) == 2
    assert [line.reason for line in history_of(row)][-1] == str(RevocationReason.IMPERSONATION.label)


def test_one_entry_is_revoked_once_even_when_the_check_is_passed_by(ward) -> None:
    evidence = Evidence.objects.get(id=ward.certificate().evidence_id)
    revoke_evidence(actor=None, person_id=ward.learner.pk, evidence_id=evidence.id, reason="OTHER", at=ward.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        record_evidence(
            person_id=ward.learner.pk,
            kind="REVOCATION",
            subject=evidence.subject,
            assurance=1,
            source="oversight",
            occurred_at=ward.now,
            at=ward.now,
            revokes=evidence.id,
        )


def test_many_are_issued_at_once_and_one_that_fails_leaves_the_others(ward) -> None:
    other = ward.person("Trần Văn Ba")
    items = [
        (ward.learner.pk, uuid.uuid4(), PASSED),
        (other.pk, uuid.uuid4(), replace(PASSED, passed=False)),
        (other.pk, uuid.uuid4(), PASSED),
    ]
    for _ in range(2):
        issued, left = services.issue_many(items, at=ward.now)
        assert [one.attempt_id for one in issued] == [items[0][1], items[2][1]]
        assert [(attempt, error.code) for attempt, error in left] == [(items[1][1], "credentials.not_passed")]
    assert Certificate.objects.count() == 2


def test_my_data_holds_my_certificates_and_how_far_they_came(ward) -> None:
    ward.confirmation(state="CONFIRMED")
    (part,) = exported_parts(ward.learner.pk)["credentials"]
    assert (part["name"], part["score_percent"], part["confirmation"]["state"]) == ("Nguyễn Thị Sáu", 93, "CONFIRMED")


def test_revoking_needs_a_reason_and_an_officer_who_confirms_there(ward) -> None:
    certificate = ward.certificate()
    with pytest.raises(ReasonNeeded):
        services.revoke_certificate(actor=ward.confirmer, certificate=certificate, reason=" ", at=ward.now)
    with pytest.raises(NotAllowed):
        services.revoke_certificate(actor=ward.officer, certificate=certificate, reason="x", at=ward.now)
    with pytest.raises(OutOfReach):
        services.revoke_certificate(actor=ward.other_confirmer, certificate=certificate, reason="x", at=ward.now)
    assert Certificate.objects.get().is_valid


def test_erased_person_leaves_a_code_without_a_person(ward) -> None:
    certificate = ward.certificate()
    ward.confirmation(ward.person("Trần Văn Ba"))
    erase_person(actor=None, person=ward.learner, at=ward.now)
    row = CertificateCode.objects.get(code=certificate.code)
    assert (row.person_id, row.certificate_id, row.ended_at) == (None, None, ward.now)
    assert Certificate.objects.count() == 1
    assert Confirmation.objects.count() == 1


# --- confirmation


@pytest.mark.clause("R-27", "R-10d")
def test_two_officers_confirm_and_the_evidence_says_so(ward) -> None:
    row = ward.confirmation(state="CONFIRMED")
    assert (row.state, row.proposed_by, row.decided_by) == ("CONFIRMED", ward.officer.pk, ward.confirmer.pk)
    evidence = Evidence.objects.get(kind="CONFIRMED")
    assert (evidence.assurance, evidence.recorded_by, evidence.id) == (4, ward.confirmer.pk, row.confirmed_evidence_id)
    actions = list(
        AuditEntry.objects.filter(object_type="confirmation").order_by("id").values_list("action", flat=True)
    )
    assert actions == ["credentials.confirmation.propose", "credentials.confirmation.confirm"]


def test_who_proposed_does_not_confirm_or_refuse(ward) -> None:
    grant_mandate(actor=None, person=ward.officer, unit=ward.unit, role=Role.CONFIRMER, at=ward.now)
    row = ward.confirmation(state="PROPOSED")
    with pytest.raises(SamePerson):
        services.confirm(actor=ward.officer, confirmation=row, at=ward.now)
    with pytest.raises(SamePerson):
        services.refuse(actor=ward.officer, confirmation=row, reason="x", at=ward.now)
    assert kinds(ward.learner) == ["CERTIFICATE_ISSUED"]


@pytest.mark.clause("R-32")
def test_a_result_in_doubt_is_not_confirmed_until_it_is_cleared_and_the_proposal_stays(ward) -> None:
    row = ward.confirmation(state="PROPOSED")
    attempt_id = Certificate.objects.get(id=row.certificate_id).attempt_id
    rule = IntegrityRule.objects.create(code="r", version=1, kind="TOO_FAST", settings={})
    case = Case.objects.create(rule=rule, kind=rule.kind, key="k", people=1, opened_at=ward.now)
    CaseMember.objects.create(person_id=row.person_id, case=case, attempt_id=attempt_id)
    with pytest.raises(ResultInDoubt):
        services.confirm(actor=ward.confirmer, confirmation=row, at=ward.now)
    row.refresh_from_db()
    assert row.state == "PROPOSED"
    Case.objects.update(state="CLEARED")
    assert services.confirm(actor=ward.confirmer, confirmation=row, at=ward.now).state == "CONFIRMED"


def test_database_itself_refuses_one_person_in_both_places(ward) -> None:
    row = ward.confirmation(state="PROPOSED")
    with pytest.raises(IntegrityError), transaction.atomic():
        Confirmation.objects.filter(id=row.id).update(decided_by=ward.officer.pk)


def test_role_that_confirms_does_not_propose_and_the_other_way_round(ward) -> None:
    row = ward.confirmation()
    with pytest.raises(NotAllowed):
        services.propose_confirmation(actor=ward.confirmer, confirmation=row, at=ward.now)
    row = services.propose_confirmation(actor=ward.officer, confirmation=row, at=ward.now)
    with pytest.raises(NotAllowed):
        services.confirm(actor=ward.officer, confirmation=row, at=ward.now)
    with pytest.raises(NotAllowed):
        services.confirm(actor=ward.learner, confirmation=row, at=ward.now)


def test_sibling_ward_is_out_of_reach(ward) -> None:
    row = ward.confirmation()
    with pytest.raises(OutOfReach):
        services.propose_confirmation(actor=ward.other_officer, confirmation=row, at=ward.now)
    row = services.propose_confirmation(actor=ward.officer, confirmation=row, at=ward.now)
    with pytest.raises(OutOfReach):
        services.confirm(actor=ward.other_confirmer, confirmation=row, at=ward.now)


def test_nobody_decides_about_their_own_result(ward) -> None:
    ward.officer.home_unit = ward.unit
    ward.officer.save()
    row = ward.confirmation(person=ward.officer)
    with pytest.raises(OwnResult):
        services.propose_confirmation(actor=ward.officer, confirmation=row, at=ward.now)


def test_person_without_a_home_is_out_of_everybodys_reach(ward) -> None:
    ward.learner.home_unit = None
    ward.learner.save()
    row = ward.confirmation()
    with pytest.raises(OutOfReach):
        services.propose_confirmation(actor=ward.officer, confirmation=row, at=ward.now)


def test_same_step_twice_is_refused_and_counts_once(ward) -> None:
    row = ward.confirmation(state="CONFIRMED")
    with pytest.raises(MoveNotPossible):
        services.confirm(actor=ward.confirmer, confirmation=row, at=ward.now)
    with pytest.raises(MoveNotPossible):
        services.propose_confirmation(actor=ward.officer, confirmation=row, at=ward.now)
    assert kinds(ward.learner) == ["CERTIFICATE_ISSUED", "CONFIRMED"]


def test_unproposed_person_cannot_be_confirmed(ward) -> None:
    with pytest.raises(MoveNotPossible):
        services.confirm(actor=ward.confirmer, confirmation=ward.confirmation(), at=ward.now)


def test_person_with_a_revoked_certificate_cannot_be_confirmed(ward) -> None:
    row = ward.confirmation(state="PROPOSED")
    Certificate.objects.update(state=CertificateState.REVOKED)
    with pytest.raises(NotValid):
        services.confirm(actor=ward.confirmer, confirmation=row, at=ward.now)


def test_refused_person_keeps_the_reason_and_can_be_proposed_again(ward) -> None:
    row = ward.confirmation(state="REFUSED")
    assert (row.state, row.reason) == ("REFUSED", "Sai tên")
    row = services.propose_confirmation(actor=ward.officer, confirmation=row, at=ward.now)
    assert (row.state, row.reason, row.decided_by) == ("PROPOSED", "", None)


def test_refusing_needs_a_reason(ward) -> None:
    with pytest.raises(ReasonNeeded):
        services.refuse(actor=ward.confirmer, confirmation=ward.confirmation(state="PROPOSED"), reason="", at=ward.now)


def test_proposal_can_be_taken_back_before_somebody_decides(ward) -> None:
    row = services.take_proposal_back(actor=ward.officer, confirmation=ward.confirmation(state="PROPOSED"), at=ward.now)
    assert (row.state, row.proposed_by) == ("ELIGIBLE", None)


def test_revoked_confirmation_takes_its_evidence_back(ward) -> None:
    row = services.revoke_confirmation(
        actor=ward.confirmer, confirmation=ward.confirmation(state="CONFIRMED"), reason="Nhầm người", at=ward.now
    )
    assert row.state == "REVOKED"
    assert kinds(ward.learner) == ["CERTIFICATE_ISSUED", "CONFIRMED", "REVOCATION"]


def test_person_may_withdraw_but_not_after_being_confirmed(ward) -> None:
    row = services.withdraw(actor=ward.learner, confirmation=ward.confirmation(), reason="Không muốn", at=ward.now)
    assert row.state == "WITHDRAWN"
    other = ward.person("Trần Văn Ba")
    with pytest.raises(MoveNotPossible):
        services.withdraw(actor=other, confirmation=ward.confirmation(other, "CONFIRMED"), reason="x", at=ward.now)


def test_stranger_may_not_withdraw_somebody(ward) -> None:
    with pytest.raises(NotAllowed):
        services.withdraw(actor=ward.person("Người Lạ"), confirmation=ward.confirmation(), reason="x", at=ward.now)


def test_bulk_moves_whom_it_can_and_says_why_it_left_the_others(ward) -> None:
    first = ward.confirmation()
    already = ward.confirmation(ward.person("Trần Văn Ba"), "PROPOSED")
    moved_away = ward.confirmation(ward.person("Lý Thị Tư"))
    moved_away.person.home_unit = ward.other
    moved_away.person.save()
    outcome = services.in_bulk(
        services.propose_confirmation, actor=ward.officer, confirmations=[first, already, moved_away], at=ward.now
    )
    assert [row.id for row in outcome.moved] == [first.id]
    assert [(row.id, error.code) for row, error in outcome.left] == [
        (already.id, "credentials.move_not_possible"),
        (moved_away.id, "people.out_of_reach"),
    ]
    assert Confirmation.objects.get(id=moved_away.id).unit_id == ward.other.pk


def test_bulk_needs_somebody_and_at_most_a_hundred(ward) -> None:
    with pytest.raises(NothingChosen):
        services.in_bulk(services.confirm, actor=ward.confirmer, confirmations=[], at=ward.now)
    with pytest.raises(TooManyChosen):
        services.in_bulk(services.confirm, actor=ward.confirmer, confirmations=[None] * 101, at=ward.now)


def test_signals_go_out_after_commit(ward, django_capture_on_commit_callbacks) -> None:
    from hocvuso.credentials.signals import certificate_issued, confirmation_decided

    heard = []

    def listen(sender, event, **_):
        heard.append(event)

    certificate_issued.connect(listen)
    confirmation_decided.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):
        row = ward.confirmation(state="CONFIRMED")
        assert heard == []
    assert [(type(event).__name__, event.person_id) for event in heard] == [
        ("CertificateIssued", ward.learner.pk),
        ("ConfirmationDecided", ward.learner.pk),
    ]
    assert heard[1].state == "CONFIRMED"
    assert heard[1].confirmation_id == row.id
