"""Hand-over to VNeID: two people, consent, a signed file, an answer that may come twice."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hocvuso.credentials import handover, keys, services
from hocvuso.credentials.errors import (
    AnswerNotSigned,
    BadResponseFile,
    BatchNotReady,
    NoAnswerKey,
    NobodyToSend,
    SamePersonReleases,
)
from hocvuso.credentials.models import Confirmation, HandoverBatch, HandoverRow
from hocvuso.credentials.openbadges import key_from_multikey
from hocvuso.credentials.openbadges import multikey as public_multikey
from hocvuso.evidence.public import Evidence
from hocvuso.kernel.errors import NotAllowed
from hocvuso.kernel.models import AuditEntry
from hocvuso.people.public import OutOfReach, Purpose, Role, erase_person, grant_mandate

THEIRS = Ed25519PrivateKey.from_private_bytes(b"\x0a" * 32)


def multikey(key: Ed25519PrivateKey) -> str:
    return public_multikey(key.public_key())


@pytest.fixture(autouse=True)
def signing_folder(settings, tmp_path):
    settings.SIGNING_KEYS = tmp_path / "signing"
    settings.VNEID_KEYS = [multikey(THEIRS)]


def ready_person(ward, name="Trần Văn Ba"):
    person = ward.person(name, number=True, consent=True)
    return person, ward.confirmation(person, "CONFIRMED")


def released(ward) -> HandoverBatch:
    batch = handover.prepare_batch(actor=ward.officer, unit=ward.unit, at=ward.now)
    return handover.release_batch(actor=ward.confirmer, batch=batch, at=ward.now)


def parts(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        return {name: package.read(name) for name in package.namelist()}


def signed(listed: bytes, key: Ed25519PrivateKey = THEIRS) -> bytes:
    """The answer as VNeID hands it back: a ZIP with the list and its signature."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("tra-loi.csv", listed)
        package.writestr("tra-loi.csv.sig", base64.b64encode(key.sign(listed)))
    return out.getvalue()


def answer(*lines: tuple[object, ...], head="ma_dong,ket_qua,ly_do,so_tham_chieu") -> bytes:
    return signed("\r\n".join([head, *(",".join(str(part) for part in line) for line in lines)]).encode())


@pytest.mark.clause("R-27")
def test_only_people_who_agreed_and_have_a_number_are_ready_and_the_others_are_told_why(ward) -> None:
    _, ready = ready_person(ward)
    no_consent = ward.confirmation(ward.person("Lý Thị Tư", number=True), "CONFIRMED")
    took_back, row = ready_person(ward, "Đỗ Văn Năm")
    ward.agree(took_back, Purpose.VNEID, given=False)
    no_number = ward.confirmation(ward.person("Mai Thị Sáu", consent=True), "CONFIRMED")
    ward.confirmation(ward.person("Chưa Xác Nhận", number=True, consent=True), "PROPOSED")
    state = handover.readiness(ward.unit)
    assert [item.id for item in state.ready] == [ready.id]
    assert {(item.id, why) for item, why in state.lacking} == {
        (no_consent.id, handover.NO_CONSENT),
        (row.id, handover.NO_CONSENT),
        (no_number.id, handover.NO_NUMBER),
    }


def test_released_file_is_signed_and_the_same_each_time(ward) -> None:
    person, row = ready_person(ward)
    batch = released(ward)
    raw = handover.batch_file(actor=ward.confirmer, batch=batch, at=ward.now)
    assert raw == handover.batch_file(actor=ward.confirmer, batch=batch, at=ward.now)
    files = parts(raw)
    manifest = json.loads(files["manifest.json"])
    assert manifest["goi"] == str(batch.id)
    assert manifest["so_nguoi"] == 1
    assert manifest["sha256"] == hashlib.sha256(files["danh-sach.csv"]).hexdigest() == batch.sha256
    key = key_from_multikey(manifest["khoa_cong_khai"])
    key.verify(base64.b64decode(files["danh-sach.csv.sig"]), files["danh-sach.csv"])
    (line,) = csv.DictReader(io.StringIO(files["danh-sach.csv"].decode("utf-8-sig")))
    assert line["so_dinh_danh"] == "079059000001"
    assert line["ho_ten"] == person.full_name
    assert line["ngay_xac_nhan"] == "2026-11-10"
    assert Confirmation.objects.get(id=row.id).state == "SENT"
    assert AuditEntry.objects.filter(action="credentials.handover.fetched").count() == 2


def test_file_stays_the_same_after_the_key_changed(ward, now) -> None:
    ready_person(ward)
    batch = released(ward)
    before = handover.batch_file(actor=ward.confirmer, batch=batch, at=now)
    keys.rotate(now.date().replace(year=2027))
    assert handover.batch_file(actor=ward.confirmer, batch=batch, at=now) == before


