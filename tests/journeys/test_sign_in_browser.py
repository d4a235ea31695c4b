"""Signing in with a phone in a real browser, and an officer's way to the staff page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from hocvuso.kernel import clock
from hocvuso.people import services
from hocvuso.people.choices import Role
from hocvuso.people.models import Mandate, Person, TextMessage
from hocvuso.people.public import has_consent
from hocvuso.units.models import Unit
from tests.factories.people import PASSWORD, make_officer, make_person

pytestmark = pytest.mark.browser


@pytest.fixture
def ward(site: str) -> Unit:
    cache.clear()
    nation = Unit.add_root(line="TERRITORY", kind="NATION", code="VN", name="Việt Nam")
    city = nation.add_child(line="TERRITORY", kind="CITY", code="79", name="Thành phố Hồ Chí Minh")
    ward = city.add_child(line="TERRITORY", kind="WARD", code="26824", name="Phường Thủ Đức")
    ward.add_child(line="TERRITORY", kind="NEIGHBOURHOOD", code="26824-01", name="Khu phố 1")
    return Unit.objects.get(pk=ward.pk)


def fits(page: Page) -> None:
    """Nothing sticks out of the screen, and everything to press is large enough for a thumb."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    small = page.evaluate(
        """() => [...document.querySelectorAll("main button, main a.button, main label.check, main input:not([type=hidden])")]
             .filter(one => one.offsetParent && !one.closest("label.check") || one.matches("label.check"))
             .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])
             .filter(([, height]) => height < 48)"""
    )
    assert small == []


@pytest.mark.clause("R-01")
def test_a_new_learner_signs_in_with_a_phone_and_keeps_only_what_they_agreed_to(
    phone: Page, ward: Unit, axe: Callable[..., None]
) -> None:
    def seen() -> None:
        axe(phone)
        fits(phone)

    phone.goto("/tai-khoan/vao/?next=/tai-khoan/")
    seen()
    phone.get_by_label("Số điện thoại").fill("0908")
    phone.get_by_role("button", name="Gửi mã cho tôi").click()
    expect(phone.get_by_text("số điện thoại có 10 số")).to_be_visible()
    seen()
    phone.get_by_label("Số điện thoại").fill("0908 123 412")
    phone.get_by_role("button", name="Gửi mã cho tôi").click()
    expect(phone.get_by_text("09x xxx x412")).to_be_visible()
    seen()
    code = re.search(r"\b(\d{6})\b", TextMessage.objects.latest("id").text)
    assert code is not None
    phone.get_by_label("Sáu chữ số").fill(code.group(1))
    phone.get_by_role("button", name="Tiếp tục").click()

    expect(phone.get_by_role("heading", name="Bạn tên gì?")).to_be_visible()
    seen()
    phone.get_by_label("Họ và tên").fill("Trần Thị Bưởi")
    phone.get_by_label("Năm sinh").fill("1959")
    phone.get_by_role("button", name="Tiếp tục").click()
    expect(phone.get_by_role("checkbox")).not_to_be_checked()
    seen()
    phone.get_by_role("checkbox").check()
    phone.get_by_role("button", name="Lưu bài học của tôi").click()

    phone.get_by_label("Tên phường hoặc xã").fill("thu duc")
    phone.get_by_role("button", name="Tìm").click()
    seen()
    phone.get_by_role("radio").check()
    phone.get_by_role("button", name="Tôi ở đây").click()
    expect(phone.get_by_text("Khu phố 1")).to_be_visible()
    seen()
    phone.get_by_role("link", name="Bỏ qua").click()
    seen()
    phone.get_by_role("link", name="Bỏ qua").click()
    assert [box.is_checked() for box in phone.get_by_role("checkbox").all()] == [False, False, False]
    seen()
    phone.get_by_role("button", name="Xong, vào học").click()

    expect(phone.get_by_role("heading", name="Trần Thị Bưởi")).to_be_visible()
    seen()
    person = Person.objects.get()
    assert person.home_unit == ward
    assert has_consent(person, "LEARNING") and not has_consent(person, "REPORTING")


