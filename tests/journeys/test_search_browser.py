"""Search on the phone: the same answers as the server, also without a network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hocvuso.curriculum import search

pytestmark = pytest.mark.browser
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "search.json").read_text(encoding="utf-8"))


@pytest.mark.clause("R-01", "R-20")
def test_the_phone_ranks_as_the_server_does_and_answers_without_a_network(phone: Page, starter: None) -> None:
    phone.goto("/")
    phone.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=40_000)
    module = phone.goto("/tim/") and phone.evaluate(
        "[...document.scripts].map((one) => one.src).find((one) => one.includes('search-page')).replace('search-page', 'search')"
    )
    found = phone.evaluate(
        """async ([lessons, asked]) => {
            const page = await (await fetch([...document.scripts].map((one) => one.src).find((one) => one.includes("search-page")))).text();
            const address = /from "([^"]+)"/.exec(page)[1];
            const { find } = await import(new URL(address, location.origin + "/static/curriculum/").href);
            return asked.map((one) => (find(one, lessons)[0] || { s: null }).s);
        }""",
        [VECTORS["lessons"], [case["asked"] for case in VECTORS["cases"]]],
    )
    assert found == [case["first"] for case in VECTORS["cases"]], module
    assert found[1] == "cuoc-goi-cong-an-gia"
    assert phone.evaluate(
        """async () => {
            for (let turn = 0; turn < 300; turn++) {
                if ((await caches.match("/danh-muc.json")) && (await caches.match("/tim/"))) return true;
                await new Promise((go) => setTimeout(go, 100));
            }
            return false;
        }"""
    )
    phone.context.set_offline(True)
    phone.goto("/tim/?q=lua+dao+wa+dien+thoai")
    expect(phone.locator("[data-rows] .row__title").first).to_have_text("Cuộc gọi “công an” giả")
    phone.get_by_role("searchbox").fill("trong cay buoi")
    expect(phone.get_by_text("Chưa có bài nào về “trong cay buoi”")).to_be_visible()
    assert search.asked_words("wa dt") == ["wa", "dien", "thoai"]
