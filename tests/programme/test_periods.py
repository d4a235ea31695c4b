"""Report periods: the regular ones from their file, and those that a higher unit asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client

from hocvuso.kernel import clock
from hocvuso.kernel.clock import VIETNAM
from hocvuso.kernel.errors import NotAllowed
from hocvuso.kernel.models import AuditEntry
from hocvuso.people.choices import Role
from hocvuso.programme.errors import CampaignTooLong, NobodyBelow, NoSuchPeriod, NotRightBelow, PeriodInUse
from hocvuso.programme.models import ReportPeriod
from hocvuso.programme.queries import get_period, period_for, periods_to_report
from hocvuso.programme.services import call_off_period, load_periods, make_period, save_narrative
from hocvuso.programme.services.periods import DATA_FILE
from tests.factories.figures import make_officer
from tests.factories.spine import City, make_city

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    load_periods(range(2026, 2027))
    return make_city()


def ask(city: City, **values):
    settings = {
        "actor": make_officer(city.city).person,
        "owner": city.city,
        "name": "Báo cáo nhanh",
        "first": date(2026, 11, 1),
        "last": date(2026, 11, 19),
        "due_on": date(2026, 11, 21),
        "daily": False,
        "units": None,
        "at": NOW,
    }
    return make_period(**{**settings, **values})


@pytest.mark.clause("R-31")
def test_a_locality_corrects_the_due_days_and_never_the_days_counted(city, tmp_path: Path):
    november = get_period("2026-M11")
    assert (november.first, november.last, november.due_on) == (
        date(2026, 10, 15),
        date(2026, 11, 14),
        date(2026, 11, 17),
    )
    assert "đến khi có văn bản" in november.provisional
    local = tmp_path / "periods.yaml"
    local.write_text(
        DATA_FILE.read_text(encoding="utf-8").replace("working_days: 2", "working_days: 5"), encoding="utf-8"
    )
    assert load_periods(range(2026, 2027), local) == 19
    november = get_period("2026-M11")
    assert (november.first, november.last, november.due_on) == (
        date(2026, 10, 15),
        date(2026, 11, 14),
        date(2026, 11, 20),
    )
    assert load_periods(range(2026, 2027), local) == 0


@pytest.mark.clause("R-31")
def test_only_those_who_are_asked_owe_a_report(city):
    (period,) = ask(city, units=[city.binh_thanh])
    assert period_for(city.binh_thanh, period.code) == period
    assert period_for(city.city, period.code) == period
    for stranger in (city.an_khanh, city.khu_pho_1, city.union):
        with pytest.raises(NoSuchPeriod):
            period_for(stranger, period.code)
    (all_of_them,) = ask(city)
    assert period_for(city.an_khanh, all_of_them.code) and all_of_them in periods_to_report(city.an_khanh, TODAY)


@pytest.mark.clause("R-31")
def test_a_campaign_is_owed_every_day_at_eight_in_the_evening(city):
    days = ask(city, name="Tuần lễ số", first=date(2026, 11, 18), last=date(2026, 11, 21), daily=True)
    assert [day.last.day for day in days] == [18, 19, 20, 21]
    assert days[0].due_at == datetime(2026, 11, 18, 20, 0, tzinfo=VIETNAM)
    assert [period.last.day for period in periods_to_report(city.binh_thanh, TODAY) if period.series] == [19, 18, 20]
    with pytest.raises(CampaignTooLong):
        ask(city, first=date(2026, 1, 1), last=date(2026, 12, 31), daily=True)
    assert call_off_period(actor=make_officer(city.city).person, period=days[0], at=NOW) == 4
    with pytest.raises(NoSuchPeriod):
        period_for(city.binh_thanh, days[3].code)


def test_who_may_not_ask_and_whom_nobody_may_ask(city):
    with pytest.raises(NotAllowed):
        ask(city, actor=make_officer(city.binh_thanh).person)
    with pytest.raises(NotAllowed):
        ask(city, actor=make_officer(city.city, Role.CONFIRMER).person)
    with pytest.raises(NotRightBelow):
        ask(city, units=[city.khu_pho_1])
    with pytest.raises(NobodyBelow):
        ask(city, owner=city.khu_pho_1)
    assert not ReportPeriod.objects.filter(owner__isnull=False).exists()


def test_a_period_that_somebody_reports_on_is_not_called_off(city):
    (period,) = ask(city)
    writer = make_officer(city.binh_thanh).person
    save_narrative(actor=writer, unit=city.binh_thanh, period=period, narrative={"plan": "x"}, version=0, at=NOW)
    with pytest.raises(PeriodInUse):
        call_off_period(actor=make_officer(city.city).person, period=period, at=NOW)
    assert period_for(city.binh_thanh, period.code)


def test_the_page_asks_for_a_report_and_says_what_is_missing(city):
    client = Client()
    client.force_login(make_officer(city.city))
    address = f"/dieu-hanh/bao-cao/{city.city.line}/79/ky-moi/"
    wrong = client.post(
        address, {"name": "Nhanh", "rhythm": "once", "first": "2026-11-10", "last": "2026-11-01", "whom": "some"}
    )
    page = wrong.content.decode()
    assert "Ngày cuối đứng trước ngày đầu." in page and "Đánh dấu ít nhất một đơn vị." in page
    good = {"name": "Nhanh", "rhythm": "once", "first": "2026-11-01", "last": "2026-11-19", "due_on": "2026-11-20"}
    answer = client.post(address, {**good, "whom": "some", "units": [str(city.an_khanh.pk)]})
    assert answer.status_code == 302
    period = ReportPeriod.objects.get(name="Nhanh")
    assert [row.unit for row in period.asked.all()] == [city.an_khanh]
    assert AuditEntry.objects.filter(action="programme.period.made", unit_id=city.city.pk).count() == 1
    ward = Client()
    ward.force_login(make_officer(city.an_khanh))
    listed = ward.get(f"/dieu-hanh/bao-cao/{city.city.line}/27094/").content.decode()
    assert "Thành phố Hồ Chí Minh yêu cầu" in listed
    assert ward.get(f"/dieu-hanh/bao-cao/{city.city.line}/27094/ky-moi/").status_code in {200, 403}
    assert ward.get(address).status_code == 404
