"""<hvs-practice> as a learner meets it: a real Chromium, the real partial, a strict content security policy, no Django server."""

from __future__ import annotations

import functools
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, Page

from hocvuso.curriculum import practice
from hocvuso.curriculum.practice import engine, validate

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
VECTORS = {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "tests/vectors/practice").glob("*.json"))}
STARTERS = {
    path.stem: practice.read_practice(path.read_text())
    for path in sorted((ROOT / "curriculum").glob("courses/*/*/lam-*.yaml"))
}
SHELL = """<!doctype html><html lang="vi" class="learner"><meta charset="utf-8"><title>Bài</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/web/tokens.css"><link rel="stylesheet" href="/static/web/base.css">
<link rel="stylesheet" href="/static/curriculum/practice.css"><main class="page"><h1>Bài</h1>{}</main>
<script type="module" src="/static/curriculum/practice-phone.js"></script></html>"""


class Site:
    """Practices by slug, each on a page of its own, with the headers of production."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.definitions: dict[str, str] = {}
        self.fail_next = False
        site = self

        class Handler(SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.strip("/")
                if name in site.pages:
                    self.reply(site.pages[name], "text/html")
                elif name.endswith(".json") and site.fail_next:
                    site.fail_next = False
                    self.send_error(503)
                elif name.endswith(".json"):
                    self.reply(site.definitions[name], "application/json")
                else:
                    super().do_GET()

            def translate_path(self, path: str) -> str:
                room, _, rest = path.removeprefix("/static/").partition("/")
                return str(ROOT / "src/hocvuso" / room / "static" / room / rest)

            def reply(self, text: str, kind: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Security-Policy", "default-src 'self'")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def add(self, definition: dict[str, Any], *, change: Callable[[str], str] = str) -> str:
        """Put a practice on a page and return its address. change: a last word on the partial's HTML."""
        slug = definition["slug"]
        self.definitions[f"{slug}.json"] = json.dumps(definition)
        card = {**definition, "url": f"/{slug}.json", "release": practice.release_of(definition)}
        with translation.override("vi"):
            part = render_to_string(
                "curriculum/_practice.html", {"practice": card, "next_url": "#dung", "next_label": "Sang bước Dùng"}
            )
        self.pages[slug] = SHELL.format(change(part))
        return f"http://127.0.0.1:{self.server.server_address[1]}/{slug}"


@pytest.fixture(scope="module")
def shelf() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()


@pytest.fixture
def opened(browser: Browser, shelf: Site) -> Iterator[Callable[..., Page]]:
    """`opened(definition, skin=…, width=…)`: the page, playing; finished traces gather in `window.finished`."""
    contexts = []
    problems: list[str] = []

    def go(
        definition: dict[str, Any],
        *,
        skin: str | None = None,
        width: int = 360,
        change: Callable[[str], str] = str,
        **options: Any,
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 740}, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if "Security Policy" in message.text else None)
        page.add_init_script(
            "window.finished = []; addEventListener('practice-finished', (e) => finished.push(e.detail))"
        )
        if skin:
            page.add_init_script(
                f"localStorage.getItem('hvs-practice-skin') || localStorage.setItem('hvs-practice-skin', '{skin}')"
            )
        page.goto(shelf.add(definition, change=change))
        page.wait_for_selector(".pr-phone")
        return page

    yield go
    for context in contexts:
        context.close()
    assert not problems, "\n".join(problems)


def tap(page: Page, block: str) -> None:
    page.click(f'.pr-glass [data-block="{block}"]')


def judged(page: Page, definition: dict[str, Any]) -> practice.ReplayResult:
    """What the server makes of the last trace the page handed out."""
    return practice.replay(definition, page.evaluate("finished[finished.length - 1].trace"))


def shortest_way(definition: dict[str, Any], skin: str) -> list[dict[str, Any]]:
    """The fewest actions from the start to an `end: pass` screen."""
    first = engine.start(definition, skin)
    seen = {(first.screen, frozenset(first.memory.items()))}
    todo: deque[tuple[engine.State, list[dict[str, Any]]]] = deque([(first, [])])
    while todo:
        state, way = todo.popleft()
        if state.end == "pass":
            return way
        for event in () if state.end else validate._actions(state):
            after = engine.step(state, event)
            here = (after.screen, frozenset(after.memory.items()))
            if here not in seen:
                seen.add(here)
                todo.append((after, [*way, dict(event)]))
    raise AssertionError("no way through")


