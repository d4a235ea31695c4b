"""Pages: anybody checks, the holder shows, officers decide, machines read."""

from __future__ import annotations

import csv
import io
import json
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from hocvuso.credentials import handover, openbadges, services
from hocvuso.credentials.certificates import certificate_pdf
from hocvuso.credentials.keys import find_public_key
from hocvuso.credentials.models import (
    Certificate,
    CertificateCode,
    Confirmation,
    ExportRequest,
    HandoverBatch,
    HandoverRow,
)
from hocvuso.credentials.queries import serial_of
from hocvuso.kernel.models import AuditEntry
from hocvuso.people.public import (
    Purpose,
    Role,
    create_account_with_password,
    erase_person,
    grant_mandate,
    has_consent,
)
from tests.credentials.conftest import PASSED
from tests.credentials.test_handover import THEIRS, multikey, signed

LIST = "/dieu-hanh/xac-nhan/"
VNEID = "/dieu-hanh/vneid/"


@pytest.fixture(autouse=True)
def surroundings(db, settings, tmp_path):
    settings.SIGNING_KEYS = tmp_path / "signing"
    settings.VNEID_KEYS = [multikey(THEIRS)]
    settings.PUBLIC_URL = "https://hocvuso.example"
    settings.SECURE_SSL_REDIRECT = False
    cache.clear()


def signed_in(person) -> Client:
    email = f"{person.pk.hex[-12:]}@noi.vn"
    account = getattr(person, "account", None) or create_account_with_password(
        person, email, "mat-khau-dai-1", timezone.now(), demo=True
    )
    client = Client()
    client.force_login(account)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


def ticked(*rows) -> list[str]:
    return [f"{row.person_id}:{row.id}" for row in rows]


def told(response) -> str:
    return " | ".join(str(message) for message in response.context["messages"])


# --- anybody


def test_empty_page_asks_for_a_code(client, db) -> None:
    response = client.get("/xac-minh/")
    assert response.status_code == 200
    assert 'name="ma"' in text(response)


@pytest.mark.parametrize("demo", [True, False])
def test_a_demo_and_nothing_else_offers_a_valid_code_to_try(
    client, ward, settings, demo, django_assert_max_num_queries
) -> None:
    settings.DEMO = demo
    ended, valid = ward.certificate(), ward.certificate(ward.officer)
    CertificateCode.objects.filter(code=ended.code).update(ended_at=ward.now)
    with django_assert_max_num_queries(1 if demo else 0):
        page = text(client.get("/xac-minh/"))
    assert ended.code not in page
    assert (valid.code in page) is demo


@pytest.mark.clause("R-27")
def test_typed_code_leads_to_a_valid_certificate(client, ward) -> None:
    certificate = ward.certificate()
    typed = certificate.code.lower().replace("-", " ")
    response = client.get("/xac-minh/", {"ma": typed}, follow=True)
    assert response.redirect_chain[-1][0] == f"/xac-minh/{certificate.code}/"
    page = text(response)
    for part in ("Chứng nhận còn hiệu lực", "Nguyễn Thị Sáu", "93%", "An toàn", certificate.code, "10/11/2026"):
        assert part in page, part
    for part in ("1959", str(ward.learner.pk), "Khu phố 1"):
        assert part not in page, part


def test_four_states_show_their_dates_and_the_ward_that_confirmed(client, ward) -> None:
    ward.confirmation(state="CONFIRMED")
    page = text(client.get(f"/xac-minh/{Certificate.objects.get().code}/"))
    assert "Phường Bình Thạnh xác nhận" in page
    assert page.count("<li data-done>") == 2
    assert "Khu phố 1" not in page


def test_revoked_certificate_says_so_and_keeps_the_reason_to_itself(client, ward) -> None:
    certificate = ward.certificate()
    services.revoke_certificate(actor=ward.confirmer, certificate=certificate, reason="Thi hộ người khác", at=ward.now)
    response = client.get(f"/xac-minh/{certificate.code}/")
    assert response.status_code == 200
    assert "Chứng nhận này đã bị thu hồi" in text(response)
    assert "Thi hộ" not in text(response)
    assert "còn hiệu lực" not in text(response)


