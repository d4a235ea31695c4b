"""Results of other platforms: matched by keys, doubtful ones for a person, kept apart, undone, sent by programs."""

from __future__ import annotations

import io
import json
import uuid
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from hocvuso.assessment.public import Policy
from hocvuso.credentials import outside, services
from hocvuso.credentials.choices import QueueReason
from hocvuso.credentials.errors import BadOutsideFile, ImportNotUndoable, NotQueued
from hocvuso.credentials.models import Certificate, Confirmation, OutsideImport, OutsideResult
from hocvuso.evidence.public import Evidence, Standing, project_all
from hocvuso.kernel.errors import NotAllowed
from hocvuso.people.public import IdentityKey, Role, erase_person, grant_mandate, set_identity
from hocvuso.people.services import exported_parts
from tests.credentials.test_pages import signed_in, text, told

TODAY = date(2026, 11, 10)
HEAD = "ma_ket_qua;ho_ten;nam_sinh;so_dinh_danh;dien_thoai;ma_khoa_hoc;ten_khoa_hoc;ngay;diem;dat"
API = "/api/v1/ket-qua-ngoai"


def csv_file(*lines: str) -> bytes:
    return "\r\n".join([HEAD, *lines]).encode("utf-8-sig")


@pytest.fixture
def manager(ward):
    person = ward.person("Trần Quản Lý", unit=ward.other)
    grant_mandate(actor=None, person=person, unit=ward.city, role=Role.MANAGER, at=ward.now)
    return person


@pytest.fixture
def source(ward, manager):
    return outside.register_source(
        actor=manager, unit=ward.city, code="ptit", name="AI cộng đồng", assurance=1, at=ward.now
    )


def take(source, content: bytes, actor, at) -> outside.Taken:
    results, problems = outside.read_file(content, today=TODAY)
    return outside.take_results(results, source=source, actor=actor, at=at, problems=problems, file_name="mau.csv")


def line(number: str, name: str, key: str, *, year: str = "1959", phone: str = "") -> str:
    return f"{number};{name};{year};{key};{phone};ai-1;AI cho mọi người;09/11/2026;90;Đạt"


@pytest.mark.clause("R-28")
def test_matched_results_are_evidence_of_their_own_and_reach_no_milestone(ward, source, manager) -> None:
    person = ward.person("Nguyễn Thị Mẫu", number=True)
    taken = take(source, csv_file(line("A1", "nguyen thi mau", "079059000001")), manager, ward.now)
    assert (taken.stored, taken.queued) == (1, 0)
    entry = Evidence.objects.get(kind="OUTSIDE_RESULT")
    assert (entry.person_id, entry.source, entry.assurance) == (person.pk, "import:ptit", 1)
    assert "Nguyễn" not in str(entry.details)
    project_all()
    assert not Standing.objects.exists()
    assert Certificate.objects.count() == 0
    (part,) = exported_parts(person.pk)["outside_results"]
    assert (part["source"], part["score_percent"]) == ("AI cộng đồng", 90.0)


@pytest.mark.clause("R-28")
def test_nobody_is_matched_by_name_alone_and_doubt_waits_for_a_person(ward, source, manager) -> None:
    ward.person("Nguyễn Thị Mẫu", number=True)
    other = ward.person("Trần Văn Mẫu", number=True)
    set_identity(person=other, kind=IdentityKey.Kind.PHONE, value="0912345678", at=ward.now)
    content = csv_file(
        line("A1", "Nguyễn Thị Mẫu", ""),
        line("A2", "Nguyễn Thị Mẫu", "079059999999"),
        line("A3", "Nguyễn Thị Mẫu", "079059000001", phone="912345678"),
        line("A4", "Nguyễn Thị Khác", "079059000001"),
        line("A5", "Nguyễn Thị Mẫu", "079059000001", year="1960"),
    )
    taken = take(source, content, manager, ward.now)
    assert (taken.stored, taken.queued) == (0, 5)
    why = list(OutsideResult.objects.order_by("outside_id").values_list("why", flat=True))
    assert why == [
        QueueReason.NO_KEY,
        QueueReason.NOBODY,
        QueueReason.TWO_PEOPLE,
        QueueReason.OTHER_NAME,
        QueueReason.OTHER_YEAR,
    ]
    assert not Evidence.objects.filter(kind="OUTSIDE_RESULT").exists()
    assert "Nguyễn" not in str(list(OutsideResult.objects.values()))


