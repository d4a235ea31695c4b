"""The loader: idempotent, polite to the studio, plain about mistakes."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Revision

from hocvuso.curriculum.models import LessonPage, Practice, Question, Release
from hocvuso.curriculum.public import catalogue, current_release, lesson_content, policies
from hocvuso.curriculum.starter import read_folder


def test_first_load_publishes_everything(loaded):
    assert len(loaded.created) == 17
    assert [card.slug for card in catalogue()] == ["giu-ma", "tra-tien"]
    assert {(kind, slug) for kind, slug in Release.objects.current().values_list("kind", "slug")} == {
        ("lesson", "giu-ma"),
        ("lesson", "tra-tien"),
        ("practice", "giu-ma-otp"),
        ("practice", "tra-ly-nuoc"),
        ("path", "duong"),
        ("meeting", "hop"),
    }
    assert policies()[0]["pass_ratio"] == 0.5


def test_second_load_changes_nothing(loaded, reload, folder, capsys):
    revisions, releases = Revision.objects.count(), Release.objects.count()
    again = reload()
    assert not again.changed
    assert again.kept == []
    call_command("curriculum", "load", str(folder))
    assert capsys.readouterr().out.strip() == "Không có gì thay đổi."
    assert (Revision.objects.count(), Release.objects.count()) == (revisions, releases)


def test_changed_lesson_gets_a_new_release_and_keeps_the_old_one(loaded, reload, rewrite):
    before = current_release("lesson", "giu-ma")
    rewrite("courses/khoa/giu-ma/hieu.md", "Tự đọc.", "Tự mình đọc.")
    assert reload().updated == ["lesson giu-ma"]
    after = current_release("lesson", "giu-ma")
    assert after.digest != before.digest
    before.refresh_from_db()
    assert not before.is_current
    assert "Tự đọc." in lesson_content(before.digest)["understand"][0]["html"]


def test_changed_practice_renews_the_lesson_that_holds_it(loaded, reload, rewrite):
    before = current_release("lesson", "giu-ma")
    rewrite("courses/khoa/giu-ma/lam-giu-ma-otp.yaml", "goal: Không đưa mã.", "goal: Giữ mã cho mình.")
    assert reload().updated == ["practice giu-ma-otp"]
    practice = lesson_content(current_release("lesson", "giu-ma").digest)["practices"][0]
    assert practice["goal"] == "Giữ mã cho mình."
    assert practice["digest"] == current_release("practice", "giu-ma-otp").digest
    assert current_release("lesson", "giu-ma").digest != before.digest


def test_lesson_edited_in_the_studio_is_left_alone(loaded, reload, rewrite, folder, capsys):
    page = LessonPage.objects.get(slug="giu-ma")
    page.title = "Sửa trong phòng soạn"
    page.save_revision().publish()
    rewrite("courses/khoa/giu-ma/lesson.yaml", "minutes: 4", "minutes: 9")
    call_command("curriculum", "load", str(folder))
    assert "lesson giu-ma" in capsys.readouterr().out
    page.refresh_from_db()
    assert (page.title, page.minutes) == ("Sửa trong phòng soạn", 4)


def test_a_draft_in_the_studio_counts_as_an_edit(loaded, reload, rewrite):
    page = LessonPage.objects.get(slug="giu-ma")
    page.title = "Bản nháp"
    page.save_revision()
    rewrite("courses/khoa/giu-ma/lesson.yaml", "minutes: 4", "minutes: 9")
    assert reload().kept == ["lesson giu-ma"]


def test_force_overwrites_the_studio(loaded, reload, rewrite):
    page = LessonPage.objects.get(slug="giu-ma")
    page.title = "Sửa trong phòng soạn"
    page.save_revision().publish()
    rewrite("courses/khoa/giu-ma/lesson.yaml", "minutes: 4", "minutes: 9")
    assert reload(force=True).updated == ["lesson giu-ma"]
    page.refresh_from_db()
    assert (page.title, page.minutes) == ("Giữ mã OTP", 9)


def test_practice_deleted_in_the_studio_does_not_come_back(loaded, reload, rewrite):
    LessonPage.objects.get(slug="tra-tien").lesson_practices.all().delete()
    Practice.objects.get(slug="tra-ly-nuoc").delete()
    rewrite("courses/khoa/tra-tien/lam-tra-ly-nuoc.yaml", "goal: Trả đúng người.", "goal: Trả đúng.")
    assert reload().kept == ["practice tra-ly-nuoc"]


def test_order_of_the_course_file_is_the_order_of_the_catalogue(loaded, reload, rewrite):
    rewrite("courses/khoa/course.yaml", "[giu-ma, tra-tien]", "[tra-tien, giu-ma]")
    reload()
    assert [card.slug for card in catalogue()] == ["tra-tien", "giu-ma"]


def test_questions_keep_the_order_of_their_answers(loaded):
    question = Question.objects.get(code="kiem-tra-2")
    assert [option.text for option in question.options.all()] == ["Việc bí mật một", "Việc bí mật hai"]


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "words"),
    [
        ("courses/khoa/giu-ma/lesson.yaml", "minutes: 4", "minutes: bốn", 4, "minutes"),
        ("courses/khoa/giu-ma/lesson.yaml", "[kt-4.2]", "[kt-9]", 7, "kt-9"),
        ("courses/khoa/giu-ma/lesson.yaml", "[ADULT, WORKER]", "[ADULT, NGUOI]", 6, "NGUOI"),
        ("courses/khoa/giu-ma/lesson.yaml", "slug: giu-ma", "slug: giu-mat", 1, "giu-ma"),
        ("courses/khoa/giu-ma/lesson.yaml", "\nchecked_on: 2026-11-01", "\nchecked_on: hôm qua", 11, "checked_on"),
        ("courses/khoa/giu-ma/lesson.yaml", "[ADULT, WORKER]", "[ADULT, WORKER", 6, ""),
        ("courses/khoa/giu-ma/hieu.md", "::: canh-bao", "::: nguy-hiem", 8, "nguy-hiem"),
        ("courses/khoa/giu-ma/hieu.md", "::: nho\nMã chỉ để mình gõ.\n:::", "::: nho\nMã chỉ để mình gõ.", 12, "nho"),
        ("courses/khoa/giu-ma/hieu.md", "**một lần**", "<b>một lần</b>", 3, "HTML"),
        ("courses/khoa/giu-ma/dung.yaml", "id: doc_tin", "id: mo_may", 4, "mo_may"),
        ("courses/khoa/giu-ma/lam-giu-ma-otp.yaml", "go: xong", "go: het", 8, "het"),
        ("courses/khoa/giu-ma/lam-giu-ma-otp.yaml", "slug: giu-ma-otp", "slug: khac", 1, "lam-khac.yaml"),
        ("courses/khoa/giu-ma/cau-hoi.yaml", "right: true, why: Chìa", "right: false, why: Chìa", 6, "right: true"),
        ("courses/khoa/giu-ma/lesson.yaml", "\nnext_check_on: 2027-02-01", "", 1, "next_check_on"),
        ("courses/khoa/giu-ma/lesson.yaml", "skills: [kt-4.2]", "skills: []", 1, "skills"),
        (
            "courses/khoa/giu-ma/lesson.yaml",
            '\nsources:\n  - {title: Nguồn thử, url: "https://example.gov.vn/nguon"}',
            "",
            1,
            "sources",
        ),
        ("courses/khoa/giu-ma/giao-an.md", "## Lỗi hay gặp", "## Lỗi", 1, "Lỗi hay gặp"),
        ("courses/khoa/giu-ma/loa.md", "Bà con", "Xem https://example.gov.vn. Bà con", 1, ""),
        ("courses/khoa/giu-ma/to-roi.yaml", "  - Tắt máy.\n", "", 2, ""),
        ("courses/khoa/giu-ma/cau-hoi.yaml", "text: Mình,", "text: Tất cả các đáp án trên đều đúng,", 6, ""),
        (
            "courses/khoa/giu-ma/cau-hoi.yaml",
            "text: Mình,",
            "text: Chỉ một mình mình dùng thôi và không đọc cho ai nghe cả,",
            6,
            "",
        ),
        ("courses/khoa/giu-ma/cau-hoi.yaml", "pair: Không đọc cho ai", "pair: Hỏi người nhà", 33, ""),
        (
            "courses/khoa/giu-ma/cau-hoi.yaml",
            "scene: {kind: sms, from: Số lạ}",
            "scene: {kind: thu, from: Số lạ}",
            40,
            "",
        ),
        ("courses/khoa/giu-ma/cau-hoi.yaml", "  story: Chị Ba đang nấu cơm. Máy báo có mã.\n", "", 48, "story"),
        ("meetings/hop.yaml", "minutes: 15", "minutes: 20", 19, "15"),
        ("meetings/hop.yaml", "lessons: [giu-ma]", "lessons: [giu-may]", 6, "giu-may"),
        ("external/ngoai.yaml", "https://example.edu.vn", "example.edu.vn", 4, "https"),
        ("courses/khoa/course.yaml", "tra-tien]", "tra-tien, mat]", 5, "mat"),
        ("paths/duong.yaml", "policy: bai-thu", "policy: bai-la", 5, "bai-la"),
        ("policies/bai-thu.yaml", "questions: 2", "questions: 3", 10, "3"),
        ("policies/bai-thu.yaml", "pass_ratio: 0.5", "pass_ratio: 50%", 7, "pass_ratio"),
    ],
)
def test_mistakes_are_told_with_file_and_line(folder, rewrite, name, old, new, line, words):
    rewrite(name, old, new)
    told = read_folder(folder).problems
    assert told, "nothing was found wrong"
    assert any(problem.file == name and problem.line == line and words in problem.sentence for problem in told), told


@pytest.mark.django_db
def test_nothing_is_loaded_while_anything_is_wrong(folder, rewrite):
    rewrite("courses/khoa/tra-tien/lesson.yaml", "minutes: 5", "minutes: 0")
    with pytest.raises(CommandError):
        call_command("curriculum", "load", str(folder))
    assert not Release.objects.exists()


def test_missing_folder_is_told(tmp_path):
    (problem,) = read_folder(tmp_path / "nowhere").problems
    assert "nowhere" in problem.file
