"""The two questions of the first page and what follows from them."""

from __future__ import annotations

import pytest
from django.test import Client

from hocvuso.curriculum.public import catalogue, published_paths
from hocvuso.learning.goals import GOALS, OTHER, WHO, by_goal, codes_of

pytestmark = pytest.mark.django_db


@pytest.mark.clause("R-20", "R-21")
def test_every_published_lesson_stands_under_a_goal_and_serves_a_named_one(starter: None):
    cards = catalogue()
    shown = {card.slug for section in by_goal(cards) for card in section.lessons}
    assert shown == {card.slug for card in cards}
    assert [card.slug for card in cards if codes_of(card) == [OTHER.code]] == []


def test_who_people_are_leads_to_goals_and_groups_that_exist(starter: None):
    goals = {goal.code for goal in GOALS}
    assert {code for who in WHO for code in who.first} <= goals
    assert {who.group for who in WHO} == {path.group for path in published_paths()}


@pytest.mark.clause("R-20")
def test_the_first_page_holds_what_the_choice_needs_and_is_the_same_for_everybody(
    client: Client, starter: None, django_assert_max_num_queries
):
    client.get("/")
    with django_assert_max_num_queries(6):
        page = client.get("/")
    text = page.content.decode()
    assert "public" in page["Cache-Control"] and not page.cookies
    for who in WHO:
        assert f'data-who="{who.code}"' in text
    for card in catalogue():
        assert f'/bai/{card.slug}/"' in text


@pytest.mark.clause("R-20")
def test_a_goal_says_the_same_number_of_lessons_wherever_it_is_named(starter: None):
    cards = catalogue()
    serving = {goal.code: sum(goal.code in codes_of(card) for card in cards) for goal in (*GOALS, OTHER)}
    assert {section.goal.code: len(section.lessons) for section in by_goal(cards)} == {
        code: number for code, number in serving.items() if number
    }