def do(page: Page, event: dict[str, Any], block: dict[str, Any] | None) -> None:
    """One action, with the finger."""
    if event["on"] == "back":
        page.click(".pr-phone .pr-back")
    elif event["on"] == "tap":
        tap(page, event["id"])
    elif event["on"] == "choose":
        tap(page, f"{event['id']}-{event['option']}")
    elif block is not None and block["type"] == "keypad":
        for digit in event["value"] or "9" * block["length"]:
            tap(page, f"{event['id']}-{digit}")
    else:
        page.fill(f'[data-block="{event["id"]}"]', event["value"] or "gì đó khác")
        page.press(f'[data-block="{event["id"]}"]', "Enter")


@pytest.mark.clause("R-20")
@pytest.mark.parametrize(
    ("name", "skin"), [(name, ["android", "iphone"][place % 2]) for place, name in enumerate(STARTERS)]
)
def test_every_starter_practice_is_passed_by_hand_and_the_server_agrees(
    opened: Callable[..., Page], name: str, skin: str
) -> None:
    definition = STARTERS[name]
    page = opened(definition, skin=skin, width=320)
    page.evaluate("document.documentElement.style.fontSize = '150%'")
    state = engine.start(definition, skin)
    for event in shortest_way(definition, skin):
        block = next((one for one in engine.visible_blocks(state) if one.get("id") == event.get("id")), None)
        do(page, event, block)
        state = engine.step(state, event)
        assert page.inner_text(".pr-say") == engine.shown(state, engine.current(state)["say"])
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, state.screen
        assert page.is_visible(".pr-sim")
    result = judged(page, definition)
    assert (result.reason, result.passed, result.steps) == (None, True, state.steps)


def test_a_wrong_turn_is_explained_where_it_was_taken(opened: Callable[..., Page]) -> None:
    page = opened(VECTORS["call"]["definition"])
    tap(page, "nghe")
    tap(page, "tep_apk")
    assert page.inner_text(".pr-answer").endswith("Khoan đã. Tệp này xem được màn hình.")
    assert page.inner_text(".pr-answer b") == "Khoan đã."
    assert page.get_attribute(".is-wrong", "data-block") == "tep_apk"
    assert page.locator(".pr-acts button").all_inner_texts() == ["Gợi ý", "Thử lại"]
    page.click("text=Thử lại")
    assert page.locator(".is-wrong").count() == 0
    assert page.inner_text(".pr-answer") == ""
    assert page.evaluate("document.activeElement.className") == "pr-glass"


@pytest.mark.parametrize("text", ["", "large"])
@pytest.mark.parametrize("height", [740, 640])
@pytest.mark.parametrize("skin", ["android", "iphone"])
def test_after_a_wrong_turn_nothing_lies_over_the_choices(
    opened: Callable[..., Page], skin: str, height: int, text: str
) -> None:
    page = opened(STARTERS["lam-cuoc-goi-cong-an-gia"], skin=skin)
    page.set_viewport_size({"width": 360, "height": height})
    page.evaluate("(text) => document.documentElement.setAttribute('data-text', text)", text)
    tap(page, "nghe")
    tap(page, "hoi_so_hieu")
    assert page.locator(".pr-note--lamp").bounding_box()["y"] >= page.locator(".pr-phone").bounding_box()["y"]
    hidden = """() => [...document.querySelectorAll('.pr-glass [data-block]')].filter((one) => {
      one.scrollIntoView({block: 'center'});
      const box = one.getBoundingClientRect();
      const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      const end = document.documentElement.scrollHeight;
      return !one.contains(top) || box.top + scrollY + box.height / 2 > end;
    }).map((one) => one.dataset.block)"""
    assert page.locator(".pr-glass [data-block]").count() == 3
    assert page.evaluate(hidden) == []


