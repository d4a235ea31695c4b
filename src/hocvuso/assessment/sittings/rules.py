"""Plain decisions about sittings: codes, who needs help first, clocks of phones, chains of lines."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

# Signs that nobody mixes up when they are read out.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_SIGNS = 6
_NOT_SIGNS = re.compile(r"[\s\-–.]+")

LOST_AFTER = timedelta(seconds=75)  # a phone says every twenty seconds that it is there
IDLE_AFTER = timedelta(minutes=3)
# A phone's clock may differ this much before anybody is told.
CLOCK_TOLERANCE = timedelta(minutes=5)


def draw_code(dice: random.Random) -> str:
    return "".join(dice.choice(ALPHABET) for _ in range(CODE_SIGNS))


def read_code(text: str) -> str | None:
    """The code somebody typed; none when it cannot be one. Spaces, dashes and small letters are understood."""
    signs = _NOT_SIGNS.sub("", text).upper()
    return signs if len(signs) == CODE_SIGNS and all(sign in ALPHABET for sign in signs) else None


class Need(IntEnum):
    """Why an assessor should look at somebody, the most urgent first: the board's order."""

    ASKED = 1
    DOUBT = 2
    OTHER_PHONE = 3
    LOST = 4
    IDLE = 5
    NOT_TICKED = 6
    WAITING = 7
    WORKING = 8
    DONE = 9


def need_of(
    *,
    at: datetime,
    present: bool,
    started: bool,
    finished: bool,
    in_doubt: bool,
    asked_help: bool,
    other_device: bool,
    last_seen_at: datetime | None,
    last_answer_at: datetime | None,
    on_own_phone: bool,
) -> Need:
    """The most urgent reason to look at somebody. Connection and idleness are judged only while they work on their own phone."""
    if asked_help and not finished:
        return Need.ASKED
    if in_doubt:
        return Need.DOUBT
    if other_device and not finished:
        return Need.OTHER_PHONE
    if started and not finished and on_own_phone:
        if last_seen_at is None or at - last_seen_at > LOST_AFTER:
            return Need.LOST
        if last_answer_at is not None and at - last_answer_at > IDLE_AFTER:
            return Need.IDLE
    if not present:
        return Need.NOT_TICKED
    if finished:
        return Need.DONE
    return Need.WORKING if started else Need.WAITING


@dataclass(frozen=True)
class Moment:
    """A phone's moment by the server's clock. `moved`: the phone's clock was wrong enough to say so."""

    at: datetime
    moved: bool


def true_moment(
    told: datetime, *, sent_at: datetime, received_at: datetime, not_before: datetime, previous: datetime | None
) -> Moment:
    """When a line was really written: the phone's own time put right by how wrong its clock is now, and never before the
    questions were handed out, before the line above it, or after it arrived.

    told, sent_at: by the phone's clock; received_at, not_before, previous: by the server's.
    """
    wrong_by = received_at - sent_at
    corrected = told + wrong_by
    floor = max(not_before, previous or not_before)
    at = min(max(corrected, floor), received_at)
    moved = abs(wrong_by) > CLOCK_TOLERANCE or abs(corrected - at) > CLOCK_TOLERANCE
    return Moment(at, moved)


def chain_mark(previous: str, line: str) -> str:
    """What ties a line to the one before it; the first follows the empty text."""
    return hashlib.sha256(f"{previous}\n{line}".encode()).hexdigest()


def _before(question: Mapping[str, Any]) -> str:
    """What is read before the question: the situation, or whom the message is from."""
    scene = question.get("scene") or {}
    return str(question.get("story") or question.get("title") or scene.get("from") or "")


def without_keys(paper: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A paper as a phone may hold it: no right answer, no order, no pairs, no reason, no id of the bank. A practice task names
    the release to play, which is public.
    """
    return [
        {
            "kind": question["kind"],
            "text": question["text"],
            "story": _before(question),
            "options": _bare(question["options"]),
            **({"partners": _bare(question["partners"])} if question.get("partners") else {}),
            **({"practice": question["practice"], "digest": question["digest"]} if "digest" in question else {}),
        }
        for question in paper
    ]


def _bare(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [{"name": line["name"], "text": line["text"]} for line in lines]


def digests_of(paper: Sequence[Mapping[str, Any]]) -> set[str]:
    """The releases of the practices on a paper."""
    return {question["digest"] for question in paper if "digest" in question}


def task_paper(tasks: Sequence[Mapping[str, Any]], dice: random.Random, nothing: str) -> list[dict[str, Any]]:
    """Tasks to observe as questions of a paper: the assessor ticks what they saw. A task is done when every `do` was seen and
    no `never` was. `nothing`: the words for “could not do it”.
    """
    paper = []
    for task in tasks:
        lines = [
            *((words, True, "") for words in task["do"]),
            *((words, False, task.get("why", "")) for words in task.get("never", [])),
            (nothing, False, ""),
        ]
        names = [f"{name:06x}" for name in dice.sample(range(1 << 24), len(lines))]
        paper.append(
            {
                "id": f"task:{task['code']}",
                "revision": task.get("revision", 1),
                "kind": "many",
                "skill": task["skill"],
                "lesson": task.get("lesson", ""),
                "text": task["text"],
                "options": [
                    {"name": name, "text": words, "why": why, "right": right}
                    for name, (words, right, why) in zip(names, lines, strict=True)
                ],
            }
        )
    return paper