def test_person_decides_a_doubtful_result_once(ward, source, manager) -> None:
    person = ward.person("Nguyễn Thị Mẫu", number=True)
    content = csv_file(line("A1", "Nguyễn T. Mẫu", "079059000001"), line("A2", "Ai Đó", ""))
    take(source, content, manager, ward.now)
    first, second = OutsideResult.objects.order_by("outside_id")
    with pytest.raises(NotAllowed):
        outside.decide_queued(actor=ward.officer, result=first, person=person, at=ward.now)
    row = outside.decide_queued(actor=manager, result=first, person=person, at=ward.now)
    assert (row.state, row.sealed, row.decided_by) == ("MATCHED", "", manager.pk)
    assert Evidence.objects.get(kind="OUTSIDE_RESULT").person_id == person.pk
    with pytest.raises(NotQueued):
        outside.decide_queued(actor=manager, result=first, person=None, at=ward.now)
    assert outside.decide_queued(actor=manager, result=second, person=None, at=ward.now).state == "SET_ASIDE"


def test_same_file_again_adds_nothing_and_a_trial_stores_nothing(ward, source, manager) -> None:
    ward.person("Nguyễn Thị Mẫu", number=True)
    content = csv_file(line("A1", "Nguyễn Thị Mẫu", "079059000001"), line("A2", "Ai Đó", ""))
    trial = outside.try_file(content, source=source, at=ward.now)
    assert (trial.stored, trial.queued, OutsideResult.objects.count()) == (1, 1, 0)
    take(source, content, manager, ward.now)
    again = take(source, content, manager, ward.now)
    assert (again.stored, again.queued, again.duplicates) == (0, 0, 2)
    assert Evidence.objects.filter(kind="OUTSIDE_RESULT").count() == 1


def test_undone_import_takes_its_evidence_back_and_can_come_again(ward, source, manager) -> None:
    ward.person("Nguyễn Thị Mẫu", number=True)
    content = csv_file(line("A1", "Nguyễn Thị Mẫu", "079059000001"))
    take(source, content, manager, ward.now)
    batch = OutsideImport.objects.get()
    assert outside.undo_import(actor=manager, batch=batch, at=ward.now) == 1
    assert Evidence.objects.get(kind="REVOCATION").details == {"reason": "IMPORT_UNDONE"}
    with pytest.raises(ImportNotUndoable):
        outside.undo_import(actor=manager, batch=batch, at=ward.now)
    assert take(source, content, manager, ward.now).stored == 1


def test_officer_names_the_person_of_a_row_without_a_key(ward, source, manager) -> None:
    person = ward.person("Nguyễn Thị Mẫu", number=True)
    take(source, csv_file(line("A1", "Nguyễn Thị Mẫu", "")), manager, ward.now)
    desk, row = signed_in(manager), OutsideResult.objects.get()
    address = f"/dieu-hanh/ket-qua-ngoai/{source.pk}/"
    for key in ("", "079059000099", "không phải số"):
        desk.post(address, {"viec": "take", "ma": row.pk, "khoa": key})
        assert OutsideResult.objects.get().state == "QUEUED"
    desk.post(address, {"viec": "take", "ma": row.pk, "khoa": "079059000001"})
    assert OutsideResult.objects.get().person_id == person.pk


