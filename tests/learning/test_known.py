"""Test-out: a lesson counts when its quick questions are right at once and its practices are passed."""

from __future__ import annotations

import pytest
from django.test import Client

from hocvuso.curriculum.public import catalogue, lesson_content, lesson_requirements, practice_definition
from hocvuso.evidence.public import Evidence
from hocvuso.learning.models import LessonProgress
from hocvuso.learning.rules import all_right, shuffled
from tests.factories.traces import passing_trace
from tests.learning.test_sync import LESSON, activity, browser, city, learner, send, statuses  # noqa: F401

pytestmark = pytest.mark.django_db


def right_answers(content: dict) -> dict[str, list[str]]:
    return {
        question["id"]: [
            option["id"]
            for option in question["options"]
            if question["kind"] in {"order", "match"} or option.get("right")
        ]
        for question in content["questions"]
    }


@pytest.mark.clause("R-20")
def test_right_answers_and_a_passed_practice_finish_a_lesson_that_was_never_read(browser):  # noqa: F811
    needed = lesson_requirements(LESSON)
    answers = right_answers(lesson_content(needed.digest))
    passes = [
        activity("PRACTISED", trace=passing_trace(practice_definition(digest)))
        for digest in needed.practice_digests.values()
    ]
    known = activity("KNOWN", answers=answers, release=needed.digest)
    answer = send(browser, [known, *passes])
    assert {status for status, _reason in statuses(answer)} == {"stored"}
    assert answer.json()["state"]["lessons"][LESSON]["done"] is True
    row = LessonProgress.objects.get(lesson=LESSON)
    assert (row.understood_at, row.used_at) == (None, None)
    evidence = Evidence.objects.get(kind="LESSON_COMPLETED")
    assert evidence.details["known"] is True


def test_wrong_answers_another_release_and_answers_without_the_practice_finish_nothing(browser):  # noqa: F811
    needed = lesson_requirements(LESSON)
    answers = right_answers(lesson_content(needed.digest))
    other = lesson_requirements("tra-tien-qr").digest
    first = next(iter(answers))
    tries = [
        activity("KNOWN", answers={**answers, first: ["zz"]}, release=needed.digest),
        activity("KNOWN", answers={}, release=needed.digest),
        activity("KNOWN", answers=answers, release=other),
        activity("KNOWN", answers=answers, release="f" * 64),
        activity("KNOWN", answers=answers),
        activity("KNOWN", answers=answers, release=needed.digest),
    ]
    assert [reason for _status, reason in statuses(send(browser, tries))] == [
        "not_right",
        "not_right",
        "wrong_release",
        "wrong_release",
        "malformed",
        "",
    ]
    assert LessonProgress.objects.get(lesson=LESSON).completed_at is None


def test_every_kind_of_question_is_judged_by_its_own_rule():
    options = [{"id": "a", "right": True}, {"id": "b", "right": False}, {"id": "c", "right": True}]
    many, order = {"id": "m", "kind": "many", "options": options}, {"id": "o", "kind": "order", "options": options}
    assert all_right([many, order], {"m": ["c", "a"], "o": ["a", "b", "c"]})
    assert not all_right([many, order], {"m": ["a"], "o": ["a", "b", "c"]})
    assert not all_right([many, order], {"m": ["c", "a"], "o": ["b", "a", "c"]})
    assert shuffled(options, "x") != options and shuffled(options, "x") == shuffled(options, "x")


@pytest.mark.clause("R-20")
def test_every_lesson_can_be_tested_out_of_and_the_page_is_the_same_for_everybody(client: Client, starter: None):
    for card in catalogue():
        page = client.get(f"/bai/{card.slug}/biet-roi/")
        assert page.status_code == 200 and "public" in page["Cache-Control"]
        content = lesson_content(card.digest)
        assert content["questions"] or content["practices"]
        text = page.content.decode()
        assert all(f'data-question="{question["id"]}"' in text for question in content["questions"])
        assert f'href="/bai/{card.slug}/biet-roi/"' in client.get(f"/bai/{card.slug}/").content.decode()
    assert client.get("/bai/khong-co/biet-roi/").status_code == 404
