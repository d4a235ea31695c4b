"""Arithmetic of the intake: the device's clock, merging progress, when a lesson is finished."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

# A difference smaller than this is the journey of the message, not a wrong clock.
CLOCK_TOLERANCE = timedelta(minutes=2)
# Work older than this did not wait in an outbox.
OLDEST = timedelta(days=400)


def corrected(moment: datetime, *, sent_at: datetime, received_at: datetime) -> datetime:
    """When something really happened: the device's clock may be days off, but its own differences hold.

    All aware. The answer is never later than received_at and never earlier than 400 days before.
    """
    offset = received_at - sent_at
    if abs(offset) <= CLOCK_TOLERANCE:
        offset = timedelta(0)
    return max(min(moment + offset, received_at), received_at - OLDEST)


@dataclass(frozen=True)
class Progress:
    """Three lamps of one lesson: moments are aware, none while dark. `practised`: practice slug → first pass.

    known_at: the quick questions were all right before the lesson was learnt.
    """

    understood_at: datetime | None = None
    practised: Mapping[str, datetime] = field(default_factory=dict)
    used_at: datetime | None = None
    known_at: datetime | None = None


def earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def merged(one: Progress, other: Progress) -> Progress:
    """Both together; the order does not matter, and merging twice changes nothing."""
    practices = {
        slug: min(moment for moment in (one.practised.get(slug), other.practised.get(slug)) if moment is not None)
        for slug in one.practised.keys() | other.practised.keys()
    }
    return replace(
        one,
        understood_at=earliest(one.understood_at, other.understood_at),
        practised=practices,
        used_at=earliest(one.used_at, other.used_at),
        known_at=earliest(one.known_at, other.known_at),
    )


def completed_at(progress: Progress, practices: Iterable[str]) -> datetime | None:
    """When the lesson was finished: every practice passed, and step 1 read and step 3 done, or the quick questions right at once.

    None while something is missing.
    """
    passes = [progress.practised.get(slug) for slug in practices]
    passed = [moment for moment in passes if moment is not None]
    if len(passed) < len(passes):
        return None
    learnt = [moment for moment in (progress.understood_at, progress.used_at) if moment is not None]
    ways = [max([progress.known_at, *passed])] if progress.known_at else []
    if len(learnt) == 2:
        ways.append(max([*learnt, *passed]))
    return min(ways, default=None)


def all_right(questions: Sequence[Mapping[str, Any]], answers: object) -> bool:
    """Whether every quick question of a lesson is answered right.

    answers: hostile; code of the question → codes of options. Questions in order and with partners are right in the order in
    which their options are written; of the others exactly the right options.
    """
    if not isinstance(answers, dict):
        return False
    return all(_right(question, answers.get(question["id"])) for question in questions)


def _right(question: Mapping[str, Any], answer: object) -> bool:
    if not isinstance(answer, list) or not all(isinstance(code, str) for code in answer):
        return False
    options = question["options"]
    if question["kind"] in {"order", "match"}:
        return answer == [option["id"] for option in options]
    return sorted(answer) == sorted(option["id"] for option in options if option.get("right"))


def shuffled(parts: Sequence[Mapping[str, Any]], seed: str) -> list[Mapping[str, Any]]:
    """The options of a question in another order than they are written in: the same for everybody, until the question changes."""
    mixed = sorted(parts, key=lambda part: hashlib.sha256(f"{seed}:{part['id']}".encode()).digest())
    return mixed if len(mixed) < 2 or [*mixed] != [*parts] else [*mixed[1:], mixed[0]]


_SCREEN = re.compile(r"[a-z0-9-]{0,40}")


def is_screen(value: object) -> bool:
    """Whether this may be the id of a lesson's screen, or none."""
    return isinstance(value, str) and _SCREEN.fullmatch(value) is not None
