"""Reports: figures from evidence, the written parts, documents."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document
from pypdf import PdfReader

from hocvuso.evidence.public import EvidenceKind, project_all
from hocvuso.kernel import clock
from hocvuso.kernel.errors import NotAllowed
from hocvuso.people.choices import Role
from hocvuso.programme import documents, rules
from hocvuso.programme.errors import EditedMeanwhile, NoSuchPeriod, PeriodNotBegun
from hocvuso.programme.models import Letterhead, Report, ReportPeriod
from hocvuso.programme.queries import get_period, proposed_letterhead, report_of
from hocvuso.programme.services import load_periods, save_narrative
from tests.factories.figures import give_denominator, make_officer, set_target
from tests.factories.spine import City, make_city, make_person, record

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
IN_PERIOD = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
BEFORE = datetime(2026, 10, 14, 16, 59, tzinfo=UTC)  # 23:59 on the last day of the period before


@pytest.fixture
def city(db: None) -> City:
    load_periods(range(2026, 2027))
    return make_city()


@pytest.fixture
def november(city: City) -> ReportPeriod:
    return get_period("2026-M11")


@pytest.fixture
def officer(city: City, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    client = Client()
    client.force_login(make_officer(city.binh_thanh))
    return client


def line(content, code="R-10c"):
    return next(line for line in content.lines if line.code == code)


@pytest.mark.clause("R-31", "R-04")
def test_a_report_tells_before_in_and_so_far_from_evidence(city, november):
    give_denominator(city.binh_thanh, 10)
    for at, sex, born in ((BEFORE, "M", 1990), (IN_PERIOD, "F", 1950), (IN_PERIOD, "F", 1990)):
        record(make_person(city.khu_pho_1, sex=sex, birth_year=born), at=at)
    record(make_person(city.an_khanh), at=IN_PERIOD)
    project_all()
    found = line(report_of(city.binh_thanh, november, TODAY))
    assert (found.before, found.during, found.so_far, found.women, found.aged60) == (1, 2, 3, 2, 1)
    assert (found.whole, found.ratio) == (10, 0.3)


def test_what_comes_after_the_period_does_not_change_it(city, november):
    record(make_person(city.khu_pho_1), at=datetime(2026, 11, 15, 2, 0, tzinfo=UTC))
    project_all()
    assert line(report_of(city.binh_thanh, november, TODAY)).so_far == 0


def test_a_running_period_counts_until_today_and_a_coming_one_is_refused(city):
    content = report_of(city.binh_thanh, get_period("2026-M12"), TODAY)
    assert (content.as_of, content.is_running) == (TODAY, True)
    with pytest.raises(PeriodNotBegun):
        report_of(city.binh_thanh, get_period("2026-M12"), date(2026, 11, 14))
    with pytest.raises(NoSuchPeriod):
        get_period("2026-M13")


def test_a_missing_denominator_is_told_and_is_not_nought(city, november):
    record(make_person(city.khu_pho_1), at=IN_PERIOD)
    project_all()
    found = line(report_of(city.binh_thanh, november, TODAY))
    assert (found.whole, found.ratio) == (None, None)
    assert "chưa có số liệu tổng đối tượng" in rules.result_sentence(found)


def test_more_people_than_there_are_is_a_data_problem_and_is_not_clipped(city, november):
    give_denominator(city.binh_thanh, 1)
    for _ in range(2):
        record(make_person(city.khu_pho_1), at=IN_PERIOD)
    project_all()
    found = line(report_of(city.binh_thanh, november, TODAY))
    assert (found.ratio, found.over_whole) == (2.0, True)
    assert "cần rà lại số liệu" in rules.result_sentence(found)


def test_periods_are_loaded_once(city):
    assert load_periods(range(2026, 2027)) == 0
    assert ReportPeriod.objects.count() == 19


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (date(2026, 11, 14), date(2026, 11, 17)),
        (date(2026, 10, 14), date(2026, 10, 16)),
        (date(2026, 8, 14), date(2026, 8, 18)),
    ],
)
def test_reports_are_owed_on_the_second_working_day(last, due):
    assert rules.due_on(last, 2) == due


def text_of(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells]).replace("\u00a0", " ")


@pytest.mark.clause("R-31")
def test_the_document_has_the_state_head_and_figures_the_vietnamese_way(city, november):
    give_denominator(city.binh_thanh, 66290)
    set_target(city.binh_thanh, "R-10c", people=53032)
    record(make_person(city.khu_pho_1), at=IN_PERIOD)
    project_all()
    content = report_of(city.binh_thanh, november, TODAY)
    text = text_of(documents.render_report(content, "docx", day=date(2026, 11, 5)))
    for wanted in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN\nPHƯỜNG BÌNH THẠNH",
        "Bình Thạnh, ngày 05 tháng 11 năm 2026",
        "BÁO CÁO",
        "Tháng 11 năm 2026",
        "66.290",
        "53.032",
        "V. KIẾN NGHỊ, ĐỀ XUẤT",
        "Lưu: VT, VHXH",
    ):
        assert wanted in text, wanted


def test_the_pdf_says_the_same_as_the_docx(city, november):
    give_denominator(city.binh_thanh, 66290)
    content = report_of(city.binh_thanh, november, TODAY)
    pages = PdfReader(io.BytesIO(documents.render_report(content, "pdf"))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text and "66.290" in text and "PHỤ LỤC" in text


def test_a_section_has_no_head_and_no_signature(city, november):
    content = report_of(city.binh_thanh, november, TODAY)
    text = text_of(documents.render_report(content, "docx", header=False))
    assert "CỘNG HÒA" not in text and "TM. ỦY BAN" not in text
    assert "II. KẾT QUẢ" in text


@pytest.mark.clause("R-31")
def test_a_union_has_its_own_head(city, november):
    head = proposed_letterhead(city.union)
    assert (head.form, head.superior, head.issuer) == (
        "UNION",
        "LIÊN ĐOÀN LAO ĐỘNG THÀNH PHỐ HỒ CHÍ MINH",
        "CÔNG ĐOÀN PHƯỜNG BÌNH THẠNH",
    )
    assert documents.render_report(report_of(city.union, november, TODAY), "docx")


def test_what_people_write_is_kept_printed_and_carried_over(city, november):
    writer = make_officer(city.binh_thanh).person
    words = {"steering": "Ban hành Kế hoạch số 12.", "plan": "- Mở 4 lớp\n- Ghé 200 hộ", "xyz": "không có phần này"}
    report = save_narrative(actor=writer, unit=city.binh_thanh, period=november, narrative=words, version=0, at=NOW)
    assert sorted(report.narrative) == ["plan", "steering"]
    text = text_of(documents.render_report(report_of(city.binh_thanh, november, TODAY), "docx"))
    assert "Ban hành Kế hoạch số 12." in text and "Mở 4 lớp" in text
    following = report_of(city.binh_thanh, get_period("2026-M12"), TODAY)
    assert (following.narrative, following.version) == ({"plan": "- Mở 4 lớp\n- Ghé 200 hộ"}, 0)


def test_two_writers_at_once_lose_nothing(city, november):
    writer = make_officer(city.binh_thanh).person
    save_narrative(actor=writer, unit=city.binh_thanh, period=november, narrative={"plan": "một"}, version=0, at=NOW)
    with pytest.raises(EditedMeanwhile):
        save_narrative(
            actor=writer, unit=city.binh_thanh, period=november, narrative={"plan": "hai"}, version=0, at=NOW
        )
    assert Report.objects.get().narrative == {"plan": "một"}


def test_only_those_who_write_reports_of_a_unit_write_them(city, november):
    for who in (make_officer(city.an_khanh), make_officer(city.binh_thanh, Role.LEADER)):
        with pytest.raises(NotAllowed):
            save_narrative(
                actor=who.person, unit=city.binh_thanh, period=november, narrative={"plan": "x"}, version=0, at=NOW
            )


def address(unit, tail: str = "2026-M11/") -> str:
    return f"/dieu-hanh/bao-cao/{unit.line}/{unit.code}/{tail}"


def test_the_pages_open_for_the_officer(officer, city):
    assert officer.get("/dieu-hanh/bao-cao/").status_code == 302
    listed = officer.get(address(city.binh_thanh, "")).content.decode()
    assert "Tháng 11 năm 2026" in listed
    page = officer.get(address(city.binh_thanh)).content.decode()
    assert "15/10/2026" in page and "17/11/2026" in page
    for form, kind in (("docx", "wordprocessingml"), ("pdf", "pdf")):
        answer = officer.get(address(city.binh_thanh, f"2026-M11/tep.{form}"))
        assert kind in answer["Content-Type"] and f"bao-cao-26929-2026-M11.{form}" in answer["Content-Disposition"]
    assert officer.get(address(city.binh_thanh, "2026-M11/tep.exe")).status_code == 404


def test_a_sibling_ward_is_not_found(officer, city):
    for tail in ("", "2026-M11/", "2026-M11/tep.docx", "tieu-de/"):
        assert officer.get(address(city.an_khanh, tail)).status_code == 404
    assert officer.get(address(city.city)).status_code == 404


def test_visitors_are_sent_to_sign_in(city):
    assert "/tai-khoan/" in Client().get(address(city.binh_thanh))["Location"]


def test_saving_on_the_page_and_a_conflict_keep_both_texts(officer, city):
    first = officer.post(address(city.binh_thanh), {"version": 0, "plan": "Mở lớp ở chợ"})
    assert first.status_code == 302
    second = officer.post(address(city.binh_thanh), {"version": 0, "plan": "Mở lớp ở đình"})
    assert second.status_code == 409
    page = second.content.decode()
    assert "Mở lớp ở chợ" in page and "Mở lớp ở đình" in page


def test_the_letterhead_is_corrected_once(officer, city):
    values = {
        "issuer": "PHÒNG VĂN HÓA – XÃ HỘI",
        "superior": "ỦY BAN NHÂN DÂN PHƯỜNG BÌNH THẠNH",
        "place": "Bình Thạnh",
    }
    assert officer.post(address(city.binh_thanh, "tieu-de/"), values).status_code == 302
    assert Letterhead.objects.get().issuer == "PHÒNG VĂN HÓA – XÃ HỘI"


def test_a_report_needs_a_constant_number_of_queries(city, november):
    def count(unit) -> int:
        with CaptureQueriesContext(connection) as queries:
            report_of(unit, november, TODAY)
        return len(queries)

    before = count(city.binh_thanh)
    for unit in (city.khu_pho_1, city.khu_pho_2):
        for _ in range(3):
            record(make_person(unit), EvidenceKind.PATH_COMPLETED, at=IN_PERIOD)
    project_all()
    assert count(city.binh_thanh) == before


def test_the_command_writes_a_file(city, tmp_path, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    target = tmp_path / "bao-cao.docx"
    call_command("report", "26929", "--period", "2026-M11", "-o", str(target), stdout=io.StringIO())
    assert "PHƯỜNG BÌNH THẠNH" in text_of(target.read_bytes())
