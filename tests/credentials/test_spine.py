"""The whole way of one result: assessed, certified, confirmed by two, on VNeID; and back down when it is revoked."""

from __future__ import annotations

import pytest

from hocvuso.assessment.public import load_policies
from hocvuso.credentials import handover, services
from hocvuso.credentials.models import Certificate, Confirmation, HandoverRow
from hocvuso.credentials.queries import get_verified
from hocvuso.evidence.public import Milestone, milestones_of, project_all
from tests.assessment.conftest import agree, take
from tests.credentials.test_handover import THEIRS, multikey, signed


@pytest.mark.clause("R-27", "R-10d", "R-04")
def test_result_goes_all_the_way_and_comes_back_when_revoked(starter, ward, settings, tmp_path) -> None:
    settings.SIGNING_KEYS = tmp_path / "signing"
    settings.VNEID_KEYS = [multikey(THEIRS)]
    load_policies()
    person = ward.person("Trần Văn Ba", number=True, consent=True)

    agree(person)
    attempt = take(person, correct=15)
    certificate = Certificate.objects.get(attempt_id=attempt.id)
    assert certificate.policy_title == "Kiểm tra kỹ năng số cơ bản cho người dân"
    assert certificate.score_percent == 100
    assert certificate.provisional
    assert all(skill["name"] != skill["code"] for skill in certificate.skills)

    row = Confirmation.objects.get()
    services.propose_confirmation(actor=ward.officer, confirmation=row, at=ward.now)
    services.confirm(actor=ward.confirmer, confirmation=row, at=ward.now)
    batch = handover.prepare_batch(actor=ward.officer, unit=ward.unit, at=ward.now)
    handover.release_batch(actor=ward.confirmer, batch=batch, at=ward.now)
    answer = f"ma_dong,ket_qua,so_tham_chieu\r\n{HandoverRow.objects.get().id},CHAP_NHAN,VN-1\r\n"
    handover.import_answer(actor=ward.confirmer, batch=batch, content=signed(answer.encode()), at=ward.now)

    project_all()
    reached = set(milestones_of(person.pk))
    assert {Milestone.PASSED, Milestone.CONFIRMED, Milestone.ON_VNEID} <= reached
    states = get_verified(certificate.code).states
    assert (states.passed_at, states.confirmed_at, states.on_vneid_at) == (certificate.issued_at, ward.now, ward.now)

    services.revoke_confirmation(
        actor=ward.confirmer, confirmation=Confirmation.objects.get(), reason="Nhầm người", at=ward.now
    )
    project_all()
    assert not {Milestone.CONFIRMED, Milestone.ON_VNEID} & set(milestones_of(person.pk))
    assert get_verified(certificate.code).states.confirmed_at is None


def test_failed_test_leaves_no_certificate(starter, ward) -> None:
    load_policies()
    agree(ward.learner)
    take(ward.learner, correct=3)
    assert Certificate.objects.count() == 0
