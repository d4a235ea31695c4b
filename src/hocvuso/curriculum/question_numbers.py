"""What answers say of a question, for its authors; assessment, which holds the answers, registers where they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hocvuso.curriculum.models import Question

ROWS = 40


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of one graded question; none where too little is known, for a number from few answers misleads.

    share: of answers that were right; apart: how right answers go with the rest of the paper, −1 to 1; shown: share of papers it stood
    on. answers_needed, papers_needed: from how many on the numbers are given.
    """

    answered: int = 0
    share: float | None = None
    apart: float | None = None
    shown: float | None = None
    papers: int = 0
    answers_needed: int = 0
    papers_needed: int = 0
    remark: str = ""


NumbersSource = Callable[[Sequence[str]], Mapping[str, Numbers]]
_sources: list[NumbersSource] = []


def register_numbers(source: NumbersSource) -> None:
    """Let the room that holds the answers give the numbers of questions by code. Call when the room starts."""
    _sources[:] = [source]


def numbers_of(codes: Sequence[str]) -> Mapping[str, Numbers]:
    """The numbers of questions by code; a code is missing where nothing is known of it."""
    return _sources[0](codes) if _sources and codes else {}


@dataclass(frozen=True, slots=True)
class NumbersRow:
    """A question with its numbers."""

    pk: int
    code: str
    text: str
    skill: str
    level: str
    lesson: str
    numbers: Numbers


def numbers_page(*, after: str = "", only: str = "", rows: int = ROWS) -> tuple[list[NumbersRow], str]:
    """A page of graded questions by code, and the code the next page begins after (empty on the last). only: part of a code."""
    found = Question.objects.filter(graded=True, live=True, code__gt=after).order_by("code")
    if only:
        found = found.filter(code__contains=only)
    page = list(found[: rows + 1])
    known = numbers_of([question.code for question in page[:rows]])
    told = [
        NumbersRow(
            question.pk,
            question.code,
            question.text,
            question.skill_id,
            question.get_level_display(),
            question.lesson_slug,
            known.get(question.code, Numbers()),
        )
        for question in page[:rows]
    ]
    return told, page[rows - 1].code if len(page) > rows else ""
