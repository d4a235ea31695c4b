"""Past results brought in at once stand as if the services had made them step by step."""

from __future__ import annotations

import random
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.forms.models import model_to_dict

from hocvuso.credentials import handover, services
from hocvuso.credentials.choices import ConfirmationState as State
from hocvuso.credentials.history import PastResult, load_history
from hocvuso.credentials.models import Certificate, CertificateCode, Confirmation, HandoverRow
from hocvuso.credentials.queries import history_of
from hocvuso.evidence.public import Evidence
from hocvuso.people.public import snapshot
from tests.credentials.conftest import PASSED
from tests.credentials.test_handover import THEIRS, multikey, signed

IDS = {"id", "pk", "person", "code", "certificate_id", "attempt_id", "evidence_id"}
OWN = IDS | {"confirmed_evidence_id", "accepted_evidence_id"}


def past(ward, person, state=State.ACCEPTED, **changes) -> PastResult:
    steps = {State.PROPOSED: 1, State.CONFIRMED: 2, State.SENT: 3, State.ACCEPTED: 4}.get(state, 0)
    moments = ["proposed_at", "decided_at", "sent_at", "accepted_at"][:steps]
    values = {
        "person_id": person.pk,
        "full_name": person.full_name,
        "home_unit_id": person.home_unit_id,
        "attempt_id": uuid.uuid4(),
        "code_number": 12345,
        "result": PASSED,
        "issued_at": ward.now,
        "state": state,
        "proposed_by": ward.officer.pk if steps > 0 else None,
        "decided_by": ward.confirmer.pk if steps > 1 else None,
        "reference": "VN-1" if steps == 4 else "",
        **dict.fromkeys(moments, ward.now),
    }
    return PastResult(**{**values, **changes})


@pytest.fixture(autouse=True)
def signing_folder(settings, tmp_path):
    settings.SIGNING_KEYS = tmp_path / "signing"
    settings.VNEID_KEYS = [multikey(THEIRS)]


def test_rows_are_those_the_services_give(ward) -> None:
    one = ward.person("Trần Văn Ba", number=True, consent=True)
    other = ward.person("Trần Văn Ba", number=True, consent=True)
    ward.confirmation(one, "CONFIRMED")
    batch = handover.prepare_batch(actor=ward.officer, unit=ward.unit, at=ward.now)
    handover.release_batch(actor=ward.confirmer, batch=batch, at=ward.now)
    answer = f"ma_dong,ket_qua,ly_do,so_tham_chieu\r\n{HandoverRow.objects.get().id},CHAP_NHAN,,VN-1\r\n"
    handover.import_answer(actor=ward.confirmer, batch=batch, content=signed(answer.encode()), at=ward.now)
    assert load_history([past(ward, other)], at=ward.now) == 1

    def rows(model, person, without):
        return [
            {name: value for name, value in model_to_dict(row).items() if name not in without}
            for row in model.objects.filter(person_id=person.pk)
        ]

    assert rows(Certificate, other, IDS) == rows(Certificate, one, IDS)
    assert rows(Confirmation, other, OWN) == rows(Confirmation, one, OWN)

    def ledger(person):
        fields = ("kind", "subject", "assurance", "source", "recorded_by", "occurred_at", "recorded_on", "unit_ids")
        return list(Evidence.objects.filter(person_id=person.pk).order_by("assurance").values_list(*fields))

    assert ledger(other) == ledger(one)
    row = Confirmation.objects.get(person=other)
    services.revoke_confirmation(actor=ward.confirmer, confirmation=row, reason="Thử", at=ward.now)
    assert Evidence.objects.filter(person_id=other.pk, kind="REVOCATION").count() == 2


def test_a_snapshot_of_another_person_or_home_is_refused(ward) -> None:
    one, other = ward.person("Trần Văn Ba"), ward.person("Trần Văn Tư", unit=ward.other)
    taken = snapshot([one.pk, other.pk], on=ward.now.date())
    past(ward, one, snapshot=taken[one.pk])
    with pytest.raises(ValueError, match="another person"):
        past(ward, one, snapshot=taken[other.pk])
    with pytest.raises(ValueError, match="another home"):
        past(ward, one, snapshot=taken[one.pk], home_unit_id=ward.other.pk)


def test_what_a_past_result_went_through_stands_on_its_page_once(ward) -> None:
    person = ward.person("Trần Văn Ba")
    load_history([past(ward, person, State.PROPOSED)], at=ward.now)
    row = Confirmation.objects.get(person=person)
    told = [(line.words, line.who) for line in history_of(row)]
    assert told == [("Cấp chứng nhận", ""), ("Đề nghị", ward.officer.full_name)]
    services.confirm(actor=ward.confirmer, confirmation=row, at=ward.now + timedelta(hours=1))
    row.refresh_from_db()
    assert [line.who for line in history_of(row)] == ["", ward.officer.full_name, ward.confirmer.full_name]


def test_loading_twice_changes_nothing(ward) -> None:
    items = [past(ward, ward.person(f"Trần Văn {n}"), State.PROPOSED, code_number=n) for n in range(3)]
    assert load_history(items, at=ward.now) == 3
    assert load_history(items, at=ward.now) == 0
    assert (Certificate.objects.count(), Evidence.objects.count()) == (3, 3)


def test_taken_code_is_moved_on(ward) -> None:
    first = past(ward, ward.person("Trần Văn Ba"), State.ELIGIBLE)
    second = past(ward, ward.person("Lý Thị Tư"), State.ELIGIBLE)
    third = past(ward, ward.person("Đỗ Văn Năm"), State.ELIGIBLE)
    load_history([first, second], at=ward.now)
    load_history([third], at=ward.now)
    assert CertificateCode.objects.values("code").distinct().count() == 3


def test_same_seed_gives_the_same_ids(ward) -> None:
    dice = random.Random(7)

    def make_id(_):
        return uuid.UUID(int=dice.getrandbits(128))

    load_history([past(ward, ward.learner)], at=ward.now, make_id=make_id)
    assert Certificate.objects.get().id == uuid.UUID(int=random.Random(7).getrandbits(128))


def test_entries_the_ledger_holds_already_are_pointed_to_and_not_written_again(ward) -> None:
    ids = (uuid.uuid4(), uuid.uuid4())
    load_history([past(ward, ward.learner, State.CONFIRMED, evidence_ids=ids)], at=ward.now)
    assert Evidence.objects.count() == 0
    assert Certificate.objects.get().evidence_id == ids[0]
    assert Confirmation.objects.get().confirmed_evidence_id == ids[1]


@pytest.mark.parametrize(
    "changes",
    [
        {"state": State.REVOKED},
        {"result": replace(PASSED, passed=False)},
        {"accepted_at": None},
        {"sent_at": None},
        {"decided_by": None},
        {"evidence_ids": (uuid.UUID(int=1),)},
    ],
)
def test_history_that_cannot_have_been_is_refused(ward, changes) -> None:
    with pytest.raises(ValueError, match=r"past result|second person"):
        past(ward, ward.learner, **changes)


def test_history_keeps_to_time_and_to_two_officers(ward) -> None:
    with pytest.raises(ValueError, match="follow one another"):
        past(ward, ward.learner, proposed_at=ward.now - timedelta(days=1))
    with pytest.raises(ValueError, match="second person"):
        past(ward, ward.learner, decided_by=ward.officer.pk)


def test_number_of_questions_does_not_grow_with_people(ward, django_assert_max_num_queries) -> None:
    items = [past(ward, ward.person(f"Trần Văn {n}"), code_number=n * 31) for n in range(20)]
    with django_assert_max_num_queries(24):
        load_history(items, at=ward.now)