def test_batch_needs_a_second_person_with_the_right_over_the_unit(ward) -> None:
    grant_mandate(actor=None, person=ward.officer, unit=ward.unit, role=Role.CONFIRMER, at=ward.now)
    ready_person_row = ready_person(ward)[1]
    batch = handover.prepare_batch(actor=ward.officer, unit=ward.unit, at=ward.now)
    with pytest.raises(SamePersonReleases):
        handover.release_batch(actor=ward.officer, batch=batch, at=ward.now)
    with pytest.raises(OutOfReach):
        handover.release_batch(actor=ward.other_confirmer, batch=batch, at=ward.now)
    with pytest.raises(NotAllowed):
        handover.release_batch(actor=ward.learner, batch=batch, at=ward.now)
    with pytest.raises(BatchNotReady):
        handover.batch_file(actor=ward.confirmer, batch=batch, at=ward.now)
    assert Confirmation.objects.get(id=ready_person_row.id).state == "CONFIRMED"


def test_confirmer_does_not_prepare_and_sibling_ward_cannot(ward) -> None:
    ready_person(ward)
    with pytest.raises(NotAllowed):
        handover.prepare_batch(actor=ward.confirmer, unit=ward.unit, at=ward.now)
    with pytest.raises(OutOfReach):
        handover.prepare_batch(actor=ward.other_officer, unit=ward.unit, at=ward.now)


def test_nobody_ready_makes_no_batch_and_a_waiting_one_blocks_a_second(ward) -> None:
    with pytest.raises(NobodyToSend):
        handover.prepare_batch(actor=ward.officer, unit=ward.unit, at=ward.now)
    ready_person(ward)
    handover.prepare_batch(actor=ward.officer, unit=ward.unit, at=ward.now)
    with pytest.raises(BatchNotReady):
        handover.prepare_batch(actor=ward.officer, unit=ward.unit, at=ward.now)
    assert HandoverBatch.objects.count() == 1


def test_consent_taken_back_before_release_leaves_the_person_out(ward) -> None:
    ready_person(ward)
    person, row = ready_person(ward, "Đỗ Văn Năm")
    batch = handover.prepare_batch(actor=ward.officer, unit=ward.unit, at=ward.now)
    ward.agree(person, Purpose.VNEID, given=False)
    batch = handover.release_batch(actor=ward.confirmer, batch=batch, at=ward.now)
    assert batch.people == 1
    assert Confirmation.objects.get(id=row.id).state == "CONFIRMED"


def test_cancelled_batch_frees_its_people(ward) -> None:
    ready_person(ward)
    batch = handover.prepare_batch(actor=ward.officer, unit=ward.unit, at=ward.now)
    handover.cancel_batch(actor=ward.officer, batch=batch, at=ward.now)
    with pytest.raises(BatchNotReady):
        handover.release_batch(actor=ward.confirmer, batch=batch, at=ward.now)
    assert handover.prepare_batch(actor=ward.officer, unit=ward.unit, at=ward.now).people == 1


def test_answer_is_taken_once_and_every_odd_row_is_told(ward) -> None:
    ready_person(ward, "Trần Văn Ba")
    ready_person(ward, "Đỗ Văn Năm")
    ready_person(ward, "Mai Thị Sáu")
    batch = released(ward)
    first, second, third = HandoverRow.objects.order_by("id")
    content = answer(
        (first.id, "CHAP_NHAN", "", "VN-0001"),
        (second.id, "TU_CHOI", "Sai ngày sinh", ""),
        ("00000000-0000-7000-8000-000000000000", "CHAP_NHAN", "", ""),
        ("không phải mã", "CHAP_NHAN", "", ""),
        (third.id, "CO_THE", "", ""),
    )
    result = handover.import_answer(actor=ward.confirmer, batch=batch, content=content, at=ward.now)
    assert (result.accepted, result.rejected, result.known_already, result.waiting) == (1, 1, 0, 1)
    assert [line for line, _ in result.problems] == [4, 5, 6]
    accepted = Confirmation.objects.get(person_id=first.person_id)
    rejected = Confirmation.objects.get(person_id=second.person_id)
    assert (accepted.state, accepted.reference) == ("ACCEPTED", "VN-0001")
    assert (rejected.state, rejected.reason) == ("REJECTED", "Sai ngày sinh")
    evidence = Evidence.objects.get(kind="VNEID_ACCEPTED")
    assert (evidence.assurance, evidence.id) == (5, accepted.accepted_evidence_id)

    again = handover.import_answer(actor=ward.confirmer, batch=batch, content=content, at=ward.now)
    assert (again.accepted, again.rejected, again.known_already, again.waiting) == (0, 0, 2, 1)
    assert Evidence.objects.filter(kind="VNEID_ACCEPTED").count() == 1

    rest = answer((third.id, "chap nhan", "", "VN-0003"), (first.id, "TU_CHOI", "đổi ý", ""))
    last = handover.import_answer(actor=ward.confirmer, batch=batch, content=rest, at=ward.now)
    assert (last.accepted, last.waiting, len(last.problems)) == (1, 0, 1)
    assert HandoverBatch.objects.get().state == "ANSWERED"
    assert Confirmation.objects.get(person_id=first.person_id).state == "ACCEPTED"