def test_a_hint_an_idle_tap_and_the_way_on(opened: Callable[..., Page]) -> None:
    page = opened(VECTORS["call"]["definition"], skin="android")
    assert not page.is_visible("[data-practice-next]")
    page.click("text=Gợi ý")
    assert page.inner_text(".pr-answer") == "Gợi ý: Không bắt buộc phải nghe số lạ."
    page.click(".pr-nav .pr-back")
    assert page.inner_text(".pr-answer") == "Chỗ này chưa cần bấm."
    tap(page, "tu_choi")
    assert page.inner_text(".pr-answer") == "Đúng rồi. Không rẽ sai lần nào."
    assert page.is_visible("[data-practice-next]")
    assert page.evaluate("finished[0].trace.result") == {"end": "pass", "wrong": 0, "hints": 1, "idle": 1, "steps": 2}
    assert judged(page, VECTORS["call"]["definition"]).passed


def test_after_losing_one_starts_over_in_the_same_trace_and_after_passing_in_a_new_one(
    opened: Callable[..., Page],
) -> None:
    definition = VECTORS["call"]["definition"]
    page = opened(definition)
    tap(page, "nghe")
    tap(page, "cho_tien")
    assert page.inner_text(".pr-answer").strip() == "Tiền đi là không về."
    assert (judged(page, definition).valid, judged(page, definition).passed) == (True, False)
    page.click(".pr-acts >> text=Làm lại từ đầu")
    tap(page, "tu_choi")
    assert (judged(page, definition).passed, judged(page, definition).wrong) == (True, 1)
    page.click(".pr-acts >> text=Làm lại")
    tap(page, "tu_choi")
    assert [one["trace"]["result"]["steps"] for one in page.evaluate("finished")] == [2, 3, 1]


def test_the_keyboard_alone_is_enough(opened: Callable[..., Page]) -> None:
    definition = VECTORS["typing"]["definition"]
    page = opened(definition, skin="android")
    keys = page.keyboard

    def tab_to(wanted: str) -> None:
        for _ in range(40):
            keys.press("Tab")
            if page.evaluate("document.activeElement.dataset.block || ''") == wanted:
                return
        raise AssertionError(f"the keyboard does not reach {wanted}")

    tab_to("tim")
    keys.type("vneid")
    keys.press("Enter")
    tab_to("ma-1")
    keys.type("00")
    keys.press("Backspace")
    keys.type("00123")
    assert page.inner_text(".pr-say") == "Hỏi trợ lý."
    assert page.evaluate("document.activeElement.className") == "pr-glass"
    tab_to("hoi")
    keys.type("cho xin nguồn")
    keys.press("Enter")
    assert judged(page, definition).passed


@pytest.mark.clause("R-04")
def test_nothing_typed_leaves_the_phone(opened: Callable[..., Page]) -> None:
    definition = VECTORS["typing"]["definition"]
    page = opened(definition)
    for block, text in (("tim", "0912345678"), ("tim", "VNEID"), ("so_tien", "50.000 đ"), ("mk", "BiMat@Cua1Toi")):
        page.fill(f'[data-block="{block}"]', text)
        page.press(f'[data-block="{block}"]', "Enter")
    told = page.evaluate("JSON.stringify([finished, {...localStorage}, {...sessionStorage}])")
    assert page.evaluate("finished[0].trace.events.map((one) => one.value)") == [None, "Vneid", "50.000", "AAAAAAAA"]
    assert [text for text in ("0912345678", "VNEID", "BiMat", "50.000 đ") if text in told] == []
    assert judged(page, definition).passed


def test_an_empty_box_is_asked_for_and_is_no_event(opened: Callable[..., Page]) -> None:
    page = opened(VECTORS["typing"]["definition"])
    page.press('[data-block="tim"]', "Enter")
    assert page.inner_text(".pr-answer") == "Gõ vào ô này trước đã."
    assert page.evaluate("document.querySelector('hvs-practice').events") == []


def test_the_phone_chosen_once_is_remembered(opened: Callable[..., Page]) -> None:
    page = opened(VECTORS["memory"]["definition"], skin="android")
    assert page.inner_text(".pr-say") == "Chọn trên Android."
    page.check('input[value="iphone"]')
    assert page.inner_text(".pr-say") == "Chọn trên iPhone."
    page.reload()
    page.wait_for_selector('.pr-phone[data-skin="iphone"]')
    assert page.inner_text(".pr-say") == "Chọn trên iPhone."


