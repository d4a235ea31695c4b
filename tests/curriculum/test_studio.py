"""The studio: who enters, how a text becomes a lesson, what authors are told."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polib
import pytest
import yaml
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.actions.publish_revision import PublishPermissionError
from wagtail.models import Locale, Page, Workflow

from hocvuso.curriculum import links
from hocvuso.curriculum.models import CoursePage, LessonPage, LessonQuestion, Practice, Question, Skill
from hocvuso.curriculum.models.lessons import ICONS, in_their_order
from hocvuso.curriculum.models.practices import SAMPLE
from hocvuso.curriculum.public import current_release
from hocvuso.curriculum.services import prepare_studio
from hocvuso.people.choices import Role
from hocvuso.people.public import REVIEWERS, create_account_with_password, end_mandate, grant_mandate, register_person
from hocvuso.units.models import Unit
from tests.curriculum.conftest import LOUDSPEAKER, NOTES
from tests.factories.curriculum import WHOLE

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def nation(db) -> Unit:
    return Unit.add_root(line="TERRITORY", kind="NATION", code="VN", name="Việt Nam")


@pytest.fixture
def author(nation, now, settings):
    """Make a signed-in browser of somebody with a role."""
    settings.DEMO = True

    def make(name: str, role: str | None = Role.AUTHOR) -> Client:
        person = register_person(actor=None, full_name=name, at=now)
        account = create_account_with_password(person, f"{name.lower()}@example.vn", "mat-khau-rat-dai", now, demo=True)
        if role:
            grant_mandate(actor=None, person=person, unit=nation, role=role, at=now)
        client = Client()
        client.force_login(account, BACKEND)
        client.person = person
        client.account = account
        return client

    return make


def test_visitor_is_sent_to_sign_in(loaded, client):
    answer = client.get("/soan/")
    assert answer.status_code == 302
    assert "/soan/" in answer.headers["Location"]
    assert not answer.headers["Location"].startswith("/soan/")


def test_a_password_alone_does_not_open_the_studio(loaded, client):
    """Wagtail's own sign-in page is closed: it knows no second step."""
    for address in ("/soan/login/", "/soan/password_reset/"):
        answer = client.post(address, {"username": "a", "password": "b"})
        assert answer.status_code == 302
        assert not answer.headers["Location"].startswith("/soan/")


@pytest.mark.parametrize("role", [None, Role.OFFICER, Role.LEADER, Role.AUDITOR])
def test_others_than_authors_are_turned_away_calmly(loaded, author, role):
    answer = author("Khach", role).get("/soan/")
    assert answer.status_code == 403
    assert "người soạn bài" in answer.content.decode()


def test_author_enters_and_is_greeted_in_vietnamese(loaded, author):
    answer = author("Soan").get("/soan/")
    words = answer.content.decode()
    assert answer.status_code == 200
    assert "Soạn một bài học" in words
    assert "Search all pages" not in words


def test_author_whose_mandate_ended_is_turned_away(loaded, author, now):
    client = author("Soan")
    end_mandate(actor=None, mandate=client.person.mandates.get(), at=now)
    assert client.get("/soan/").status_code == 403


def test_author_without_second_step_must_set_it_up(loaded, author, now):
    client = author("Soan")
    client.account.demo = False
    client.account.save()
    answer = client.get("/soan/")
    assert answer.status_code == 302


def draft(course: CoursePage, **values: object) -> LessonPage:
    page = LessonPage(
        title=values.pop("title", "Gửi ảnh cho con"),
        summary="Chọn ảnh, gửi đúng người.",
        groups=["ADULT"],
        understand=[("text", "<p>Bấm hình cái ảnh.</p>")],
        use_intro="Gửi thử.",
        use_steps=[("step", {"text": "Mở ảnh.", "note": "", "code": ""})],
        live=False,
        **values,
    )
    course.add_child(instance=page)
    return page


