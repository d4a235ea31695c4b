"""The pictures of the README, taken from a running demo: python tools/screenshots.py http://localhost:8000"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def open_page(browser: Browser, width: int, height: int) -> Page:
    page = browser.new_context(viewport={"width": width, "height": height}, has_touch=width < 500).new_page()
    page.set_default_timeout(60_000)
    return page


def main(address: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        phone = open_page(browser, 360, 740)
        phone.goto(address)
        phone.screenshot(path=FOLDER / "home.png")
        phone.goto(f"{address}/bai/cuoc-goi-cong-an-gia/#lam")
        phone.locator("hvs-practice").first.scroll_into_view_if_needed()
        phone.wait_for_timeout(1500)
        phone.screenshot(path=FOLDER / "practice.png")
        desk = open_page(browser, 1280, 860)
        desk.goto(f"{address}/tai-khoan/vao/mat-khau/")
        desk.fill("input[type=email], input[name=login]", "canbo@demo.test")
        desk.fill("input[type=password]", "hoc-vu-so-2026")
        desk.keyboard.press("Enter")
        desk.wait_for_load_state("networkidle")
        desk.goto(f"{address}/dieu-hanh/")
        desk.wait_for_timeout(1500)
        desk.screenshot(path=FOLDER / "dashboard.png")
        desk.goto(f"{address}/dieu-hanh/xac-nhan/")
        code = re.findall(r"HVS-[A-Z0-9]{4}-[A-Z0-9]{4}", desk.content())[0]
        phone.goto(f"{address}/xac-minh/{code}/")
        phone.screenshot(path=FOLDER / "verify.png")
        browser.close()


if __name__ == "__main__":
    main((sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000").rstrip("/"))
