"""The state machine of a practice: what is on the simulated phone, and what one action does to it.

`static/curriculum/practice-engine.js` is the same machine for the browser; `tests/vectors/practice/` holds both to one
behaviour. A definition is expected to have passed `validate.problems`.
Source: docs/reference/content-format.md, Practice. Terms: docs/glossary.md, "practice", "skin", "wrong turn".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hocvuso.curriculum.practice import patterns

Definition = Mapping[str, Any]
Event = Mapping[str, Any]
Remembered = str | bool

ACTED_ON_BY = {
    "app_icon": "tap",
    "list_item": "tap",
    "button": "tap",
    "link": "tap",
    "toggle": "tap",
    "file": "tap",
    "camera": "tap",
    "field": "type",
    "keypad": "type",
    "choice": "choose",
}
DIGIT_INPUTS = frozenset({"tel", "digits", "money"})

# Written out because "white space" means different characters to different languages.
_SPACES = re.compile("[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")
NAMES = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_NOT_DIGITS = re.compile("[^0-9]+")
_STAND_INS = 8


class RefusedError(Exception):
    """An event that cannot have happened. `code` is `impossible_event` or `after_end`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Said:
    """What the coach answers to the last action.

    kind: `wrong`, `ok`, `idle`, `hint`, `moved`, `stayed` or `restart`. text: ready to show, empty where the page has its own sentence.
    """

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """Where one run of a practice stands. Counts keep growing across restarts; `memory` does not."""

    definition: Definition
    skin: str
    screen: str
    memory: Mapping[str, Remembered] = field(default_factory=dict)
    switches: Mapping[str, bool] = field(default_factory=dict)
    wrong: int = 0
    hints: int = 0
    idle: int = 0
    steps: int = 0
    said: Said | None = None

    @property
    def end(self) -> str | None:
        """`pass`, `fail`, or None while the run goes on."""
        return current(self).get("end")


def start(definition: Definition, skin: str) -> State:
    """Open a practice on its first screen."""
    switches = {
        block["id"]: block.get("on") is True
        for screen in definition["screens"].values()
        for block in screen.get("blocks") or ()
        if block.get("type") == "toggle" and "id" in block
    }
    return State(definition=definition, skin=skin, screen=definition["start"], switches=switches)


def step(state: State, event: Event) -> State:
    """Apply one event (`on`, `id`, `value`, `option` of the trace format) and return the state after it.

    Raises RefusedError when the event cannot happen in this state.
    """
    kind = event["on"]
    if kind == "restart":
        fresh = start(state.definition, state.skin)
        return replace(state, screen=fresh.screen, memory=fresh.memory, said=Said("restart"))
    if state.end is not None:
        raise RefusedError("after_end")
    if kind == "hint":
        return replace(state, hints=state.hints + 1, said=Said("hint", shown(state, current(state).get("hint"))))
    acted = replace(state, steps=state.steps + 1)
    if kind == "back":
        return _take(acted, _choose(acted, event, None))
    block = _acted_block(state, event)
    if block["type"] == "toggle":
        return _flip(acted, event, block)
    return _take(acted, _choose(acted, event, block))


def veil(state: State, event: Event) -> Event:
    """Rewrite a typing event so that nothing the person typed is in it, yet it takes the same move.

    The value becomes the author's own text (`is`), an example of the pattern (`like`) or None (anything else).
    """
    if event["on"] != "type" or event.get("value") is None:
        return event
    block = _acted_block(state, event)
    move = _choose(state, event, block)
    for value in _stand_ins(move, block, event["value"]):
        if _choose(state, {**event, "value": value}, block) is move:
            return {**event, "value": value}
    return event


def current(state: State) -> Mapping[str, Any]:
    """The screen the phone shows."""
    return state.definition["screens"][state.screen]


def visible_blocks(state: State) -> list[Mapping[str, Any]]:
    """The blocks on the phone now, on this skin and with what is remembered."""
    return [block for block in current(state).get("blocks") or () if applies(state, block)]


def applies(state: State, thing: Mapping[str, Any]) -> bool:
    """Tell whether a block or move exists on this skin (`only`) and in this situation (`if`)."""
    if thing.get("only", state.skin) != state.skin:
        return False
    return all(recall(state, name) == value for name, value in (thing.get("if") or {}).items())


def recall(state: State, name: str) -> Remembered:
    """A remembered value; a switch never touched has its start state, anything else missing is False."""
    return state.memory.get(name, state.switches.get(name, False))


