"""History of a text: who changed what, two versions or releases side by side in words, an old one taken up again."""

from __future__ import annotations

import pytest
from django.urls import reverse

from hocvuso.curriculum.comparing import compared, marked, told
from hocvuso.curriculum.models import LessonPage, Practice, Question, Release
from hocvuso.curriculum.public import current_release
from hocvuso.curriculum.versions import changed_parts, get_side, happenings, versions_of
from hocvuso.people.choices import Role
from tests.curriculum.test_studio import author, nation  # noqa: F401


def changes(kind: str, before: dict, after: dict) -> dict[str, dict[str, tuple[str, str]]]:
    """section → row → (words gone, words new)"""
    return {
        change.name: {
            row.label: (
                "".join(piece.text for piece in row.before if piece.mark),
                "".join(piece.text for piece in row.after if piece.mark),
            )
            for row in change.rows
        }
        for change in compared(told(kind, before), told(kind, after))
    }


def test_only_the_words_that_differ_are_marked():
    before, after = marked("Bấm nút xanh.", "Bấm nút đỏ.")
    assert [(piece.text, piece.mark) for piece in before] == [("Bấm nút ", ""), ("xanh.", "gone")]
    assert [(piece.text, piece.mark) for piece in after] == [("Bấm nút ", ""), ("đỏ.", "new")]


@pytest.mark.clause("R-23")
def test_a_practice_is_compared_screen_by_screen_in_words(loaded):
    practice = Practice.objects.get(slug="giu-ma-otp")
    before = practice.definition
    practice.source = practice.source.replace("label: Đọc mã", "label: Đọc to mã").replace(
        "wrong: Khoan. Đọc mã là mất tiền.", "wrong: Khoan. Tắt máy đi."
    )
    found = changes("practice", before, practice.definition)
    assert list(found) == ["Màn hình “goi”"]
    rows = found["Màn hình “goi”"]
    assert rows["Nút"] == ("", "to ")
    assert any("Tắt máy đi." in new for _old, new in rows.values())
    assert not any("{" in text for pair in rows.values() for text in pair)
    gone = {**before, "screens": {"goi": before["screens"]["goi"]}}
    assert "Màn hình “xong”" in changes("practice", before, gone)


def test_a_question_is_compared_answer_by_answer(loaded):
    question = Question.objects.get(code="nhanh-1").get_latest_revision_as_object()
    before = question.as_dict()
    after = {**before, "options": [{**before["options"][0], "right": False}, before["options"][1]]}
    rows = changes("question", before, after)["Câu hỏi nhanh-1"]
    assert rows == {"Câu trả lời a": ("(đúng) ", "(sai) ")}


def test_history_says_who_changed_what_and_the_page_compares_versions_and_releases(loaded, author):  # noqa: F811
    browser = author("Mot")
    page = LessonPage.objects.get(slug="giu-ma")
    first = current_release("lesson", "giu-ma").digest
    draft = page.get_latest_revision_as_object()
    draft.summary = "Mã của mình thì mình giữ kín."
    draft.use_help = "Hỏi con cháu."
    revision = draft.save_revision(user=browser.account, log_action=True)
    rows, following = versions_of(page)
    assert following is None
    assert (rows[0].by, rows[0].is_latest, rows[0].is_live) == ("Mot", True, False)
    assert rows[0].changed == ("Tóm tắt trong một, hai câu", "Ai giúp được")
    assert rows[1].is_live
    revision.publish(user=None)
    second = current_release("lesson", "giu-ma").digest
    assert happenings(page)
    told_page = browser.get(reverse("curriculum_studio:history", args=["lesson", page.pk])).content.decode()
    assert first[:16] in told_page
    assert second[:16] in told_page
    address = reverse("curriculum_studio:comparison", args=["lesson", page.pk])
    for pair in ((f"v{rows[1].pk}", f"v{revision.pk}"), (f"r{second}", f"r{first}"), (f"v{rows[1].pk}", f"r{second}")):
        words = browser.get(address, {"tu": pair[0], "den": pair[1]}).content.decode()
        assert "<ins>giữ kín.</ins>" in words
        assert "Hỏi con cháu." in words
        assert "{&#x27;" not in words
    same = browser.get(address, {"tu": f"v{revision.pk}", "den": f"r{second}"}).content.decode()
    assert "Hai bên nói như nhau" in same
    assert browser.get(address, {"tu": "v1x", "den": "r0"}).status_code == 404
    assert browser.get(address).status_code == 302


def test_the_history_takes_one_query_for_one_version_and_for_many(loaded, author, django_assert_num_queries):  # noqa: F811
    account = author("Mot").account
    page = LessonPage.objects.get(slug="giu-ma")
    for number in range(3):
        draft = LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        draft.summary = f"Lần {number}."
        draft.save_revision(user=account)
    with django_assert_num_queries(1):
        rows, following = versions_of(page, rows=2)
    assert [row.by for row in rows] == ["Mot", "Mot"]
    older, _ = versions_of(page, before=following, rows=2)
    assert {row.pk for row in older}.isdisjoint({row.pk for row in rows})


def test_what_a_form_does_to_line_ends_and_paragraphs_is_no_change(loaded):
    page = LessonPage.objects.get(slug="giu-ma")
    before = {"teaching_notes": "Một.\nHai.\n", "understand": '[{"id": "1", "type": "text", "value": "<p>Ba</p>"}]'}
    after = {
        "teaching_notes": "Một.\r\nHai.",
        "understand": '[{"id": "2", "type": "text", "value": "<p data-block-key=\\"x1\\">Ba</p>"}]',
    }
    assert changed_parts(page, before, after) == ()
    assert changed_parts(page, before, {**after, "teaching_notes": "Khác."}) == ("Giáo án",)


@pytest.mark.parametrize(("kind", "model"), [("lesson", LessonPage), ("practice", Practice), ("question", Question)])
def test_an_old_version_becomes_the_newest_draft_and_learners_keep_what_is_published(loaded, author, kind, model):  # noqa: F811
    browser, reader = author("Mot"), author("Ba", Role.REVIEWER)
    thing = model.objects.filter(live=True).first()
    old = thing.latest_revision
    draft = thing.get_latest_revision_as_object()
    if kind == "practice":
        draft.source = draft.source.replace("goal: ", "goal: Khác. ")
    elif kind == "question":
        draft.text = "Khác?"
    else:
        draft.title = "Khác"
    draft.save_revision(user=browser.account)
    releases = set(Release.objects.values_list("digest", flat=True))
    address = reverse("curriculum_studio:take_up", args=[kind, thing.pk, old.pk])
    assert reader.post(address).status_code in {302, 403}
    thing = model.objects.get(pk=thing.pk)
    assert thing.latest_revision_id != old.pk
    assert "Khác" in str(thing.latest_revision.content)
    assert browser.get(address).status_code == 405
    assert browser.post(address).status_code == 302
    thing = model.objects.get(pk=thing.pk)
    side = get_side(thing, f"v{thing.latest_revision_id}")
    assert compared(get_side(thing, f"v{old.pk}").sections, side.sections) == []
    assert thing.latest_revision.user_id == browser.account.pk
    assert set(Release.objects.values_list("digest", flat=True)) == releases
