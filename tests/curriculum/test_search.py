"""Search that forgives: the vectors, the index on a real database, and what it costs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from hocvuso.curriculum import search
from hocvuso.curriculum.choices import ReleaseKind
from hocvuso.curriculum.models import Release, SearchEntry, SearchGram
from hocvuso.kernel.clock import now

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "search.json").read_text(encoding="utf-8"))


def release(slug: str, title: str, summary: str = "", keywords: list[str] | None = None) -> None:
    body = {"kind": "lesson", "slug": slug, "title": title, "summary": summary, "keywords": keywords or []}
    from hocvuso.curriculum.rules import canonical
    from hocvuso.curriculum.services import make_release

    make_release(kind=ReleaseKind.LESSON, slug=slug, body=canonical(body), at=now())


@pytest.fixture
def lessons(db: None) -> None:
    for one in VECTORS["lessons"]:
        release(one["s"], one["t"], one["d"], one["k"])


@pytest.mark.clause("R-01", "R-20")
@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["asked"])
def test_slips_and_missing_tone_marks_find_the_lesson(lessons, case):
    found = search.found_slugs(case["asked"])
    assert (found[0] if found else None) == case["first"]


def test_a_search_is_a_constant_number_of_queries_however_many_lessons_there_are(lessons, django_assert_num_queries):
    search.refresh()
    with django_assert_num_queries(2):
        search.found_slugs("lua dao")
    for number in range(40):
        release(f"bai-{number}", f"Bài lừa đảo số {number}")
    search.refresh()
    with django_assert_num_queries(2):
        assert len(search.found_slugs("lua dao")) == 41


def test_a_new_release_is_found_by_its_new_words_and_a_withdrawn_one_is_forgotten(lessons):
    assert search.found_slugs("xuong rong") == []
    release("kich-hoat-vneid", "Chăm cây xương rồng")
    assert search.found_slugs("xuong rong") == ["kich-hoat-vneid"]
    assert search.found_slugs("vneid") == []
    Release.objects.filter(slug="tra-tien-qr").update(is_current=False)
    release("mat-khau-manh", "Mật khẩu mới")
    search.refresh()
    assert not SearchEntry.objects.filter(slug="tra-tien-qr").exists()
    assert not SearchGram.objects.filter(entry_id="tra-tien-qr").exists()


@pytest.mark.clause("R-01")
def test_the_page_without_words_and_the_list_are_kept_by_phones_and_nothing_found_says_what_to_do(
    client: Client, starter: None
):
    assert "public" in client.get("/tim/")["Cache-Control"]
    listed = client.get("/danh-muc.json")
    assert "public" in listed["Cache-Control"]
    assert {"s", "t", "d", "m", "k"} == set(listed.json()["lessons"][0])
    nothing = client.get("/tim/", {"q": "trồng cây bưởi"})
    assert "private" in nothing["Cache-Control"]
    assert "Chưa có bài nào về “trồng cây bưởi”" in nothing.content.decode()
    assert "/tro-giup/" in nothing.content.decode()
    found = client.get("/tim/", {"q": "vneit"}).content.decode()
    assert "/bai/kich-hoat-vneid/" in found
