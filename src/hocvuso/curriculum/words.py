"""A practice told in words, for people who read instead of tapping (no JavaScript, paper, reading aloud).

The words follow the shortest way to a passing end, found by the engine itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hocvuso.curriculum.practice import engine

_MOST_STATES = 5000


@dataclass(frozen=True, slots=True)
class Step:
    """What one sees (`say`) and what one does (`do`); `do` is empty on the last screen."""

    say: str
    do: str


def in_words(definition: Mapping[str, Any], skin: str) -> list[Step]:
    """The shortest passing way on a skin; empty if there is none within reach."""
    first = engine.start(definition, skin)
    queue: deque[tuple[engine.State, tuple[Step, ...]]] = deque([(first, ())])
    seen = {_key(first)}
    while queue and len(seen) < _MOST_STATES:
        state, way = queue.popleft()
        for event in _events(state):
            try:
                after = engine.step(state, event)
            except engine.RefusedError:
                continue
            if after.wrong > state.wrong or after.idle > state.idle or _key(after) in seen:
                continue
            seen.add(_key(after))
            longer = (*way, Step(engine.shown(state, engine.current(state).get("say")), _act(state, event)))
            if after.end == "pass":
                return [*longer, Step(engine.shown(after, engine.current(after).get("say")), "")]
            if after.end is None:
                queue.append((after, longer))
    return []


def _key(state: engine.State) -> tuple[object, ...]:
    return state.screen, tuple(sorted((name, str(value)) for name, value in state.memory.items()))


def _events(state: engine.State) -> Iterator[dict[str, Any]]:
    visible = {block["id"]: block for block in engine.visible_blocks(state) if "id" in block}
    for move in engine.current(state).get("moves") or ():
        if not engine.applies(state, move) and move["on"] != "tap":
            continue
        if move["on"] == "back":
            yield {"on": "back"}
            continue
        block = visible.get(move["id"])
        if block is None:
            continue
        if move["on"] == "tap":
            yield {"on": "tap", "id": move["id"]}
        elif move["on"] == "choose":
            options = [move["option"]] if "option" in move else [option["id"] for option in block["options"]]
            for option in options:
                yield {"on": "choose", "id": move["id"], "option": option}
        else:
            for value in _answers(move, block):
                # An example made from a pattern is for the engine alone; people write their own.
                yield {"on": "type", "id": move["id"], "value": value, "told": "is" in move}
    for block in visible.values():
        if block["type"] == "toggle":
            yield {"on": "tap", "id": block["id"]}


def _answers(move: Mapping[str, Any], block: Mapping[str, Any]) -> list[str | None]:
    """What one could type for a move: the author's own words, an example of the pattern, anything."""
    if "is" in move:
        return list(move["is"])
    if "like" not in move:
        return [None]
    example = next(engine.examples(move["like"], block), None)
    return [] if example is None else [example]


def _act(state: engine.State, event: Mapping[str, Any]) -> str:
    if event["on"] == "back":
        return _("Go back.")
    block = next(one for one in engine.visible_blocks(state) if one.get("id") == event["id"])
    label = engine.shown(state, block.get("label") or block.get("name"))
    if event["on"] == "choose":
        option = next(one for one in block["options"] if one["id"] == event["option"])
        return _("Choose “%(option)s”.") % {"option": engine.shown(state, option["label"])}
    if event["on"] == "type":
        if not event["told"]:
            return _("Fill in “%(label)s”.") % {"label": label}
        return _("In “%(label)s”, type %(value)s.") % {"label": label, "value": event["value"]}
    if block["type"] == "toggle":
        return _("Turn the switch “%(label)s”.") % {"label": label}
    return _("Tap “%(label)s”.") % {"label": label}