def test_returned_person_is_corrected_and_goes_into_the_next_batch(ward) -> None:
    _, row = ready_person(ward)
    batch = released(ward)
    handed = HandoverRow.objects.get()
    handover.import_answer(
        actor=ward.confirmer, batch=batch, content=answer((handed.id, "TU_CHOI", "Sai số", "")), at=ward.now
    )
    row = Confirmation.objects.get(id=row.id)
    services.correct_rejected(actor=ward.officer, confirmation=row, at=ward.now)
    assert released(ward).people == 1
    assert HandoverRow.objects.count() == 2


def test_answer_for_a_revoked_person_changes_nothing(ward) -> None:
    _, row = ready_person(ward)
    batch = released(ward)
    services.revoke_confirmation(
        actor=ward.confirmer, confirmation=Confirmation.objects.get(id=row.id), reason="Nhầm", at=ward.now
    )
    content = answer((HandoverRow.objects.get().id, "CHAP_NHAN", "", "VN-1"))
    result = handover.import_answer(actor=ward.confirmer, batch=batch, content=content, at=ward.now)
    assert (result.accepted, len(result.problems)) == (0, 1)
    assert Confirmation.objects.get(id=row.id).state == "REVOKED"


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", signed(b"\xff\xfe\x00"), signed(b"ten,tuoi\r\nA,1\r\n"), signed(b"ma_dong;x\r\n")],
)
def test_file_that_is_no_answer_is_refused(ward, content) -> None:
    ready_person(ward)
    batch = released(ward)
    with pytest.raises(BadResponseFile):
        handover.import_answer(actor=ward.confirmer, batch=batch, content=content, at=ward.now)


def test_semicolons_and_a_byte_order_mark_are_understood(ward) -> None:
    ready_person(ward)
    batch = released(ward)
    content = f"\ufeffma_dong;ket_qua;ly_do;so_tham_chieu\r\n{HandoverRow.objects.get().id};CHAP_NHAN;;VN-9\r\n"
    result = handover.import_answer(actor=ward.confirmer, batch=batch, content=signed(content.encode()), at=ward.now)
    assert result.accepted == 1


@pytest.mark.clause("R-05")
def test_answer_needs_the_signature_of_vneid(ward, settings) -> None:
    ready_person(ward)
    batch = released(ward)
    plain = f"ma_dong,ket_qua\r\n{HandoverRow.objects.get().id},CHAP_NHAN\r\n".encode()
    unsigned = io.BytesIO()
    with zipfile.ZipFile(unsigned, "w") as package:
        package.writestr("tra-loi.csv", plain)
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(signed(plain))) as package, zipfile.ZipFile(changed, "w") as out:
        out.writestr("tra-loi.csv", plain.replace(b"CHAP_NHAN", b"TU_CHOI"))
        out.writestr("tra-loi.csv.sig", package.read("tra-loi.csv.sig"))
    by_a_stranger = signed(plain, Ed25519PrivateKey.generate())
    for content in (unsigned.getvalue(), changed.getvalue(), by_a_stranger):
        with pytest.raises(AnswerNotSigned):
            handover.import_answer(actor=ward.confirmer, batch=batch, content=content, at=ward.now)
    settings.VNEID_KEYS = []
    with pytest.raises(NoAnswerKey):
        handover.import_answer(actor=ward.confirmer, batch=batch, content=signed(plain), at=ward.now)
    settings.VNEID_KEYS = [multikey(Ed25519PrivateKey.generate()), multikey(THEIRS)]
    assert handover.import_answer(actor=ward.confirmer, batch=batch, content=signed(plain), at=ward.now).accepted == 1


def test_erased_person_disappears_from_the_file(ward) -> None:
    ready_person(ward, "Trần Văn Ba")
    person, _ = ready_person(ward, "Đỗ Văn Năm")
    batch = released(ward)
    erase_person(actor=None, person=person, at=ward.now)
    listed = parts(handover.batch_file(actor=ward.confirmer, batch=batch, at=ward.now))["danh-sach.csv"].decode()
    assert "Đỗ Văn Năm" not in listed
    assert "Trần Văn Ba" in listed
