"""Pages of the shell: the same for everybody, in two languages, without inline script or style, light enough."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from hocvuso.web import example
from hocvuso.web.bundles import BUNDLES, text_of

pytestmark = pytest.mark.django_db
PAGES = [
    "/",
    "/ve-chung-toi/",
    "/quyen-rieng-tu/",
    "/tro-giup/",
    "/ngoai-mang/",
    "/thanh-phan/",
    "/thanh-phan/dieu-hanh/",
]
LEARNER_PAGES = PAGES[:5]


@pytest.mark.parametrize("path", [*PAGES, *(f"/en{path}" for path in PAGES)])
def test_page_is_whole_and_strict(client, path):
    answer = client.get(path)
    text = answer.content.decode()
    assert answer.status_code == 200
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy and "object-src 'none'" in policy
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text) == []
    assert re.findall(r"<[^>]+\s(?:style|on[a-z]+)=", text) == []
    assert text.count("<h1") == 1
    assert f'<html lang="{"en" if path.startswith("/en/") else "vi"}"' in text
    assert 'href="#main"' in text and 'id="main"' in text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_offers_the_other_language(client, path):
    assert f'href="/en{path}" lang="en"' in client.get(path).content.decode()
    assert f'href="{path}" lang="vi"' in client.get(f"/en{path}").content.decode()


def test_the_language_switch_keeps_what_was_asked(client):
    assert 'href="/en/?tim=qr"' in client.get("/?tim=qr").content.decode()


@pytest.mark.clause("R-05")
@pytest.mark.parametrize("path", LEARNER_PAGES)
def test_learner_pages_are_the_same_for_everybody(client, admin_user, path):
    anonymous = client.get(path)
    client.force_login(admin_user, backend="allauth.account.auth_backends.AuthenticationBackend")
    signed_in = client.get(path)
    assert signed_in.content == anonymous.content
    assert signed_in["Cache-Control"].startswith("public")
    assert "Cookie" not in signed_in.get("Vary", "")
    assert not signed_in.cookies


@pytest.mark.clause("R-05")
@pytest.mark.parametrize("path", ["/vao/", "/thanh-phan/dieu-hanh/"])
def test_pages_that_know_the_visitor_are_never_public(client, path):
    assert "public" not in client.get(path).get("Cache-Control", "")


def test_home_lists_the_lessons(client, starter):
    text = client.get("/").content.decode()
    assert "Hôm nay bạn muốn làm được việc gì?" in text
    assert "Kích hoạt VNeID" in text
    assert 'action="/tim/"' in text


def test_home_without_lessons_says_that_they_come(client):
    assert "Bài học sắp có" in client.get("/").content.decode()


def test_home_asks_the_same_number_of_queries_with_any_number_of_lessons(
    client, starter, django_assert_max_num_queries
):
    with django_assert_max_num_queries(3):
        client.get("/")


def test_gallery_shows_every_icon_and_component(client):
    text = client.get("/thanh-phan/").content.decode() + client.get("/thanh-phan/dieu-hanh/").content.decode()
    assert [name for name in example.icon_names() if f"#{name}" not in text] == []
    looks = (
        "button continue row notice card states field search breadcrumb tabs pagination empty drawing tag lamps stat"
    )
    assert [name for name in looks.split() if f'class="{name}' not in text] == []
    assert all(f"<{name}" in text for name in ("dialog", "table", "svg", "details"))


def test_every_icon_a_lesson_names_exists(starter):
    from hocvuso.curriculum.public import catalogue

    assert {card.icon for card in catalogue()} - set(example.icon_names()) == set()


@pytest.mark.clause("R-01")
def test_the_shell_is_light():
    names = ["theme.js", "shell.js", "listen.js", "icons.svg"]
    sizes = {name: len(gzip.compress(Path(str(finders.find(f"web/{name}"))).read_bytes())) for name in names}
    fonts = sum(Path(str(finders.find(f"web/vendor/be-vietnam-pro-{w}.woff2"))).stat().st_size for w in (400, 600))
    style = len(gzip.compress(text_of("web/learner.css").encode()))
    assert Path(str(finders.find("web/theme.js"))).stat().st_size <= 1024
    assert sizes["theme.js"] + sizes["shell.js"] + sizes["listen.js"] <= 8_000
    assert fonts + style + sum(sizes.values()) <= 60_000


def test_bundles_hold_every_component():
    folder = Path(str(finders.find("web/tokens.css"))).parent / "components"
    used = {name for names in BUNDLES.values() for name in names}
    assert {path.stem for path in folder.glob("*.css")} == used


def test_vendored_files_are_those_that_were_checked():
    import hashlib

    folder = Path(str(finders.find("web/tokens.css"))).parent / "vendor"
    listed = dict(re.findall(r"^([0-9a-f]{64})  (\S+)$", (folder / "README.md").read_text(), flags=re.M))
    real = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path.name
        for path in folder.iterdir()
        if path.suffix in {".js", ".woff2"}
    }
    assert real == listed


def test_manifest_names_icons_that_exist(client):
    manifest = json.loads(client.get("/manifest.webmanifest").content)
    assert manifest["name"] == "Học Vụ Số"
    assert [icon["src"] for icon in manifest["icons"] if not finders.find(icon["src"].removeprefix("/static/"))] == []


def test_robots_stay_out_of_closed_places(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /dieu-hanh/" in text and "Disallow: /\n" not in text


def test_service_worker_is_told_the_shell(client):
    answer = client.get("/sw.js")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/javascript")
    assert re.match(r'const VERSION = "[0-9a-f]{16}";\nconst SHELL = \["/", "/ngoai-mang/"', text)


def test_offline_list_names_every_lesson(client, starter):
    answer = client.get("/api/v1/offline-list").json()
    assert "/bai/kich-hoat-vneid/" in answer["urls"]
    assert len(answer["urls"]) == len(set(answer["urls"])) >= 4
    assert len(answer["version"]) == 16


def test_me_tells_nothing_about_nobody(client):
    answer = client.get("/api/v1/me")
    assert answer.json() == {"signed_in": False}
    assert "no-store" in answer["Cache-Control"]