@pytest.mark.parametrize(
    "path", ["ho-so/", "noi-o/", "so-dinh-danh/", "dong-y/", "du-lieu/", "so-dien-thoai/", "email/"]
)
def test_each_page_of_the_account_is_open_to_everybody(
    phone: Page, ward: Unit, axe: Callable[..., None], sign_in: Callable[..., None], path: str
) -> None:
    sign_in(phone, make_officer("Lê Minh", ward, Role.OFFICER, "minh@thuduc.test"))
    phone.goto(f"/tai-khoan/{path}")
    axe(phone)
    fits(phone)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_manager_gives_a_role(
    new_page: Callable[..., Page], ward: Unit, axe: Callable[..., None], width: int
) -> None:
    make_officer("Quản Lý", ward, Role.MANAGER, "quan@thuduc.test")
    make_person("Lê Minh", home_unit=ward)
    page: Any = new_page(viewport={"width": width, "height": 800})
    page.goto("/dieu-hanh/nhan-su/")
    page.get_by_role("link", name="Cán bộ: vào bằng mật khẩu").click()
    axe(page)
    page.get_by_label("Địa chỉ email hoặc số điện thoại").fill("quan@thuduc.test")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Vào", exact=True).click()

    expect(page.get_by_role("heading", name="Người phụ trách")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Giao vai trò").click()
    page.get_by_label("Số điện thoại, email hoặc tên").fill("le minh")
    page.get_by_role("button", name="Tìm").click()
    axe(page)
    page.get_by_role("link", name="Lê Minh").click()
    page.get_by_label("Khu phố 1").check()
    page.get_by_label("Người xác nhận kết quả").check()
    axe(page)
    page.get_by_role("button", name="Giao vai trò này").click()
    expect(page.get_by_text("Lê Minh nay là người xác nhận kết quả của Khu phố 1.")).to_be_visible()
    assert Mandate.objects.filter(person__full_name="Lê Minh", role="CONFIRMER").count() == 1


@pytest.mark.parametrize("path", ["/tai-khoan/het-phien/", "/tai-khoan/buoc-hai/", "/tai-khoan/xac-thuc/bat/"])
def test_the_pages_that_keep_an_office_safe_are_open_to_everybody(
    phone: Page, ward: Unit, axe: Callable[..., None], sign_in: Callable[..., None], path: str
) -> None:
    person = make_person("Lê Minh", phone="0908123412")
    account = person_account(person)
    sign_in(phone, account)
    phone.goto(path)
    axe(phone)
    fits(phone)


def person_account(person: Person) -> Any:
    """An account that signs in by phone: nothing to prove again before setting up the second step."""
    from tests.factories.people import AT

    account = services.begin_account(phone="+84908123412", at=AT)
    account.person = person
    account.save(update_fields=["person"])
    services.prove_phone(account=account, phone="+84908123412", at=AT)
    return account


@pytest.mark.parametrize("path", ["/thu-nghiem/vao/", "/thu-nghiem/tin-nhan/", "/tai-khoan/vao/mat-khau/"])
def test_the_pages_before_the_door_are_open_to_everybody(
    phone: Page, ward: Unit, axe: Callable[..., None], path: str
) -> None:
    make_officer("Lê Minh", ward, Role.OFFICER, "minh@thuduc.test")
    TextMessage.objects.create(recipient="+84908123412", text="Mã", at=clock.now())
    phone.goto(path)
    axe(phone)
    fits(phone)


@pytest.mark.parametrize(
    ("role", "path"), [(Role.OFFICER, "nguoi/"), (Role.AUDITOR, "nhat-ky/"), (Role.MANAGER, "yeu-cau/")]
)
def test_the_officers_lists_are_open_to_everybody(
    new_page: Callable[..., Page],
    ward: Unit,
    axe: Callable[..., None],
    sign_in: Callable[..., None],
    role: str,
    path: str,
) -> None:
    person = make_person("Nguyễn Thị Sáu", home_unit=ward)
    services.ask_right(person=person, kind="ERASE", at=clock.now())
    account = make_officer("Lê Minh", ward, role, "minh@thuduc.test")
    for width in (360, 1280):
        page = new_page(viewport={"width": width, "height": 800})
        sign_in(page, account)
        page.goto(f"/dieu-hanh/{path}")
        expect(page.get_by_role("table")).to_be_visible()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
