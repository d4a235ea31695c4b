"""Releases: made once, never changed, the same bytes for the same content."""

from __future__ import annotations

import gzip
import hashlib

import brotli
import pytest

from hocvuso.curriculum.choices import ReleaseKind
from hocvuso.curriculum.errors import ReleaseIsFinal
from hocvuso.curriculum.models import LessonPage, Practice, Question, Release
from hocvuso.curriculum.practice import release_of
from hocvuso.curriculum.public import (
    current_release,
    graded_questions,
    lesson_content,
    practice_definition,
    release_by_digest,
    replay_practice,
)
from hocvuso.curriculum.services import make_release
from hocvuso.curriculum.signals import lesson_published


def test_release_cannot_be_saved_again(loaded):
    release = current_release("lesson", "giu-ma")
    release.slug = "khac"
    with pytest.raises(ReleaseIsFinal):
        release.save()


def test_release_cannot_be_deleted(loaded):
    with pytest.raises(ReleaseIsFinal):
        current_release("lesson", "giu-ma").delete()
    with pytest.raises(ReleaseIsFinal):
        Release.objects.all().delete()


def test_digest_names_the_bytes_and_their_compressed_twins(loaded):
    for release in Release.objects.all():
        body = bytes(release.body)
        assert hashlib.sha256(body).hexdigest() == release.digest
        assert brotli.decompress(bytes(release.body_br)) == body
        assert gzip.decompress(bytes(release.body_gz)) == body


def test_practice_release_is_the_one_traces_name(loaded):
    release = current_release("practice", "giu-ma-otp")
    assert release.digest == release_of(practice_definition(release.digest))


@pytest.mark.django_db
def test_same_bytes_give_the_same_release(now):
    first, made = make_release(kind=ReleaseKind.LESSON, slug="bai", body=b"{}", at=now)
    again, made_again = make_release(kind=ReleaseKind.LESSON, slug="bai", body=b"{}", at=now)
    assert (made, made_again) == (True, False)
    assert first.digest == again.digest
    assert Release.objects.count() == 1


@pytest.mark.django_db
def test_older_bytes_become_current_again(now):
    old, _ = make_release(kind=ReleaseKind.LESSON, slug="bai", body=b"{}", at=now)
    make_release(kind=ReleaseKind.LESSON, slug="bai", body=b"[]", at=now)
    back, changed = make_release(kind=ReleaseKind.LESSON, slug="bai", body=b"{}", at=now)
    assert changed
    assert back.digest == old.digest
    assert current_release("lesson", "bai").digest == old.digest
    assert Release.objects.count() == 2


def test_publishing_without_a_change_makes_no_release(loaded):
    before = Release.objects.count()
    LessonPage.objects.get(slug="giu-ma").save_revision().publish()
    assert Release.objects.count() == before


def test_publishing_announces_the_lesson_after_commit(loaded, django_capture_on_commit_callbacks):
    told = []
    lesson_published.connect(lambda lesson, **_: told.append(lesson), weak=False, dispatch_uid="test-told")
    try:
        page = LessonPage.objects.get(slug="giu-ma")
        page.title = "Giữ mã của mình"
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()
    finally:
        lesson_published.disconnect(dispatch_uid="test-told")
    assert [(one.slug, one.digest) for one in told] == [("giu-ma", current_release("lesson", "giu-ma").digest)]


def test_unpublished_lesson_is_not_current_but_stays_readable(loaded):
    digest = current_release("lesson", "giu-ma").digest
    LessonPage.objects.get(slug="giu-ma").unpublish()
    assert current_release("lesson", "giu-ma") is None
    assert release_by_digest(digest) is not None
    assert lesson_content(digest)["title"] == "Giữ mã OTP"


def test_draft_practice_is_published_with_its_lesson(loaded):
    practice = Practice.objects.get(slug="giu-ma-otp")
    practice.unpublish()
    assert current_release("practice", "giu-ma-otp") is None
    page = LessonPage.objects.get(slug="giu-ma")
    page.title = "Giữ mã lần nữa"
    page.save_revision().publish()
    assert current_release("practice", "giu-ma-otp") is not None


def test_graded_questions_never_enter_a_release(loaded):
    page = LessonPage.objects.get(slug="giu-ma")
    # Somebody ticks "only for the assessment" on a question that already stands in a lesson.
    question = Question.objects.get(code="nhanh-1")
    question.graded = True
    question.save_revision().publish()
    quick = lesson_content(current_release("lesson", page.slug).digest)["questions"]
    assert [one["id"] for one in quick] == ["ghep-1", "tim-1", "huong-1"]
    everything = b"".join(bytes(body) for body in Release.objects.values_list("body", flat=True)).decode()
    assert "bí mật" not in everything.replace("Câu hỏi bảo mật", "")
    assert {one["id"] for one in graded_questions()} == {"nhanh-1", "kiem-tra-1", "kiem-tra-2"}


def test_replay_passes_a_true_trace_and_refuses_a_foreign_release(loaded):
    digest = current_release("practice", "giu-ma-otp").digest
    trace = {
        "v": 1,
        "practice": "giu-ma-otp",
        "release": digest,
        "skin": "android",
        "events": [{"t": 10, "on": "tap", "id": "doc"}, {"t": 900, "on": "tap", "id": "tat"}],
        "result": {"end": "pass", "wrong": 1, "hints": 0, "idle": 0, "steps": 2},
    }
    assert replay_practice(digest, trace).passed
    assert replay_practice("0" * 64, trace).reason == "wrong_release"
    assert replay_practice(current_release("lesson", "giu-ma").digest, trace).reason == "wrong_release"
