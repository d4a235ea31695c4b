"""The face of the room: catalogue, search, paths, requirements, question bank."""

from __future__ import annotations

import pytest

from hocvuso.curriculum.errors import LessonNotFound, PathNotFound, ReleaseNotFound
from hocvuso.curriculum.models import LessonPage, Practice
from hocvuso.curriculum.public import (
    catalogue,
    courses,
    find_lessons,
    graded_questions,
    lesson_requirements,
    lessons_of_path,
    practice_definition,
    published_paths,
)


def more_lessons(number: int) -> None:
    """Copies of a lesson under other codes, published."""
    page = LessonPage.objects.get(slug="giu-ma")
    for count in range(number):
        page.copy(update_attrs={"slug": f"giu-ma-{count}", "title": f"Giữ mã {count}"}, keep_live=True)
        copy = LessonPage.objects.get(slug=f"giu-ma-{count}")
        copy.save_revision().publish()


def test_catalogue_tells_what_lists_show(loaded):
    card = catalogue()[0]
    assert (card.slug, card.title, card.minutes, card.icon, card.course) == (
        "giu-ma",
        "Giữ mã OTP",
        4,
        "shield",
        "khoa",
    )
    assert card.groups == ("ADULT", "WORKER")


def test_catalogue_of_a_group(loaded):
    assert [card.slug for card in catalogue("WORKER")] == ["giu-ma"]
    assert catalogue("PUPIL") == []


def test_catalogue_takes_the_same_queries_for_any_number(loaded, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(catalogue()) == 2
    more_lessons(3)
    with django_assert_num_queries(2):
        assert len(catalogue()) == 5
    with django_assert_num_queries(3):
        assert len(courses()[0].lessons) == 5
    find_lessons("giu ma")  # makes the index of the new lessons
    with django_assert_num_queries(4):
        assert len(find_lessons("giu ma")) == 4


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("giu ma", ["giu-ma"]),
        ("GIỮ MÃ", ["giu-ma"]),
        ("lua dao", ["giu-ma"]),
        ("lừa đảo", ["giu-ma"]),
        ("duong dan", ["tra-tien"]),
        ("tra tien", ["tra-tien"]),
        ("", []),
        ("   ", []),
        ("xyz", []),
        ("100%_'", []),
    ],
)
@pytest.mark.clause("R-01")
def test_search_needs_no_tone_marks(loaded, words, found):
    assert [card.slug for card in find_lessons(words)] == found


def test_search_puts_the_title_first(loaded):
    page = LessonPage.objects.get(slug="tra-tien")
    page.keywords = ["giữ mã"]
    page.save_revision().publish()
    assert [card.slug for card in find_lessons("giữ mã")] == ["giu-ma", "tra-tien"]


def test_search_forgets_lessons_taken_down(loaded):
    LessonPage.objects.get(slug="giu-ma").unpublish()
    assert find_lessons("giu ma") == []


def test_path_keeps_its_own_order(loaded):
    (path,) = published_paths()
    assert (path.slug, path.group, path.policy, path.lessons) == ("duong", "ADULT", "bai-thu", ("tra-tien", "giu-ma"))
    assert [card.slug for card in lessons_of_path("duong")] == ["tra-tien", "giu-ma"]
    with pytest.raises(PathNotFound):
        lessons_of_path("khong-co")


def test_finishing_a_lesson_takes_every_practice(loaded):
    needed = lesson_requirements("giu-ma")
    assert needed.practices == ("giu-ma-otp",)
    assert practice_definition(needed.practice_digests["giu-ma-otp"])["scam"] is True
    assert (needed.steps, needed.service) == (("mo_may", "doc_tin"), "vneid")
    with pytest.raises(LessonNotFound):
        lesson_requirements("khong-co")


def test_question_bank_takes_what_stands_below_a_skill(loaded, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert {one["id"] for one in graded_questions()} == {"kiem-tra-1", "kiem-tra-2"}
    assert [one["id"] for one in graded_questions(["kt-4"])] == ["kiem-tra-1"]
    assert graded_questions(["kt"]) == []
    assert graded_questions([]) == []
    (question,) = graded_questions(["kt-4.2"])
    assert question["lesson"] == "giu-ma"
    assert [option["right"] for option in question["options"]] == [True, False]


def test_order_question_has_no_right_flags(loaded):
    (question,) = graded_questions(["kt-1"])
    assert all("right" not in option for option in question["options"])


@pytest.mark.django_db
def test_unknown_digest_is_named():
    with pytest.raises(ReleaseNotFound):
        practice_definition("0" * 64)


def test_practice_without_release_is_not_offered(loaded):
    Practice.objects.get(slug="giu-ma-otp").unpublish()
    # The lesson's release still names the practice it was published with: learners can go on.
    assert lesson_requirements("giu-ma").practices == ("giu-ma-otp",)
