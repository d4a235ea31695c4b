"""The first page: two questions, then a path that is remembered, on this device and on the next."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hocvuso.kernel import clock
from hocvuso.learning.models import Bookmark
from hocvuso.people.public import Purpose, record_consent, set_groups
from tests.factories.people import make_account, make_person
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.browser
# True once the phone has written down that somebody stopped on this screen.
MARKED = """async (screen) => {
    for (let turn = 0; turn < 100; turn++) {
        const found = await new Promise((resolve) => {
            const asked = indexedDB.open("hvs-learning");
            asked.onsuccess = () => {
                const all = asked.result.transaction("meta").objectStore("meta").getAll();
                all.onsuccess = () => { asked.result.close(); resolve(all.result.some((one) => one && one.screen === screen)); };
            };
        });
        if (found) return true;
        await new Promise((go) => setTimeout(go, 100));
    }
    return false;
}"""


def eventually(told: Callable[[], bool]) -> bool:
    """Whether it comes true within fifteen seconds."""
    for _ in range(150):
        if told():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.clause("R-20", "R-21", "R-01")
def test_two_answers_make_a_path_that_is_there_again_without_a_network_and_on_another_device(
    phone: Page,
    new_page: Callable[..., Page],
    starter: None,
    axe: Callable[..., None],
    sign_in: Callable[[Page, Any], None],
) -> None:
    """Given a new phone, when a market seller says who she is and what for, then the path stays; signed in, it follows her."""
    phone.goto("/")
    phone.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=40_000)
    phone.get_by_role("button", name="Người buôn bán").click()
    expect(phone.get_by_role("heading", name="Chọn một việc")).to_be_focused()
    axe(phone)
    phone.get_by_role("button", name="Không để bị lừa").click()
    expect(phone.get_by_role("heading", name="Không để bị lừa · Người buôn bán")).to_be_focused()
    axe(phone)
    phone.context.set_offline(True)
    phone.reload()
    path = phone.locator("[data-part=path] li[data-lesson]")
    expect(path.filter(has_text="Cuộc gọi")).to_be_visible()
    expect(phone.locator("[data-until-chosen]").first).to_be_hidden()
    phone.context.set_offline(False)

    person = make_person()
    record_consent(
        actor=person,
        person=person,
        purpose=Purpose.LEARNING,
        given=True,
        text_version="1",
        how="web",
        at=clock.now(),
    )
    account = make_account(person)
    sign_in(phone, account)
    phone.goto("/bai/cuoc-goi-cong-an-gia/#lam")
    phone.evaluate("location.hash = 'dung'")
    assert phone.evaluate(MARKED, "dung")
    phone.goto("/")
    at_the_lesson = {"who": "buon-ban", "goal": "lua-dao", "lesson": "cuoc-goi-cong-an-gia", "screen": "dung"}
    assert eventually(Bookmark.objects.filter(person=person, **at_the_lesson).exists)

    # The page is left before the server has answered: the next page says it again.
    phone.route("**/api/v1/sync", lambda route: None)
    phone.goto("/bai/cuoc-goi-cong-an-gia/#dung")
    phone.evaluate("location.hash = 'lam'")
    assert phone.evaluate(MARKED, "lam")
    with phone.expect_request("**/api/v1/sync"):
        phone.goto("/")
    phone.unroute("**/api/v1/sync")
    phone.goto("/")
    assert eventually(Bookmark.objects.filter(person=person, screen="lam").exists)

    other = new_page(**PHONE)
    sign_in(other, account)
    other.goto("/")
    expect(other.get_by_role("heading", name="Không để bị lừa · Người buôn bán")).to_be_visible()
    expect(other.locator("hvs-continue a")).to_have_attribute("href", re.compile("/bai/cuoc-goi-cong-an-gia/#lam$"))


DONE_BUT_ONE = """() => {
    const lesson = document.querySelector("hvs-lesson");
    const tell = (name, detail) => lesson.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
    tell("lesson-step", { step: "understand" });
    tell("practice-finished", { practice: "cuoc-goi-cong-an-gia", trace: { practice: "cuoc-goi-cong-an-gia", result: { end: "pass" } } });
    tell("lesson-use", { all: true });
}"""


@pytest.mark.clause("R-20", "R-03")
def test_a_lesson_that_misses_one_practice_says_so_in_one_line_that_leads_there(phone: Page, starter: None) -> None:
    """Given a lesson read and declared done with one of two practices open, the first page names that, and no second thing to go on with."""
    phone.goto("/bai/cuoc-goi-cong-an-gia/")
    phone.evaluate(DONE_BUT_ONE)
    expect(phone.get_by_role("link", name="3 việc giữ trên máy này")).to_have_attribute("href", "/viec-cho-gui/")
    phone.goto("/")
    phone.get_by_role("button", name="Người buôn bán").click()
    phone.get_by_role("button", name="Không để bị lừa").click()
    expect(phone.get_by_role("heading", name="Không để bị lừa · Người buôn bán")).to_be_focused()
    expect(phone.locator("hvs-continue")).to_contain_text("Học tiếp · còn 1 bài tập")
    expect(phone.locator("[data-path-start]")).to_be_hidden()
    phone.locator("hvs-continue a").click()
    expect(phone.locator("#lam-2")).to_be_visible()
    expect(phone.locator("#lam")).to_be_hidden()


@pytest.mark.clause("R-20")
def test_somebody_whose_group_is_known_is_not_asked_who_they_are_and_can_say_otherwise(
    phone: Page, starter: None, sign_in: Callable[[Page, Any], None]
) -> None:
    person = make_person()
    record_consent(
        actor=person,
        person=person,
        purpose=Purpose.LEARNING,
        given=True,
        text_version="1",
        how="web",
        at=clock.now(),
    )
    set_groups(person=person, groups=["WORKER"], at=clock.now())
    sign_in(phone, make_account(person))
    phone.goto("/")
    expect(phone.get_by_role("heading", name="Chọn một việc")).to_be_visible()
    phone.get_by_role("button", name="Người lao động").click()
    expect(phone.locator("button[data-who='lao-dong']")).to_have_attribute("aria-pressed", "true")
    phone.get_by_role("button", name="Người buôn bán").click()
    phone.get_by_role("button", name="Không để bị lừa").click()
    expect(phone.get_by_role("heading", name="Không để bị lừa · Người buôn bán")).to_be_visible()
