"""Drawing a paper and grading it: plain values in, plain values out."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hocvuso.assessment import adaptive

# Answers sent in this time after the deadline were on their way when it passed.
GRACE_SECONDS = 30
# A practice as a question: its trace is the answer.
PRACTICE = "practice"
# More wrong turns than this, and a practice that was finished does not count as done right.
WRONG_TURNS = 2
# Kinds answered by one option, by several, and those whose lines stand in the order they were written.
ONE = frozenset({"one", "situation"})
MANY = frozenset({"many", "spot"})
FIXED_ORDER = frozenset({"spot"})
PAIR = ":"  # between a line and its partner in an answer to `match`


class TooFewQuestions(Exception):
    """A cell of the blueprint cannot be filled."""


def in_family(skill: str, families: Collection[str]) -> bool:
    """Whether a skill code is one of these or below one: `ndct-4.2` is in `ndct-4`."""
    return any(skill == family or skill.startswith(f"{family}.") for family in families)


def draw(
    bank: Sequence[Mapping[str, Any]],
    blueprint: Sequence[Mapping[str, Any]],
    seen: Collection[str],
    dice: random.Random,
    over: Collection[str] = frozenset(),
) -> list[dict[str, Any]]:
    """A paper: as many questions of each cell as the blueprint says, in random order, options in random order under new names.

    bank: questions with keys (`id kind skill text options lesson revision`). seen: ids on the person's last paper, over: ids shown
    to too many people; both are taken only when nothing else is left, those seen last. Raises TooFewQuestions.
    """
    left = list(bank)
    chosen: list[Mapping[str, Any]] = []
    for cell in blueprint:
        fitting = [question for question in left if in_family(question["skill"], cell["skills"])]
        dice.shuffle(fitting)
        fitting.sort(key=lambda question: (question["id"] in seen, question["id"] in over))
        picked = fitting[: cell["count"]]
        if len(picked) < cell["count"]:
            raise TooFewQuestions(cell["skills"])
        taken = {question["id"] for question in picked}
        left = [question for question in left if question["id"] not in taken]
        chosen += picked
    dice.shuffle(chosen)
    return [drawn(question, dice) for question in chosen]


def drawn(question: Mapping[str, Any], dice: random.Random) -> dict[str, Any]:
    """A question as it stands on one paper: lines shuffled (those of a message stay in their order) and under new names."""
    kind = question["kind"]
    options = list(enumerate(question["options"]))
    if kind not in FIXED_ORDER:
        dice.shuffle(options)
    if kind == "order" and [rank for rank, _ in options] == list(range(len(options))):
        options.reverse()  # an order question must not arrive solved
    names = _names(2 * len(options), dice)
    lines, partners = [], []
    for name, partner, (rank, option) in zip(names, names[len(options) :], options, strict=False):
        line: dict[str, Any] = {"name": name, "text": option["text"], "why": option.get("why", "")}
        if kind == "order":
            line["rank"] = rank
        elif kind == "match":
            line["partner"] = partner
            partners.append({"name": partner, "text": option["pair"]})
        else:
            line["right"] = bool(option.get("right"))
        lines.append(line)
    dice.shuffle(partners)
    paper = {
        key: question[key] for key in ("story", "scene", "title", "practice", "digest", "a", "b") if key in question
    }
    if partners:
        paper["partners"] = partners
    return {
        "id": question["id"],
        "revision": question.get("revision", 0),
        "kind": kind,
        "skill": question["skill"],
        "lesson": question.get("lesson", ""),
        "text": question["text"],
        "options": lines,
        **paper,
    }


def _names(count: int, dice: random.Random) -> list[str]:
    return [f"{name:06x}" for name in dice.sample(range(1 << 24), count)]


def readable(question: Mapping[str, Any], chosen: object) -> list[str] | None:
    """The chosen option names if they can be an answer to the question, else none. Of `match`: one `line:partner` a line."""
    if not isinstance(chosen, list) or not all(isinstance(name, str) for name in chosen):
        return None
    if question["kind"] == "match":
        return _readable_pairs(question, chosen)
    names = {option["name"] for option in question["options"]}
    if len(set(chosen)) != len(chosen) or not set(chosen) <= names or not chosen:
        return None
    if question["kind"] in ONE and len(chosen) != 1:
        return None
    if question["kind"] == "order" and len(chosen) != len(names):
        return None
    return list(chosen) if question["kind"] == "order" else sorted(chosen)


def _readable_pairs(question: Mapping[str, Any], chosen: list[str]) -> list[str] | None:
    pairs = [pair.split(PAIR) for pair in chosen]
    if any(len(pair) != 2 for pair in pairs):
        return None
    lines, partners = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    complete = sorted(lines) == sorted(option["name"] for option in question["options"])
    known = {partner["name"] for partner in question["partners"]}
    return sorted(chosen) if complete and len(set(partners)) == len(partners) and set(partners) <= known else None


def is_foreign(question: Mapping[str, Any], chosen: object) -> bool:
    """Whether an answer names options that are not on this paper: it was made on another one, or it was damaged on its way."""
    if not isinstance(chosen, list) or not all(isinstance(name, str) for name in chosen):
        return True
    known = {option["name"] for option in question["options"]}
    known |= {partner["name"] for partner in question.get("partners", ())}
    return bool({part for name in chosen for part in name.split(PAIR)} - known)


def is_correct(question: Mapping[str, Any], chosen: Sequence[str]) -> bool:
    """All right options and no other; for `order`, the whole order; for `match`, every pair."""
    if not chosen:
        return False
    if question["kind"] == "order":
        return list(chosen) == [
            option["name"] for option in sorted(question["options"], key=lambda option: option["rank"])
        ]
    if question["kind"] == "match":
        return set(chosen) == {f"{option['name']}{PAIR}{option['partner']}" for option in question["options"]}
    return set(chosen) == {option["name"] for option in question["options"] if option["right"]}


@dataclass(frozen=True)
class Score:
    """correct of counted questions; ratio: 0 to 1 with four decimals; ability and error where the test was adaptive."""

    correct: int
    ratio: Decimal
    passed: bool
    counted: int = 0
    ability: float | None = None
    error: float | None = None


def score(questions: int, correct: int, pass_ratio: Decimal) -> Score:
    """Grade a paper; questions without an answer are not correct. Passing needs the ratio or more: 12 of 15 is 80%."""
    if not questions:
        return Score(0, Decimal("0.0000"), False)
    return Score(
        correct,
        (Decimal(correct) / questions).quantize(Decimal("0.0001")),
        Decimal(correct) >= pass_ratio * questions,
        questions,
    )


def grade(
    paper: Sequence[Mapping[str, Any]],
    right: Collection[int],
    frozen: Mapping[str, Any],
    voided: Collection[int] = (),
) -> Score:
    """The result of a paper from what was frozen with it, and nothing else.

    right: positions (from 1) answered rightly. frozen: `method`, `pass_ratio`, and `curve` where the method is adaptive; its
    `questions` is how many the whole paper has, drawn or not. voided: positions that count for nobody.
    """
    counted = [place for place in range(1, len(paper) + 1) if place not in voided]
    correct = sum(place in right for place in counted)
    pass_ratio = Decimal(frozen["pass_ratio"])
    if frozen["method"] != "adaptive":
        return score(len(counted), correct, pass_ratio)
    items = [(paper[place - 1]["a"], paper[place - 1]["b"]) for place in counted]
    ability, error = adaptive.estimate(items, [place in right for place in counted])
    # What was not even drawn counts as not right, as on a fixed paper: nobody passes by stopping while ahead.
    share = Decimal(len(paper)) / max(int(frozen["questions"]), len(paper), 1)
    ratio = (Decimal(adaptive.expected_ratio(ability, frozen["curve"])) * share).quantize(Decimal("0.0001"))
    return Score(correct, ratio, bool(counted) and ratio >= pass_ratio, len(counted), ability, error)


def needed(questions: int, pass_ratio: Decimal) -> int:
    """How many right answers pass: 12 of 15 at 0.8."""
    return math.ceil(pass_ratio * questions)


def minutes_left(deadline_at: datetime, at: datetime) -> int:
    """Whole minutes until the deadline, begun ones counted; 0 in the last minute and after it."""
    left = (deadline_at - at).total_seconds()
    return 0 if left < 60 else -int(-left // 60)


def is_over(deadline_at: datetime, at: datetime) -> bool:
    """Whether even an answer that was on its way comes too late."""
    return at > deadline_at + timedelta(seconds=GRACE_SECONDS)


def following(total: int, answered: Collection[int], position: int) -> int | None:
    """The question to go to from one: the next without an answer, round the end to the first; none when no other is left."""
    order = [*range(position + 1, total + 1), *range(1, position)]
    return next((one for one in order if one not in answered), None)
