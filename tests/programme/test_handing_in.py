"""Who below has handed in, and when; reminders on the page and by e-mail, never at night; the list as a file."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from hocvuso.kernel import clock
from hocvuso.kernel.errors import NotAllowed
from hocvuso.people.choices import Role
from hocvuso.programme.choices import Standing, Verb
from hocvuso.programme.models import Report, ReportReminder
from hocvuso.programme.queries import counts_of, get_period, standing_page
from hocvuso.programme.services import (
    hand_in,
    load_periods,
    mail_reminders,
    move_report,
    remind,
    remind_by_calendar,
)
from hocvuso.units.choices import Kind, Line
from hocvuso.units.models import Unit
from tests.factories.figures import make_officer
from tests.factories.spine import LONG_AGO, City, make_city

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
IN_TIME = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    load_periods(range(2026, 2027))
    return make_city()


@pytest.fixture
def november(city: City):
    return get_period("2026-M11")


def given(unit: Unit, november, at: datetime = IN_TIME):
    return hand_in(actor=make_officer(unit).person, unit=unit, period=november, narrative={}, version=0, at=at)


def more_wards(city: City, number: int) -> None:
    parent = Unit.objects.get(pk=city.city.pk)
    for place in range(number):
        row = Unit(
            line=Line.TERRITORY, kind=Kind.WARD, code=f"9{place:04d}", name=f"Phường Số {place}", valid_from=LONG_AGO
        )
        parent.add_child(instance=row)
        parent = Unit.objects.get(pk=city.city.pk)


@pytest.mark.clause("R-31")
def test_the_unit_above_sees_state_and_lateness(city, november):
    in_time, late = given(city.binh_thanh, november), given(city.an_khanh, november, at=NOW)
    counts = counts_of(city.city, november, NOW)
    assert counts == {"tat-ca": 2, "chua-nop": 0, "tre": 1, "cho-duyet": 2, "da-duyet": 0}
    rows = {row.unit.pk: row for row in standing_page(city.city, november, Standing.ALL, NOW).rows}
    assert (rows[in_time.unit_id].days_late, rows[late.unit_id].days_late) == (0, 3)
    leader = make_officer(city.city, Role.LEADER).person
    move_report(actor=leader, report=in_time, verb=Verb.RETURN, version=in_time.version, remark="thiếu", at=NOW)
    assert counts_of(city.city, november, NOW) == {"tat-ca": 2, "chua-nop": 1, "tre": 1, "cho-duyet": 1, "da-duyet": 0}


def test_thousands_of_units_take_the_same_few_queries_page_by_page(city, november):
    client = Client()
    client.force_login(make_officer(city.city, Role.LEADER))
    address = f"/dieu-hanh/bao-cao/{city.city.line}/79/2026-M11/cap-duoi/"

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    client.get(address)
    before = count()
    more_wards(city, 60)
    given(city.binh_thanh, november)
    assert count() == before
    first = standing_page(city.city, november, Standing.ALL, NOW)
    second = standing_page(city.city, november, Standing.ALL, NOW, first.next)
    assert (len(first.rows), len(second.rows), second.next) == (50, 12, "")
    assert not {row.unit.pk for row in first.rows} & {row.unit.pk for row in second.rows}


def test_the_list_goes_out_as_a_file_that_runs_no_formula(city, november):
    Unit.objects.filter(pk=city.an_khanh.pk).update(name="=1+1")
    given(city.binh_thanh, november)
    client = Client()
    client.force_login(make_officer(city.city))
    address = f"/dieu-hanh/bao-cao/{city.city.line}/79/2026-M11/cap-duoi/tep."
    text = b"".join(client.get(address + "csv").streaming_content).decode()
    assert "26929,Phường Bình Thạnh,Đã nộp,16/11/2026,0," in text and "'=1+1" in text
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(address + "xlsx?loc=chua-nop").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == ["=1+1"]


@pytest.mark.clause("R-31")
def test_the_unit_above_reminds_and_mail_waits_for_the_morning(city, november):
    officer = make_officer(city.binh_thanh)
    officer.email = "canbo@binhthanh.test"
    officer.save()
    given(city.an_khanh, november)
    checker = make_officer(city.city).person
    night = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)  # 21:30 in Viet Nam
    assert remind(actor=checker, owner=city.city, period=november, words="Cần trước 16:00", at=night) == 1
    assert remind(actor=checker, owner=city.city, period=november, words="", at=night) == 0
    assert mail_reminders(at=night) == 0 and not mail.outbox
    client = Client()
    client.force_login(officer)
    page = client.get(f"/dieu-hanh/bao-cao/{city.binh_thanh.line}/26929/").content.decode()
    assert "Cần trước 16:00" in page
    morning = night + timedelta(hours=10)  # 07:30
    assert mail_reminders(at=morning) == 1 and mail_reminders(at=morning) == 0
    (letter,) = mail.outbox
    assert letter.to == ["canbo@binhthanh.test"] and "tháng 11 năm 2026" in letter.subject
    assert "Cần trước 16:00" in letter.body and "/26929/2026-M11/" in letter.body
    with pytest.raises(NotAllowed):
        remind(actor=officer.person, owner=city.city, period=november, words="", at=NOW)


def test_the_system_reminds_the_day_before_and_the_day_after_and_not_those_who_handed_in(city, november):
    for unit in (city.binh_thanh, city.an_khanh):
        make_officer(unit)
    day_before = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
    assert remind_by_calendar(at=day_before) == 2 and remind_by_calendar(at=day_before) == 0
    given(city.binh_thanh, november, at=day_before)
    assert mail_reminders(at=day_before) == 2 and not mail.outbox
    assert remind_by_calendar(at=day_before + timedelta(days=2)) == 1
    assert remind_by_calendar(at=datetime(2026, 11, 18, 15, 0, tzinfo=UTC)) == 0
    assert set(ReportReminder.objects.filter(unit=city.binh_thanh).values_list("kind", flat=True)) == {"SOON"}


def test_a_mail_server_that_is_away_is_asked_again(city, november, settings):
    officer = make_officer(city.binh_thanh)
    officer.email = "canbo@binhthanh.test"
    officer.save()
    remind(
        actor=make_officer(city.city).person, owner=city.city, period=november, words="", only=city.binh_thanh, at=NOW
    )
    settings.EMAIL_BACKEND = "tests.programme.test_handing_in.AwayBackend"
    assert mail_reminders(at=NOW) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail_reminders(at=NOW) == 1 and len(mail.outbox) == 1
    assert Report.objects.count() == 0


class AwayBackend:
    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


@pytest.mark.clause("R-31")
def test_a_leader_approves_and_locks_several_at_once_and_hears_which_were_left(city, november):
    first, second = given(city.binh_thanh, november), given(city.an_khanh, november)
    client = Client()
    client.force_login(make_officer(city.city, Role.LEADER))
    address = f"/dieu-hanh/bao-cao/{city.city.line}/79/2026-M11/cap-duoi/viec/"
    ticked = [f"{first.unit_id}:{first.version}", f"{second.unit_id}:{second.version - 1}"]
    page = client.post(address + "?loc=cho-duyet", {"chon": ticked}, follow=True).content.decode()
    assert "Đã làm xong 1 báo cáo" in page and "Phường An Khánh: Báo cáo này đã đổi" in page
    first.refresh_from_db()
    assert first.state == "APPROVED"
    lock = {"chon": [f"{first.unit_id}:{first.version}"]}
    assert "Ghi một câu lý do" in client.post(address + "?loc=da-duyet", lock, follow=True).content.decode()
    client.post(address + "?loc=da-duyet", {**lock, "ly_do": "Đủ số liệu"})
    assert set(Report.objects.values_list("state", flat=True)) == {"LOCKED", "SUBMITTED"}
    checker = Client()
    checker.force_login(make_officer(city.city))
    assert checker.post(address + "?loc=cho-duyet", {"chon": ticked}).status_code == 403