def test_a_switch_shows_its_state_and_turns_back_when_that_was_wrong(opened: Callable[..., Page]) -> None:
    page = opened(VECTORS["memory"]["definition"])
    states = '[role="switch"]'
    assert [one.get_attribute("aria-checked") for one in page.locator(states).all()] == ["true", "false", "false"]
    tap(page, "dinh_vi")
    tap(page, "man_hinh")
    assert [one.get_attribute("aria-checked") for one in page.locator(states).all()] == ["false", "false", "false"]
    assert page.get_attribute(".is-wrong", "data-block") == "man_hinh"


def test_no_sentence_is_hard_coded(opened: Callable[..., Page]) -> None:
    def mark(part: str) -> str:
        return re.sub(r'(<span data-key="([a-z_]+)">)[^<]*', r"\1§\2§", part)

    definition = VECTORS["call"]["definition"]
    page = opened(definition, skin="android", change=mark)
    written = json.dumps(definition, ensure_ascii=False)
    seen: set[str] = set()

    def look() -> None:
        texts = page.evaluate(
            """() => [...document.querySelectorAll('.pr, .pr *')].flatMap((one) => [one.getAttribute('aria-label'),
            ...[...one.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data)]).filter(Boolean).map((t) => t.trim())"""
        )
        seen.update(text for text in texts if text not in written and "§" not in text)

    look()
    for step in ("nghe", "tep_apk", "cho_tien"):
        tap(page, step)
        look()
    page.click(".pr-acts button")
    page.click(".pr-acts button")
    look()
    tap(page, "tu_choi")
    look()
    # What is left belongs to the drawing, not to a language; the halves are a sentence of the practice, its first word bold.
    assert seen == {"9:41", "APK", "Sang bước Dùng"}


def test_a_practice_that_does_not_arrive_says_so_and_comes_on_the_second_try(browser: Browser, shelf: Site) -> None:
    page = browser.new_page()
    address = shelf.add(VECTORS["call"]["definition"])
    shelf.fail_next = True
    page.goto(address)
    page.wait_for_selector(".pr-failed")
    assert page.inner_text(".pr-failed p") == "Bài chưa về tới máy, có thể mạng đang yếu. Phần đã học vẫn còn."
    page.click("text=Tải lại")
    page.wait_for_selector(".pr-phone")
    assert page.inner_text(".pr-say") == "Chuông reo. Bạn làm gì?"
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("skin", ["android", "iphone"])
def test_axe_has_nothing_to_object_to(
    opened: Callable[..., Page], axe: Callable[..., None], skin: str, scheme: str
) -> None:
    page = opened(VECTORS["call"]["definition"], skin=skin, color_scheme=scheme)
    axe(page)
    tap(page, "nghe")
    tap(page, "tep_apk")
    axe(page)
    tap(page, "tat")
    axe(page)
    typing = opened(VECTORS["typing"]["definition"], skin=skin, color_scheme=scheme)
    typing.fill('[data-block="tim"]', "vneid")
    typing.press('[data-block="tim"]', "Enter")
    axe(typing)


def test_every_target_is_large_enough(opened: Callable[..., Page]) -> None:
    small = """() => [...document.querySelectorAll('.pr button, .pr a, .pr label, .pr input:not([type=radio])')]
      .filter((one) => one.offsetParent).map((one) => [one.textContent || one.className, one.getBoundingClientRect()])
      .filter(([, box]) => box.height < 47.5 || box.width < 44).map(([name]) => name)"""
    for name in ("call", "typing", "memory"):
        for skin in ("android", "iphone"):
            page = opened(VECTORS[name]["definition"], skin=skin, width=320)
            assert [one for one in page.evaluate(small) if one not in ("Tìm", "Khác")] == []


def test_the_script_is_light() -> None:
    import gzip

    static = ROOT / "src/hocvuso/curriculum/static/curriculum"
    sizes = [
        len(gzip.compress((static / name).read_bytes(), 9)) for name in ("practice-engine.js", "practice-phone.js")
    ]
    assert sum(sizes) <= 22 * 1024
