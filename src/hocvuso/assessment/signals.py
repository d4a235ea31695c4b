"""What the assessment announces."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal


@dataclass(frozen=True)
class AttemptGraded:
    """An attempt was graded. score_ratio: 0 to 1; at: aware."""

    person_id: uuid.UUID
    attempt_id: uuid.UUID
    policy_code: str
    policy_version: int
    passed: bool
    score_ratio: float
    at: datetime


@dataclass(frozen=True)
class AttemptRescored:
    """A result was computed again because a question was void. Passed before and not any more: it waits for people, nothing changed."""

    person_id: uuid.UUID
    attempt_id: uuid.UUID
    item: str
    passed_before: bool
    passed_now: bool
    at: datetime


@dataclass(frozen=True)
class CaseFound:
    """A re-check ended badly. reason: a CaseReason; attempts: (person, attempt) it touches; found_by: the officer who looked."""

    case_id: uuid.UUID
    attempts: tuple[tuple[uuid.UUID, uuid.UUID], ...]
    reason: str
    found_by: uuid.UUID
    at: datetime


# Sent after commit with `event: AttemptGraded`. Receivers may see it twice.
attempt_graded = Signal()
# Sent after commit with `event: AttemptRescored`. Receivers may see it twice.
attempt_rescored = Signal()

GradedListener = Callable[[AttemptGraded], None]
_listeners: list[GradedListener] = []
_cleared: list[GradedListener] = []
FoundListener = Callable[[CaseFound], None]
_found: list[FoundListener] = []


def on_graded(listener: GradedListener) -> GradedListener:
    """Call listener inside the transaction that grades an attempt: what must exist whenever the result does, such as a certificate.

    An error in it undoes the grading; the attempt stays open and can be finished again. Registering twice counts once.
    """
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def on_cleared(listener: GradedListener) -> GradedListener:
    """Call listener inside the transaction that ends the last doubt about a passed attempt, clean. `at` is that moment."""
    if listener not in _cleared:
        _cleared.append(listener)
    return listener


def on_found(listener: FoundListener) -> FoundListener:
    """Call listener inside the transaction that finds tests irregular. Nothing is taken from anybody by it: others decide that."""
    if listener not in _found:
        _found.append(listener)
    return listener


def found_listeners() -> list[FoundListener]:
    return list(_found)


def cleared_listeners() -> list[GradedListener]:
    return list(_cleared)


def graded_listeners() -> list[GradedListener]:
    return list(_listeners)
