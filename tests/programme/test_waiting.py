"""Reports on the officers' first page, before handing in with empty parts, and as the unit above sees them."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hocvuso.people.choices import Role
from hocvuso.programme import documents, rules
from hocvuso.programme.choices import ReportState, Verb
from hocvuso.programme.models import Report
from hocvuso.programme.queries import report_of
from hocvuso.programme.services import hand_in, save_rows
from hocvuso.programme.tables import BY_CODE
from tests.factories.figures import make_officer
from tests.programme.test_reports import text_of as document_text
from tests.programme.test_workflow import NOW, TODAY, Ward, address, ward  # noqa: F401

pytestmark = pytest.mark.django_db
FULL = {part.code: "Đã làm." for part in rules.PARTS}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def dashboard(unit) -> str:
    return reverse("indicators:dashboard", args=[unit.line, unit.code])


@pytest.mark.clause("R-31")
def test_the_first_page_says_which_report_is_owed_came_back_or_waits(ward):  # noqa: F811
    officer, leader = signed_in(ward.officer), signed_in(ward.leader)
    home, above = dashboard(ward.unit), dashboard(ward.city.city)
    answer = officer.get(home)
    assert "Báo cáo tháng 11 năm 2026 quá hạn hạn 17/11/2026" in words(answer)
    assert f'href="{address(ward)}"' in answer.content.decode()
    assert "Việc chờ bạn" not in words(leader.get(above))

    ward.hand_in()
    assert "Việc chờ bạn" not in words(officer.get(home))
    answer = leader.get(above)
    assert "1 báo cáo tháng 11 năm 2026 chờ duyệt hạn 17/11/2026" in words(answer)
    assert "/79/2026-M11/cap-duoi/?loc=cho-duyet" in answer.content.decode()
    assert "chờ duyệt" in words(leader.get(f"/dieu-hanh/bao-cao/{ward.city.city.line}/79/"))

    ward.move(Verb.RETURN, remark="Ghi rõ lớp ở đâu")
    assert "Báo cáo tháng 11 năm 2026 bị trả lại" in words(officer.get(home))
    assert "Việc chờ bạn" not in words(leader.get(above))
    # Whoever only looks at figures has nothing to do with reports.
    assert "Việc chờ bạn" not in words(signed_in(make_officer(ward.unit, Role.CONFIRMER, "Lý Thị Tư")).get(home))


def test_the_first_page_takes_the_same_number_of_queries_whatever_waits(ward):  # noqa: F811
    client = signed_in(ward.leader)

    def count() -> int:
        client.get(dashboard(ward.city.city))
        with CaptureQueriesContext(connection) as found:
            assert client.get(dashboard(ward.city.city)).status_code == 200
        return len(found)

    ward.hand_in()
    one = count()
    neighbour = make_officer(ward.city.an_khanh).person
    hand_in(actor=neighbour, unit=ward.city.an_khanh, period=ward.period, narrative={}, version=0, at=NOW)
    assert "2 báo cáo tháng 11" in words(client.get(dashboard(ward.city.city)))
    assert count() == one


@pytest.mark.clause("R-31")
def test_handing_in_with_empty_parts_asks_once_and_keeps_what_was_typed(ward):  # noqa: F811
    client = signed_in(ward.officer)
    answer = client.post(address(ward), {"version": 0, "plan": "Mở 4 lớp", "hand-in": "1"})
    asked = answer.content.decode()
    assert "Còn 5 phần chưa viết" in asked and "III.1. Ưu điểm" in asked and "IV. Phương hướng" not in asked
    assert documents.TO_WRITE in asked and not Report.objects.exists()

    typed = dict(re.findall(r'type="hidden" name="(version|plan)" value="([^"]*)"', asked))
    assert client.post(address(ward), {**typed, "go-on": "1"})["Location"] == f"{address(ward)}#words"
    assert (ward.report.state, ward.report.narrative) == (ReportState.DRAFT, {"plan": "Mở 4 lớp"})

    client.post(address(ward), {**typed, "version": ward.report.version, "hand-in": "anyway"})
    assert (ward.report.state, ward.report.narrative) == (ReportState.SUBMITTED, {"plan": "Mở 4 lớp"})


def test_a_report_with_every_part_written_is_handed_in_at_once(ward):  # noqa: F811
    signed_in(ward.officer).post(address(ward), {"version": 0, **FULL, "hand-in": "1"})
    assert ward.report.state == ReportState.SUBMITTED


def test_the_unit_above_sees_whose_report_it_is_and_where_it_works_itself(ward):  # noqa: F811
    ward.hand_in()
    page = signed_in(ward.leader).get(address(ward)).content.decode()
    assert "<h1>Phường Bình Thạnh: báo cáo tháng 11 năm 2026</h1>" in page
    bar = re.search(r'<div class="bar__end">(.*?)</header>', page, re.DOTALL)
    assert bar and "Thành phố Hồ Chí Minh" in bar[1] and "Phường Bình Thạnh" not in bar[1]
    assert '<summary class="button">Trả lại kèm góp ý</summary>' in page
    assert '<button class="button">Duyệt</button>' in page
    own = signed_in(ward.officer).get(address(ward)).content.decode()
    assert "<h1>Báo cáo tháng 11 năm 2026</h1>" in own and "<span>Phường Bình Thạnh</span>" in own


def test_an_old_period_that_was_never_handed_in_is_overdue_too(ward):  # noqa: F811
    listed = signed_in(ward.officer).get(f"/dieu-hanh/bao-cao/{ward.unit.line}/26929/").content.decode()
    old = next(row for row in listed.split("<tr>") if "Tháng 5 năm 2026" in row)
    assert "quá hạn" in old and "Chưa làm" in old


def test_the_page_and_the_document_say_the_same(ward):  # noqa: F811
    client = signed_in(ward.officer)

    def both() -> tuple[str, str]:
        content = report_of(ward.unit, ward.period, TODAY)
        return client.get(address(ward)).content.decode(), document_text(documents.render_report(content, "docx"))

    page, document = both()
    head = page[page.index("<thead>") : page.index("</thead>")]
    for column in re.findall(r"<th[^>]*>([^<]+)</th>", head):
        assert column in document, column
    assert "Kế hoạch" in head and "Lũy kế kỳ trước" in head
    assert page.index('id="tables"') < page.index('name="hand-in"')
    assert rules.origin_sentence(own_rows=False) in page and rules.origin_sentence(own_rows=False) in document
    save_rows(
        actor=ward.officer.person,
        unit=ward.unit,
        period=ward.period,
        table=BY_CODE["T4"],
        rows=[{"task": "Mở 4 lớp"}],
        version=0,
        at=NOW,
    )
    page, document = both()
    assert rules.origin_sentence(own_rows=True) in page and rules.origin_sentence(own_rows=True) in document
