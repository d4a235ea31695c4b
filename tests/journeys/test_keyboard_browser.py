"""A whole practice without a finger and without a mouse, with letters twice as large, and nothing for axe to object to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hocvuso.curriculum.practice import engine
from hocvuso.curriculum.public import lesson_requirements, practice_definition
from tests.factories.traces import passing_trace

pytestmark = pytest.mark.browser
LESSON = "cuoc-goi-cong-an-gia"
# Twice the letters that learners get (base.css: 125%); what the browser's own setting does.
TWICE = "document.documentElement.style.fontSize = '250%'"


def go_to(page: Page, selector: str) -> None:
    """Press Tab until the focus stands there; a wall is a failure."""
    for _press in range(120):
        if page.evaluate("(one) => Boolean(document.activeElement && document.activeElement.matches(one))", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the Tab key does not reach {selector}")


def act(page: Page, event: dict[str, Any], block: dict[str, Any] | None) -> None:
    """One action of a practice with keys alone."""
    if event["on"] == "back":
        go_to(page, ".pr-phone .pr-back")
        page.keyboard.press("Enter")
    elif event["on"] == "tap":
        go_to(page, f'[data-block="{event["id"]}"]')
        page.keyboard.press("Enter")
    elif event["on"] == "choose":
        go_to(page, f'[data-block="{event["id"]}-{event["option"]}"]')
        page.keyboard.press("Enter")
    elif block is not None and block["type"] == "keypad":
        for digit in event["value"] or "9" * block["length"]:
            go_to(page, f'[data-block="{event["id"]}-{digit}"]')
            page.keyboard.press("Enter")
    else:
        go_to(page, f'[data-block="{event["id"]}"]')
        page.keyboard.type(event["value"] or "gì đó khác")
        page.keyboard.press("Enter")


@pytest.mark.clause("R-01")
def test_a_practice_is_walked_by_keyboard_alone_with_letters_twice_as_large(
    new_page: Callable[..., Page], axe: Callable[..., None], starter: None
) -> None:
    page = new_page(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page.goto(f"/bai/{LESSON}/")
    page.evaluate(TWICE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    go_to(page, "a[data-done='understand']")
    page.keyboard.press("Enter")
    for slug, digest in lesson_requirements(LESSON).practice_digests.items():
        definition = practice_definition(digest)
        place = page.locator(f".screen[data-practice='{slug}']")
        expect(place.locator(".pr-phone")).to_be_visible()
        state = engine.start(definition, "android")
        for event in passing_trace(definition)["events"]:
            block = next((one for one in engine.visible_blocks(state) if one.get("id") == event.get("id")), None)
            act(page, event, block)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, state.screen
            state = engine.step(state, {key: value for key, value in event.items() if key != "t"})
        expect(place.locator("[data-practice-next]")).to_be_visible()
        axe(page)
        go_to(page, f".screen[data-practice='{slug}'] [data-practice-next]")
        page.keyboard.press("Enter")
    expect(page.locator("#dung")).to_be_visible()
    go_to(page, "#dung input[type=checkbox]")
    page.keyboard.press("Space")
    assert page.locator("#dung input[type=checkbox]").first.is_checked()
    axe(page)
