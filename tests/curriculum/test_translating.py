"""A lesson side by side with its words in another language."""

from __future__ import annotations

import pytest

from hocvuso.curriculum.content import in_language, lesson_content
from hocvuso.curriculum.models import LessonPage
from hocvuso.curriculum.public import current_release
from hocvuso.curriculum.serving import pages
from hocvuso.curriculum.translating import parts_of, put_together, side_by_side
from tests.curriculum.test_studio import author, nation  # noqa: F401

ADDRESS = "/soan/dich/giu-ma/en/"


@pytest.fixture(autouse=True)
def _fresh_pages():
    pages.clear()


def draft() -> LessonPage:
    return LessonPage.objects.get(slug="giu-ma").get_latest_revision_as_object()


def in_english(page: LessonPage) -> dict[str, str]:
    """Every part told in English: sources of practices stay, other words get a mark."""
    return {
        part.key: part.source.replace("title: Có người xin mã", "title: Somebody asks for your code")
        if part.kind == "code"
        else "\n".join(f"In English {number}" for _line in part.source.splitlines())
        for number, part in enumerate(parts_of(page))
    }


@pytest.mark.clause("R-23")
def test_a_translation_is_a_draft_until_the_lesson_is_published_and_releases_stay_as_they_were(loaded, author, client):  # noqa: F811
    before = current_release("lesson", "giu-ma")
    told = client.get("/en/bai/tra-tien/").content.decode()
    assert "You read it in Vietnamese" in told
    browser = author("Mot")
    texts = in_english(draft())
    assert browser.post(ADDRESS, texts).status_code == 302
    assert current_release("lesson", "giu-ma").digest == before.digest
    draft().save_revision().publish()
    after = current_release("lesson", "giu-ma")
    assert after.digest != before.digest
    told = client.get("/en/bai/giu-ma/").content.decode()
    assert "In English 0" in told
    assert "Somebody asks for your code" in told
    assert "You read it in Vietnamese" not in told
    assert "In English" not in client.get("/bai/giu-ma/").content.decode()
    assert "In English" not in client.get(f"/phat-hanh/{before.digest}.json").content.decode()


def test_an_empty_part_stays_in_vietnamese_and_readers_are_told(loaded, author, client):  # noqa: F811
    texts = {**in_english(draft()), "use.help": " "}
    author("Mot").post(ADDRESS, texts)
    page = draft()
    assert {part.key for part in side_by_side(page, "en") if part.state == "new"} == {"use.help"}
    page.save_revision().publish()
    told = client.get("/en/bai/giu-ma/").content.decode()
    assert "Nhờ tổ công nghệ số." in told
    assert "Parts of this lesson have not been translated yet" in told


def test_a_part_whose_source_moved_on_is_flagged_until_somebody_has_read_it_again(loaded):
    page = draft()
    texts = in_english(page)
    words, _ = put_together(page, "en", texts)
    page.translations = {"en": words}
    page.use_help = "Nhờ con cháu trong nhà."
    assert [part.key for part in side_by_side(page, "en") if part.state == "changed"] == ["use.help"]
    page.translations = {"en": put_together(page, "en", texts)[0]}
    assert [part.key for part in side_by_side(page, "en") if part.state == "changed"] == ["use.help"]
    page.translations = {"en": put_together(page, "en", {**texts, "use.help!": "on"})[0]}
    assert all(part.state == "done" for part in side_by_side(page, "en"))


def test_notes_hand_out_and_loudspeaker_are_translated_too_and_what_is_left_says_so(loaded, author, client):  # noqa: F811
    texts = in_english(draft())
    texts |= {
        "teach.notes": "## At home\n\nSit beside the learner.",
        "teach.loudspeaker": "Neighbours, keep your code.",
        "teach.handout.title": "Keep your code",
        "teach.handout.lines": "Read it.\nType it.\nHang up.",
    }
    author("Mot").post(ADDRESS, {**texts, "teach.loudspeaker": ""})
    draft().save_revision().publish()
    told = client.get("/en/bai/giu-ma/day/").content.decode()
    assert "Sit beside the learner." in told
    assert "Mã OTP gửi về máy là chìa khóa của mình." in told
    assert "in Vietnamese" in told
    # Learners miss nothing that is for teachers.
    assert "Parts of this lesson have not been translated yet" not in client.get("/en/bai/giu-ma/").content.decode()
    assert client.get("/en/bai/giu-ma/to-roi.pdf").status_code == 200
    page = draft()
    page.teaching_notes = page.teaching_notes.replace("Ngồi cạnh", "Ngồi bên")
    changed = {part.key: part.state for part in side_by_side(page, "en") if part.state != "done"}
    assert changed == {"teach.notes": "changed", "teach.loudspeaker": "new"}
    assert "Sit beside" not in client.get("/bai/giu-ma/day/").content.decode()


def test_the_text_of_a_practice_is_checked_and_given_to_the_phone_while_it_is_translated(loaded, author, client):  # noqa: F811
    source = next(part for part in parts_of(draft()) if part.kind == "code").source
    browser = author("Mot")
    told = browser.post("/soan/dich/kiem/", {"yaml": source.replace("Đọc mã", "Read the code")}).json()
    assert told["problems"] == []
    assert told["definition"]["screens"]["goi"]["blocks"][0]["label"] == "Read the code"
    assert browser.post("/soan/dich/kiem/", {"yaml": "slug: ["}).json()["problems"]
    assert browser.post("/soan/dich/kiem/", {"yaml": source.replace("go: xong", "go: mat")}).json()["problems"]
    assert client.post("/soan/dich/kiem/", {"yaml": source}).status_code == 302
    assert "data-preview" in browser.get(ADDRESS).content.decode()


def test_a_source_that_grew_never_breaks_the_page_in_the_other_language(loaded):
    page = draft()
    page.translations = {"en": put_together(page, "en", in_english(page))[0]}
    page.use_steps.append(("step", {"code": "viec_moi", "text": "Việc mới.", "note": ""}))
    told = in_language(lesson_content(page), "en")
    assert [step["text"] for step in told["use"]["steps"]][-1] == "Việc mới."


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("understand.0", "<b>HTML</b>"),
        ("understand.0", "::: nho\nHộp\n:::"),
        ("practice.giu-ma-otp", "slug: khac"),
        ("practice.giu-ma-otp", "slug: ["),
    ],
)
def test_what_cannot_be_saved_is_said_at_its_part_and_kept_on_the_page(loaded, author, key, words):  # noqa: F811
    before = draft().translations
    answer = author("Mot").post(ADDRESS, {**in_english(draft()), key: words})
    assert answer.status_code == 422
    told = answer.content.decode()
    assert told.count('aria-invalid="true"') == 1
    assert "In English 0" in told
    assert draft().translations == before


def test_only_authors_translate_and_only_known_lessons_and_languages(loaded, author, client):  # noqa: F811
    assert client.get(ADDRESS).status_code == 302
    assert author("Ba", role=None).get(ADDRESS).status_code == 403
    browser = author("Mot")
    assert "Giữ mã OTP" in browser.get("/soan/dich/").content.decode()
    assert browser.get("/soan/dich/khong-co/en/").status_code == 404
    assert browser.get("/soan/dich/giu-ma/xx/").status_code == 404
