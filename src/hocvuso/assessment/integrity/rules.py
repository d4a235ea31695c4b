"""Plain arithmetic of suspicion: pace, shared wrong answers, odd pass rates, draws that anybody can repeat."""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Any

from hocvuso.assessment.models.integrity import CaseReason as Reason
from hocvuso.assessment.models.integrity import CaseState as State
from hocvuso.kernel.clock import VIETNAM

NIGHT_FROM, NIGHT_UNTIL = 23, 5

# The one table of decisions: from which states, with which reasons.
MOVES: Mapping[State, tuple[frozenset[State], tuple[Reason, ...]]] = {
    State.CLEARED: (
        frozenset({State.OPEN, State.RETEST}),
        (
            Reason.ONE_HOUSEHOLD,
            Reason.SHARED_ROOM,
            Reason.NIGHT_SHIFT,
            Reason.GOOD_CLASS,
            Reason.CHANCE,
            Reason.RETEST_PASSED,
        ),
    ),
    State.RETEST: (frozenset({State.OPEN}), (Reason.NOT_CLEAR,)),
    State.FOUND: (
        frozenset({State.OPEN, State.RETEST}),
        (Reason.RETEST_FAILED, Reason.STOOD_IN, Reason.ANSWERS_GIVEN),
    ),
}


def may_decide(state: str, target: str, reason: str) -> bool:
    if target not in MOVES:
        return False
    sources, reasons = MOVES[State(target)]
    return state in sources and reason in reasons


def pace_of(moments: Sequence[datetime]) -> float | None:
    """Median seconds between two answers in a row; none with fewer than three answers."""
    ordered = sorted(moments)
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(ordered)]
    return float(median(gaps)) if len(gaps) >= 2 else None


def night_of(moment: datetime) -> date | None:
    """The day whose evening the night began on, when a moment lies between 23:00 and 05:00 in Viet Nam; else none."""
    local = moment.astimezone(VIETNAM)
    if local.hour >= NIGHT_FROM:
        return local.date()
    return (local - timedelta(days=1)).date() if local.hour < NIGHT_UNTIL else None


# Answers of so many parts that two alike wrong ones say little, or none at all.
UNMARKED = frozenset({"match", "practice"})


def marks(
    paper: Sequence[Mapping[str, Any]], chosen: Mapping[int, Any], wrong_places: Iterable[int]
) -> tuple[list[str], list[str]]:
    """Which questions were asked, and for each wrong answer a mark of question and what was chosen, whatever the order and the
    names it was shown under. Questions without an answer leave no mark: leaving out is nobody's pattern.
    """
    asked = [str(question["id"]) for question in paper]
    wrong = []
    for place in wrong_places:
        names = chosen.get(place)
        question = paper[place - 1]
        if not names or not isinstance(names, list) or question["kind"] in UNMARKED:
            continue
        texts = {option["name"]: option["text"] for option in question["options"]}
        told = [texts.get(name, "") for name in names]
        if question["kind"] != "order":
            told.sort()
        digest = hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]
        wrong.append(f"{question['id']}#{digest}")
    return asked, sorted(wrong)


@dataclass(frozen=True)
class Rates:
    """How often each question is asked, and each mark chosen, among everybody. Grows with the bank, not with the people."""

    asked: Counter[str]
    wrong: Counter[str]

    def twice_the_same(self, question: str) -> float:
        """The chance that two strangers who are both asked this question choose the same wrong answer."""
        asked = self.asked[question]
        if not asked:
            return 0.0
        found = self._by_question.get(question, ())
        return sum(((self.wrong[mark] + 0.5) / (asked + 1)) ** 2 for mark in found)

    @cached_property
    def _by_question(self) -> dict[str, list[str]]:
        marks_of: dict[str, list[str]] = defaultdict(list)
        for mark in self.wrong:
            marks_of[mark.partition("#")[0]].append(mark)
        return marks_of


@dataclass(frozen=True)
class Sharing:
    """Pairs of people of one block who chose the same wrong answer: how many, how many chance would bring, and which marks."""

    pairs: int
    expected: float
    marks: frozenset[str]

    @property
    def chance(self) -> float:
        """The probability of as many pairs or more by chance (Poisson)."""
        term = total = math.exp(-self.expected)
        for count in range(1, self.pairs):
            term *= self.expected / count
            total += term
        return max(0.0, 1.0 - total) if self.pairs else 1.0


def sharing(block: Sequence[tuple[Sequence[str], Sequence[str]]], rates: Rates) -> Sharing:
    """What the (asked, wrong) of a block's tests have in common. Papers are drawn anew for everybody, so two people share few
    questions; but ten people with one bad key share many wrong answers between them, more than chance brings."""
    asked, wrong = Counter[str](), Counter[str]()
    for questions, marks_of_one in block:
        asked.update(questions)
        wrong.update(marks_of_one)
    pairs = sum(number * (number - 1) // 2 for number in wrong.values())
    expected = sum(
        number * (number - 1) / 2 * rates.twice_the_same(question) for question, number in asked.items() if number > 1
    )
    return Sharing(pairs, expected, frozenset(mark for mark, number in wrong.items() if number > 1))


def crowd(
    tests: Sequence[tuple[datetime, Any, Any]], *, span: timedelta, people: int
) -> list[tuple[datetime, Any, Any]]:
    """The first tests (moment, person, id; by moment) of at least this many different people within a span; empty when none."""
    for place, (first, _person, _id) in enumerate(tests):
        batch = [one for one in tests[place:] if one[0] - first <= span]
        if len({person for _moment, person, _id in batch}) >= people:
            return batch
    return []


def stands_out(passed: int, results: int, others_passed: int, others: int, *, z: float, above: float) -> float | None:
    """How many standard errors an assessor's pass rate lies above that of the others, when it is `z` or more and `above` or
    more in ratio; none otherwise. Too low a rate harms nobody's credibility and is no suspicion.
    """
    if results <= 0 or others <= 0:
        return None
    rate = min(max(others_passed / others, 0.02), 0.98)
    gap = passed / results - others_passed / others
    found = gap / math.sqrt(rate * (1 - rate) / results)
    return found if found >= z and gap >= above else None


# --- draws ------------------------------------------------------------------------------------------------------------


def entry_code(attempt_id: object, draw_id: object) -> str:
    """What stands for a test on a published list."""
    return hashlib.sha256(f"{draw_id}:{attempt_id}".encode()).hexdigest()[:32]


def list_hash(codes: Iterable[str]) -> str:
    """SHA-256 of the codes in order, one a line."""
    return hashlib.sha256("".join(f"{code}\n" for code in sorted(codes)).encode()).hexdigest()


def draw(codes: Iterable[str], seed: str, wanted: int) -> list[str]:
    """The codes with the smallest SHA-256 of "seed:code". Nothing else goes in, so that anybody can repeat it."""
    ranked = sorted(codes, key=lambda code: (hashlib.sha256(f"{seed}:{code}".encode()).hexdigest(), code))
    return ranked[:wanted]


# --- how good the rules are ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measure:
    """Found rightly, found wrongly, missed; of whatever was counted."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def measure(found: set[str], planted: set[str]) -> Measure:
    return Measure(len(found & planted), len(found - planted), len(planted - found))


def in_slices(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most `size`."""
    part: list[Any] = []
    for item in items:
        part.append(item)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
