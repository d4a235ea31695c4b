"""Lessons on the phone: what saving a path takes, and that no lesson is heavy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from hocvuso.curriculum.public import catalogue, lesson_weight, published_paths

pytestmark = pytest.mark.django_db
MOST_BYTES = 300_000  # issue: a lesson with its pictures, sound apart


@pytest.mark.clause("R-01")
def test_no_lesson_with_its_pictures_weighs_more_than_300_kb(starter: None):
    pictures = Path(str(finders.find("curriculum/practice-drawings.svg"))).stat().st_size
    weights = {card.slug: lesson_weight(card.slug, card.digest) for card in catalogue()}
    assert weights
    heavy = {slug: weight.plain + pictures for slug, weight in weights.items() if weight.plain + pictures > MOST_BYTES}
    assert heavy == {}
    assert all(weight.sent < weight.plain / 2 for weight in weights.values())


@pytest.mark.clause("R-01")
def test_a_path_tells_its_size_and_addresses_before_anything_is_fetched(client: Client, starter: None):
    for path in published_paths():
        told = client.get(f"/tai-ve/{path.slug}.json")
        assert "public" in told["Cache-Control"]
        body = told.json()
        assert [lesson["slug"] for lesson in body["lessons"]] == list(path.lessons)
        assert body["bytes"] == sum(lesson["bytes"] for lesson in body["lessons"]) > 0
        for lesson in body["lessons"][:2]:
            assert all(client.get(url).status_code == 200 for url in lesson["urls"])
    page = client.get("/may-nay/")
    assert "public" in page["Cache-Control"]
    assert page.content.decode().count("<hvs-save") == len(published_paths())
    assert client.get("/tai-ve/khong-co.json").status_code == 404


@pytest.mark.clause("R-01")
def test_no_lesson_of_the_whole_curriculum_can_grow_beyond_300_kb(starter: None):
    """All of them, from their files: the page and the practices hold every sentence at most four times (steps, words for two
    phones, release), on top of the frame that every page has."""
    drawings = Path(str(finders.find("curriculum/practice-drawings.svg"))).stat().st_size
    whole = Path(__file__).resolve().parents[2] / "curriculum"

    def pictures(folder: Path) -> int:
        named = {
            one for text in folder.rglob("hieu.md") for one in re.findall(r"\(hinh:([a-z0-9-]+)\)", text.read_text())
        }
        return sum(next((whole / "images").glob(f"{one}.[!y]*")).stat().st_size + 500 for one in named)

    def written(folder: Path) -> int:
        return sum(
            file.stat().st_size
            for file in folder.iterdir()
            if file.is_file() and file.name not in {"giao-an.md", "to-roi.yaml", "loa.md"}
        )

    folders = {path.parent.name: path.parent for path in whole.glob("courses/*/*/lesson.yaml")}
    assert len(folders) >= 60
    frame = 0
    for card in catalogue():
        weight, source = lesson_weight(card.slug, card.digest), written(folders[card.slug])
        words = weight.plain - pictures(folders[card.slug])
        assert words - 4 * source < 60_000, card.slug
        frame = max(frame, words - 4 * source, 30_000)
    heavy = {slug: frame + 4 * written(folder) + drawings + pictures(folder) for slug, folder in folders.items()}
    assert {slug: size for slug, size in heavy.items() if size > MOST_BYTES} == {}