def test_replaced_certificate_leads_to_the_corrected_one(client, ward) -> None:
    old = ward.certificate()
    new = services.correct_name(
        actor=ward.officer, certificate=old, full_name="Nguyễn Thị Sáu Nhỏ", reason="Thiếu tên", at=ward.now
    )
    page = text(client.get(f"/xac-minh/{old.code}/"))
    assert f"/xac-minh/{new.code}/" in page
    assert "còn hiệu lực" not in page


def test_erased_holder_leaves_no_name(client, ward) -> None:
    code = ward.certificate().code
    erase_person(actor=None, person=ward.learner, at=ward.now)
    page = text(client.get(f"/xac-minh/{code}/"))
    assert "không còn được lưu" in page
    assert "Nguyễn" not in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/xac-minh/?ma=HVS-7K3M-0000", 400),
        ("/xac-minh/khong-phai-ma/", 404),
        ("/xac-minh/HVS-2222-2222/", 404),
        ("/xac-minh/?ma=%3Cscript%3Ealert(1)%3C/script%3E", 400),
    ],
)
def test_wrong_and_unknown_codes_get_a_calm_answer_with_the_form(client, db, path, status) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert 'role="alert"' in text(response)
    assert 'name="ma"' in text(response)
    assert "<script>alert" not in text(response)


def test_walking_through_codes_is_stopped(client, ward) -> None:
    good = ward.certificate().code
    for _ in range(20):
        assert client.get("/xac-minh/HVS-2222-2222/").status_code == 404
    assert client.get("/xac-minh/HVS-2222-2222/").status_code == 429
    assert client.get(f"/xac-minh/{good}/").status_code == 429
    assert client.get(f"/xac-minh/{good}.json").status_code == 429


def test_behind_a_proxy_one_walker_does_not_stop_the_others(ward, settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    walker, other = (Client(headers={"X-Forwarded-For": address}) for address in ("203.0.113.5", "203.0.113.6"))
    for _ in range(21):
        walker.get("/xac-minh/HVS-2222-2222/")
    good = f"/xac-minh/{ward.certificate().code}/"
    assert (walker.get(good).status_code, other.get(good).status_code) == (429, 200)


def test_slips_of_the_finger_do_not_count_as_walking(client, ward) -> None:
    for _ in range(25):
        client.get("/xac-minh/", {"ma": "HVS-7K3M-9QX0"})
    assert client.get(f"/xac-minh/{ward.certificate().code}/").status_code == 200


def test_verification_pages_answer_get_only(client, ward) -> None:
    code = ward.certificate().code
    for path in ("/xac-minh/", f"/xac-minh/{code}/", f"/xac-minh/{code}.json"):
        assert client.post(path).status_code == 405


def test_verification_asks_as_many_questions_however_many_certificates_there_are(
    client, ward, django_assert_num_queries
) -> None:
    code = ward.certificate().code
    client.get(f"/xac-minh/{code}/")
    for number in range(3):
        ward.confirmation(ward.person(f"Trần Văn {number}"), "CONFIRMED")
    with django_assert_num_queries(5):
        client.get(f"/xac-minh/{code}/")


# --- machines


def test_machine_gets_a_credential_that_verifies_until_it_is_revoked(client, ward) -> None:
    certificate = ward.certificate()
    response = client.get(f"/xac-minh/{certificate.code}.json")
    assert response["Content-Type"] == "application/vc"
    assert response["Access-Control-Allow-Origin"] == "*"
    credential = json.loads(response.content)

    def status_list(address: str):
        return json.loads(client.get(address.removeprefix("https://hocvuso.example")).content)

    def check() -> None:
        openbadges.verify(
            credential,
            find_key=find_public_key,
            at=timezone.now() + timedelta(minutes=1),
            find_status_list=status_list,
        )

    credential["validFrom"]
    check()
    services.revoke_certificate(actor=ward.confirmer, certificate=certificate, reason="Thi hộ", at=ward.now)
    cache.clear()
    with pytest.raises(openbadges.Refused, match="revoked"):
        check()


def test_did_document_holds_the_key_of_the_credential(client, ward) -> None:
    credential = json.loads(client.get(f"/xac-minh/{ward.certificate().code}.json").content)
    did = json.loads(client.get("/.well-known/did.json").content)
    assert did["id"] == credential["issuer"]["id"] == "did:web:hocvuso.example"
    assert credential["proof"]["verificationMethod"] in did["assertionMethod"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/xac-minh/HVS-2222-2222.json", 404),
        ("/xac-minh/abc.json", 400),
        ("/xac-minh/trang-thai/77.json", 404),
    ],
)
def test_machine_is_told_in_json_what_is_not_there(client, db, path, status) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert json.loads(response.content)["error"].startswith("credentials.")


