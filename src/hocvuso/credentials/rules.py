"""Plain decisions: codes people can type, and the one table of allowed moves of a confirmation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from hocvuso.credentials.choices import ConfirmationState as State
from hocvuso.credentials.choices import Move

# --- codes ---------------------------------------------------------------------------------------------------------

# 31 signs, without 0 1 I L O that people mix up. 31 is prime: the check sign finds every single wrong sign and every swap of
# two neighbours.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PREFIX = "HVS"
FREE_SIGNS = 7  # and one check sign: 27.5 thousand million codes
_NOT_SIGNS = re.compile(r"[\s\-–—_./]+")
_IN_ADDRESS = re.compile(r"/xac-minh/([^/?#]+)", re.I)


def check_sign(signs: str) -> str:
    """The eighth sign for seven signs of the alphabet."""
    return ALPHABET[sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, start=1)) % len(ALPHABET)]


def code_from(number: int) -> str:
    """The code for a number from 0 to 31^7 - 1: `HVS-7K3M-9QX` and its check sign."""
    signs = ""
    for _ in range(FREE_SIGNS):
        number, rest = divmod(number, len(ALPHABET))
        signs = ALPHABET[rest] + signs
    whole = signs + check_sign(signs)
    return f"{PREFIX}-{whole[:4]}-{whole[4:]}"


def read_code(text: str) -> str | None:
    """The code somebody typed or scanned, in its one spelling; none when it cannot be one.

    Small letters, missing dashes, spaces, a missing HVS and the whole address of a QR code are all understood.
    """
    found = _IN_ADDRESS.search(text)
    signs = _NOT_SIGNS.sub("", (found.group(1) if found else text).removesuffix(".json").upper())
    if len(signs) == len(PREFIX) + FREE_SIGNS + 1:
        signs = signs.removeprefix(PREFIX)
    if len(signs) != FREE_SIGNS + 1 or any(sign not in ALPHABET for sign in signs):
        return None
    if check_sign(signs[:-1]) != signs[-1]:
        return None
    return f"{PREFIX}-{signs[:4]}-{signs[4:]}"


# --- the moves of a confirmation -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A move leads from any of `sources` to `target`."""

    sources: frozenset[State]
    target: State
    needs_reason: bool = False


# The one table. docs/reference/confirmation-states.md is drawn from it.
MOVES: Mapping[Move, Step] = {
    Move.PROPOSE: Step(frozenset({State.ELIGIBLE, State.REFUSED}), State.PROPOSED),
    Move.TAKE_BACK: Step(frozenset({State.PROPOSED}), State.ELIGIBLE),
    Move.CONFIRM: Step(frozenset({State.PROPOSED}), State.CONFIRMED),
    Move.REFUSE: Step(frozenset({State.PROPOSED}), State.REFUSED, needs_reason=True),
    Move.SEND: Step(frozenset({State.CONFIRMED}), State.SENT),
    Move.ACCEPT: Step(frozenset({State.SENT}), State.ACCEPTED),
    Move.REJECT: Step(frozenset({State.SENT}), State.REJECTED),
    Move.CORRECT: Step(frozenset({State.REJECTED}), State.CONFIRMED),
    Move.WITHDRAW: Step(frozenset({State.ELIGIBLE, State.PROPOSED, State.REFUSED}), State.WITHDRAWN, needs_reason=True),
    Move.REVOKE: Step(
        frozenset({State.CONFIRMED, State.SENT, State.ACCEPTED, State.REJECTED}), State.REVOKED, needs_reason=True
    ),
}


def may_move(state: str, move: Move) -> bool:
    return state in MOVES[move].sources


def diagram() -> str:
    """The moves as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> ELIGIBLE"]
    for move, step in MOVES.items():
        lines += [f"    {source} --> {step.target}: {move}" for source in sorted(step.sources)]
    left = {source for step in MOVES.values() for source in step.sources}
    lines += [f"    {state} --> [*]" for state in State if state not in left]
    return "\n".join(lines) + "\n"


# --- trying again ---------------------------------------------------------------------------------------------------

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=2)
MOST_TRIES = 12  # about ten hours


def wait_before(tries: int, chance: float) -> timedelta:
    """How long to wait after a number of failed tries (1 and more): doubled each time up to two hours, and between half and all
    of that by chance (0–1), so that many who failed together do not come back together."""
    whole = min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT)
    return whole * (0.5 + chance / 2)
