"""The whole starter curriculum, loaded once here and nowhere else: sound, light, and unchanged by a second load."""

from __future__ import annotations

import io
import json
import re
from functools import cache

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from wagtail.models import Revision

from hocvuso.curriculum.loader import load, starter_folder
from hocvuso.curriculum.models import Release
from hocvuso.curriculum.public import catalogue, graded_questions
from hocvuso.curriculum.serving import pages
from hocvuso.curriculum.starter import read_folder

KILOBYTE = 1024


@pytest.fixture(autouse=True)
def _fresh_pages():
    """Digests repeat from test to test; what a page is made of must not."""
    pages.clear()


def _weight(path: str) -> int:
    if path.startswith("/phat-hanh/"):
        return len(Client().get(path, headers={"Accept-Encoding": "br"}).content)
    return _weight_of_file(path)


@cache
def _weight_of_file(path: str) -> int:
    file = finders.find(path.removeprefix("/static/").partition("#")[0])
    assert file, path
    with open(file, "rb") as opened:
        body = opened.read()
    return len(body) if path.endswith((".woff2", ".png")) else len(brotli.compress(body, quality=11))


def _references(html: str) -> tuple[set[str], set[str]]:
    """Scripts (with the modules they import) and everything else that a lesson page loads before anybody taps."""
    scripts = set(re.findall(r'<script[^>]+src="([^"]+)"', html)) | set(
        re.findall(r'rel="modulepreload" href="([^"]+)"', html)
    )
    waiting = list(scripts)
    while waiting:
        file = finders.find(waiting.pop().removeprefix("/static/"))
        with open(file, encoding="utf-8") as opened:
            imported = re.findall(r'(?:from|import)\s*\(?\s*"\./([\w.-]+)"', opened.read())
        folder = file.rsplit("/static/", 1)[1].rsplit("/", 1)[0]
        for name in imported:
            address = f"/static/{folder}/{name}"
            if address not in scripts:
                scripts.add(address)
                waiting.append(address)
    others = set(re.findall(r'<link rel="(?:stylesheet|preload)" href="([^"]+)"', html))
    others |= {address.partition("#")[0] for address in re.findall(r'<use href="([^"]+)"', html)}
    others |= set(re.findall(r'drawings="([^"]+)"', html)) | set(re.findall(r'src="(/phat-hanh/[^"]+)"', html))
    return scripts, others


def test_the_check_finds_nothing_and_counts_everything():
    told = io.StringIO()
    call_command("curriculum", "check", "--json", stdout=told)
    counts = json.loads(told.getvalue())
    assert counts["errors"] == []
    assert counts["lessons"] >= 64
    assert counts["practices"] >= 48
    assert counts["scam_drills"] >= 12
    assert counts["questions"] >= 500
    assert counts["meeting_packs"] >= 8
    assert counts["hand_outs"] == counts["lessons"] + counts["meeting_packs"]


@pytest.mark.clause("R-01")
def test_everything_loads_is_light_and_a_second_load_changes_nothing(db, now, client):
    starter = read_folder(starter_folder())
    assert load(starter=starter, at=now).kept == []
    cards = catalogue()
    assert len(cards) == len(starter.lessons)
    for card in cards:
        _check_weight(client, card.slug)
    made = Revision.objects.count(), Release.objects.count()
    assert not load(starter=starter, at=now).changed
    assert (Revision.objects.count(), Release.objects.count()) == made
    published = b"".join(bytes(body) for body in Release.objects.values_list("body", flat=True)).decode()
    graded = [question["id"] for question in graded_questions()]
    assert graded
    assert not [code for code in graded if f'"{code}"' in published]


def _check_weight(client: Client, slug: str) -> None:
    address = f"/bai/{slug}/"
    html = client.get(address).content.decode()
    scripts, others = _references(html)
    script = sum(_weight(one) for one in scripts)
    page = len(client.get(address, headers={"Accept-Encoding": "br"}).content)
    whole = script + page + sum(_weight(one) for one in others)
    assert script <= 60 * KILOBYTE, (slug, script)
    assert whole <= 150 * KILOBYTE, (slug, whole)
    if "data-practice=" in html:
        assert any("practice-phone" in one for one in scripts)
        assert any(one.startswith("/phat-hanh/") for one in others)
