"""An adaptive test on a small phone, begun on one and finished on another: each question follows from the answers before."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hocvuso.assessment.models import Attempt, Policy
from hocvuso.assessment.services import load_policies
from tests.assessment.conftest import CODE, agree, right
from tests.assessment.test_bank import calibrate_all, next_version
from tests.factories.people import make_account
from tests.factories.spine import make_city, make_person

from .conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("starter")]
QUESTIONS = 6


@pytest.mark.clause("R-27")
def test_an_adaptive_test_goes_on_where_it_was_on_another_phone(site, new_page, sign_in, axe, settings):
    # given an adaptive policy of six questions over a calibrated bank
    settings.DEMO = True
    load_policies()
    blueprint = [
        {"skills": cell["skills"], "count": 2} for cell in Policy.objects.get(code=CODE).blueprint if cell["count"] > 1
    ][:3]
    next_version(adaptive=True, blueprint=blueprint, questions=QUESTIONS, valid_from=timezone.now().date())
    calibrate_all()
    learner = make_person(make_city().khu_pho_1)
    agree(learner)
    account = make_account(learner)

    # when three questions are answered on one phone
    first = new_page(**PHONE)
    sign_in(first, account)
    first.goto(f"/kiem-tra/{CODE}/")
    first.get_by_role("button", name="Bắt đầu").click()
    for number in range(1, 4):
        give(first, number)
    expect(first).to_have_url(f"{site}{address(4)}")
    attempt = Attempt.objects.get(person=learner)
    assert (attempt.is_adaptive, len(attempt.paper)) == (True, 4)
    axe(first)

    # then another phone goes on with the fourth, and the first one meets what is answered already
    second = new_page(**PHONE)
    sign_in(second, account)
    second.goto(f"/kiem-tra/{CODE}/")
    second.get_by_role("button", name="Làm tiếp").click()
    for number in range(4, QUESTIONS + 1):
        give(second, number)
    first.reload()
    expect(first.get_by_text("Câu này đã trả lời rồi")).to_be_visible()
    second.get_by_role("button", name="Nộp bài", exact=True).click()
    expect(second.get_by_role("link", name="chứng nhận").first).to_be_visible()
    attempt.refresh_from_db()
    assert (attempt.passed, len(attempt.paper), len({one["id"] for one in attempt.paper})) == (True, 6, 6)
    assert attempt.ability is not None


def address(number: int) -> str:
    return f"/kiem-tra/bai/{Attempt.objects.get().id}/{number}/"


def give(page: Page, number: int) -> None:
    """The right answer to a question on the screen; there is none after it on the paper yet."""
    expect(page.get_by_text(f"Câu {number} / {QUESTIONS}")).to_be_visible()
    paper = Attempt.objects.get().paper
    assert len(paper) == number
    question = paper[number - 1]
    chosen = right(question)
    for place, name in enumerate(chosen, 1):
        if question["kind"] == "order":
            page.locator(f"[name='rank-{name}']").select_option(str(place))
        elif question["kind"] == "match":
            line, partner = name.split(":")
            page.locator(f"[name='pair-{line}']").select_option(partner)
        else:
            page.locator(f"input[value='{name}']").check()
    page.get_by_role("button", name="Trả lời", exact=True).click()
    expect(page.get_by_text(f"Câu {number} / {QUESTIONS}")).to_have_count(0)
