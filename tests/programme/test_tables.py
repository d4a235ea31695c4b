"""Tables T2–T5, what is carried over, comparison with the period before, and consolidating upward."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document
from pypdf import PdfReader

from hocvuso.evidence.public import Assurance, EvidenceKind, project_all, record_evidence, revoke_evidence
from hocvuso.kernel import clock
from hocvuso.people.choices import Role
from hocvuso.programme import documents, tables
from hocvuso.programme.models import Report
from hocvuso.programme.queries import get_period, report_of, words_below
from hocvuso.programme.services import hand_in, load_periods, pick_sentences, save_narrative, save_rows
from tests.factories.figures import make_officer
from tests.factories.spine import City, make_city, make_person, record

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
IN_PERIOD = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
BEFORE = datetime(2026, 10, 3, 2, 0, tzinfo=UTC)


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    load_periods(range(2026, 2027))
    return make_city()


@pytest.fixture
def november(city: City):
    return get_period("2026-M11")


def use(person, service: str, *, helped: bool = False, at: datetime = IN_PERIOD):
    return record_evidence(
        person_id=person.pk,
        kind=EvidenceKind.SERVICE_USED,
        subject=f"service:{service}",
        assurance=Assurance.ATTESTED if helped else Assurance.DECLARED,
        source="app",
        occurred_at=at,
        at=at,
    ).id


def given(unit, november, **narrative: str) -> Report:
    return hand_in(actor=make_officer(unit).person, unit=unit, period=november, narrative=narrative, version=0, at=NOW)


@pytest.mark.clause("R-31", "R-41")
def test_support_is_counted_from_evidence_times_and_people_apart(city, november):
    first, second = make_person(city.khu_pho_1), make_person(city.khu_pho_2)
    for service in ("vneid", "vneid", "dich-vu-cong"):
        use(first, service, helped=True)
    use(second, "thanh-toan-qr")
    use(second, "vneid", at=BEFORE)
    use(make_person(city.an_khanh), "vneid", helped=True)
    taken_back = use(second, "vneid", helped=True)
    revoke_evidence(actor=None, person_id=second.pk, evidence_id=taken_back, reason="WRONG_DATA", at=NOW)
    whole, one, two = report_of(city.binh_thanh, november, TODAY).computed.support
    assert (whole.used_times, whole.helped_times, whole.helped_people) == (4, 3, 1)
    assert (whole.vneid_times, whole.services_times, whole.payment_times) == (2, 1, 1)
    assert (one.title, one.helped_people, two.used_times, two.helped_people) == ("Khu phố 1", 1, 1, 0)


def test_a_large_unit_adds_up_what_was_handed_in_and_says_of_how_many(city, november):
    for ward, home in ((city.binh_thanh, city.khu_pho_1), (city.an_khanh, city.an_khanh)):
        use(make_person(home), "vneid", helped=True)
        if ward == city.binh_thanh:
            given(ward, november)
    computed = report_of(city.city, november, TODAY).computed
    assert (computed.parts, computed.whole, computed.support[0].vneid_times) == (1, 2, 1)
    nothing = report_of(city.city, get_period("2026-M10"), TODAY).computed
    assert nothing.support[0].vneid_times is None  # missing is not nought


def test_a_figure_is_compared_with_the_period_before(city, november):
    for at in (IN_PERIOD, IN_PERIOD, IN_PERIOD, BEFORE):
        record(make_person(city.khu_pho_1), at=at)
    project_all()
    line = next(line for line in report_of(city.binh_thanh, november, TODAY).lines if line.code == "R-10c")
    assert (line.during, line.previous, line.change) == (3, 1, 2)


@pytest.mark.clause("R-31")
def test_what_is_carried_over_is_marked_until_somebody_touches_it(city, november):
    writer = make_officer(city.binh_thanh).person
    october = get_period("2026-M10")
    words = {"weaknesses": "Thiếu máy", "plan": "Mở 4 lớp", "proposals": "Cấp 10 máy"}
    what = {"actor": writer, "unit": city.binh_thanh, "at": NOW}
    save_narrative(**what, period=october, narrative=words, version=0)
    task = [{"task": "Mở lớp ở chợ", "due": "thường xuyên"}, {"task": ""}]
    save_rows(**what, period=october, table=tables.BY_CODE["T4"], rows=task, version=1)
    content = report_of(city.binh_thanh, november, TODAY)
    assert content.narrative == words and content.carried == {"weaknesses", "plan", "proposals", "T4"}
    changed = {**words, "plan": "Mở 5 lớp"}
    report = save_narrative(**what, period=november, narrative=changed, still_true={"proposals"}, version=0)
    assert (report.carried, report.rows["T4"]) == (
        ["T4", "weaknesses"],
        [{"task": "Mở lớp ở chợ", "due": "thường xuyên"}],
    )
    report = save_rows(**what, period=november, table=tables.BY_CODE["T4"], rows=task, version=1)
    assert report.carried == ["weaknesses"]


@pytest.mark.clause("R-31")
def test_the_unit_above_picks_sentences_of_those_below_into_its_own_report(city, november):
    given(city.binh_thanh, november, strengths="- Chợ số chạy đều. Có 12 sạp.\n- Tổ đi từng ngõ.")
    given(city.an_khanh, november, strengths="Đông người học")
    checker = make_officer(city.city).person
    found = words_below(city.city, november, "strengths")
    assert [row.sentences for row in found.rows] == [
        ("Chợ số chạy đều.", "Có 12 sạp.", "Tổ đi từng ngõ."),
        ("Đông người học",),
    ]
    picks = [(city.binh_thanh.pk, 1), (city.an_khanh.pk, 0), (city.khu_pho_1.pk, 0), (city.binh_thanh.pk, 99)]
    report = pick_sentences(
        actor=checker, unit=city.city, period=november, part="strengths", picks=picks, version=0, at=NOW
    )
    assert report.narrative["strengths"] == "- Có 12 sạp (Phường Bình Thạnh).\n- Đông người học (Phường An Khánh)."


def test_the_pages_write_a_table_and_gather_with_constant_queries(city, november):
    given(city.binh_thanh, november, plan="Mở lớp. Ghé hộ.")
    client = Client()
    client.force_login(make_officer(city.city))
    base = f"/dieu-hanh/bao-cao/{city.city.line}/79/2026-M11/"
    form = {
        "version": "0",
        "dong-TOTAL_FORMS": "2",
        "dong-INITIAL_FORMS": "2",
        "dong-0-name": "Chợ số",
        "dong-1-name": "",
    }
    assert client.post(base + "bang/T5/", form).status_code == 302
    assert Report.objects.get(unit=city.city).rows == {"T5": [{"name": "Chợ số"}]}
    assert client.post(base + "bang/T5/", form).status_code == 409  # a page left open
    wrong = client.post(base + "bang/T2/", {**form, "dong-TOTAL_FORMS": "1", "dong-0-teams": "-3"})
    assert wrong.status_code == 400

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(base + "gop/plan/").status_code == 200
        return len(found)

    count()
    before = count()
    given(city.an_khanh, november, plan="Thêm lớp")
    assert count() == before
    picked = client.post(base + "gop/plan/", {"version": "1", "cau": f"{city.an_khanh.pk}:0"})
    assert picked.status_code == 302
    assert Report.objects.get(unit=city.city).narrative["plan"] == "- Thêm lớp (Phường An Khánh)."
    leader = Client()
    leader.force_login(make_officer(city.city, Role.LEADER))
    assert (
        leader.get(base + "bang/T5/").status_code == 403
        and "Thêm lớp" in leader.get(base + "gop/plan/").content.decode()
    )


def test_the_documents_hold_the_tables_on_pages_that_lie_on_their_side(city, november):
    use(make_person(city.khu_pho_1), "vneid", helped=True)
    save_rows(
        actor=make_officer(city.binh_thanh).person,
        unit=city.binh_thanh,
        period=november,
        table=tables.BY_CODE["T3"],
        rows=[{"name": "Ngày hội số", "people": 1200}],
        version=0,
        at=NOW,
    )
    content = report_of(city.binh_thanh, november, TODAY)
    pages = PdfReader(io.BytesIO(documents.render_report(content, "pdf"))).pages
    assert pages[0].mediabox.width < pages[0].mediabox.height and pages[-1].mediabox.width > pages[-1].mediabox.height
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    file = Document(io.BytesIO(documents.render_report(content, "docx")))
    assert file.sections[-1].page_width > file.sections[-1].page_height
    docx = " ".join(
        [*(p.text for p in file.paragraphs), *(cell.text for t in file.tables for row in t.rows for cell in row.cells)]
    )
    for told in (
        "Bảng 2. Hỗ trợ của tổ công nghệ số cộng đồng",
        "Ngày hội số",
        "1.200",
        "Đơn vị ghi, chưa có minh chứng",
    ):
        assert told in text and told in docx, told