# --- the holder


def test_visitor_is_asked_to_sign_in(client, db) -> None:
    response = client.get("/chung-nhan/")
    assert response.status_code == 302
    assert "next=/chung-nhan/" in response["Location"]


def test_holder_without_a_certificate_learns_the_next_step(ward) -> None:
    assert "Chưa có chứng nhận nào" in text(signed_in(ward.learner).get("/chung-nhan/"))


def test_holder_sees_own_certificates_only(ward) -> None:
    mine = ward.certificate()
    other = ward.certificate(ward.person("Trần Văn Ba"))
    client = signed_in(ward.learner)
    page = text(client.get("/chung-nhan/"))
    assert mine.code in page
    assert other.code not in page
    assert client.get(f"/chung-nhan/{mine.code}/").status_code == 200
    assert client.get(f"/chung-nhan/{other.code}/").status_code == 404
    assert client.get(f"/chung-nhan/{other.code}/chung-nhan.pdf").status_code == 404


def test_certificate_is_a_pdf_with_its_words(ward) -> None:
    from pypdf import PdfReader

    certificate = ward.certificate()
    response = signed_in(ward.learner).get(f"/chung-nhan/{certificate.code}/chung-nhan.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    reader = PdfReader(io.BytesIO(response.content))
    assert len(reader.pages) == 1
    words = reader.pages[0].extract_text()
    for part in ("Chứng nhận", "Certificate", "Nguyễn Thị Sáu", "93%", certificate.code, "10/11/2026", "chờ văn bản"):
        assert part in words, part
    assert certificate_pdf(certificate, serial_of(certificate), timezone.now()) == response.content


@pytest.mark.clause("R-27")
def test_signatory_of_the_policy_stands_on_certificate_and_transcript(ward) -> None:
    from pypdf import PdfReader

    result = replace(PASSED, signatory="Chủ tịch Ủy ban nhân dân phường Mẫu")
    certificate = services.issue_certificate(
        person_id=ward.learner.pk, attempt_id=uuid.uuid4(), result=result, at=ward.now
    )
    for address in (f"/chung-nhan/{certificate.code}/chung-nhan.pdf", "/chung-nhan/bang-ky-nang.pdf"):
        pages = PdfReader(io.BytesIO(signed_in(ward.learner).get(address).content)).pages
        words = " ".join(pages[0].extract_text().split())
        assert len(pages) == 1 and "Chủ tịch Ủy ban nhân dân phường Mẫu" in words and "Người ký" in words


def test_revoked_certificate_is_no_longer_printed(ward) -> None:
    certificate = ward.certificate()
    services.revoke_certificate(actor=ward.confirmer, certificate=certificate, reason="Thi hộ", at=ward.now)
    client = signed_in(ward.learner)
    assert client.get(f"/chung-nhan/{certificate.code}/chung-nhan.pdf").status_code == 404
    assert "Lý do: Thi hộ" in text(client.get("/chung-nhan/"))


@pytest.mark.clause("R-05")
def test_consent_to_vneid_is_asked_unticked_and_can_be_taken_back(ward) -> None:
    ward.certificate()
    client = signed_in(ward.learner)
    page = text(client.get("/chung-nhan/"))
    assert 'name="dong_y" value="co" required' in page
    assert "checked" not in page
    client.post("/chung-nhan/dong-y-vneid/", {"dong_y": "co"})
    assert has_consent(ward.learner, Purpose.VNEID)
    client.post("/chung-nhan/dong-y-vneid/", {"dong_y": "khong"})
    assert not has_consent(ward.learner, Purpose.VNEID)
    assert client.get("/chung-nhan/dong-y-vneid/").status_code == 405


def test_holder_who_agreed_is_told_that_the_personal_number_is_missing(ward) -> None:
    known = ward.person("Lê Văn Bảy", number=True)
    for person, missing in ((ward.learner, True), (known, False)):
        ward.certificate(person)
        client = signed_in(person)
        client.post("/chung-nhan/dong-y-vneid/", {"dong_y": "co"})
        assert ('href="/tai-khoan/so-dinh-danh/"' in text(client.get("/chung-nhan/"))) is missing


def test_learning_that_is_not_on_record_is_no_flaw(client, ward) -> None:
    certificate = ward.certificate()
    public, own = client.get(f"/xac-minh/{certificate.code}/"), signed_in(ward.learner).get("/chung-nhan/")
    assert "Học xong" not in text(public)
    assert "Đạt bài kiểm tra" in text(public)
    assert "không bắt buộc để được chứng nhận" in text(own)


def test_holder_withdraws_a_result_from_confirmation(ward) -> None:
    row = ward.confirmation()
    code = Certificate.objects.get().code
    assert signed_in(ward.person("Người Lạ")).post(f"/chung-nhan/{code}/rut/").status_code == 404
    signed_in(ward.learner).post(f"/chung-nhan/{code}/rut/")
    assert Confirmation.objects.get(id=row.id).state == "WITHDRAWN"


# --- officers: the list


def test_officers_pages_are_closed_to_others(ward, client) -> None:
    row = ward.confirmation()
    detail = f"{LIST}{row.person_id}/{row.id}/"
    learner = signed_in(ward.learner)
    for path in (LIST, detail, VNEID, f"{LIST}danh-sach/"):
        assert client.get(path).status_code == 302, path
        assert learner.get(path).status_code == 403, path


def test_officer_sees_the_own_ward_only(ward) -> None:
    row = ward.confirmation()
    assert "Nguyễn Thị Sáu" in text(signed_in(ward.officer).get(LIST))
    stranger = signed_in(ward.other_officer)
    assert "Nguyễn Thị Sáu" not in text(stranger.get(LIST))
    assert stranger.get(f"{LIST}{row.person_id}/{row.id}/").status_code == 404
    assert "Nguyễn Thị Sáu" not in stranger.get(f"{LIST}danh-sach/").content.decode()


def test_officer_proposes_and_another_confirms_together(ward) -> None:
    rows = [ward.confirmation(ward.person(f"Trần Văn {word}")) for word in ("An", "Bình", "Cúc")]
    response = signed_in(ward.officer).post(LIST, {"viec": "propose", "chon": ticked(*rows)}, follow=True)
    assert told(response) == "Đã đề nghị 3 người."
    confirmer = signed_in(ward.confirmer)
    assert "3 người chờ xác nhận" in text(confirmer.get(LIST))
    response = confirmer.post(LIST, {"viec": "confirm", "chon": ticked(*rows[:2])}, follow=True)
    assert told(response) == "Đã xác nhận 2 người."
    assert sorted(Confirmation.objects.values_list("state", flat=True)) == ["CONFIRMED", "CONFIRMED", "PROPOSED"]


def test_posting_twice_confirms_once_and_says_so(ward) -> None:
    row = ward.confirmation(state="PROPOSED")
    client = signed_in(ward.confirmer)
    client.post(LIST, {"viec": "confirm", "chon": ticked(row)})
    response = client.post(LIST, {"viec": "confirm", "chon": ticked(row)}, follow=True)
    assert "Giữ nguyên 1 người: Nguyễn Thị Sáu." in told(response)
    assert AuditEntry.objects.filter(action="credentials.confirmation.confirm").count() == 1


def test_who_proposed_is_told_that_a_second_person_is_needed(ward) -> None:
    grant_mandate(actor=None, person=ward.officer, unit=ward.unit, role=Role.CONFIRMER, at=ward.now)
    row = ward.confirmation(state="PROPOSED")
    client = signed_in(ward.officer)
    response = client.post(LIST, {"viec": "confirm", "chon": ticked(row)}, follow=True)
    assert "Xác nhận cần một người khác" in told(response)
    assert Confirmation.objects.get(id=row.id).state == "PROPOSED"
    detail = f"{LIST}{row.person_id}/{row.id}/"
    assert 'value="confirm"' not in text(client.get(detail))
    assert client.post(detail, {"viec": "confirm"}).status_code == 403


@pytest.mark.parametrize("chon", [[], ["rác"], ["00000000-0000-7000-8000-000000000000:1"], ["a:b:c"]])
def test_nobody_or_rubbish_ticked_changes_nothing(ward, chon) -> None:
    ward.confirmation(state="PROPOSED")
    response = signed_in(ward.confirmer).post(LIST, {"viec": "confirm", "chon": chon}, follow=True)
    assert "Chưa chọn ai" in told(response)


def test_people_of_another_ward_cannot_be_ticked_by_their_ids(ward) -> None:
    row = ward.confirmation(state="PROPOSED")
    response = signed_in(ward.other_confirmer).post(LIST, {"viec": "confirm", "chon": ticked(row)}, follow=True)
    assert "Chưa chọn ai" in told(response)
    assert Confirmation.objects.get(id=row.id).state == "PROPOSED"


def test_refusing_without_a_reason_leaves_everybody(ward) -> None:
    row = ward.confirmation(state="PROPOSED")
    client = signed_in(ward.confirmer)
    response = client.post(LIST, {"viec": "refuse", "chon": ticked(row), "ly_do": " "}, follow=True)
    assert "Viết lý do" in told(response)
    client.post(LIST, {"viec": "refuse", "chon": ticked(row), "ly_do": "Sai tên"})
    assert Confirmation.objects.get(id=row.id).reason == "Sai tên"


def test_list_pages_by_key_and_keeps_everybody_once(ward) -> None:
    names = [f"Trần Văn {number:02d}" for number in range(45)]
    for name in names:
        ward.confirmation(ward.person(name))
    client, seen, address = signed_in(ward.officer), [], f"{LIST}?so=20"
    while True:
        page = client.get(address).context["page"]
        seen += [item.certificate.full_name for item in page.rows]
        if not page.following:
            break
        address = f"{LIST}?so=20&sau={page.following.replace('+', '%2B')}"
    assert sorted(seen) == names


@pytest.mark.parametrize(
    "query", ["sau=rác", "sau=2026-13-01_x", "so=7000", "don-vi=abc", "tinh-trang=KHONG", "don-vi=999999999"]
)
def test_odd_addresses_show_the_list_anyway(ward, query) -> None:
    ward.confirmation()
    assert signed_in(ward.officer).get(f"{LIST}?{query}").status_code == 200


def test_list_finds_a_name_without_tone_marks(ward) -> None:
    ward.confirmation()
    ward.confirmation(ward.person("Đặng Văn Ba"))
    page = signed_in(ward.officer).get(LIST, {"ten": "dang van"}).context["page"]
    assert [item.certificate.full_name for item in page.rows] == ["Đặng Văn Ba"]


def test_list_asks_as_many_questions_for_three_people_as_for_one(ward, django_assert_num_queries) -> None:
    client = signed_in(ward.confirmer)
    ward.confirmation(state="PROPOSED")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for name in ("Trần Văn Ba", "Lý Thị Tư"):
        ward.confirmation(ward.person(name), "PROPOSED")
    with django_assert_num_queries(len(one)):
        client.get(LIST)


@pytest.mark.clause("R-05")
def test_list_of_names_leaves_only_after_a_second_person_approves(ward) -> None:
    ward.confirmation(ward.person("=HYPERLINK(1)", number=True), "PROPOSED")
    asker, second, stranger = (signed_in(one) for one in (ward.confirmer, ward.officer, ward.other_confirmer))
    page = f"{LIST}danh-sach/"
    asked = {"viec": "ask", "don_vi": ward.unit.pk, "tinh_trang": "PROPOSED", "muc_dich": "CHECK"}
    assert "Đã gửi yêu cầu" in told(asker.post(page, asked, follow=True))
    wanted = ExportRequest.objects.get()
    file = f"{page}{wanted.pk}.csv"
    assert asker.get(file).status_code == 409
    assert asker.post(page, {"viec": "approve", "ma": wanted.pk}).status_code == 403
    assert "không lấy được" in told(stranger.post(page, {"viec": "approve", "ma": wanted.pk}, follow=True))
    second.post(page, {"viec": "approve", "ma": wanted.pk})
    assert stranger.get(file).status_code == 404
    assert second.get(file).status_code == 409
    response = asker.get(file)
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[1][0] == "'=HYPERLINK(1)"
    assert "079059" not in response.content.decode()
    trail = AuditEntry.objects.filter(action__startswith="credentials.export.").order_by("id")
    assert [entry.action.rpartition(".")[2] for entry in trail] == ["asked", "approved", "fetched"]
    ExportRequest.objects.update(decided_at=timezone.now() - timedelta(days=2))
    assert asker.get(file).status_code == 409


def test_database_itself_refuses_one_person_who_asks_and_approves(ward) -> None:
    ward.confirmation(state="PROPOSED")
    asked = services.ask_export(actor=ward.officer, unit=ward.unit, state="PROPOSED", purpose="CHECK", at=ward.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.filter(pk=asked.pk).update(decided_by=ward.officer.pk)


def test_dead_letters_stand_on_the_page_with_the_reason_and_a_button(ward) -> None:
    ward.confirmation(ward.person("Trần Văn Ba", number=True, consent=True), "CONFIRMED")
    batch = handover.prepare_batch(actor=ward.officer, unit=ward.unit, at=ward.now)
    handover.release_batch(actor=ward.confirmer, batch=batch, at=ward.now)
    HandoverBatch.objects.update(delivery="DEAD", last_error="HTTP 503")
    confirmer = signed_in(ward.confirmer)
    page = text(confirmer.get(VNEID))
    assert "Cần xem lại" in page
    assert "HTTP 503" in page
    address = f"{VNEID}{batch.pk}/"
    assert "Thử lại" in text(confirmer.get(address))
    assert "Thử lại" not in text(signed_in(ward.officer).get(address))
    assert "gửi lại" in told(confirmer.post(address, {"viec": "retry"}, follow=True))
    assert HandoverBatch.objects.get().delivery == "WAITING"


def test_person_page_tells_the_history_and_takes_each_step(ward) -> None:
    row = ward.confirmation(state="PROPOSED")
    detail = f"{LIST}{row.person_id}/{row.id}/"
    confirmer, officer = signed_in(ward.confirmer), signed_in(ward.officer)
    page = text(confirmer.get(detail))
    assert "Lê Văn Cường" in page
    officer.post(detail, {"viec": "correct-name", "ho_ten": "Nguyễn Thị Sáu Nhỏ", "ly_do": "Thiếu tên"})
    confirmer.post(detail, {"viec": "confirm"})
    page = text(officer.get(detail))
    assert "Nguyễn Thị Sáu Nhỏ" in page
    assert "Sửa tên, cấp chứng nhận mới" in page
    response = confirmer.post(detail, {"viec": "revoke", "ly_do": ""}, follow=True)
    assert "Viết lý do" in told(response)
    confirmer.post(detail, {"viec": "revoke-certificate", "ly_do": "Thi hộ"})
    assert Confirmation.objects.get(id=row.id).state == "REVOKED"
    assert officer.post(detail, {"viec": "revoke-certificate", "ly_do": "x"}).status_code == 403


# --- officers: hand-over


def test_handover_from_preparing_to_the_answer(ward) -> None:
    person = ward.person("Trần Văn Ba", number=True, consent=True)
    ward.confirmation(person, "CONFIRMED")
    ward.confirmation(ward.person("Lý Thị Tư", number=True), "CONFIRMED")
    officer, confirmer = signed_in(ward.officer), signed_in(ward.confirmer)
    page = text(officer.get(VNEID))
    assert "1 người sẵn sàng gửi VNeID" in page
    assert "chưa đồng ý gửi kết quả lên VNeID" in page
    response = officer.post(VNEID, follow=True)
    batch = HandoverBatch.objects.get()
    address = f"{VNEID}{batch.pk}/"
    assert response.redirect_chain[-1][0] == address
    assert officer.get(f"{address}goi.zip").status_code == 403
    assert 'value="release"' not in text(officer.get(address))
    assert officer.post(address, {"viec": "release"}).status_code == 403
    confirmer.post(address, {"viec": "release"})
    assert confirmer.get(f"{address}goi.zip")["Content-Type"] == "application/zip"
    content = (
        f"ma_dong,ket_qua,ly_do,so_tham_chieu\r\n{HandoverRow.objects.get().id},CHAP_NHAN,,VN-1\r\nx,CHAP_NHAN,,\r\n"
    )
    file = io.BytesIO(signed(content.encode()))
    file.name = "tra-loi.zip"
    page = text(confirmer.post(address, {"viec": "answer", "tep": file}))
    assert "Nhận 1 · trả lại 0" in page
    assert "Dòng 3: dòng này không thuộc gói này" in page
    assert Confirmation.objects.get(person=person).state == "ACCEPTED"


def test_batches_of_another_ward_are_not_there(ward) -> None:
    ward.confirmation(ward.person("Trần Văn Ba", number=True, consent=True), "CONFIRMED")
    batch = handover.prepare_batch(actor=ward.officer, unit=ward.unit, at=ward.now)
    stranger = signed_in(ward.other_confirmer)
    assert str(batch.pk) not in text(stranger.get(VNEID))
    assert stranger.get(f"{VNEID}{batch.pk}/").status_code == 404
    assert stranger.get(f"{VNEID}{batch.pk}/goi.zip").status_code == 404
    assert stranger.post(f"{VNEID}{batch.pk}/", {"viec": "release"}).status_code == 404


def test_answer_without_a_file_is_told_calmly(ward) -> None:
    ward.confirmation(ward.person("Trần Văn Ba", number=True, consent=True), "CONFIRMED")
    batch = handover.prepare_batch(actor=ward.officer, unit=ward.unit, at=ward.now)
    handover.release_batch(actor=ward.confirmer, batch=batch, at=ward.now)
    response = signed_in(ward.confirmer).post(f"{VNEID}{batch.pk}/", {"viec": "answer"}, follow=True)
    assert "Không đọc được tệp trả lời này" in told(response)


def test_handover_pages_ask_as_many_questions_for_three_people_as_for_one(ward, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(ward.officer)
    ward.confirmation(ward.person("Trần Văn Ba", number=True), "CONFIRMED")
    client.get(VNEID)
    with CaptureQueriesContext(connection) as one:
        client.get(VNEID)
    for name in ("Lý Thị Tư", "Đỗ Văn Năm"):
        ward.confirmation(ward.person(name, number=True), "CONFIRMED")
    with django_assert_num_queries(len(one)):
        client.get(VNEID)


def test_english_pages_speak_english(ward) -> None:
    code = ward.certificate().code
    assert "This certificate is valid" in text(Client().get(f"/en/xac-minh/{code}/"))
    assert "person may be proposed" in text(signed_in(ward.officer).get(f"/en{LIST}"))
