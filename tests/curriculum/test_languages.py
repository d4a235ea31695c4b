"""One lesson in two languages: the same codes and progress, other words."""

from __future__ import annotations

import pytest

from hocvuso.curriculum.content import in_language
from hocvuso.curriculum.models import Release
from hocvuso.curriculum.public import current_release, lesson_content, lesson_requirements, replay_practice
from hocvuso.curriculum.serving import pages
from hocvuso.curriculum.starter import read_folder

EN = "courses/khoa/giu-ma/en"


@pytest.fixture(autouse=True)
def _fresh_pages():
    pages.clear()


def test_lesson_is_shown_in_the_language_of_the_page(loaded, client):
    english, vietnamese = (client.get(f"{prefix}/bai/giu-ma/").content.decode() for prefix in ("/en", ""))
    for words in ("Keep your code", "The code is yours alone.", "Open the phone.", "Ask at home", "Ba is cooking."):
        assert words in english
        assert words not in vietnamese
    assert "Giữ mã OTP" in vietnamese
    assert "Tra tien" not in english
    assert "Trả tiền bằng QR" in client.get("/en/bai/tra-tien/").content.decode()


def test_practice_passed_in_another_language_counts_for_the_same_code(loaded):
    content = in_language(lesson_content(current_release("lesson", "giu-ma").digest), "en")
    (head,) = content["practices"]
    assert head["slug"] in lesson_requirements("giu-ma").practices
    assert head["digest"] != current_release("practice", "giu-ma-otp").digest
    assert not Release.objects.get(digest=head["digest"]).is_current
    trace = {
        "v": 1,
        "practice": "giu-ma-otp",
        "release": head["digest"],
        "skin": "android",
        "events": [{"t": 900, "on": "tap", "id": "tat"}],
        "result": {"end": "pass", "wrong": 0, "hints": 0, "idle": 0, "steps": 1},
    }
    assert replay_practice(head["digest"], trace).passed


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("dung.yaml", "id: doc_tin", "id: read", "doc_tin"),
        ("cau-hoi.yaml", "id: nhanh-1", "id: nhanh-9", "nhanh-9"),
        ("cau-hoi.yaml", "{id: b, text: The officer's", "{id: c, text: The officer's", ""),
        ("lam-giu-ma-otp.yaml", "slug: giu-ma-otp", "slug: other", "giu-ma-otp"),
        ("lesson.yaml", "summary: The code is yours.", "", "summary"),
    ],
)
def test_translation_keeps_every_code(folder, rewrite, name, old, new, words):
    rewrite(f"{EN}/{name}", old, new)
    told = read_folder(folder).problems
    assert any(problem.file == f"{EN}/{name}" and words in problem.sentence for problem in told), told
