"""Drawing and grading."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assessment import rules

BANK = [
    {
        "id": f"{skill}-{number}",
        "kind": "one",
        "skill": skill,
        "text": f"Câu {number}",
        "options": [{"text": "đúng", "right": True, "why": ""}, {"text": "sai", "right": False, "why": "vì sao"}],
    }
    for skill in ("ndct-0.1", "ndct-4.2", "ndct-4.1")
    for number in range(4)
]
BLUEPRINT = [{"skills": ["ndct-0"], "count": 2}, {"skills": ["ndct-4"], "count": 3}]


@given(st.integers())
def test_a_paper_fills_every_cell_without_repeating_a_question(seed):
    paper = rules.draw(BANK, BLUEPRINT, set(), random.Random(seed))
    assert len({question["id"] for question in paper}) == 5
    assert sum(rules.in_family(question["skill"], ["ndct-0"]) for question in paper) == 2


def test_two_papers_differ_in_names_of_options():
    one, two = (rules.draw(BANK, BLUEPRINT, set(), random.Random(seed)) for seed in (1, 2))
    assert {o["name"] for q in one for o in q["options"]}.isdisjoint({o["name"] for q in two for o in q["options"]})


def test_questions_of_the_last_paper_come_only_when_nothing_else_is_left():
    seen = {"ndct-0.1-0", "ndct-0.1-1"}
    paper = rules.draw(BANK, BLUEPRINT, seen, random.Random(3))
    assert not seen & {question["id"] for question in paper}
    everything = {question["id"] for question in BANK}
    assert len(rules.draw(BANK, BLUEPRINT, everything, random.Random(3))) == 5


def test_a_bank_that_is_too_small_is_told():
    with pytest.raises(rules.TooFewQuestions):
        rules.draw(BANK, [{"skills": ["ndct-1"], "count": 1}], set(), random.Random(0))


def test_a_skill_is_in_its_family_and_not_in_one_that_only_begins_alike():
    assert rules.in_family("ndct-4.2", ["ndct-4"])
    assert not rules.in_family("ndct-40.2", ["ndct-4"])


@given(st.integers(), st.integers(2, 6))
def test_an_order_question_never_arrives_solved(seed, size):
    question = {
        "id": "x",
        "kind": "order",
        "skill": "s",
        "text": "?",
        "options": [{"text": str(n)} for n in range(size)],
    }
    (drawn,) = rules.draw([question], [{"skills": ["s"], "count": 1}], set(), random.Random(seed))
    names = [option["name"] for option in drawn["options"]]
    assert not rules.is_correct(drawn, names)
    assert rules.is_correct(drawn, [o["name"] for o in sorted(drawn["options"], key=lambda o: int(o["text"]))])


QUESTION = {
    "kind": "many",
    "options": [{"name": "a", "right": True}, {"name": "b", "right": True}, {"name": "c", "right": False}],
}


@pytest.mark.parametrize(
    ("chosen", "correct"),
    [(["a", "b"], True), (["b", "a"], True), (["a"], False), (["a", "b", "c"], False), (["c"], False)],
)
def test_many_needs_all_right_ones_and_no_other(chosen, correct):
    names = rules.readable(QUESTION, chosen)
    assert names is not None and rules.is_correct(QUESTION, names) is correct


@pytest.mark.parametrize("chosen", [None, [], "a", ["d"], ["a", "a"], [1], {"a": 1}])
def test_what_cannot_be_an_answer_is_not_read(chosen):
    assert rules.readable(QUESTION, chosen) is None
    assert rules.readable({**QUESTION, "kind": "one"}, ["a", "b"]) is None


@pytest.mark.parametrize(("correct", "passed"), [(11, False), (12, True), (15, True), (0, False)])
def test_twelve_of_fifteen_is_eighty_percent(correct, passed):
    assert rules.score(15, correct, Decimal("0.8")).passed is passed