def test_every_bad_row_is_told_in_plain_words_and_the_good_ones_go_in(ward, source, manager) -> None:
    ward.person("Nguyễn Thị Mẫu", number=True)
    content = csv_file(
        line("A1", "Nguyễn Thị Mẫu", "079059000001"),
        line("", "Ai Đó", ""),
        "A3;Ai Đó;1959;;;ai-1;;31/02/2026;90;Đạt",
        "A4;Ai Đó;1959;;;ai-1;;01/01/2027;90;Đạt",
        "A5;Ai Đó;1959;;;ai-1;;09/11/2026;101;Đạt",
        "A6;Ai Đó;mười;;;ai-1;;09/11/2026;90;Đạt",
        "A7;Ai Đó;1959;;;ai-1;;09/11/2026;90;có thể",
        line("A1", "Ai Đó", ""),
    )
    taken = take(source, content, manager, ward.now)
    assert taken.stored == 1
    assert [problem.line for problem in taken.problems] == [3, 4, 5, 6, 7, 8, 9]
    with override("vi"):
        words = [str(problem.words) for problem in taken.problems]
    assert words[0] == "cột ma_ket_qua để trống"
    assert words[-1] == "mã kết quả này đã có ở dòng 2"


def test_excel_file_is_read_like_csv(ward, source, manager) -> None:
    ward.person("Nguyễn Thị Mẫu", number=True)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Mã kết quả", "Họ và tên", "Số định danh", "Mã khóa học", "Ngày", "Điểm", "Đạt"])
        sheet.write_row(1, 0, ["A1", "Nguyễn Thị Mẫu", 79059000001, "ai-1", "09/11/2026", 87.5, "x"])
    assert take(source, out.getvalue(), manager, ward.now).stored == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 hong", b"ten;tuoi\r\nA;1", HEAD.encode(), b"\xff" * 7])
def test_file_that_is_no_list_of_results_is_refused(content) -> None:
    with pytest.raises(BadOutsideFile):
        outside.read_file(content, today=TODAY)


@pytest.mark.clause("R-28")
def test_equivalence_gives_a_certificate_that_says_where_it_comes_from(ward, source, manager) -> None:
    Policy.objects.create(
        code="pho-cap",
        version=1,
        title="Mẫu",
        group="ADULT",
        questions=1,
        minutes=1,
        pass_ratio=1,
        blueprint=[],
        equivalences=[{"source": "ptit", "result": "ai-1"}],
    )
    ward.person("Nguyễn Thị Mẫu", number=True)
    ward.person("Trần Văn Mẫu", number=True)
    failed = "A2;Trần Văn Mẫu;1959;079059000002;;ai-1;;09/11/2026;20;Không đạt"
    take(source, csv_file(line("A1", "Nguyễn Thị Mẫu", "079059000001"), failed), manager, ward.now)
    certificate = Certificate.objects.get()
    assert certificate.level == "Công nhận kết quả của AI cộng đồng"
    row = Confirmation.objects.get()
    row = services.propose_confirmation(actor=ward.officer, confirmation=row, at=ward.now)
    batch = OutsideImport.objects.get()
    services.confirm(actor=ward.confirmer, confirmation=row, at=ward.now)
    with pytest.raises(ImportNotUndoable):
        outside.undo_import(actor=manager, batch=batch, at=ward.now)
    services.revoke_confirmation(
        actor=ward.confirmer, confirmation=Confirmation.objects.get(), reason="Nhầm", at=ward.now
    )
    outside.undo_import(actor=manager, batch=batch, at=ward.now)
    assert Certificate.objects.get().state == "REVOKED"


def test_erased_person_leaves_no_result(ward, source, manager) -> None:
    person = ward.person("Nguyễn Thị Mẫu", number=True)
    take(source, csv_file(line("A1", "Nguyễn Thị Mẫu", "079059000001")), manager, ward.now)
    erase_person(actor=None, person=person, at=ward.now)
    assert OutsideResult.objects.count() == 0


def test_many_rows_take_a_constant_number_of_queries(ward, source, manager, django_assert_max_num_queries) -> None:
    for number in range(12):
        ward.person(f"Người Mẫu {number}", number=True)
    rows = [line(f"A{n}", f"Người Mẫu {n}", f"{79059000001 + n:012d}") for n in range(12)]
    with django_assert_max_num_queries(30):
        assert take(source, csv_file(*rows), manager, ward.now).stored == 12


# --- the API