def shown(state: State, text: str | Mapping[str, str] | None) -> str:
    """A text for this skin with the remembered values put in."""
    if isinstance(text, Mapping):
        text = text.get(state.skin)
    if not text:
        return ""

    def value_of(found: re.Match[str]) -> str:
        value = recall(state, found[1])
        return value if isinstance(value, str) else ""

    return NAMES.sub(value_of, text)


def tidy(block: Mapping[str, Any], value: str) -> str:
    """What counts of a typed text: NFC, single spaces, none at the ends; digits alone where digits are asked for."""
    if block["type"] == "keypad" or block.get("input") in DIGIT_INPUTS:
        return _NOT_DIGITS.sub("", value)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", value)).strip(" ")


def fold(text: str) -> str:
    """Lower case, one code point at a time, because whole-string rules (final sigma) differ between languages."""
    return unicodedata.normalize("NFC", "".join(sign.lower() for sign in text))


def _acted_block(state: State, event: Event) -> Mapping[str, Any]:
    for block in visible_blocks(state):
        if block.get("id") == event["id"]:
            if fits(block, event):
                return block
            break
    raise RefusedError("impossible_event")


def fits(block: Mapping[str, Any], event: Event) -> bool:
    """Tell whether the event can be done to the block at all."""
    kind = event["on"]
    if ACTED_ON_BY.get(block["type"]) != kind:
        return False
    if kind == "choose":
        return any(option["id"] == event["option"] for option in block["options"])
    if kind == "type" and event["value"] is not None:
        typed = tidy(block, event["value"])
        return len(typed) == block["length"] if block["type"] == "keypad" else typed != ""
    return True


def _choose(state: State, event: Event, block: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    for move in current(state).get("moves") or ():
        if move["on"] == event["on"] and applies(state, move) and _matches(move, event, block):
            return move
    return None


def _matches(move: Mapping[str, Any], event: Event, block: Mapping[str, Any] | None) -> bool:
    if block is None:
        return True
    if move.get("id") != block["id"]:
        return False
    if event["on"] == "choose":
        return "option" not in move or move["option"] == event["option"]
    if event["on"] == "type":
        return matches_text(move, event["value"], block)
    return True


def matches_text(move: Mapping[str, Any], value: str | None, block: Mapping[str, Any]) -> bool:
    """Tell whether a typed text (None: not told) is what a move asks for."""
    if "is" not in move and "like" not in move:
        return True
    if value is None:
        return False
    typed = tidy(block, value)
    if "is" in move and any(fold(tidy(block, answer)) == fold(typed) for answer in move["is"]):
        return True
    return "like" in move and patterns.matches(move["like"], typed)


def _flip(state: State, event: Event, block: Mapping[str, Any]) -> State:
    turned = replace(state, memory={**state.memory, block["id"]: not recall(state, block["id"])})
    move = _choose(turned, event, block)
    if move is None:
        return replace(turned, said=Said("stayed"))
    if "wrong" in move and "go" not in move:
        return _take(state, move)
    return _take(turned, move)


def _take(state: State, move: Mapping[str, Any] | None) -> State:
    if move is None:
        return replace(state, idle=state.idle + 1, said=Said("idle"))
    state = replace(state, memory={**state.memory, **(move.get("set") or {})})
    if "wrong" in move:
        said = Said("wrong", shown(state, move["wrong"]))
    elif "ok" in move:
        said = Said("ok", shown(state, move["ok"]))
    else:
        said = Said("moved" if "go" in move else "stayed")
    return replace(state, screen=move.get("go", state.screen), wrong=state.wrong + ("wrong" in move), said=said)


def _stand_ins(move: Mapping[str, Any] | None, block: Mapping[str, Any], value: str) -> Iterator[str | None]:
    if move is None or ("is" not in move and "like" not in move):
        yield None
        return
    typed = fold(tidy(block, value))
    yield from (answer for answer in move.get("is") or () if fold(tidy(block, answer)) == typed)
    if "like" in move:
        yield from examples(move["like"], block)


def examples(pattern: str, block: Mapping[str, Any]) -> Iterator[str]:
    """Texts made from a pattern that can be typed into this block as they stand."""
    for variant in range(_STAND_INS):
        made_up = patterns.example(pattern, variant)
        if made_up and len(made_up) <= 64 and tidy(block, made_up) == made_up:
            yield made_up
