"""An old phone, or the browser inside a chat app: what is missing there breaks nothing; voices and classes on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hocvuso.curriculum import sound
from hocvuso.learning import classes
from tests.factories.people import AT, make_account, make_person
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.browser
# What browsers of 2018, and those inside chat apps, do not have or do not give.
POOR = """
delete Element.prototype.toggleAttribute;
delete Element.prototype.replaceChildren;
delete window.AbortController;
delete window.BroadcastChannel;
delete window.speechSynthesis;
delete Object.fromEntries;
delete Array.prototype.flat;
delete String.prototype.matchAll;
for (const name of ["serviceWorker", "locks", "share"]) delete Navigator.prototype[name];
Object.defineProperty(window, "indexedDB", { get() { throw new Error("closed"); } });
Object.defineProperty(window, "localStorage", { get() { throw new Error("closed"); } });
Object.defineProperty(window, "caches", { value: undefined });
"""
PLAYED = """
window.played = [];
window.Audio = class { constructor(src) { this.src = src; window.played.push(src); } async play() {} pause() {} };
"""


@pytest.mark.clause("R-01")
def test_a_poor_browser_still_learns_chooses_and_searches(new_page: Callable[..., Page], starter: None) -> None:
    """Given a phone without any of it, when somebody chooses, learns, shows what they know and searches, then nothing throws."""
    page = new_page(**PHONE)
    page.add_init_script(POOR)
    page.goto("/")
    page.get_by_role("button", name="Người lớn tuổi").click()
    page.get_by_role("button", name="Không để bị lừa").click()
    expect(page.locator("[data-part=path] li[data-lesson]").first).to_be_visible()
    page.locator("[data-part=path] li[data-lesson] a").first.click()
    page.get_by_role("link", name="Đọc xong, làm thử").click()
    expect(page.locator(".pr-phone").first).to_be_visible()
    page.goto("/tim/")
    page.get_by_role("searchbox").fill("vneit")
    expect(page.locator("[data-rows] .row__title").first).to_have_text("Kích hoạt VNeID")
    page.goto("/bai/tra-tien-qr/biet-roi/")
    page.locator("hvs-check button[type=submit]").click()
    expect(page.get_by_text("Trả lời hết các câu đã nhé.")).to_be_visible()
    page.goto("/may-nay/")
    expect(page.locator("h1")).to_be_visible()
    page.get_by_role("button", name="Nghe").click()
    expect(page.locator("#listen-message")).to_contain_text("chưa có giọng đọc tiếng Việt")


@pytest.mark.clause("R-01")
def test_a_recorded_voice_comes_before_the_phones_own(phone: Page, starter: None) -> None:
    content = b"\x1aE\xdf\xa3" + b"\x00" * 64
    sound.keep_recording(lesson="tra-tien-qr", part="hieu", content=content, speaker="Cô Hạnh", licence="", at=AT)
    phone.add_init_script(PLAYED)
    phone.goto("/bai/tra-tien-qr/")
    phone.get_by_role("button", name="Nghe").click()
    phone.wait_for_function("() => window.played.length === 1 && window.played[0].startsWith('blob:')")
    expect(phone.get_by_role("button", name="Dừng")).to_be_visible()


@pytest.mark.clause("R-26")
def test_a_learner_joins_a_class_on_a_phone_and_the_teacher_sees_it(
    new_page: Callable[..., Page], sign_in: Callable[[Page, Any], None], axe: Callable[..., None], starter: None
) -> None:
    """Given a class with a task, when a learner types the code and agrees, then both see what is to be done; nothing for axe."""
    teacher, learner = make_person("Cô Hạnh"), make_person("Trần Văn Mẫu")
    found = classes.make_class(teacher=teacher, name="8A2", place="", at=AT)
    classes.assign(school_class=found, what="LESSON:tra-tien-qr", due_on=None, at=AT)
    page = new_page(**PHONE)
    sign_in(page, make_account(learner, "mau@x.test"))
    page.goto("/lop/")
    page.get_by_label("Mã lớp").fill(classes.spoken(found.code))
    axe(page)
    page.locator("form[action$='/lop/vao/'] button").click()
    page.locator("form[method=post] button.button--main").click()
    expect(page.get_by_text("Muốn vào lớp thì đánh dấu đồng ý.")).to_be_visible()
    page.locator("input[name=agree]").check()
    axe(page)
    page.locator("form[method=post] button.button--main").click()
    expect(page.get_by_role("link", name="Trả tiền bằng mã QR cho chắc")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    desk = new_page(**PHONE)
    sign_in(desk, make_account(teacher, "hanh@x.test"))
    desk.goto(f"/lop/{found.pk}/")
    expect(desk.get_by_role("rowheader", name="Trần Văn Mẫu")).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360
    axe(desk)
    for path in ("danh-sach/", "sua/"):
        desk.goto(f"/lop/{found.pk}/{path}")
        axe(desk)
