"""Pictures of lessons in a real browser: seen in every scheme, without scripts and without a network; brought by an author."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from hocvuso.curriculum.loader import load
from hocvuso.curriculum.models import LessonPage, Picture
from hocvuso.curriculum.starter import read_folder
from hocvuso.kernel.clock import now
from hocvuso.people.choices import Role
from tests.curriculum.test_pictures import DRAWING, WORDS, photo
from tests.factories.people import make_officer
from tests.factories.spine import make_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
LESSON = "/bai/kich-hoat-vneid/"
# Waits until the phone holds all of these addresses.
KEPT = """async (addresses) => {
    for (let turn = 0; turn < 300; turn++) {
        const held = await Promise.all(addresses.map((one) => caches.match(one)));
        if (held.every(Boolean)) return true;
        await new Promise((go) => setTimeout(go, 200));
    }
    return false;
}"""


def _look(page: Page, name: str) -> None:
    if os.environ.get("HOCVUSO_PICTURES"):
        page.screenshot(path=f"{os.environ['HOCVUSO_PICTURES']}/{name}.png")


@pytest.fixture
def shipped(site: str, four_lessons: Path, tmp_path: Path) -> None:
    """The four lessons; one of them shows a drawing at its end."""
    folder = tmp_path / "curriculum"
    shutil.copytree(four_lessons, folder)
    (folder / "images").mkdir(exist_ok=True)
    (folder / "images/cuoi-bai.svg").write_text(DRAWING, encoding="utf-8")
    (folder / "images/cuoi-bai.yaml").write_text(WORDS, encoding="utf-8")
    text = next(folder.glob("courses/*/kich-hoat-vneid/hieu.md"))
    text.write_text(text.read_text(encoding="utf-8") + "\n![](hinh:cuoi-bai)\n", encoding="utf-8")
    load(starter=read_folder(folder), at=now())


def _last(page: Page) -> Locator:
    return page.locator("#hieu .picture img").last


def _seen(page: Page) -> None:
    """The last picture has come, for whoever looks at it."""
    picture = _last(page)
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    page.wait_for_function("() => [...document.querySelectorAll('#hieu .picture img')].pop().naturalWidth > 0")


@pytest.mark.clause("R-01", "R-21")
def test_a_picture_stands_in_its_place_before_it_comes_and_is_there_without_a_network(
    shipped: None, phone: Page, axe: Callable[..., None]
) -> None:
    phone.goto(LESSON)
    box = _last(phone).bounding_box()
    assert box is not None
    assert abs(box["width"] / box["height"] - 1.6) < 0.05
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=40_000)
    # The picture below was never looked at; the page and what it names are kept all the same.
    address = _last(phone).get_attribute("src")
    assert phone.evaluate(KEPT, [address, LESSON])
    phone.context.set_offline(True)
    phone.goto(LESSON)
    _seen(phone)
    _look(phone, "picture-360")
    phone.locator(".lesson__foot summary").click()
    expect(phone.locator(".lesson__foot")).to_contain_text("Ba dấu hiệu. Tác giả: Cô Mẫu. Giấy phép: CC BY-SA.")
    _look(phone, "picture-credit-360")
    axe(phone)
    phone.context.set_offline(False)


@pytest.mark.clause("R-01")
def test_a_picture_is_seen_in_the_dark_in_high_contrast_and_without_scripts(
    shipped: None, new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    for name, options in {
        "dark": {"color_scheme": "dark"},
        "contrast": {"contrast": "more"},
        "forced": {"forced_colors": "active"},
    }.items():
        page = new_page(viewport={"width": 1280, "height": 900}, **options)
        page.goto(LESSON)
        _seen(page)
        plate = _last(page).evaluate("image => getComputedStyle(image).backgroundColor")
        assert plate == "rgb(255, 253, 248)", name
        _look(page, f"picture-{name}-1280")
    plain = new_page(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    plain.goto(LESSON)
    _last(plain).scroll_into_view_if_needed()
    expect(_last(plain)).to_be_visible()
    assert _last(plain).get_attribute("alt")


def _chooser(page: Page) -> None:
    """The block of the editor: choose another picture by what is said of it."""
    block = page.locator("[data-contentpath='picture']").last
    block.scroll_into_view_if_needed()
    block.locator("button").first.click()
    page.get_by_role("button", name="Chọn hình khác").click()
    modal = page.locator(".modal-body")
    expect(modal.locator("img.hvs-thumb")).to_have_count(Picture.objects.count())
    _look(page, "picture-chooser-1280")
    modal.get_by_role("link", name="Ba dấu hiệu").click()
    expect(modal).to_have_count(0)
    expect(block).to_contain_text("Ba dấu hiệu")
    _look(page, "picture-block-1280")


@pytest.mark.clause("R-23")
def test_an_author_brings_a_picture_and_sees_it_in_the_draft(
    shipped: None, desktop: Page, sign_in: Callable[[Page, Any], None]
) -> None:
    sign_in(desktop, make_officer("Tác giả", make_city().city, Role.AUTHOR, "tacgia@x.test"))
    desktop.goto("/soan/snippets/curriculum/picture/add/")
    desktop.get_by_role("textbox", name="Tên hình").fill("Chợ sớm")
    desktop.locator("input[name=upload]").set_input_files(
        {"name": "cho.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(1600, 1000))}
    )
    desktop.get_by_role("textbox", name="Hình cho thấy gì").fill("Một sạp rau có mã QR.")
    desktop.get_by_role("textbox", name="Ai làm ra").fill("Cô Mẫu")
    desktop.get_by_role("combobox", name="Giấy phép").select_option("CC BY 4.0")
    desktop.get_by_role("textbox", name="Lấy từ đâu").fill("Chụp cho bài này")
    _look(desktop, "picture-form-1280")
    desktop.get_by_role("button", name="Việc khác").last.click()
    desktop.get_by_role("button", name="Lưu nháp").click()
    desktop.wait_for_url("**/picture/edit/**")
    expect(desktop.locator("img.hvs-thumb--large")).to_be_visible()
    _look(desktop, "picture-edit-1280")
    desktop.goto("/soan/snippets/curriculum/picture/")
    expect(desktop.locator("img.hvs-thumb").first).to_be_visible()
    _look(desktop, "picture-list-1280")
    made = Picture.objects.get(slug="cho-som")
    assert not made.live
    lesson = LessonPage.objects.get(slug="kich-hoat-vneid")
    lesson.understand.append(("hinh", {"picture": made, "alt": ""}))
    lesson.save_revision()
    desktop.goto(f"/soan/pages/{lesson.pk}/view_draft/")
    _seen(desktop)
    expect(_last(desktop)).to_have_attribute("alt", "Một sạp rau có mã QR.")
    _look(desktop, "picture-draft-1280")
    desktop.goto(f"/soan/pages/{lesson.pk}/edit/")
    desktop.get_by_role("tab", name="1. Hiểu").click()
    _chooser(desktop)
