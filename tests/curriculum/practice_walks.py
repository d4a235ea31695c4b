"""Random runs of a practice, recorded as a phone would record them. Same seed, same run."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from hocvuso.curriculum.practice import engine, release_of
from hocvuso.curriculum.practice.replay import outcome

TYPED = [
    "a",
    "VNeID",
    "  Thủ  ĐỨC ",
    "0909 123 456",
    "50.000 đ",
    "😀",
    "Nguồn?",
    "123456",
    "МОСКВА",
    "x" * 64,
    "ﬁ",
    "e\u0302\u0301",
]


def record_walk(
    definition: Mapping[str, Any], skin: str, dice: random.Random, *, cap: int
) -> tuple[dict[str, Any], engine.State]:
    """Act at random until an end screen (or `cap` events), then name the honest result. The trace is veiled."""
    state = engine.start(definition, skin)
    events: list[dict[str, Any]] = []
    clock = 0
    while state.end != "pass" and len(events) < cap:
        clock += dice.choice([0, 1, 700, 4000])
        event = {"t": clock, **_action(state, dice)}
        try:
            following = engine.step(state, event)
        except engine.RefusedError:
            continue  # such as five digits on a keypad of six: the phone would not have let it happen
        events.append(dict(engine.veil(state, event)))
        state = following
    trace = {
        "v": 1,
        "practice": definition["slug"],
        "release": release_of(definition),
        "skin": skin,
        "events": events,
        "result": {**outcome(state), "end": state.end or "pass"},
    }
    return trace, state


def _action(state: engine.State, dice: random.Random) -> dict[str, Any]:
    if state.end is not None:
        return {"on": "restart"}
    choices: list[dict[str, Any]] = [{"on": dice.choice(["back", "hint", "back", "hint", "restart"])}]
    for block in engine.visible_blocks(state):
        kind = engine.ACTED_ON_BY.get(block["type"])
        if kind == "tap" and "id" in block:
            choices.append({"on": "tap", "id": block["id"]})
        elif kind == "choose":
            choices.append({"on": "choose", "id": block["id"], "option": dice.choice(block["options"])["id"]})
        elif kind == "type":
            choices += [{"on": "type", "id": block["id"], "value": value} for value in _typed(state, block, dice)]
    return dice.choice(choices)


def _typed(state: engine.State, block: Mapping[str, Any], dice: random.Random) -> list[str | None]:
    """Right answers as often as wrong ones, or no walk would ever arrive."""
    right: list[str | None] = [
        text
        for move in engine.current(state).get("moves") or ()
        if move["on"] == "type" and move["id"] == block["id"]
        for text in [*(move.get("is") or ()), *(engine.examples(move["like"], block) if "like" in move else ())]
    ]
    digits = "".join(dice.choice("0123456789") for _ in range(block.get("length", 4)))
    return [dice.choice([*right, digits, None]), dice.choice([*TYPED, None, digits])]
