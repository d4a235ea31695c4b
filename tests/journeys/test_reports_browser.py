"""A ward officer hands the monthly report in from a phone; the city returns it with a remark, then approves and locks it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect

from hocvuso.kernel import clock
from hocvuso.people.choices import Role
from hocvuso.programme.services import load_periods
from tests.factories.figures import give_denominator, make_officer, make_passed
from tests.factories.spine import City, make_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def city(site: str, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 16))
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 16, 2, 0, tzinfo=UTC))
    load_periods(range(2026, 2027))
    made = make_city()
    make_passed(made.khu_pho_1, 6)
    give_denominator(made.khu_pho_1, 30)
    give_denominator(made.khu_pho_2, 20)
    return made


def is_wide_enough(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.clause("R-31")
def test_from_the_first_page_to_handed_in_returned_approved_and_locked(city, phone: Page, desktop: Page, sign_in, axe):
    officer, leader = make_officer(city.binh_thanh), make_officer(city.city, Role.LEADER, "Nguyễn Quốc Hùng")

    # Few presses from the officer's first page to a report that is handed in, and nothing typed but words.
    sign_in(phone, officer)
    phone.goto("/dieu-hanh/")
    expect(phone.get_by_role("link", name="Báo cáo tháng 11 năm 2026")).to_be_visible()
    phone.get_by_role("link", name="Báo cáo", exact=True).click()
    expect(phone.get_by_role("heading", name="Cần nộp")).to_be_visible()
    axe(phone)
    assert is_wide_enough(phone)
    phone.get_by_role("link", name=re.compile("^Xem và nộp.*tháng 11 năm 2026")).click()
    expect(phone.locator("h1")).to_have_text("Báo cáo tháng 11 năm 2026")
    expect(phone.get_by_role("row").filter(has_text="Người trưởng thành có kỹ năng cơ bản")).to_contain_text("6")
    axe(phone)
    assert is_wide_enough(phone)
    phone.get_by_label("IV. Phương hướng, nhiệm vụ kỳ tới").fill("Mở 4 lớp buổi tối. Ghé 200 hộ.")
    phone.get_by_role("button", name="Nộp báo cáo").click()
    # Some parts are empty: the page asks once, and nothing typed is lost.
    expect(phone.locator("h1")).to_have_text("Còn 5 phần chưa viết")
    axe(phone)
    assert is_wide_enough(phone)
    phone.get_by_role("button", name="Viết tiếp").click()
    expect(phone.get_by_label("IV. Phương hướng, nhiệm vụ kỳ tới")).to_have_value("Mở 4 lớp buổi tối. Ghé 200 hộ.")
    phone.get_by_role("button", name="Nộp báo cáo").click()
    phone.get_by_role("button", name="Vẫn nộp").click()
    expect(phone.get_by_role("status")).to_contain_text("Đã nộp báo cáo cho Thành phố Hồ Chí Minh")
    axe(phone)
    assert is_wide_enough(phone)

    # The leader of the city sees it waiting, reads it and returns it.
    sign_in(desktop, leader)
    desktop.goto("/dieu-hanh/bao-cao/")
    desktop.get_by_role("link", name=re.compile("^Xem.*tháng 11 năm 2026")).click()
    expect(desktop.locator("tbody tr")).to_have_count(1)
    axe(desktop)
    desktop.get_by_role("link", name="Phường Bình Thạnh").click()
    expect(desktop.locator("main")).to_contain_text("Ghé 200 hộ")
    desktop.get_by_text("Trả lại kèm góp ý").first.click()
    desktop.get_by_label("Cần sửa điều gì").fill("Ghi rõ lớp ở đâu.")
    desktop.get_by_role("button", name="Trả lại kèm góp ý").click()
    expect(desktop.locator("main")).to_contain_text("Bị trả lại")

    phone.goto("/dieu-hanh/bao-cao/")
    phone.get_by_role("link", name=re.compile("^Xem và nộp.*tháng 11 năm 2026")).click()
    expect(phone.locator("main")).to_contain_text("Ghi rõ lớp ở đâu.")
    phone.get_by_label("IV. Phương hướng, nhiệm vụ kỳ tới").fill("Mở 4 lớp buổi tối ở chợ Bà Chiểu.")
    phone.get_by_role("button", name="Nộp báo cáo").click()
    phone.get_by_role("button", name="Vẫn nộp").click()
    expect(phone.get_by_role("status")).to_contain_text("Đã nộp báo cáo")

    desktop.reload()
    desktop.get_by_role("button", name="Duyệt", exact=True).click()
    expect(desktop.get_by_role("status")).to_contain_text("Đã duyệt báo cáo")
    desktop.get_by_text("Chốt số liệu").first.click()
    desktop.get_by_label("Vì sao chốt lúc này").fill("Đủ số liệu tháng 11")
    desktop.get_by_role("button", name="Chốt số liệu").click()
    expect(desktop.get_by_role("status")).to_contain_text("Đã chốt số liệu")
    expect(desktop.locator("main")).to_contain_text("Mã kiểm của bản đã nộp")
    axe(desktop)


def test_every_other_page_of_reports_stands_on_a_phone(city, phone: Page, sign_in, axe):
    sign_in(phone, make_officer(city.city))
    base = f"/dieu-hanh/bao-cao/{city.city.line}/79/"
    for tail in (
        "",
        "ky-moi/",
        "tieu-de/",
        "2026-M11/",
        "2026-M11/cap-duoi/",
        "2026-M11/gop/plan/",
        "2026-M11/bang/T3/",
    ):
        phone.goto(base + tail)
        expect(phone.locator("h1")).to_be_visible()
        axe(phone)
        assert is_wide_enough(phone), tail
    phone.goto(base + "2026-M11/cap-duoi/")
    phone.get_by_role("button", name="Nhắc 2 đơn vị").click()
    expect(phone.get_by_role("status")).to_contain_text("Đã nhắc 2 đơn vị")


def test_a_long_name_of_the_unit_above_does_not_widen_a_phone(city, phone: Page, sign_in):
    sign_in(phone, make_officer(city.union))
    phone.goto(f"/dieu-hanh/bao-cao/{city.union.line}/{city.union.code}/2026-M11/")
    expect(phone.locator("main")).to_contain_text("Báo cáo gửi tới Liên đoàn Lao động Thành phố Hồ Chí Minh.")
    assert is_wide_enough(phone)
