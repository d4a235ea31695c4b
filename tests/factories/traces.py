"""Honest traces of practices: the shortest way to the end, found by trying everything."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from hocvuso.curriculum.practice import engine, release_of
from hocvuso.curriculum.practice.replay import outcome


def passing_trace(definition: Mapping[str, Any], skin: str = "android", end: str = "pass") -> dict[str, Any]:
    """The trace of somebody who makes no wrong turn that can be avoided, an action every second."""
    first = engine.start(definition, skin)
    queue = deque([(first, [])])
    seen = {_key(first)}
    while queue:
        state, events = queue.popleft()
        if state.end == end:
            return {
                "v": 1,
                "practice": definition["slug"],
                "release": release_of(definition),
                "skin": skin,
                "events": [{"t": 1000 * number, **event} for number, event in enumerate(events, 1)],
                "result": outcome(state),
            }
        if state.end is not None:
            continue
        for event in _actions(state):
            try:
                following = engine.step(state, event)
            except engine.RefusedError:
                continue
            if _key(following) not in seen:
                seen.add(_key(following))
                queue.append((following, [*events, event]))
    raise AssertionError(f"{definition['slug']} has no way to {end} on {skin}")


def _key(state: engine.State) -> tuple[object, ...]:
    return state.screen, tuple(sorted(state.memory.items())), tuple(sorted(state.switches.items()))


def _actions(state: engine.State) -> Iterator[dict[str, Any]]:
    for block in engine.visible_blocks(state):
        match engine.ACTED_ON_BY.get(block["type"]):
            case "tap" if "id" in block:
                yield {"on": "tap", "id": block["id"]}
            case "choose":
                for option in block["options"]:
                    yield {"on": "choose", "id": block["id"], "option": option["id"]}
            case "type":
                for move in engine.current(state).get("moves") or ():
                    if move["on"] == "type" and move["id"] == block["id"]:
                        for text in [
                            *(move.get("is") or ()),
                            *(engine.examples(move["like"], block) if "like" in move else ()),
                        ]:
                            yield {"on": "type", "id": block["id"], "value": text}
    yield {"on": "back"}