def send(token: str, *items: object) -> object:
    return Client().post(
        API,
        json.dumps({"ket_qua": items}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


def item(number: str, name: str, key: str) -> dict[str, object]:
    return {
        "ma_ket_qua": number,
        "ho_ten": name,
        "so_dinh_danh": key,
        "ma_khoa_hoc": "ai-1",
        "ngay": "2026-11-09",
        "diem": 90,
        "dat": True,
    }


@pytest.mark.clause("R-28")
def test_program_of_a_source_sends_results_once_each(ward, source, manager) -> None:
    ward.person("Nguyễn Thị Mẫu", number=True)
    token = outside.issue_token(actor=manager, source=source, at=ward.now)
    items = [item("A1", "Nguyễn Thị Mẫu", "079059000001"), item("A2", "Ai Đó", ""), {"ma_ket_qua": "A3"}, 7]
    first = send(token, *items).json()["ket_qua"]
    assert [one["trang_thai"] for one in first] == ["stored", "queued", "rejected", "rejected"]
    second = send(token, *items).json()["ket_qua"]
    assert [one["trang_thai"] for one in second] == ["duplicate", "duplicate", "rejected", "rejected"]
    assert (Evidence.objects.filter(kind="OUTSIDE_RESULT").count(), OutsideImport.objects.count()) == (1, 1)
    new = outside.issue_token(actor=manager, source=source, at=ward.now)
    assert send(token, *items).status_code == 401
    assert send(new, *items).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"), [("", 400), ("[]", 400), ('{"ket_qua": 1}', 413), (json.dumps({"ket_qua": [{}] * 501}), 413)]
)
def test_malformed_call_is_told_what_is_wrong(ward, source, manager, body, status) -> None:
    token = outside.issue_token(actor=manager, source=source, at=ward.now)
    answer = Client().post(API, body, content_type="application/json", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, bool(answer.json()["message"])) == (status, True)
    assert Client().post(API, "{}", content_type="application/json").status_code == 401


# --- pages


def test_manager_registers_tries_imports_decides_and_undoes(ward, manager) -> None:
    person = ward.person("Nguyễn Thị Mẫu", number=True)
    desk = signed_in(manager)
    place = "/dieu-hanh/ket-qua-ngoai/"
    made = {"name": "AI cộng đồng", "code": "ptit", "assurance": "1", "unit": ward.city.pk}
    address = desk.post(place, made)["Location"]
    assert desk.post(place, made).status_code == 400
    content = csv_file(line("A1", "Nguyễn Thị Mẫu", "079059000001"), line("A2", "Nguyễn T. Mẫu", "079059000001"))

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("mau.csv", content)

    assert "Thử: chưa lưu gì" in text(desk.post(address, {"viec": "try", "tep": file()}))
    page = text(desk.post(address, {"viec": "import", "tep": file()}))
    assert "Khớp 1 · chờ người xem 1" in page
    assert "Nguyễn T. Mẫu" in page
    row = OutsideResult.objects.get(state="QUEUED")
    assert "Đã ghi" in told(desk.post(address, {"viec": "take", "ma": row.pk}, follow=True))
    assert "Kết quả từ nơi khác" in text(signed_in(person).get("/chung-nhan/"))
    batch = OutsideImport.objects.get()
    assert desk.get(address).status_code == 200
    sheet = signed_in(person).get("/chung-nhan/bang-ky-nang.pdf")
    assert sheet.status_code == 404  # no certificate, no sheet
    ward.certificate(person)
    sheet = signed_in(person).get("/chung-nhan/bang-ky-nang.pdf")
    assert sheet.content.startswith(b"%PDF")
    assert "Đã hoàn lại 2 kết quả" in told(desk.post(address, {"viec": "undo", "ma": batch.pk}, follow=True))
    assert "hvs_" in text(desk.post(address, {"viec": "token"}))
    stranger = signed_in(ward.officer)
    assert stranger.get(place).status_code == 403
    other = ward.person("Quản Lý Khác", unit=ward.unit)
    grant_mandate(actor=None, person=other, unit=ward.other, role=Role.MANAGER, at=ward.now)
    assert signed_in(other).get(address).status_code == 404
    assert desk.get(f"{place}{uuid.uuid4()}/").status_code == 404
