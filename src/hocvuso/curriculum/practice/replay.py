"""Run a recorded practice again on the server, so that "passed" is something the server saw and not something it was told.

The trace is hostile until proven otherwise: `replay` checks every type by hand, never recurses into what it was given
and answers with a reason instead of raising. Source: docs/reference/content-format.md, Trace; R-04.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hocvuso.curriculum.practice import engine
from hocvuso.curriculum.practice.canonical import release_of

MAX_EVENTS = 500
MAX_VALUE = 64
_MAX_NUMBER = 2**53 - 1

Reason = Literal[
    "malformed",
    "too_long",
    "wrong_release",
    "unknown_skin",
    "time_backwards",
    "after_end",
    "impossible_event",
    "truncated",
    "result_mismatch",
]
REASONS: tuple[Reason, ...] = (
    "malformed",
    "too_long",
    "wrong_release",
    "unknown_skin",
    "time_backwards",
    "after_end",
    "impossible_event",
    "truncated",
    "result_mismatch",
)

_TRACE_KEYS = {"v", "practice", "release", "skin", "events", "result"}
_RESULT_KEYS = {"end", "wrong", "hints", "idle", "steps"}
_EVENT_KEYS = {
    "tap": {"t", "on", "id"},
    "type": {"t", "on", "id", "value"},
    "choose": {"t", "on", "id", "option"},
    "back": {"t", "on"},
    "hint": {"t", "on"},
    "restart": {"t", "on"},
}


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What really happened in a trace.

    reason: why it is refused, None when it is valid; `at` is then the place of the offending event, None if it is the whole.
    end: the end screen reached (`pass` or `fail`). duration_ms: time of the last event.
    trace: the trace to keep, with typed values replaced by the author's; None when refused. Holds no personal data.
    """

    reason: Reason | None = None
    at: int | None = None
    end: str | None = None
    wrong: int = 0
    hints: int = 0
    idle: int = 0
    steps: int = 0
    duration_ms: int = 0
    trace: dict[str, Any] | None = None

    @property
    def valid(self) -> bool:
        return self.reason is None

    @property
    def passed(self) -> bool:
        return self.valid and self.end == "pass"


def replay(definition: engine.Definition, trace: object, *, release: str | None = None) -> ReplayResult:
    """Replay a trace on a definition that has no problems. Never raises for any trace.

    release: the hash of the definition where the caller has it at hand; computed when None.
    """
    if not isinstance(trace, dict) or set(trace) != _TRACE_KEYS or not isinstance(trace["events"], list):
        return ReplayResult("malformed")
    if len(trace["events"]) > MAX_EVENTS:
        return ReplayResult("too_long")
    if not _well_formed(trace):
        return ReplayResult("malformed")
    if trace["practice"] != definition["slug"] or trace["release"] != (release or release_of(definition)):
        return ReplayResult("wrong_release")
    if trace["skin"] not in definition["skins"]:
        return ReplayResult("unknown_skin")
    return _run(definition, trace)


def _run(definition: engine.Definition, trace: dict[str, Any]) -> ReplayResult:
    state = engine.start(definition, trace["skin"])
    clock = 0
    kept: list[engine.Event] = []
    for at, event in enumerate(trace["events"]):
        if event["t"] < clock:
            return ReplayResult("time_backwards", at)
        clock = int(event["t"])
        try:
            following = engine.step(state, event)
            kept.append(engine.veil(state, event))
        except engine.RefusedError as refused:
            return ReplayResult(refused.code, at)  # type: ignore[arg-type]
        state = following
    if state.end is None:
        return ReplayResult("truncated")
    result = outcome(state)
    if any(trace["result"][name] != value for name, value in result.items()):
        return ReplayResult("result_mismatch")
    return ReplayResult(**result, duration_ms=clock, trace={**trace, "events": kept, "result": result})


def outcome(state: engine.State) -> dict[str, Any]:
    """The `result` of a trace that stops in this state."""
    return {
        "end": state.end,
        "wrong": state.wrong,
        "hints": state.hints,
        "idle": state.idle,
        "steps": state.steps,
    }


def _well_formed(trace: Mapping[str, Any]) -> bool:
    result = trace["result"]
    return (
        _is_whole(trace["v"])
        and trace["v"] == 1
        and all(_is_text(trace[name]) for name in ("practice", "release", "skin"))
        and isinstance(result, dict)
        and set(result) == _RESULT_KEYS
        and isinstance(result["end"], str)
        and result["end"] in ("pass", "fail")
        and all(_is_whole(result[name]) for name in ("wrong", "hints", "idle", "steps"))
        and all(_is_event(event) for event in trace["events"])
    )


def _is_event(event: object) -> bool:
    if not isinstance(event, dict) or not isinstance(event.get("on"), str):
        return False
    if set(event) != _EVENT_KEYS.get(event["on"]) or not _is_whole(event["t"]):
        return False
    if not all(_is_text(event[name]) for name in ("id", "option") if name in event):
        return False
    return (
        "value" not in event
        or event["value"] is None
        or (_is_unicode(event["value"]) and len(event["value"]) <= MAX_VALUE)
    )


def _is_whole(number: object) -> bool:
    """A whole number from 0 that JavaScript holds exactly; 1.0 is 1, as it is there."""
    if isinstance(number, bool) or not isinstance(number, int | float):
        return False
    return number == number and 0 <= number <= _MAX_NUMBER and number == int(number)


def _is_text(text: object) -> bool:
    # PostgreSQL stores no NUL.
    return _is_unicode(text) and "\0" not in str(text)


def _is_unicode(text: object) -> bool:
    """Half a surrogate pair is no sign at all. What somebody typed may hold a NUL: it is never kept, the author's answer is."""
    return isinstance(text, str) and not any("\ud800" <= sign <= "\udfff" for sign in text)
