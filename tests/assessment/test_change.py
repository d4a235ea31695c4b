"""Where to start, what is still used, policies made by officers, the bank's page, what people download."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from hocvuso.assessment.adaptive import EXPOSURE_LIMIT
from hocvuso.assessment.errors import NothingAsked
from hocvuso.assessment.exports import own_data
from hocvuso.assessment.models import Answer, Attempt, FollowUp, Item, Placement, Policy
from hocvuso.assessment.services import current_policy, open_attempt
from hocvuso.assessment.services.bank import refresh_items
from hocvuso.assessment.services.change import due_round, forget_old_placements, record_follow_up
from hocvuso.evidence.public import Evidence, milestones_of, project_all
from hocvuso.people.choices import Role
from tests.conftest import NOW
from tests.factories.spine import make_person, record

from .conftest import CODE, agree, client_of, fields, right, take, wrong

pytestmark = pytest.mark.django_db
START = "/bat-dau-tu-dau/"


def go_through(client: Client, choose) -> str:
    """Answer the short check to its end; the text of the suggestion."""
    assert client.post(START, {"group": "ADULT"})["Location"] == f"{START}1/"
    address = f"{START}1/"
    for _ in range(12):
        placement = Placement.objects.latest("started_at")
        question = placement.paper[-1]
        text = client.get(address).content.decode()
        assert question["id"] not in text and not any(o["why"] and o["why"] in text for o in question["options"])
        answer = client.post(address, fields(question, choose(question)))
        address = answer["Location"]
        if address.endswith("goi-y/"):
            break
    return client.get(address).content.decode()


@pytest.mark.clause("R-12")
def test_a_visitor_is_shown_where_to_start_and_signing_in_keeps_it_as_the_before(learner, clock_at):
    clock_at(NOW)
    client = Client()
    text = go_through(client, wrong)
    assert "Bắt đầu từ đây" in text and "/bai/" in text
    placement = Placement.objects.get()
    assert placement.person_id is None and 6 <= len(placement.answers) <= 10
    assert placement.ability is not None and placement.ability < 0
    assert not Evidence.objects.exists()
    client.force_login(
        client_of(learner) and learner.account, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    for _ in range(2):
        client.get("/kiem-tra/loi-nhac/")
    row = Evidence.objects.get(person=learner)
    assert (row.kind, row.details["right"], row.details["questions"]) == ("PLACEMENT_TAKEN", 0, len(placement.answers))
    project_all()
    assert "PLACED" in milestones_of(learner.pk)


def test_who_knows_everything_is_sent_to_the_test(city, clock_at):
    text = go_through(Client(), right)
    assert "Bạn biết cả rồi." in text or "Các bài này có thể bỏ qua" in text


def test_the_short_check_never_uses_a_question_of_the_tests(city, clock_at):
    from hocvuso.curriculum.public import graded_questions

    go_through(Client(), wrong)
    graded = {question["id"] for question in graded_questions()}
    assert not graded & {question["id"] for question in Placement.objects.get().paper}


def test_another_phone_does_not_see_my_short_check_and_old_ones_go(city, clock_at):
    go_through(Client(), wrong)
    for address in (f"{START}1/", f"{START}goi-y/"):
        assert Client().get(address).status_code == 404
    assert forget_old_placements(at=NOW + timedelta(days=89)) == 0
    assert forget_old_placements(at=NOW + timedelta(days=91)) == 1


@pytest.mark.clause("R-12")
def test_a_confirmed_person_is_asked_once_after_30_and_once_after_90_days(learner):
    record(learner, kind="CONFIRMED", at=NOW)
    project_all()
    for days, expected in [(29, None), (30, 30), (89, 30), (90, 90), (365, 90), (366, None)]:
        assert due_round(learner, NOW + timedelta(days=days)) == expected
    day = NOW + timedelta(days=31)
    kept = record_follow_up(person=learner, services=["vneid", "thanh-toan-qr", "khong-co"], at=day)
    assert kept.services == ["vneid", "thanh-toan-qr"]
    with pytest.raises(NothingAsked):
        record_follow_up(person=learner, services=["vneid"], at=day)
    record_follow_up(person=learner, services=[], at=NOW + timedelta(days=95))
    project_all()
    assert FollowUp.objects.count() == 2
    assert "USED_30D" in milestones_of(learner.pk) and "USED_90D" not in milestones_of(learner.pk)


def test_the_first_page_reminds_only_who_is_to_be_asked(browser, learner, clock_at):
    assert browser.get("/kiem-tra/loi-nhac/").content.decode().strip() == ""
    assert Client().get("/kiem-tra/loi-nhac/").content.decode().strip() == ""
    record(learner, kind="CONFIRMED", at=NOW)
    project_all()
    clock_at(NOW + timedelta(days=31))
    assert "/con-dung-khong/" in browser.get("/kiem-tra/loi-nhac/").content.decode()
    assert browser.post("/con-dung-khong/", {"service": ["vneid"]}).status_code == 302
    assert browser.get("/kiem-tra/loi-nhac/").content.decode().strip() == ""


@pytest.fixture
def leader(city, clock_at) -> Client:
    return officer_client(city.city, Role.LEADER)


def officer_client(unit, role) -> Client:
    from django.conf import settings

    from tests.factories.figures import make_officer

    account = make_officer(unit, role, f"Cán bộ {role}")
    client = Client()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def version_fields(policy: Policy, **changes) -> dict[str, object]:
    from hocvuso.assessment.officer_forms import begin_with

    sent = {name: value for name, value in begin_with(policy).items() if value is not False and value is not None}
    return {**sent, "valid_from": "2026-11-20", "reason": "QĐ 01/2026", **changes}


@pytest.mark.clause("R-27")
def test_a_leader_makes_a_version_that_holds_from_its_day_and_old_tests_keep_theirs(leader, learner):
    before = take(learner, correct=12)
    page = f"/dieu-hanh/bai-kiem-tra/{CODE}/"
    assert "Tạm, chờ văn bản" in leader.get(page).content.decode()
    sent = version_fields(
        current_policy(CODE),
        pass_percent="90",
        equivalences="binhdanhocvuso.gov.vn | chứng nhận",
        confirmed_by="EDUCATION",
    )
    assert leader.post(page, sent).status_code == 302
    new = Policy.objects.get(code=CODE, version=2)
    assert new.confirmed_by == "EDUCATION" and Item().exposure_limit == EXPOSURE_LIMIT == 0.25
    assert (str(new.pass_ratio), new.equivalences[0]["source"], new.made_by is not None) == (
        "0.900",
        "binhdanhocvuso.gov.vn",
        True,
    )
    assert current_policy(CODE, on=NOW.date()).version == 1
    assert current_policy(CODE, on=new.valid_from).version == 2
    assert open_attempt(person=learner, policy_code=CODE, at=NOW + timedelta(days=20)).policy.version == 2
    text = leader.get(page).content.decode()
    assert "Thay đổi: " in text and "mức đạt" in text and "QĐ 01/2026" in text
    before.refresh_from_db()
    assert before.passed


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"valid_from": "2026-11-01"}, "trước hôm nay"),
        ({"blueprint": "ndct-0 = 99"}, "thiếu câu hỏi"),
        ({"blueprint": "ba câu"}, "Không hiểu dòng 1"),
        ({"practice_tasks": "9", "practices": "khong-co"}, "thực hành"),
        ({"pass_percent": "0"}, "field__error"),
        ({"reason": ""}, "field__error"),
    ],
)
def test_an_unsound_version_is_refused_with_its_reason(leader, changes, words):
    answer = leader.post(f"/dieu-hanh/bai-kiem-tra/{CODE}/", version_fields(current_policy(CODE), **changes))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert Policy.objects.filter(code=CODE).count() == 1


def test_an_officer_of_a_ward_sees_policies_but_sets_none(city, clock_at):
    client = officer_client(city.binh_thanh, Role.OFFICER)
    page = f"/dieu-hanh/bai-kiem-tra/{CODE}/"
    assert client.get("/dieu-hanh/bai-kiem-tra/").status_code == 200
    assert "Đặt phiên bản tiếp theo" not in client.get(page).content.decode()
    assert client.post(page, version_fields(current_policy(CODE))).status_code == 403
    assert client.get("/dieu-hanh/bai-kiem-tra/khong-co/").status_code == 404


def test_authors_see_the_numbers_of_questions_and_void_one_with_a_reason(
    city, clock_at, learner, django_assert_num_queries
):
    refresh_items(at=NOW)
    attempt = take(learner, correct=11)
    author = officer_client(city.city, Role.AUTHOR)
    text = author.get("/dieu-hanh/ngan-hang-cau-hoi/").content.decode()
    assert "ước lượng" in text and Item.objects.order_by("code").first().code in text
    first = re.search(r'rel="next" href="([^"]+)"', text)
    assert first and author.get("/dieu-hanh/ngan-hang-cau-hoi/" + first[1].replace("&amp;", "&")).status_code == 200
    page = f"/dieu-hanh/ngan-hang-cau-hoi/{attempt.paper[14]['id']}/"
    assert author.post(page, {"state": "VOIDED", "reason": " "}).status_code == 422
    assert author.post(page, {"state": "VOIDED", "reason": "Hai đáp án đúng"}).status_code == 302
    assert "Đã hủy" in author.get(page).content.decode()
    assert author.post(page, {"state": "ACTIVE", "reason": "thôi"}).status_code == 404
    assert officer_client(city.binh_thanh, Role.OFFICER).get(page).status_code == 403


def test_what_people_download_holds_their_answers_in_words_and_no_key(learner):
    attempt = take(learner, correct=12)
    running = open_attempt(person=learner, policy_code=CODE, at=NOW + timedelta(hours=1))
    Answer.objects.create(
        person=learner, attempt_id=running.id, position=1, chosen=right(running.paper[0]), correct=True, answered_at=NOW
    )
    data = own_data(learner.pk)
    text = json.dumps(data, ensure_ascii=False)
    assert [one["passed"] for one in data["tests"]] == [True, None]
    assert len(data["tests"][0]["answers"]) == 15 and data["tests"][1]["answers"][0]["right"] is None
    assert not any(option["why"] and option["why"] in text for q in attempt.paper for option in q["options"])


def test_an_answer_of_another_paper_is_told_and_nothing_is_lost(browser, learner, city):
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    other = make_person(city.khu_pho_2, "Lê Văn Bảy")
    agree(other)
    theirs = open_attempt(person=other, policy_code=CODE, at=NOW)
    place = next(n for n, q in enumerate(attempt.paper, 1) if q["kind"] != "order")
    foreign = {"answer": [theirs.paper[0]["options"][0]["name"]]}
    answer = browser.post(f"/kiem-tra/bai/{attempt.id}/{place}/", foreign)
    assert answer.status_code == 422 and "thuộc một đề khác" in answer.content.decode()
    assert not Answer.objects.exists()
    assert Attempt.objects.get(id=attempt.id).is_open


@pytest.mark.parametrize(
    "kind,options,extra,send,expected",
    [
        ("spot", [("a", True), ("b", False)], {"scene": {"kind": "sms", "from": "Số lạ"}}, {"answer": ["a"]}, True),
        ("situation", [("a", True), ("b", False)], {"story": "Chuông reo."}, {"answer": ["b"]}, False),
        ("match", None, {}, {"pair-x": "p", "pair-y": "q"}, True),
        ("match", None, {}, {"pair-x": "q", "pair-y": "p"}, False),
    ],
)
def test_the_newer_kinds_are_shown_and_answered_without_scripts(browser, learner, kind, options, extra, send, expected):
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    if kind == "match":
        lines = [{"name": n, "text": n, "why": "", "partner": p} for n, p in [("x", "p"), ("y", "q")]]
        extra = {"partners": [{"name": "p", "text": "Ý một"}, {"name": "q", "text": "Ý hai"}]}
    else:
        lines = [{"name": name, "text": f"Phần {name}", "why": "", "right": fine} for name, fine in options]
    attempt.paper[0] = {**attempt.paper[0], "kind": kind, "options": lines, **extra}
    attempt.save(update_fields=["paper"])
    page = f"/kiem-tra/bai/{attempt.id}/1/"
    text = browser.get(page).content.decode()
    assert extra.get("story", "") in text and ("Số lạ" in text) is (kind == "spot")
    if kind == "match":
        half = browser.post(page, {"pair-x": "p"})
        assert half.status_code == 422 and "Mỗi dòng ghép với một ý riêng." in half.content.decode()
    assert browser.post(page, send).status_code == 302
    assert Answer.objects.get(attempt_id=attempt.id).correct is expected
    assert "Câu này đã trả lời rồi" in browser.get(page).content.decode()


def test_a_practice_is_shown_on_the_pretend_phone_and_a_broken_trace_is_told(browser, learner):
    old = Policy.objects.get(code=CODE)
    values = {field.name: getattr(old, field.name) for field in Policy._meta.fields if field.name != "id"}
    Policy.objects.create(**{**values, "version": 2, "practice_tasks": 1})
    attempt = open_attempt(person=learner, policy_code=CODE, at=NOW)
    page = f"/kiem-tra/bai/{attempt.id}/16/"
    text = browser.get(page).content.decode()
    assert "hvs-practice" in text and attempt.paper[15]["digest"] in text
    for trace in ("{", "[" * 5000, "x" * 200_000, '{"v": 1}'):
        told = browser.post(page, {"trace": trace}, headers={"Accept": "application/json"})
        assert (told.status_code, told.json()["error"]) == (422, "assessment.trace_refused")
    assert not Answer.objects.exists()
