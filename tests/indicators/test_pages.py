"""Officers' and public pages: what they say, who may open them, how many queries they take."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hocvuso.evidence.public import Assurance, EvidenceKind, record_evidence
from hocvuso.evidence.seals import seal_days
from hocvuso.indicators.models import Denominator, PersonInCharge, Target
from hocvuso.indicators.queries import figures
from hocvuso.kernel.models import AuditEntry
from hocvuso.people.choices import Role
from hocvuso.units.models import Shape, Unit
from tests.factories.figures import give_denominator, make_officer, make_passed, set_target
from tests.factories.spine import MORNING, make_person, record
from tests.indicators.conftest import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]


def signed_in(client: Client, unit: Unit, role: str = Role.OFFICER):
    account = make_officer(unit, role)
    client.force_login(account)
    return account


def page(unit: Unit, name: str = "dashboard", *more: str) -> str:
    return reverse(f"indicators:{name}", args=[unit.line, unit.code, *more])


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_desk_opens_at_the_officers_own_unit(client, city):
    signed_in(client, city.binh_thanh)
    assert client.get("/dieu-hanh/").headers["Location"] == page(city.binh_thanh)
    unit = client.get(reverse("indicators:unit", args=[city.khu_pho_1.pk]))
    assert unit.headers["Location"] == page(city.khu_pho_1)


def test_the_dashboard_says_first_whether_the_ward_will_make_it(client, city):
    make_passed(city.khu_pho_1, 8, days=-60, groups=["ADULT"])
    make_passed(city.khu_pho_1, 2, groups=["WORKER"])
    for group, people in (("PUBLIC", 5), ("PUPIL", 5), ("STUDENT", 5), ("WORKER", 2), ("ADULT", 20)):
        give_denominator(city.binh_thanh, people, group)
    signed_in(client, city.binh_thanh)
    said = text_of(client.get(page(city.binh_thanh)))
    assert "Đến 31/12, phường sẽ đạt 1 trong 5 chỉ tiêu" in said
    assert "Cần đẩy nhanh nhất: Người trưởng thành được xác nhận trên VNeID" in said
    assert "Nguồn" not in said and "Công an phường, 30/06/2026" in said


def test_a_dashboard_without_denominators_says_so_and_shows_the_counts(client, city):
    make_passed(city.khu_pho_1, 3)
    signed_in(client, city.binh_thanh)
    said = text_of(client.get(page(city.binh_thanh)))
    assert "Chưa biết phường có kịp không: còn thiếu mẫu số" in said
    assert "chưa có số liệu" in said


def test_a_past_period_shows_the_figures_of_its_last_day(client, city):
    make_passed(city.khu_pho_1, 2, days=-20)  # 14/10
    make_passed(city.khu_pho_1, 3, days=-1)
    signed_in(client, city.binh_thanh)
    context = client.get(page(city.binh_thanh), {"ky": "2026-M10"}).context
    row = next(row for row in context["figures"] if row.indicator.code == "R-10c")
    assert (context["moment"].on, row.people, row.new_people) == (date(2026, 10, 14), 2, 2)


@pytest.mark.parametrize("wrong", ["x", "2026-M13", "2031-M01", "2026-10-01_2026-09-01"])
def test_a_period_that_is_none_means_today(client, city, wrong):
    signed_in(client, city.binh_thanh)
    assert client.get(page(city.binh_thanh), {"ky": wrong}).context["moment"].on == TODAY


@pytest.mark.parametrize("name", ["dashboard", "shapes", "denominators", "targets"])
@pytest.mark.clause("R-05")
def test_units_out_of_reach_are_not_found(client, city, name):
    signed_in(client, city.binh_thanh)
    assert client.get(page(city.binh_thanh, name)).status_code == 200
    assert client.get(page(city.khu_pho_1, name)).status_code == 200
    for other in (city.an_khanh, city.city, city.nation, city.union):
        assert client.get(page(other, name)).status_code == 404
    assert client.get("/dieu-hanh/chi-tieu/TERRITORY/nowhere/").status_code == 404
    assert client.get(page(city.an_khanh, "people-behind", "R-10c")).status_code == 404


def test_visitors_are_sent_to_sign_in_and_learners_are_refused(client, city):
    assert client.get(page(city.binh_thanh)).status_code == 302
    client.force_login(make_officer(city.binh_thanh, Role.AUTHOR))
    assert client.get(page(city.binh_thanh)).status_code == 403


def test_every_line_has_a_dashboard(client, city):
    make_passed(city.an_khanh, 2, groups=["WORKER"], unions=[city.union])
    signed_in(client, city.federation)
    said = text_of(client.get(page(city.federation)))
    assert "Công đoàn phường Bình Thạnh" in said


def test_the_part_with_the_units_below_is_sent_alone_to_htmx(client, city):
    signed_in(client, city.binh_thanh)
    address = page(city.binh_thanh) + "?xep=ten&chi-tieu=R-10c"
    part = client.get(address, headers={"HX-Request": "true", "HX-Target": "units-below"}).content.decode()
    whole = client.get(address).content.decode()
    assert part.strip().startswith('<section id="units-below"')
    assert part.strip() in whole


def test_the_dashboard_takes_the_same_number_of_queries_for_two_and_for_twelve_units_below(client, city):
    signed_in(client, city.binh_thanh)
    give_denominator(city.binh_thanh, 50)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page(city.binh_thanh), {"chi-tieu": "R-10c"}).status_code == 200
        return len(captured)

    make_passed(city.khu_pho_1, 1)
    count()  # the session's own first queries
    few = count()
    for number in range(3, 13):
        more = Unit.objects.get(pk=city.binh_thanh.pk).add_child(
            line="TERRITORY", kind="NEIGHBOURHOOD", code=f"26929-KP{number:02}", name=f"Khu phố {number}"
        )
        make_passed(more, 1)
    assert count() == few <= 50


@pytest.mark.clause("R-04")
def test_the_pages_behind_a_figure_hold_as_many_people_as_the_figure(client, city):
    make_passed(city.khu_pho_1, 40)
    make_passed(city.khu_pho_2, 25, unions=[city.union])
    make_passed(city.an_khanh, 3)
    signed_in(client, city.binh_thanh)
    address, seen = page(city.binh_thanh, "people-behind", "R-10c"), []
    response = client.get(address)
    while True:
        seen += [row.person_id for row in response.context["people"]]
        if not response.context["following"]:
            break
        response = client.get(address, {"sau": response.context["following"]})
    row = next(row for row in figures(city.binh_thanh, TODAY) if row.indicator.code == "R-10c")
    assert (len(seen), len(set(seen)), row.people) == (65, 65, 65)
    part = client.get(address, {"noi": city.khu_pho_2.code})
    assert (part.context["figure"].people, len(part.context["people"])) == (25, 25)
    assert client.get(address, {"noi": city.an_khanh.code}).status_code == 404


def test_a_member_of_two_unions_stands_once_in_the_list_of_the_federation(client, city):
    second = city.federation.add_child(line="UNION", kind="UNION_GRASSROOTS", code="CD-2", name="Công đoàn Công ty May")
    make_passed(city.khu_pho_1, 2, groups=["WORKER"], unions=[city.union, second])
    signed_in(client, city.federation)
    response = client.get(page(city.federation, "people-behind", "R-10e"))
    assert (response.context["figure"].people, len(response.context["people"])) == (2, 2)


def test_the_list_walks_the_same_way_when_the_figure_is_large(client, city, monkeypatch):
    from hocvuso.indicators import behind

    make_passed(city.khu_pho_1, 3)
    make_passed(city.an_khanh, 2)
    signed_in(client, city.binh_thanh)
    address = page(city.binh_thanh, "people-behind", "R-10c")
    gathered = [row.person_id for row in client.get(address).context["people"]]
    monkeypatch.setattr(behind, "GATHER_UP_TO", 0)
    assert [row.person_id for row in client.get(address).context["people"]] == gathered
    assert len(gathered) == 3


@pytest.mark.clause("R-05")
def test_names_are_initials_for_a_role_that_sees_figures_only(client, city):
    make_passed(city.khu_pho_1, 1, name="Nguyễn Thị")
    signed_in(client, city.binh_thanh, Role.LEADER)
    response = client.get(page(city.binh_thanh, "people-behind", "R-10c"))
    assert "Nguyễn Thị An" not in response.content.decode()
    assert "N. T. A." in response.content.decode()
    assert client.get(reverse("indicators:evidence", args=[response.context["people"][0].person_id])).status_code == 403


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_three_people(client, city):
    signed_in(client, city.binh_thanh)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(page(city.binh_thanh, "people-behind", "R-10c"))
        return len(captured)

    make_passed(city.khu_pho_1, 1)
    count()  # the session's own first queries
    one = count()
    make_passed(city.khu_pho_2, 2)
    assert count() == one


@pytest.mark.clause("R-04")
def test_a_persons_evidence_shows_four_states_and_the_seals(client, city):
    person = make_person(city.khu_pho_1, "Đặng Thị Sáu")
    record(person, EvidenceKind.PATH_COMPLETED)
    record(person, EvidenceKind.ASSESSMENT_PASSED, days=1)
    from hocvuso.evidence.public import project_all

    project_all()
    seal_days(at=MORNING + timedelta(days=1))
    officer = signed_in(client, city.binh_thanh)
    response = client.get(reverse("indicators:evidence", args=[person.pk]))
    said = text_of(response)
    assert [state["on"] for state in response.context["states"]] == [
        date(2026, 11, 3),
        date(2026, 11, 4),
        None,
        None,
    ]
    assert [entry.sealed for entry in response.context["entries"]] == [False, True]
    assert "Đặng Thị Sáu" in said and "niêm phong 03/11/2026" in said
    kept = AuditEntry.objects.get(action="indicators.evidence.opened")
    assert (kept.actor_id, kept.object_id) == (officer.person_id, str(person.pk))


def test_evidence_names_who_stands_for_it_and_the_policy_in_words(client, city):
    from hocvuso.assessment.models import Policy

    for version, title in ((1, "Kiểm tra cũ"), (2, "Kiểm tra kỹ năng số cho người dân")):
        Policy.objects.create(
            code="pho-cap",
            version=version,
            title=title,
            group="ADULT",
            questions=3,
            minutes=5,
            pass_ratio="0.7",
            blueprint=[],
        )
    person = make_person(city.khu_pho_1, "Đặng Thị Sáu")
    for day, (kind, subject, source) in enumerate(
        (
            (EvidenceKind.ASSESSMENT_PASSED, "assessment:pho-cap", "assessment"),
            (EvidenceKind.CERTIFICATE_ISSUED, "certificate:pho-cap", "credentials"),
            (EvidenceKind.CONFIRMED, "confirmation:khong-con", "credentials"),
        )
    ):
        record_evidence(
            person_id=person.pk,
            kind=kind,
            subject=subject,
            assurance=Assurance.CONFIRMED,
            source=source,
            occurred_at=MORNING + timedelta(days=day),
            at=MORNING + timedelta(days=day),
        )
    signed_in(client, city.binh_thanh)
    response = client.get(reverse("indicators:evidence", args=[person.pk]))
    title = "Kiểm tra kỹ năng số cho người dân"
    assert [(entry.subject, entry.source) for entry in response.context["entries"]] == [
        ("", "đơn vị xác nhận"),
        (title, "hệ thống cấp"),
        (title, "bài kiểm tra do máy chủ chấm"),
    ]
    assert f'href="{page(city.binh_thanh)}"' in response.content.decode()


@pytest.mark.clause("R-04")
def test_each_of_the_four_states_opens_the_people_behind_it(client, city):
    make_passed(city.khu_pho_1, 2, groups=["ADULT"])
    make_passed(city.khu_pho_2, 1, groups=["WORKER"])
    signed_in(client, city.binh_thanh)
    dashboard = client.get(page(city.binh_thanh))
    for step in dashboard.context["steps"]:
        address = page(city.binh_thanh, "people-of-state", step.milestone.value)
        assert f'href="{address}' in dashboard.content.decode()
        behind = client.get(address)
        assert len(behind.context["people"]) == behind.context["figure"].people == step.people
    assert [step.people for step in dashboard.context["steps"]] == [0, 3, 0, 0]
    assert client.get(page(city.binh_thanh, "people-of-state", "STARTED")).status_code == 404
    assert client.get(page(city.an_khanh, "people-of-state", "PASSED")).status_code == 404


def test_the_dashboard_tells_a_confirmer_how_many_wait(client, city):
    from hocvuso.credentials.models import Confirmation

    account = signed_in(client, city.binh_thanh, Role.CONFIRMER)
    people = make_passed(city.khu_pho_1, 3)
    for person, proposer in zip(people, (None, people[0].pk, account.person_id), strict=True):
        Confirmation.objects.create(
            person=person,
            unit=city.khu_pho_1,
            certificate_id=person.pk,
            policy_code="pho-cap",
            state="PROPOSED",
            state_changed_at=MORNING,
            eligible_at=MORNING,
            proposed_by=proposer,
        )
    said = text_of(client.get(page(city.binh_thanh)))
    assert "2 người chờ bạn xác nhận" in said
    client.logout()
    signed_in(client, city.binh_thanh, Role.LEADER)
    assert "chờ bạn xác nhận" not in text_of(client.get(page(city.binh_thanh)))


def test_a_person_of_another_ward_is_not_found(client, city):
    person = make_passed(city.an_khanh, 1)[0]
    signed_in(client, city.binh_thanh)
    assert client.get(reverse("indicators:evidence", args=[person.pk])).status_code == 404


def test_the_map_holds_the_units_that_have_a_shape(client, city):
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    Shape.objects.create(unit=city.khu_pho_1, geometry=square, source="Bản vẽ thử")
    make_passed(city.khu_pho_1, 1)
    give_denominator(city.khu_pho_1, 4)
    signed_in(client, city.binh_thanh)
    found = client.get(page(city.binh_thanh, "shapes"), {"chi-tieu": "R-10c"}).json()
    assert [(one["properties"]["code"], one["properties"]["ratio"]) for one in found["features"]] == [
        ("26929-KP01", 0.25)
    ]
    assert found["source"] == "Bản vẽ thử"
    assert "<hvs-map" in client.get(page(city.binh_thanh)).content.decode()
    assert "<hvs-map" not in client.get(page(city.khu_pho_1)).content.decode()


def test_units_are_found_by_name_without_tone_marks_within_reach_only(client, city):
    signed_in(client, city.binh_thanh)
    assert [unit.code for unit in client.get("/dieu-hanh/tim/", {"tim": "khu pho"}).context["units"]] == [
        "26929-KP01",
        "26929-KP02",
    ]
    assert client.get("/dieu-hanh/tim/", {"tim": "an khanh"}).context["units"] == []


# --- denominators and targets


def upload(client, rows: str, name: str = "mau-so.csv"):
    file = io.BytesIO(("tuyen,ma,nhom,so_nguoi,tinh_den,nguon,ngay_nguon\n" + rows).encode())
    file.name = name
    return client.post("/dieu-hanh/mau-so/tep/", {"file": file}, follow=True)


def test_a_file_is_tried_then_loaded_then_taken_back(client, city):
    officer = signed_in(client, city.binh_thanh)
    tried = upload(
        client,
        "TERRITORY,26929-KP01,ADULT,1.250,30/06/2026,Công an phường,30/06/2026\n"
        ",26929-KP02,người trưởng thành,900,2026-06-30,Công an phường,\n",
    )
    assert Denominator.objects.count() == 0
    assert "Tệp đúng: có 2 dòng mới" in text_of(tried)
    address = tried.redirect_chain[-1][0]
    client.post(address, {"load": "1"})
    assert sorted(Denominator.objects.values_list("unit__code", "people", "source", "approved_by")) == [
        ("26929-KP01", 1250, "Công an phường", officer.person_id),
        ("26929-KP02", 900, "Công an phường", officer.person_id),
    ]
    assert client.post(address, {"load": "1"}).status_code == 400
    again = upload(client, ",26929-KP02,ADULT,900,30/06/2026,Công an phường,\n")
    assert "Mọi dòng trong tệp này đã có" in text_of(again)
    client.post(address, {"take_back": "1"})
    assert Denominator.objects.count() == 0
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {
        "indicators.denominators.loaded",
        "indicators.denominators.taken_back",
    }


def test_one_bad_row_keeps_the_whole_file_out_and_every_fault_names_its_row(client, city):
    signed_in(client, city.binh_thanh)
    tried = upload(
        client,
        ",26929-KP01,ADULT,100,30/06/2026,Công an,\n"
        ",27094,ADULT,100,30/06/2026,Công an,\n"  # a sibling ward
        ",26929-KP02,ADULT,,30/06/2026,Công an,\n"
        ",26929-KP02,ADULT,12a,30/06/2026,Công an,\n"
        ",26929-KP02,NOBODY,12,30/06/2026,Công an,\n"
        ",26929-KP02,ADULT,12,31/06/2026,Công an,\n"
        ",26929-KP01,ADULT,101,30/06/2026,Công an,\n"
        ",26929-KP02,ADULT,12,30/06/2026,,\n",
    )
    batch = tried.context["batch"]
    assert [error["row"] for error in batch.errors] == [3, 4, 5, 6, 7, 8, 9]
    assert client.post(tried.redirect_chain[-1][0], {"load": "1"}).status_code == 400
    assert Denominator.objects.count() == 0


def test_a_spreadsheet_reads_like_a_csv(client, city, tmp_path):
    import xlsxwriter

    path = tmp_path / "mau-so.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Mã đơn vị", "Nhóm", "Số người", "Tính đến", "Nguồn"])
        sheet.write_row(1, 0, ["26929", "PUPIL", 1200])
        sheet.write_datetime(1, 3, MORNING.replace(tzinfo=None), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write(1, 4, "Phòng Văn hóa – Xã hội")
    signed_in(client, city.binh_thanh)
    with path.open("rb") as file:
        tried = client.post("/dieu-hanh/mau-so/tep/", {"file": file}, follow=True)
    assert [(row["people"], row["on"], row["group"]) for row in tried.context["batch"].rows] == [
        (1200, "2026-11-03", "PUPIL")
    ]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00bad", b"a,b\n1,2\n", b""])
def test_a_file_that_cannot_be_read_is_refused_calmly(client, city, content):
    signed_in(client, city.binh_thanh)
    file = io.BytesIO(content)
    file.name = "mau-so.csv"
    response = client.post("/dieu-hanh/mau-so/tep/", {"file": file}, follow=True)
    assert response.status_code == 200
    assert Denominator.objects.count() == 0


def test_an_import_of_somebody_else_is_not_found(client, city):
    signed_in(client, city.binh_thanh)
    address = upload(client, ",26929,ADULT,1,30/06/2026,Công an,\n").redirect_chain[-1][0]
    signed_in(client, city.city)
    assert client.get(address).status_code == 404
    assert client.post(address, {"load": "1"}).status_code == 400


def test_one_denominator_is_given_by_hand(client, city):
    signed_in(client, city.binh_thanh)
    values = {
        "unit_id": city.khu_pho_1.pk,
        "group": "ADULT",
        "people": 0,
        "on": "2026-06-30",
        "source": "Công an phường",
    }
    assert client.post(page(city.binh_thanh, "denominators"), values).status_code == 302
    assert Denominator.objects.get().people == 0
    values["unit_id"] = city.an_khanh.pk
    assert client.post(page(city.binh_thanh, "denominators"), values).status_code == 200
    assert Denominator.objects.count() == 1


@pytest.mark.clause("R-11")
def test_an_officer_sets_a_target_and_the_history_keeps_both(client, city):
    officer = signed_in(client, city.binh_thanh)
    address = page(city.binh_thanh, "targets")
    values = {
        "set_target": "1",
        "indicator_code": "R-10c",
        "kind": "REGISTERED",
        "due_on": "2026-12-31",
        "note": "Lễ phát động",
    }
    assert client.post(address, values | {"percent": "95,5"}).status_code == 302
    assert client.post(address, values | {"percent": "97"}).status_code == 302
    rows = Target.objects.filter(unit=city.binh_thanh).order_by("id")
    assert [(float(row.ratio), row.set_by) for row in rows] == [(0.955, officer.person_id), (0.97, officer.person_id)]
    assert len(client.get(address).context["history"]) == 2
    assert AuditEntry.objects.filter(action="indicators.target.set").count() == 2


@pytest.mark.parametrize("both", [{}, {"percent": "90", "people": "5"}, {"percent": "101"}, {"people": "0"}])
def test_a_target_that_is_not_clear_is_refused(client, city, both):
    signed_in(client, city.binh_thanh)
    values = {"set_target": "1", "indicator_code": "R-10c", "kind": "ASSIGNED", "due_on": "2026-12-31"} | both
    assert client.post(page(city.binh_thanh, "targets"), values).status_code == 200
    assert not Target.objects.filter(unit=city.binh_thanh).exists()


def test_a_role_without_the_right_cannot_set_anything(client, city):
    signed_in(client, city.binh_thanh, Role.AUDITOR)
    values = {"set_target": "1", "indicator_code": "R-10c", "kind": "ASSIGNED", "due_on": "2026-12-31", "percent": "90"}
    assert client.post(page(city.binh_thanh, "targets"), values).status_code == 403
    assert 'name="set_target"' not in client.get(page(city.binh_thanh, "targets")).content.decode()
    given = {"unit_id": city.khu_pho_1.pk, "group": "ADULT", "people": 1, "on": "2026-06-30", "source": "x"}
    assert client.post(page(city.binh_thanh, "denominators"), given).status_code == 403
    assert (Target.objects.filter(unit=city.binh_thanh).count(), Denominator.objects.count()) == (0, 0)


@pytest.mark.clause("R-33")
def test_who_answers_stands_beside_the_figure(client, city):
    signed_in(client, city.binh_thanh)
    address = page(city.binh_thanh, "targets")
    for name in ("Trần Thị Bảy", "Phạm Văn Tám"):
        client.post(address, {"set_person": "1", "name": name, "title": "Phó Chủ tịch", "indicator_code": ""})
    assert "phụ trách: Phạm Văn Tám, Phó Chủ tịch" in text_of(client.get(page(city.binh_thanh)))
    assert PersonInCharge.objects.filter(valid_to__isnull=True).count() == 1
    client.post(address, {"set_person": "1", "name": "", "indicator_code": ""})
    assert "Phạm Văn Tám" not in text_of(client.get(page(city.binh_thanh)))


# --- public figures


def test_public_figures_need_no_account_and_hide_small_counts(client, city):
    make_passed(city.khu_pho_1, 4)
    make_passed(city.an_khanh, 7)
    give_denominator(city.city, 100)
    response = client.get("/cong-khai/79/")
    row = {
        cell.unit.code: cell.people
        for cells in response.context["table"]
        for cell in cells
        if cell.indicator.code == "R-10c"
    }
    assert row == {"26929": None, "27094": None}
    figure = next(one for one in response.context["figures"] if one.indicator.code == "R-10c")
    assert (figure.people, figure.ratio) == (11, 0.11)
    ward = client.get("/cong-khai/26929/")
    assert "dưới 5 người" in text_of(ward)
    assert "Khu phố" not in text_of(ward)
    assert client.get("/cong-khai/26929-KP01/").status_code == 404
    assert client.get("/cong-khai/LDLD-79/").status_code == 404


def test_open_data_says_the_same_in_csv_and_json(client, city):
    make_passed(city.khu_pho_1, 6)
    make_passed(city.an_khanh, 2)
    give_denominator(city.binh_thanh, 24)
    rows = list(csv.DictReader(io.StringIO(client.get("/cong-khai/79.csv").content.decode("utf-8-sig"))))
    said = {
        row["unit_code"]: (row["people"], row["people_hidden"], row["ratio"])
        for row in rows
        if row["indicator"] == "R-10c"
    }
    assert said == {"79": ("8", "false", ""), "26929": ("", "true", ""), "27094": ("", "true", "")}
    body = json.loads(client.get("/cong-khai/79.json").content)
    assert len(body["rows"]) == len(rows) == 15
    assert set(body["rows"][0]) == set(body["columns"])
    alone = json.loads(client.get("/cong-khai/26929.json").content)
    assert [row["ratio"] for row in alone["rows"] if row["indicator"] == "R-10c"] == [0.25]


def test_the_public_page_begins_where_the_figures_are_and_finds_places(client, city):
    assert client.get("/cong-khai/").context["place"] == city.nation
    make_passed(city.khu_pho_1, 6)
    assert client.get("/cong-khai/").context["place"] == city.city
    assert client.get("/cong-khai/", {"tim": "binh thanh"}).headers["Location"] == "/cong-khai/26929/"
    assert "Không có nơi nào" in text_of(client.get("/cong-khai/", {"tim": "khong co"}))
    assert client.get("/cong-khai/tu-dien-du-lieu/").status_code == 200


def test_the_english_pages_work(client, city):
    make_passed(city.khu_pho_1, 6)
    set_target(city.binh_thanh, people=9)
    signed_in(client, city.binh_thanh)
    said = text_of(client.get("/en" + page(city.binh_thanh)))
    assert "By 31 Dec, the ward will reach 1 of 5 targets" in said
    assert "fewer than" not in text_of(client.get("/en/cong-khai/26929/"))
