"""The shell in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.mark.clause("R-01")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/en/", "/thanh-phan/", "/tro-giup/", "/ngoai-mang/", "/quyen-rieng-tu/"])
def test_nothing_to_object_to(new_page: Callable[..., Page], axe: Callable[..., None], path: str, scheme: Any) -> None:
    page = new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page.goto(path)
    axe(page)


def test_the_first_key_press_leads_past_the_header(desktop: Page) -> None:
    desktop.goto("/")
    desktop.keyboard.press("Tab")
    assert desktop.evaluate("document.activeElement.getAttribute('href')") == "#main"
    desktop.keyboard.press("Enter")
    assert desktop.evaluate("document.activeElement.id") == "main"


@pytest.mark.clause("R-01")
@pytest.mark.parametrize("path", ["/", "/tro-giup/", "/thanh-phan/"])
def test_large_letters_stay_within_a_small_screen(phone: Page, path: str) -> None:
    phone.goto(path)
    phone.evaluate("localStorage.setItem('hvs-text', 'large')")
    phone.reload()
    assert phone.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_colours_and_letters_are_remembered_on_the_device(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_role("button", name="Tối").click()
    phone.get_by_role("button", name="Lớn").click()
    phone.reload()
    assert phone.evaluate("[document.documentElement.dataset.theme, document.documentElement.dataset.text]") == [
        "dark",
        "large",
    ]


def wait_for_worker(page: Page) -> None:
    page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=40_000)


@pytest.mark.clause("R-01")
def test_the_first_page_opens_again_without_a_network(phone: Page) -> None:
    phone.goto("/")
    wait_for_worker(phone)
    phone.context.set_offline(True)
    phone.reload()
    assert phone.locator("h1").inner_text() == "Hôm nay bạn muốn làm được việc gì?"
    assert phone.get_by_text("Đang mất mạng. Bài đã có trên máy vẫn học được.").is_visible()
    assert phone.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 247, 238)"
    assert phone.evaluate("document.fonts.check('20px \"Be Vietnam Pro\"')")


@pytest.mark.clause("R-01")
def test_every_lesson_is_kept_after_the_first_page(phone: Page, starter: None) -> None:
    phone.goto("/")
    assert phone.get_by_role("link", name="Kích hoạt VNeID").is_visible()
    wait_for_worker(phone)
    kept = phone.evaluate(
        """async () => {
            for (let turn = 0; turn < 200; turn++) {
                if (await caches.match("/ngoai-mang/da-giu.json")) return true;
                await new Promise((go) => setTimeout(go, 200));
            }
            return false;
        }"""
    )
    assert kept
    phone.context.set_offline(True)
    phone.goto("/bai/kich-hoat-vneid/")
    assert phone.locator("h1").inner_text() == "Kích hoạt VNeID"


@pytest.mark.parametrize("path", ["/dieu-gi-do/", "/kiem-tra/", "/tai-khoan/"])
def test_a_page_that_is_not_on_the_phone_says_what_still_works(phone: Page, path: str) -> None:
    phone.goto("/")
    wait_for_worker(phone)
    phone.context.set_offline(True)
    phone.goto(path)
    assert phone.locator("h1").inner_text() == "Đang mất mạng"


@pytest.mark.clause("R-05")
def test_nothing_of_a_signed_in_person_stays_in_the_caches(
    phone: Page, sign_in: Callable[[Page, Any], None], admin_user: Any
) -> None:
    sign_in(phone, admin_user)
    phone.goto("/")
    wait_for_worker(phone)
    for path in ("/tai-khoan/", "/vao/", "/thanh-phan/dieu-hanh/", "/"):
        phone.goto(path)
    kept = phone.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys())
                for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
            return found;
        }"""
    )
    assert "/" in kept
    closed = ("/tai-khoan", "/api/", "/vao", "/dieu-hanh", "/thanh-phan/dieu-hanh")
    assert [path for path in kept if path.startswith(closed)] == []


VOICE = """
window.said = [];
const voice = { lang: "vi-VN", name: "Giọng Việt" };
const speech = { getVoices: () => VOICES, cancel() {}, addEventListener() {}, removeEventListener() {},
  speak(one) { window.said.push(one.text); setTimeout(() => one.onend && one.onend(), 5); } };
Object.defineProperty(window, "speechSynthesis", { value: speech });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


@pytest.mark.clause("R-01")
def test_listen_reads_the_page_sentence_by_sentence(phone: Page) -> None:
    phone.add_init_script(VOICE.replace("VOICES", "[voice]"))
    phone.goto("/quyen-rieng-tu/")
    phone.get_by_role("button", name="Nghe").click()
    phone.wait_for_function("() => window.said.includes('Bài đã học chỉ nằm trên máy của bạn.')")
    assert phone.evaluate("window.said[0]") == "Máy giữ gì về bạn, và bạn quyết gì"


@pytest.mark.clause("R-01")
def test_listen_says_how_to_add_a_voice_where_there_is_none(phone: Page) -> None:
    phone.add_init_script(VOICE.replace("VOICES", "[]"))
    phone.goto("/tro-giup/")
    phone.get_by_role("button", name="Nghe").click()
    phone.get_by_text("Máy này chưa có giọng đọc tiếng Việt.").wait_for()
    assert phone.get_by_role("button", name="Nghe").get_attribute("aria-pressed") == "false"
