"""Draw the PNG icons of the installed app from web/icons/mark.svg: python tools/icons.py (needs Chromium)."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "src" / "hocvuso" / "web" / "static" / "web" / "icons"
# name: (pixels, share of the side that the mark takes; launchers cut a maskable icon to four fifths)
ICONS = {"mark-192.png": (192, 1.0), "mark-512.png": (512, 1.0), "mark-maskable-512.png": (512, 0.8)}


def main() -> None:
    drawing = (FOLDER / "mark.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        for name, (size, share) in ICONS.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            inner = round(size * share)
            ground = "#0C3566" if share < 1 else "transparent"
            page.set_content(
                f"<style>body{{margin:0;background:{ground};height:100vh;display:grid;place-items:center}}"
                f"svg{{width:{inner}px;height:{inner}px}}</style>{drawing}"
            )
            page.screenshot(path=FOLDER / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
