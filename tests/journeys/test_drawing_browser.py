"""An author draws a practice: words, a block, a wrong turn; sees them on the phone, saves, finds them in the YAML."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hocvuso.curriculum.models import Practice
from hocvuso.people.choices import Role
from tests.factories.people import make_officer
from tests.factories.spine import make_city

pytestmark = pytest.mark.browser


def _picture(page: Page, name: str) -> None:
    if os.environ.get("HOCVUSO_PICTURES"):
        page.screenshot(path=f"{os.environ['HOCVUSO_PICTURES']}/{name}.png")


@pytest.mark.clause("R-23")
def test_a_practice_is_drawn_seen_saved_and_stands_in_the_yaml(
    desktop: Page, axe: Callable[..., None], sign_in: Callable[[Page, Any], None], starter: None
) -> None:
    one = Practice.objects.order_by("slug").first()
    assert one is not None
    sign_in(desktop, make_officer("Tác giả", make_city().city, Role.AUTHOR, "tacgia@x.test"))
    desktop.goto(f"/soan/ve/{one.pk}/")
    phone = desktop.frame_locator("iframe[data-stage]")
    desktop.get_by_label("Lời người hướng dẫn", exact=False).first.fill("Câu mới của người soạn.")
    expect(phone.locator(".pr-say")).to_have_text("Câu mới của người soạn.")
    desktop.get_by_label("Loại khối").select_option("button")
    desktop.get_by_role("button", name="Thêm khối").click()
    block = desktop.locator("[data-list=blocks] > fieldset").last
    block.get_by_label("Nhãn", exact=True).fill("Bấm thử đi")
    expect(phone.get_by_role("button", name="Bấm thử đi")).to_be_visible()
    desktop.get_by_role("button", name="Thêm ngã rẽ sai").click()
    move = desktop.locator("[data-list=moves] > fieldset").last
    move.locator("[data-field=id]").select_option("button_1")
    expect(desktop.locator("[data-problems] li").first).to_contain_text("wrong")
    move.get_by_label("Vì sao sai", exact=False).first.fill("Khoan. Nút này lạ lắm.")
    expect(desktop.locator("[data-problems] li")).to_have_count(0)
    expect(phone.locator(".pr-note")).to_have_count(0)
    phone.get_by_role("button", name="Bấm thử đi").click()
    expect(phone.locator(".pr-note--lamp")).to_contain_text("Nút này lạ lắm")
    phone.get_by_label("iPhone", exact=True).check()
    expect(phone.locator(".pr-phone")).to_have_attribute("data-skin", "iphone")
    expect(phone.get_by_role("button", name="Bấm thử đi")).to_be_visible()
    _picture(desktop, "draw-1280")
    axe(desktop, ".hvs-draw")
    desktop.get_by_role("button", name="Lưu bản nháp").click()
    expect(desktop.locator("[data-told]")).to_have_text("Đã lưu bản nháp.")
    desktop.set_viewport_size({"width": 360, "height": 740})
    assert desktop.evaluate("document.querySelector('.hvs-draw').scrollWidth <= document.documentElement.clientWidth")
    _picture(desktop, "draw-360")
    desktop.set_viewport_size({"width": 1280, "height": 900})
    desktop.get_by_role("link", name="Sang YAML").click()
    written = desktop.locator("textarea[name=source]").input_value()
    assert "Câu mới của người soạn." in written
    assert "Bấm thử đi" in written and "Nút này lạ lắm" in written
    expect(desktop.get_by_role("link", name="Vẽ bài thực hành này")).to_be_visible()
    one.refresh_from_db()
    assert "Bấm thử đi" not in one.source
