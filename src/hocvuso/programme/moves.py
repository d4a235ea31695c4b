"""The one table of what may happen to a report. The diagram in docs/reference/report-states.md is drawn from it."""

from __future__ import annotations

from dataclasses import dataclass

from hocvuso.programme.choices import ReportState as State
from hocvuso.programme.choices import Side, Verb


@dataclass(frozen=True)
class Move:
    """sources: states it starts from; remark: words are asked for; until: a last day is asked for."""

    verb: Verb
    sources: frozenset[State]
    target: State
    side: Side
    remark: bool = False
    until: bool = False


MOVES = {
    move.verb: move
    for move in (
        Move(Verb.HAND_IN, frozenset({State.DRAFT, State.RETURNED, State.UNLOCKED}), State.SUBMITTED, Side.UNIT),
        Move(Verb.TAKE_BACK, frozenset({State.SUBMITTED}), State.DRAFT, Side.UNIT),
        Move(Verb.RETURN, frozenset({State.SUBMITTED, State.APPROVED}), State.RETURNED, Side.ABOVE, remark=True),
        Move(Verb.APPROVE, frozenset({State.SUBMITTED}), State.APPROVED, Side.LEADER),
        Move(Verb.LOCK, frozenset({State.APPROVED}), State.LOCKED, Side.LEADER, remark=True),
        Move(Verb.UNLOCK, frozenset({State.LOCKED}), State.UNLOCKED, Side.LEADER, remark=True, until=True),
        Move(Verb.RELOCK, frozenset({State.UNLOCKED}), State.LOCKED, Side.LEADER, remark=True),
    )
}
# The unit writes in these; in the others the report says what was handed in.
OPEN = frozenset({State.DRAFT, State.RETURNED, State.UNLOCKED})
DONE = frozenset({State.APPROVED, State.LOCKED})
# Nobody approves, locks or opens a report that they wrote or handed in.
FOUR_EYES = frozenset({Verb.APPROVE, Verb.LOCK, Verb.UNLOCK, Verb.RELOCK})


def moves_from(state: str) -> list[Move]:
    """The moves that a state allows, whoever makes them."""
    return [move for move in MOVES.values() if state in move.sources]
