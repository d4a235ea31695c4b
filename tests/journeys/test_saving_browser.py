"""A path saved on the phone: the size first, progress, use without a network, and taken away again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hocvuso.curriculum.public import lessons_of_path

pytestmark = pytest.mark.browser


@pytest.mark.clause("R-01")
def test_a_saved_path_is_learnt_without_a_network_and_can_be_taken_away(
    phone: Page, axe: Callable[..., None], starter: None
) -> None:
    lessons = lessons_of_path("nguoi-dan")
    phone.goto("/may-nay/")
    phone.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=40_000)
    place = phone.locator("hvs-save[data-path='nguoi-dan']")
    expect(place.locator("[data-state]")).to_contain_text(f"{len(lessons)} bài, tải khoảng")
    axe(phone)
    place.get_by_role("button", name="Lưu vào máy").click()
    expect(place.locator("[data-state]")).to_contain_text(f"Đã lưu {len(lessons)} bài", timeout=90_000)
    # What the first page keeps by itself is thrown away: the saved path must stand on its own.
    phone.evaluate(
        "async () => { for (const name of await caches.keys()) if (name.startsWith('hvs-pages-')) await caches.delete(name); }"
    )
    phone.context.set_offline(True)
    phone.goto(f"/bai/{lessons[-1].slug}/")
    assert phone.locator("h1").inner_text() == lessons[-1].title
    phone.context.set_offline(False)
    phone.goto("/may-nay/")
    phone.locator("[data-saved='nguoi-dan'] summary").click()
    expect(phone.locator("[data-saved='nguoi-dan'] li")).to_have_count(len(lessons))
    axe(phone)
    place.get_by_role("button", name="Xóa khỏi máy").click()
    expect(place.locator("[data-state]")).to_contain_text("tải khoảng")
    assert "hvs-saved" not in phone.evaluate("caches.keys()")
