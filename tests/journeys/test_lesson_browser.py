"""A lesson in a real browser: on a phone and a desk, with and without scripts; and an author writing one."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import expect

from hocvuso.curriculum.loader import load
from hocvuso.curriculum.starter import read_folder
from hocvuso.kernel.clock import now
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
LESSON = "/bai/kich-hoat-vneid/"
HEARD = "addEventListener('lesson-step', e => (window.heard = [...(window.heard || []), e.detail.step]))"


@pytest.fixture
def shipped(site, four_lessons):
    """Four lessons of the starter content, published."""
    load(starter=read_folder(four_lessons), at=now())


@pytest.mark.clause("R-03")
def test_learner_goes_through_the_three_steps(shipped, phone, axe):
    phone.add_init_script(HEARD)
    phone.goto(LESSON)
    expect(phone.get_by_role("heading", name="Kích hoạt VNeID", level=1)).to_be_visible()
    expect(phone.locator("#dung")).to_be_hidden()
    axe(phone)
    phone.get_by_role("link", name="Đọc xong, làm thử").click()
    expect(phone.locator("#lam hvs-practice .pr-phone")).to_be_visible()
    expect(phone.locator("#hieu")).to_be_hidden()
    axe(phone)
    assert phone.evaluate("window.heard") == ["understand"]
    phone.locator("#lam .screen__skip a").click()
    phone.locator("#lam-2 .screen__skip a").click()
    expect(phone.get_by_role("heading", name="Bước 3. Dùng thật")).to_be_visible()
    axe(phone)
    assert phone.evaluate("window.heard") == ["understand", "use"]
    for box in phone.locator("#dung input[type=checkbox]").all():
        box.check()
    phone.get_by_role("link", name="Tôi làm xong rồi").click()
    expect(phone.get_by_role("heading", name="Hỏi nhanh")).to_be_visible()
    phone.get_by_text("Để một mình bạn tự gõ vào máy").click()
    expect(phone.locator("#hoi-nhanh details[open] p")).to_contain_text("Đúng rồi.")
    axe(phone)
    phone.get_by_role("link", name="Xong bài").click()
    expect(phone.get_by_role("heading", name="Xong một bài.")).to_be_visible()
    assert phone.locator(".lesson__head .lamps > li[data-lit]").count() == 2
    axe(phone)


def test_back_gesture_goes_one_screen_back_and_the_place_is_kept(shipped, phone):
    phone.goto(LESSON)
    phone.get_by_role("link", name="Đọc xong, làm thử").click()
    expect(phone.locator("#lam")).to_be_visible()
    phone.go_back()
    expect(phone.locator("#hieu")).to_be_visible()
    phone.go_forward()
    expect(phone.locator("#lam")).to_be_visible()
    phone.goto(LESSON)
    expect(phone.locator("#lam")).to_be_visible()


def test_nothing_is_wider_than_the_phone(shipped, phone):
    for address in (
        LESSON,
        f"{LESSON}#lam",
        f"{LESSON}#dung",
        f"{LESSON}#hoi-nhanh",
        "/bai/",
        "/lo-trinh/nguoi-dan/",
        "/tim/?q=qr",
    ):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, address


@pytest.mark.clause("R-01")
def test_lesson_reads_as_one_page_without_scripts(shipped, new_page):
    page = new_page(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page.goto(LESSON)
    for place in ("#hieu", "#lam .words li", "#lam-2", "#dung", "#hoi-nhanh"):
        expect(page.locator(place).first).to_be_visible()
    page.locator("#hoi-nhanh summary").first.click()
    expect(page.locator("#hoi-nhanh details p").first).to_be_visible()
    page.goto("/bai/")
    page.get_by_role("searchbox").fill("lua dao")
    page.get_by_role("button", name="Tìm").click()
    expect(page.get_by_text("Cuộc gọi “công an” giả")).to_be_visible()


@pytest.mark.clause("R-01")
def test_a_lesson_with_its_practice_weighs_at_most_150_kb(shipped, new_page):
    """Everything a first visit fetches until the practice can be played, compressed as the server does; scripts at most 60 KB."""
    page = new_page(**PHONE, service_workers="block")
    fetched = {}
    page.on("response", lambda answer: fetched.setdefault(answer.url, answer))
    page.goto(LESSON)
    page.get_by_role("link", name="Đọc xong, làm thử").click()
    expect(page.locator("#lam hvs-practice .pr-phone")).to_be_visible()
    page.wait_for_load_state("networkidle")
    weights = {"script": 0, "all": 0}
    for answer in fetched.values():
        if answer.status != 200:
            continue
        kind, body = answer.headers.get("content-type", ""), answer.body()
        size = len(body) if kind.startswith(("font/", "image/png", "image/webp")) else len(gzip.compress(body, 9))
        weights["all"] += size
        weights["script"] += size if "javascript" in kind else 0
    assert len(fetched) > 8
    assert weights["script"] <= 60_000 and weights["all"] <= 150_000, weights


def test_catalogue_path_and_search_on_a_desk(shipped, desktop, axe):
    for address in ("/bai/", "/lo-trinh/nguoi-dan/", "/tim/?q=lua+dao", "/tim/?q=khongcogi", LESSON, "/en/bai/"):
        desktop.goto(address)
        axe(desktop)
