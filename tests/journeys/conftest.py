"""Real pages in a real Chromium, on a real server over the test database.

`phone` (360 × 740, touch; `page` is another name for it), `desktop` (1280 × 900), `new_page(…)` for anything else,
`axe(page)` asserts that axe finds nothing, `sign_in(page, account)` opens a session without the sign-in pages.
A page that throws, or breaks the content security policy, fails its test.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, Page, expect, sync_playwright

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}

expect.set_options(timeout=20_000)  # two noisy cores: a page may be slow without being wrong


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.fail("There is no Chromium on this machine: apt-get install chromium")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright keeps an event loop in this thread; the tests' own queries beside it are meant.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()
    if before is None:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def site(browser: Browser, live_server: Any, django_db_serialized_rollback: None) -> str:
    """The address of the running server; rows that migrations made are there for every test."""
    return str(live_server.url)


@pytest.fixture
def new_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open a page with its own storage; options are those of Playwright's `new_context`."""
    contexts = []
    problems: list[str] = []

    def heard(message: Any) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    def make(**options: Any) -> Page:
        context = browser.new_context(base_url=site, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", heard)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    return new_page(**PHONE)


@pytest.fixture
def page(phone: Page) -> Page:
    return phone


@pytest.fixture
def desktop(new_page: Callable[..., Page]) -> Page:
    return new_page(**DESKTOP)


@pytest.fixture
def axe() -> Callable[..., None]:
    """`axe(page)`: nothing to object to, or the test fails with what and where."""

    def check(page: Page, context: str | None = None) -> None:
        # What fades in has its colour only at the end; an endless animation cannot be brought there.
        page.evaluate(
            "document.getAnimations().forEach((one) => { try { one.finish(); } catch (error) { one.cancel(); } })"
        )
        found = Axe().run(page, context)
        words = [
            f"{one['id']} ({one['impact']}): {one['help']}\n    "
            + "\n    ".join(f"{node['html'][:200]}  {node.get('failureSummary', '')}" for node in one["nodes"][:5])
            for one in found.response["violations"]
        ]
        assert not words, f"{page.url}\n" + "\n".join(words)

    return check


@pytest.fixture
def sign_in(site: str) -> Callable[[Page, Any], None]:
    """`sign_in(page, account)`: the page's browser holds a session of that account from now on."""

    def enter(page: Page, account: Any) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.create()
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": site}]
        )

    return enter
