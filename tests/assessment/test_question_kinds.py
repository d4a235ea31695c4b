"""Match, spot and situation: drawn, shown and graded; damaged and foreign answers."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assessment import rules

MATCH = {
    "id": "m",
    "kind": "match",
    "skill": "s",
    "text": "?",
    "options": [{"id": c, "text": f"việc {c}", "pair": f"ý {c}", "why": ""} for c in "abcd"],
}
SPOT = {
    "id": "t",
    "kind": "spot",
    "skill": "s",
    "text": "?",
    "scene": {"kind": "sms", "from": "Số lạ"},
    "options": [
        {"id": "a", "text": "Chào bác,", "right": False, "why": ""},
        {"id": "b", "text": "tài khoản bị khóa,", "right": True, "why": ""},
        {"id": "c", "text": "bấm vào đây.", "right": True, "why": ""},
    ],
}
STORY = {
    "id": "c",
    "kind": "situation",
    "skill": "s",
    "text": "Làm gì?",
    "story": "Chuông reo. Người gọi giục.",
    "options": [{"text": "Dập máy", "right": True, "why": ""}, {"text": "Nghe tiếp", "right": False, "why": ""}],
}


@given(st.integers())
def test_a_match_is_right_only_when_every_pair_is(seed):
    question = rules.drawn(MATCH, random.Random(seed))
    texts = {partner["name"]: partner["text"] for partner in question["partners"]}
    pairs = {line["name"]: line["partner"] for line in question["options"]}
    assert all(texts[pairs[line["name"]]][-1] == line["text"][-1] for line in question["options"])
    chosen = rules.readable(question, [f"{line}:{partner}" for line, partner in pairs.items()])
    assert chosen is not None and rules.is_correct(question, chosen)
    first, second = list(pairs)[:2]
    swapped = {**pairs, first: pairs[second], second: pairs[first]}
    chosen = rules.readable(question, [f"{line}:{partner}" for line, partner in swapped.items()])
    assert chosen is not None and not rules.is_correct(question, chosen)


@pytest.mark.parametrize("spoil", ["half", "doubled", "foreign", "bare", "empty"])
def test_a_match_that_is_not_whole_is_not_read(spoil):
    question = rules.drawn(MATCH, random.Random(1))
    pairs = [(line["name"], line["partner"]) for line in question["options"]]
    chosen = {
        "half": [f"{a}:{b}" for a, b in pairs[:-1]],
        "doubled": [f"{a}:{pairs[0][1]}" for a, _ in pairs],
        "foreign": [f"{a}:ffffff0" for a, _ in pairs],
        "bare": [a for a, _ in pairs],
        "empty": [],
    }[spoil]
    assert rules.readable(question, chosen) is None


@given(st.integers())
def test_a_message_keeps_the_order_of_its_parts_and_needs_exactly_those_that_give_it_away(seed):
    question = rules.drawn(SPOT, random.Random(seed))
    assert [line["text"] for line in question["options"]] == [option["text"] for option in SPOT["options"]]
    names = [line["name"] for line in question["options"]]
    assert rules.is_correct(question, names[1:])
    assert not rules.is_correct(question, names) and not rules.is_correct(question, names[1:2])
    assert question["scene"] == SPOT["scene"]


def test_a_situation_takes_one_answer_and_carries_its_story():
    question = rules.drawn(STORY, random.Random(3))
    names = [line["name"] for line in question["options"]]
    assert question["story"] == STORY["story"]
    assert rules.readable(question, names) is None
    assert rules.readable(question, names[:1]) == names[:1]


def test_an_answer_of_another_paper_is_known_as_such():
    mine, other = (rules.drawn(STORY, random.Random(seed)) for seed in (1, 2))
    assert rules.is_foreign(mine, [other["options"][0]["name"]])
    assert rules.is_foreign(mine, {"x": 1})
    assert not rules.is_foreign(mine, [line["name"] for line in mine["options"]])


def test_option_names_never_tell_a_line_from_its_partner():
    question = rules.drawn(MATCH, random.Random(5))
    names = [line["name"] for line in question["options"]] + [partner["name"] for partner in question["partners"]]
    assert len(set(names)) == 8