def whole_draft(course: CoursePage) -> LessonPage:
    """A draft that passes the checks of files: with sources, notes, hand-out, a quick question."""
    page = draft(
        course,
        skills=["kt-4.2"],
        checked_on=date(2026, 11, 1),
        next_check_on=date(2027, 2, 1),
        sources=[("source", {"title": "Nguồn thử", "url": ""})],
        use_help="Nhờ người nhà.",
        teaching_notes=NOTES,
        loudspeaker=LOUDSPEAKER,
        handout_title="Gửi ảnh",
        handout_lines="Mở ảnh.\nChọn người.\nBấm gửi.",
        handout_remember="Xem tên trước khi gửi.",
        handout_ask="Hỏi tổ công nghệ số.",
    )
    question = Question.objects.get(code="nhanh-1")
    page.lesson_questions = [LessonQuestion(question=question, sort_order=0)]
    return page


def test_code_of_a_lesson_is_made_from_its_title(loaded):
    page = draft(CoursePage.objects.get(), title="Gửi ảnh đẹp: cho “con”!")
    assert page.slug == "gui-anh-dep-cho-con"
    assert page.use_steps[0].value["code"] == "viec_1"


def _decide(client: Client, page: LessonPage, action: str = "approve") -> list[str]:
    """What the person may do with the text now; then they try `action`."""
    page = LessonPage.objects.get(pk=page.pk)
    names = [name for name, _label, _modal in page.current_workflow_task.get_actions(page, client.account)]
    client.post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, page.current_workflow_task_state.pk]),
        {"comment": "Thêm một câu dặn."},
    )
    return names


def test_lesson_is_written_reviewed_and_published_by_three_people(loaded, author):
    writer, other = author("Mot"), author("Hai")
    reviewer, publisher = author("Ba", Role.REVIEWER), author("Tu", Role.PUBLISHER)
    page = whole_draft(CoursePage.objects.get())
    page.save_revision(user=writer.account)
    page.get_workflow().start(page, writer.account)
    for nobody in (writer, other, publisher):
        assert _decide(nobody, page) == []
        assert LessonPage.objects.get(pk=page.pk).current_workflow_task.groups.get().name == REVIEWERS
    assert "approve" in _decide(reviewer, page)
    for nobody in (writer, other, reviewer):
        assert _decide(nobody, page) == []
        assert current_release("lesson", "gui-anh-cho-con") is None
    assert "approve" in _decide(publisher, page)
    assert current_release("lesson", "gui-anh-cho-con") is not None
    assert Client().get("/bai/gui-anh-cho-con/").status_code == 200


def test_the_last_approval_says_that_the_lesson_is_live_and_its_button_is_in_sight(loaded, author):
    writer, reviewer, publisher = author("Mot"), author("Ba", Role.REVIEWER), author("Tu", Role.PUBLISHER)
    page = whole_draft(CoursePage.objects.get())
    page.save_revision(user=writer.account)
    page.get_workflow().start(page, writer.account)
    waits = reviewer.get("/soan/").content.decode()
    assert re.search(
        r'<button type="button" class="button button-small" data-workflow-action-url="[^"]*/approve/', waits
    )
    _decide(reviewer, page)
    assert "Bài đã lên" not in reviewer.get("/soan/").content.decode()
    _decide(publisher, page)
    told = publisher.get("/soan/").content.decode()
    assert "Bài đã lên." in told
    assert re.search(r'<a[^>]*href="/bai/gui-anh-cho-con/"[^>]*>\s*Xem bài\s*</a>', told)
    assert "Bài đã lên." not in publisher.get("/soan/").content.decode()


def test_the_title_of_a_lesson_is_called_what_it_is(loaded, author):
    page = author("Mot").get(f"/soan/pages/{LessonPage.objects.get(slug='giu-ma').pk}/edit/").content.decode()
    assert "Tên bài" in page
    assert "hức vụ" not in page


def test_reviewer_returns_a_text_with_remarks_and_never_passes_the_own(loaded, author, nation, now):
    both, reviewer = author("Mot"), author("Hai", Role.REVIEWER)
    for role in (Role.REVIEWER, Role.PUBLISHER):
        grant_mandate(actor=None, person=both.person, unit=nation, role=role, at=now)
    page = whole_draft(CoursePage.objects.get())
    page.save_revision(user=both.account)
    page.get_workflow().start(page, both.account)
    assert _decide(both, page) == []
    assert "reject" in _decide(reviewer, page, "reject")
    page = LessonPage.objects.get(pk=page.pk)
    assert page.current_workflow_state.status == "needs_changes"
    assert page.current_workflow_state.current_task_state.comment == "Thêm một câu dặn."
    page.current_workflow_state.resume(user=both.account)
    _decide(reviewer, page)
    assert _decide(both, page) == []
    assert current_release("lesson", "gui-anh-cho-con") is None


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PUBLISHER])
def test_reviewers_and_publishers_see_and_do_not_write(loaded, author, role):
    client = author("Ba", role)
    assert client.get("/soan/").status_code == 200
    assert client.get("/soan/snippets/curriculum/practice/").status_code == 200
    assert not client.account.has_perm("curriculum.change_practice")
    assert client.get(f"/soan/ve/{Practice.objects.first().pk}/").status_code in {302, 403}


