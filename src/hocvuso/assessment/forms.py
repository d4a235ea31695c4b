"""Reading an answer from a form: option names as drawn, one or several, a number or a partner for each, or a recorded practice."""

from __future__ import annotations

import json

from django.http import QueryDict

from hocvuso.assessment.errors import AnswerUnreadable, OrderUnclear, PairsUnclear, TraceRefused
from hocvuso.assessment.queries import ShownQuestion
from hocvuso.assessment.rules import PAIR, PRACTICE

CHOICE = "answer"
RANK = "rank-"
PARTNER = "pair-"
TRACE = "trace"
# A trace has at most 500 events of at most 64 characters of content each.
LONGEST_TRACE = 128 * 1024


def read_answer(question: ShownQuestion, data: QueryDict) -> object:
    """What was answered: option names, `line:partner` pairs, or a trace.

    Raises AnswerUnreadable when nothing was chosen, OrderUnclear and PairsUnclear when something is missing or doubled,
    TraceRefused when a practice did not arrive whole.
    """
    if question.kind == PRACTICE:
        return _read_trace(data.get(TRACE, ""))
    if question.kind == "match":
        return _read_pairs(question, data)
    if question.kind == "order":
        return _read_order(question, data)
    chosen = data.getlist(CHOICE)
    if not chosen:
        raise AnswerUnreadable
    return chosen


def _read_order(question: ShownQuestion, data: QueryDict) -> list[str]:
    ranks = ranks_of(question, data)
    if sorted(ranks.values()) != [str(number) for number in range(1, len(question.options) + 1)]:
        raise OrderUnclear(last=len(question.options))
    return sorted(ranks, key=lambda name: int(ranks[name]))


def _read_pairs(question: ShownQuestion, data: QueryDict) -> list[str]:
    pairs = partners_of(question, data)
    if not all(pairs.values()) or len(set(pairs.values())) != len(pairs):
        raise PairsUnclear
    return [f"{name}{PAIR}{partner}" for name, partner in pairs.items()]


def _read_trace(text: str) -> object:
    if not text:
        raise AnswerUnreadable
    if len(text) > LONGEST_TRACE:
        raise TraceRefused
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TraceRefused from error


def ranks_of(question: ShownQuestion, data: QueryDict) -> dict[str, str]:
    """Option name → the number given to it, empty where none was."""
    return {name: data.get(f"{RANK}{name}", "") for name, _ in question.options}


def partners_of(question: ShownQuestion, data: QueryDict) -> dict[str, str]:
    """Line name → the partner given to it, empty where none was."""
    return {name: data.get(f"{PARTNER}{name}", "") for name, _ in question.options}
