"""The pages of a test."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from hocvuso.assessment.models import Answer, Attempt, Policy
from hocvuso.assessment.services import answer, open_attempt
from hocvuso.evidence.public import Evidence
from tests.conftest import NOW
from tests.factories.spine import make_person

from .conftest import CODE, agree, client_of, fields, right, take, wrong

pytestmark = pytest.mark.django_db
INTRODUCTION = f"/kiem-tra/{CODE}/"
QUESTION_QUERIES = 6
LIST_QUERIES = 8
JSON = {"Accept": "application/json"}


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response
    return response.content.decode()


@pytest.fixture
def attempt(learner, browser) -> Attempt:
    return open_attempt(person=learner, policy_code=CODE, at=NOW)


def place(attempt: Attempt, rest: str | int) -> str:
    return f"/kiem-tra/bai/{attempt.id}/{rest}/"


def of_kind(attempt: Attempt, kind: str) -> int:
    """Make the first question of the paper one of this kind; its position."""
    if kind == "order":
        options = [{"name": name, "text": f"Việc {name}", "why": "", "rank": rank} for rank, name in enumerate("cab")]
    else:
        limit = "b" if kind == "one" else "c"
        options = [{"name": name, "text": f"Ý {name}", "why": "Vì thế.", "right": name < limit} for name in "abc"]
    attempt.paper[0] = {**attempt.paper[0], "kind": kind, "options": options}
    attempt.save(update_fields=["paper"])
    return 1


@pytest.mark.clause("R-27")
def test_a_visitor_sees_every_test_and_is_led_through_the_door_and_back(city):
    client = Client()
    assert Policy.objects.get(code=CODE).title in page(client, "/kiem-tra/")
    text = page(client, INTRODUCTION)
    assert f"/tai-khoan/vao/?next={INTRODUCTION}" in text
    assert "Bắt đầu" not in text
    answer = client.post(INTRODUCTION)
    assert (answer.status_code, answer["Location"]) == (302, f"/tai-khoan/vao/?next={INTRODUCTION}")
    assert not Attempt.objects.exists()


@pytest.mark.clause("R-27")
def test_the_introduction_says_how_long_how_many_and_that_it_is_provisional(browser):
    text = page(browser, INTRODUCTION)
    for words in ["15 câu hỏi", "15 phút", "Đúng 12 trên 15 câu (80%)", "Tạm, chờ văn bản", "QĐ 757", "Bắt đầu"]:
        assert words in text


def test_a_learner_sees_their_own_test_first(browser, learner):
    text = page(browser, "/kiem-tra/")
    mine, others = text.split("Các bài khác")
    assert Policy.objects.get(group="ADULT").title in mine
    assert Policy.objects.get(group="PUPIL").title in others and Policy.objects.get(group="PUPIL").title not in mine


def test_the_button_starts_one_test_and_pressing_it_again_goes_on(browser, learner):
    first = browser.post(INTRODUCTION)
    attempt = Attempt.objects.get(person=learner)
    assert first["Location"] == place(attempt, 1)
    answer(person=learner, attempt_id=attempt.id, position=1, chosen=right(attempt.paper[0]), at=NOW)
    assert browser.post(INTRODUCTION)["Location"] == place(attempt, 2)
    assert "Làm tiếp" in page(browser, INTRODUCTION)


def test_without_a_yes_to_keeping_results_no_test_begins(city, clock_at):
    person = make_person(city.khu_pho_1)
    client = client_of(person)
    assert "đồng ý cho lưu kết quả" in page(client, INTRODUCTION)
    assert client.post(INTRODUCTION).status_code == 403
    assert not Attempt.objects.exists()
    client.post("/tai-khoan/dong-y/", {"purpose": "LEARNING", "answer": "yes"})
    assert client.post(INTRODUCTION).status_code == 302


@pytest.mark.parametrize("kind", ["one", "many", "order"])
def test_answering_leads_to_the_next_question(browser, attempt, kind):
    position = of_kind(attempt, kind)
    question = attempt.paper[0]
    text = page(browser, place(attempt, position))
    assert "Câu 1 / 15" in text and "còn khoảng 15 phút" in text
    answer = browser.post(place(attempt, position), fields(question, right(question)))
    assert (answer.status_code, answer["Location"]) == (302, place(attempt, 2))
    assert Answer.objects.get(attempt_id=attempt.id).correct is True


def test_a_question_page_holds_no_key(browser, attempt):
    for position, question in enumerate(attempt.paper, 1):
        text = page(browser, place(attempt, position))
        assert question["id"] not in text and "right" not in text.split("<main")[1]
        assert not any(option["why"] and option["why"] in text for option in question["options"])


def test_answering_nothing_is_told_beside_the_question(browser, attempt):
    of_kind(attempt, "one")
    answer = browser.post(place(attempt, 1), {})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    told = browser.post(place(attempt, 1), {}, headers=JSON)
    assert (told.status_code, told.json()["error"]) == (422, "assessment.answer_unreadable")


def test_numbers_that_are_missing_or_doubled_are_asked_for_again_and_kept(browser, attempt):
    of_kind(attempt, "order")
    answer = browser.post(place(attempt, 1), {"rank-a": "1", "rank-b": "1", "rank-c": "2"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "Mỗi dòng một số khác nhau, từ 1 đến 3." in text
    assert sorted(re.findall(r'value="(\d)" selected', text)) == ["1", "1", "2"]


def test_leaving_a_question_for_later_leads_round_to_what_has_no_answer(browser, learner, attempt):
    for position in range(2, 16):
        chosen = right(attempt.paper[position - 1])
        if position != 14:
            answer(person=learner, attempt_id=attempt.id, position=position, chosen=chosen, at=NOW)
    assert f'href="{place(attempt, 14)}"' in page(browser, place(attempt, 1))
    assert f'href="{place(attempt, 1)}"' in page(browser, place(attempt, 14))


def test_an_answer_sent_again_goes_on_and_another_one_is_refused_kindly(browser, attempt):
    question = attempt.paper[0]
    for _ in range(2):
        assert browser.post(place(attempt, 1), fields(question, right(question)), headers=JSON).json() == {
            "go": place(attempt, 2)
        }
    browser.post(place(attempt, 1), fields(question, wrong(question)), headers=JSON)
    assert "Câu trả lời đầu tiên" in page(browser, place(attempt, 2))
    assert "Câu này đã trả lời rồi" in page(browser, place(attempt, 1))
    assert Answer.objects.get(attempt_id=attempt.id).correct is True


def test_the_review_says_which_questions_have_no_answer(browser, learner, attempt):
    for position in range(1, 14):
        chosen = right(attempt.paper[position - 1])
        answer(person=learner, attempt_id=attempt.id, position=position, chosen=chosen, at=NOW)
    text = page(browser, place(attempt, "xem-lai"))
    assert "Còn 2 câu chưa trả lời." in text and "Làm tiếp câu 14" in text
    assert text.count('chưa trả lời"') == 2


@pytest.mark.clause("R-27")
def test_handing_in_a_passed_test_shows_the_certificate(browser, learner, attempt):
    for position, question in enumerate(attempt.paper, 1):
        chosen = right(question) if position <= 12 else wrong(question)
        browser.post(place(attempt, position), fields(question, chosen))
    done = browser.post(place(attempt, "nop"))
    assert done["Location"] == place(attempt, "ket-qua")
    text = page(browser, place(attempt, "ket-qua"))
    assert "Bạn đã đạt." in text and "Đúng 12 trên 15 câu." in text
    assert Evidence.objects.filter(person=learner, kind="ASSESSMENT_PASSED").count() == 1
    assert browser.post(place(attempt, "nop"))["Location"] == place(attempt, "ket-qua")
    assert Evidence.objects.filter(person=learner, kind="ASSESSMENT_PASSED").count() == 1


@pytest.mark.clause("R-27")
def test_a_result_below_the_line_says_kindly_what_to_learn_and_never_the_key(browser, learner, clock_at):
    attempt = take(learner, correct=11)
    text = page(browser, place(attempt, "ket-qua"))
    assert "Lần này chưa đạt." in text and "Cần 12 câu để đạt." in text
    lessons = {question["lesson"] for question in attempt.paper[11:] if question["lesson"]}
    assert lessons and all(f"/bai/{slug}/" in text for slug in lessons)
    for question in attempt.paper[11:]:
        for option in question["options"]:
            if option.get("right"):
                assert option["text"] not in text


def test_when_the_time_is_up_every_page_leads_to_the_result(browser, attempt, clock_at):
    question = attempt.paper[0]
    browser.post(place(attempt, 1), fields(question, right(question)))
    clock_at(NOW + timedelta(minutes=14, seconds=10))
    assert "còn chưa đến một phút" in page(browser, place(attempt, 2))
    clock_at(NOW + timedelta(minutes=16))
    late = browser.post(place(attempt, 2), fields(attempt.paper[1], right(attempt.paper[1])))
    assert late["Location"] == place(attempt, "ket-qua")
    text = page(browser, place(attempt, "ket-qua"))
    assert "Hết giờ rồi." in text and "Đúng 1 trên 15 câu." in text
    assert browser.get(place(attempt, 2))["Location"] == place(attempt, "ket-qua")


def test_a_test_nobody_came_back_to_is_graded_when_the_list_is_opened(browser, attempt, clock_at):
    clock_at(NOW + timedelta(days=2))
    assert "Chưa đạt" in page(browser, "/kiem-tra/")
    assert Attempt.objects.get(id=attempt.id).state == "GRADED"


def test_somebody_elses_test_does_not_exist(attempt, city):
    stranger = make_person(city.khu_pho_2, "Trần Văn Tám")
    agree(stranger)
    client = client_of(stranger)
    for rest in (1, "xem-lai", "ket-qua"):
        assert client.get(place(attempt, rest)).status_code == 404
    assert client.post(place(attempt, "nop")).status_code == 404
    assert client.post(place(attempt, 1), fields(attempt.paper[0], right(attempt.paper[0]))).status_code == 404
    assert Attempt.objects.get(id=attempt.id).is_open and not Answer.objects.exists()


def test_addresses_that_lead_nowhere_are_not_found(browser, attempt):
    for address in [place(attempt, 16), place(attempt, 0), f"/kiem-tra/bai/{uuid.uuid4()}/1/", "/kiem-tra/khong-co/"]:
        assert browser.get(address).status_code == 404
    assert browser.get(place(attempt, "nop")).status_code == 405


def test_signed_out_in_the_middle_the_door_leads_back_and_json_says_so(attempt):
    client = Client()
    assert client.get(place(attempt, 1))["Location"] == f"/tai-khoan/vao/?next={place(attempt, 1)}"
    told = client.post(place(attempt, 1), {}, headers=JSON)
    assert told.status_code == 401 and told.json()["go"].startswith("/tai-khoan/vao/")


def test_pages_of_tests_are_never_kept_by_caches(browser, attempt):
    for address in ["/kiem-tra/", INTRODUCTION, place(attempt, 1)]:
        assert "no-store" in browser.get(address)["Cache-Control"]


@pytest.mark.parametrize("tests", [1, 3])
def test_the_list_asks_the_same_number_of_queries_for_one_and_three_tests(
    browser, learner, tests, django_assert_num_queries
):
    for day in range(tests, 0, -1):
        take(learner, correct=3, at=NOW - timedelta(days=day))
    browser.get("/kiem-tra/")
    with django_assert_num_queries(LIST_QUERIES):
        text = page(browser, "/kiem-tra/")
    assert text.count("Chưa đạt") == tests


def test_a_question_asks_a_fixed_number_of_queries(browser, attempt, django_assert_num_queries):
    with django_assert_num_queries(QUESTION_QUERIES):
        browser.get(place(attempt, 3))