def test_author_alone_cannot_publish(loaded, author):
    client = author("Mot")
    page = draft(CoursePage.objects.get())
    page.save_revision(user=client.account)
    with pytest.raises(PublishPermissionError):
        page.get_latest_revision().publish(user=client.account)
    page.refresh_from_db()
    assert not page.live
    assert not page.permissions_for_user(client.account).can_publish()
    practice = Practice.objects.get(slug="giu-ma-otp")
    assert not client.account.has_perm("curriculum.publish_practice")
    assert client.get(f"/soan/snippets/curriculum/practice/unpublish/{practice.pk}/").status_code == 302
    practice.refresh_from_db()
    assert practice.live


@pytest.mark.parametrize(
    "address",
    [
        "/soan/lessons/",
        "/soan/snippets/curriculum/practice/",
        "/soan/snippets/curriculum/practice/add/",
        "/soan/snippets/curriculum/question/",
        "/soan/snippets/curriculum/question/add/",
        "/soan/snippets/curriculum/path/add/",
        "/soan/snippets/curriculum/skill/",
    ],
)
def test_pages_of_the_studio_open(loaded, author, address):
    assert author("Mot").get(address).status_code == 200


def test_every_thing_can_be_edited(loaded, author):
    client = author("Mot")
    for model, name in ((Practice, "practice"), (Question, "question")):
        assert client.get(f"/soan/snippets/curriculum/{name}/edit/{model.objects.first().pk}/").status_code == 200
    assert client.get(f"/soan/pages/{LessonPage.objects.get(slug='giu-ma').pk}/edit/").status_code == 200


def test_authors_do_not_touch_frameworks(loaded, author):
    client = author("Mot")
    skill = Skill.objects.first()
    assert client.post(f"/soan/snippets/curriculum/skill/delete/{skill.pk}/").status_code == 302
    assert Skill.objects.filter(pk=skill.pk).exists()


def test_saving_a_lesson_keeps_its_skills_in_their_order():
    """The first skill of a lesson counts for its practices; boxes are sent in the order of the page."""
    assert in_their_order(["c", "a"], ["a", "b", "c"]) == ["c", "a", "b"]
    assert in_their_order(["c", "a"], ["a"]) == ["a"]


def test_whoever_has_no_part_in_a_text_yet_is_told_so(loaded, author):
    browser = author("Tu", Role.PUBLISHER)
    answer = browser.get(f"/soan/pages/{LessonPage.objects.get(slug='giu-ma').pk}/edit/", follow=True)
    assert "chưa tới lượt bạn" in answer.content.decode()
    assert "/lich-su/lesson/" in browser.get("/soan/can-xem-lai/lesson/giu-ma/").headers["Location"]


def test_every_picture_of_our_lessons_can_be_chosen_so_that_saving_keeps_it():
    """A list without the value that a lesson has shows its first line, and saving would put that in its place."""
    used = {yaml.safe_load(file.read_text(encoding="utf-8"))["icon"] for file in WHOLE.glob("courses/*/*/lesson.yaml")}
    assert used - {code for code, _name in ICONS} == set()


def test_the_studios_own_words_say_nothing_else_than_the_rooms():
    """They come before every room's catalogue: another wording here would take the place of a room's."""
    source = Path(links.__file__).parent
    own = {
        (entry.msgctxt, entry.msgid): entry.msgstr
        for entry in polib.pofile(str(source / "studio_locale/vi/LC_MESSAGES/django.po"))
    }
    told = [
        (entry.msgid, entry.msgstr)
        for file in source.parent.glob("*/locale/vi/LC_MESSAGES/django.po")
        for entry in polib.pofile(str(file))
        if not entry.obsolete and own.get((entry.msgctxt, entry.msgid), entry.msgstr) != entry.msgstr
    ]
    assert told == []


