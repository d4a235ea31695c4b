"""A certificate is checked on a phone, and two officers confirm a result at a desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import segno
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from hocvuso.credentials import services
from hocvuso.credentials.certificates import compact_of
from hocvuso.credentials.models import Certificate, Confirmation
from hocvuso.credentials.queries import serial_of
from hocvuso.people.public import create_account_with_password
from tests.credentials.conftest import Ward, ward  # noqa: F401 - the fixture

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def fresh(site: str) -> None:
    cache.clear()


def account(person: Any, now: Any) -> Any:
    return create_account_with_password(person, f"{person.pk.hex[-8:]}@noi.vn", "mat-khau-dai-1", now, demo=True)


@pytest.mark.clause("R-27")
def test_employer_checks_a_certificate_on_a_phone(phone: Page, axe: Callable[..., None], ward: Ward) -> None:  # noqa: F811
    """Given a certificate, when somebody types its code with small letters, then they see whose it is and that it is valid."""
    ward.confirmation(state="CONFIRMED")
    code = Certificate.objects.get().code
    phone.goto("/xac-minh/")
    axe(phone)
    phone.get_by_label("Mã trên chứng nhận").fill(code.lower().replace("-", " "))
    phone.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Chứng nhận còn hiệu lực")
    expect(phone.get_by_text("Nguyễn Thị Sáu")).to_be_visible()
    expect(phone.get_by_text("Phường Bình Thạnh xác nhận")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    axe(phone)


def test_revoked_and_unknown_codes_are_told_calmly(phone: Page, axe: Callable[..., None], ward: Ward) -> None:  # noqa: F811
    certificate = ward.certificate()
    services.revoke_certificate(actor=ward.confirmer, certificate=certificate, reason="Thi hộ", at=ward.now)
    phone.goto(f"/xac-minh/{certificate.code}/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Chứng nhận này đã bị thu hồi")
    axe(phone)
    phone.goto("/xac-minh/?ma=HVS-7K3M-0000")
    expect(phone.get_by_role("alert")).to_contain_text("Mã bị gõ nhầm")
    axe(phone)


def test_holder_shows_the_certificate(phone: Page, axe: Callable[..., None], sign_in: Any, ward: Ward) -> None:  # noqa: F811
    ward.certificate()
    sign_in(phone, account(ward.learner, ward.now))
    phone.goto("/chung-nhan/")
    axe(phone)
    phone.get_by_role("checkbox").check()
    phone.get_by_role("button", name="Lưu câu trả lời").click()
    expect(phone.get_by_role("button", name="Rút lại đồng ý")).to_be_visible()
    phone.get_by_role("link", name="Mở", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Chứng nhận")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    axe(phone)


def qr_text(certificate: Certificate) -> str:
    return compact_of(certificate, serial_of(certificate), timezone.now())


@pytest.mark.clause("R-27", "R-01")
def test_qr_square_is_checked_without_a_network(
    phone: Page,
    axe: Callable[..., None],
    ward: Ward,  # noqa: F811
    tmp_path: Path,
) -> None:
    """Given a phone that opened the checker once, when it scans squares offline, then it tells genuine, forged, stopped and ended
    ones apart, and says from when it knows."""
    good, held, gone = (ward.certificate(ward.person(name)) for name in ("Lý Thị Tư", "Trần Văn Ba", "Đỗ Văn Năm"))
    services.suspend_certificate(actor=ward.confirmer, certificate=held, reason="Chờ", at=ward.now)
    services.revoke_certificate(actor=ward.confirmer, certificate=gone, reason="Thi hộ", at=ward.now)
    texts = {one.code: qr_text(one) for one in (good, held, gone)}
    head, _, tail = texts[good.code].split(".")
    forged = f"{head}.{texts[held.code].split('.')[1]}.{tail}"
    picture = tmp_path / "ma.png"
    segno.make(f"https://hocvuso.example/xac-minh/{good.code}/#{texts[good.code]}", error="l").save(picture, scale=6)

    phone.goto("/xac-minh/khong-mang/")
    phone.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=40_000)
    expect(phone.locator("[data-status]")).to_contain_text("Dùng được khi không có mạng")
    phone.evaluate("document.querySelector('hvs-verify').lists")
    axe(phone)
    phone.context.set_offline(True)
    phone.goto(f"/xac-minh/{good.code}/#{texts[good.code]}")
    expect(phone.get_by_role("heading", name="Chứng nhận là thật")).to_be_visible()
    expect(phone.get_by_text("Lý Thị Tư")).to_be_visible()
    expect(phone.get_by_text("Theo dữ liệu lúc")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    axe(phone)
    for text, verdict in (
        (texts[held.code], "Chứng nhận này đang tạm dừng"),
        (texts[gone.code], "Chứng nhận này không còn giá trị"),
        (forged, "Không phải bản thật"),
        ("https://noi-khac.example/abc", "Không phải mã QR của hệ thống này"),
    ):
        phone.get_by_label("Hoặc dán chữ đọc được từ mã QR").fill(text)
        phone.get_by_role("button", name="Kiểm tra", exact=True).click()
        expect(phone.get_by_role("heading", name=verdict)).to_be_visible()
    phone.context.set_offline(False)
    phone.get_by_label("Ảnh chụp mã QR").set_input_files(picture)
    expect(phone.get_by_role("heading", name="Chứng nhận là thật")).to_be_visible()


@pytest.mark.clause("R-27")
def test_browser_without_ed25519_uses_the_library(phone: Page, ward: Ward) -> None:  # noqa: F811
    """Given an old phone whose browser knows no Ed25519, the vendored library tells the same."""
    text = qr_text(ward.certificate())
    phone.add_init_script(
        "const old = crypto.subtle.importKey; crypto.subtle.importKey = function (format, key, how, ...rest) {"
        " return how.name === 'Ed25519' ? Promise.reject(new Error('no')) : old.call(this, format, key, how, ...rest); };"
    )
    phone.goto(f"/xac-minh/khong-mang/#{text}")
    expect(phone.get_by_role("heading", name="Chứng nhận là thật")).to_be_visible()
    head, body, tail = text.split(".")
    phone.get_by_label("Hoặc dán chữ đọc được từ mã QR").fill(f"{head}.{body}.{'A' * len(tail)}")
    phone.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(phone.get_by_role("heading", name="Không phải bản thật")).to_be_visible()


@pytest.mark.clause("R-27")
def test_two_officers_confirm(
    new_page: Callable[..., Page],
    axe: Callable[..., None],
    sign_in: Any,
    ward: Ward,  # noqa: F811
) -> None:
    """Given two people who passed, when one officer proposes and another confirms, then both are confirmed."""
    for name in ("Trần Văn Ba", "Lý Thị Tư"):
        ward.confirmation(ward.person(name))
    size = {"width": 1280, "height": 900}
    desk = new_page(viewport=size)
    sign_in(desk, account(ward.officer, ward.now))
    desk.goto("/dieu-hanh/xac-nhan/")
    axe(desk)
    desk.get_by_label("Chọn cả trang").check()
    expect(desk.get_by_text("Đã chọn 2 người")).to_be_visible()
    desk.get_by_role("button", name="Đề nghị những người đã chọn").click()
    expect(desk.get_by_text("Đã đề nghị 2 người.")).to_be_visible()
    axe(desk)

    other = new_page(viewport=size)
    sign_in(other, account(ward.confirmer, ward.now))
    other.goto("/dieu-hanh/xac-nhan/")
    expect(other.get_by_role("heading", level=1)).to_have_text("2 người chờ xác nhận")
    axe(other)
    other.get_by_role("link", name="Lý Thị Tư").click()
    axe(other)
    other.go_back()
    other.get_by_label("Chọn cả trang").check()
    other.get_by_role("button", name="Xác nhận những người đã chọn").click()
    expect(other.get_by_text("Đã xác nhận 2 người.")).to_be_visible()
    assert set(Confirmation.objects.values_list("state", flat=True)) == {"CONFIRMED"}
    other.goto("/dieu-hanh/vneid/")
    expect(other.get_by_role("heading", level=1)).to_have_text("Chưa có ai sẵn sàng gửi VNeID")
    axe(other)


def test_list_works_without_scripts(new_page: Callable[..., Page], sign_in: Any, ward: Ward) -> None:  # noqa: F811
    ward.confirmation(state="PROPOSED")
    page = new_page(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    sign_in(page, account(ward.confirmer, ward.now))
    page.goto("/dieu-hanh/xac-nhan/")
    page.get_by_label("Nguyễn Thị Sáu").check()
    page.get_by_role("button", name="Xác nhận những người đã chọn").click()
    expect(page.get_by_text("Đã xác nhận Nguyễn Thị Sáu.")).to_be_visible()