def test_lesson_points_to_its_page_for_learners(loaded, settings):
    page = LessonPage.objects.get(slug="giu-ma")
    assert page.get_url() == "/bai/giu-ma/"
    assert page.full_url == f"{settings.PUBLIC_URL}/bai/giu-ma/"


def test_preview_of_a_draft_plays_the_practice_inside_the_page(loaded, rf):
    page = LessonPage.objects.get(slug="giu-ma")
    page.title = "Bản nháp"
    words = page.make_preview_request().content.decode()
    assert "Bản nháp" in words
    assert '<script type="application/json">' in words
    assert "bản nháp" in words.lower()


def test_preview_of_a_lesson_without_practices(loaded):
    page = draft(CoursePage.objects.get())
    assert page.make_preview_request().status_code == 200


def test_preview_of_a_practice_says_what_to_mend(loaded):
    practice = Practice(source=SAMPLE.replace("go: xong", "go: mat"))
    words = practice.make_preview_request().content.decode()
    assert "mat" in words
    assert "hvs-practice" not in words


def test_sample_practice_is_sound():
    practice = Practice(source=SAMPLE)
    assert practice.definition["start"] == "man_hinh_dau"
    from hocvuso.curriculum.models.practices import problem_sentences

    assert problem_sentences(practice.definition) == []


@pytest.mark.django_db
def test_broken_practice_cannot_be_saved_and_the_reason_is_plain():
    with pytest.raises(ValidationError) as caught:
        Practice(source="slug: a\n  title: b").full_clean()
    assert "Dòng 2" in str(caught.value)
    with pytest.raises(ValidationError) as caught:
        Practice(source=SAMPLE.replace("go: xong", "go: mat")).full_clean()
    assert "mat" in str(caught.value)


def test_code_of_a_published_practice_cannot_change(loaded):
    practice = Practice.objects.get(slug="giu-ma-otp")
    practice.source = practice.source.replace("slug: giu-ma-otp", "slug: ten-khac")
    with pytest.raises(ValidationError):
        practice.full_clean()


def test_code_of_a_published_lesson_cannot_change(loaded):
    page = LessonPage.objects.get(slug="giu-ma")
    page.slug = "ten-khac"
    with pytest.raises(ValidationError):
        page.full_clean()


def test_graded_question_cannot_stand_in_a_lesson(loaded):
    page = LessonPage.objects.get(slug="giu-ma")
    place = page.lesson_questions.first()
    place.question = Question.objects.get(code="kiem-tra-1")
    with pytest.raises(ValidationError):
        place.clean()


def test_preparing_twice_changes_nothing(loaded):
    before = prepare_studio()
    assert prepare_studio() == before
    assert Workflow.objects.filter(active=True).count() == 1


def test_preparing_after_the_tables_were_emptied(db):
    Page.objects.all().delete()
    Locale.objects.all().delete()
    assert prepare_studio().slug == "bai"


def test_question_written_in_the_studio_is_judged_like_one_in_a_file(loaded, author):
    client = author("An")
    address = reverse("wagtailsnippets_curriculum_question:add")
    sent = {
        "kind": "match",
        "story": "",
        "scene_kind": "",
        "scene_from": "",
        "text": "Ghép từng cặp.",
        "level": "1",
        "skill": "kt-4.2",
        "code": "tu-phong-soan",
        "lesson_slug": "giu-ma",
        "options-TOTAL_FORMS": "2",
        "options-INITIAL_FORMS": "0",
        "options-MIN_NUM_FORMS": "2",
        "options-MAX_NUM_FORMS": "6",
    }
    for number, (code, text) in enumerate([("a", "Mã OTP"), ("b", "Mật khẩu")]):
        sent |= {
            f"options-{number}-code": code,
            f"options-{number}-text": text,
            f"options-{number}-pair": "Giữ kín",
            f"options-{number}-why": "Vì của mình.",
            f"options-{number}-ORDER": str(number + 1),
        }
    words = client.post(address, sent).content.decode()
    assert "ba đến năm cặp" in words
    assert "cùng vế ghép" in words
    assert not Question.objects.filter(code="tu-phong-soan").exists()
