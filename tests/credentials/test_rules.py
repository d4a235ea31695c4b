"""Codes and the table of moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.credentials import rules
from hocvuso.credentials.choices import ConfirmationState as State
from hocvuso.credentials.choices import Move

NUMBERS = st.integers(0, 31**7 - 1)


@given(NUMBERS)
def test_code_reads_back_however_it_is_typed(number) -> None:
    code = rules.code_from(number)
    for typed in (code, code.lower(), code.replace("-", ""), code[4:], f"  {code[4:].replace('-', ' ')} "):
        assert rules.read_code(typed) == code
    assert rules.read_code(f"https://hocvuso.example/en/xac-minh/{code}/?x=1") == code
    assert rules.read_code(f"https://hocvuso.example/xac-minh/{code}.json") == code


@given(NUMBERS, st.integers(0, 7), st.sampled_from(rules.ALPHABET))
def test_one_wrong_sign_is_always_found(number, place, sign) -> None:
    signs = list(rules.code_from(number)[4:].replace("-", ""))
    if signs[place] == sign:
        return
    signs[place] = sign
    assert rules.read_code("".join(signs)) is None


@given(NUMBERS, st.integers(0, 6))
def test_two_swapped_neighbours_are_always_found(number, place) -> None:
    signs = list(rules.code_from(number)[4:].replace("-", ""))
    if signs[place] == signs[place + 1]:
        return
    signs[place], signs[place + 1] = signs[place + 1], signs[place]
    assert rules.read_code("".join(signs)) is None


@pytest.mark.parametrize("text", ["", "HVS", "HVS-0000-0000", "HVS-7K3M", "7K3M9QXT7K3M9QXT", "x" * 5000, "<script>"])
def test_what_cannot_be_a_code_is_refused(text) -> None:
    assert rules.read_code(text) is None


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        (State.ELIGIBLE, {Move.PROPOSE, Move.WITHDRAW}),
        (State.PROPOSED, {Move.CONFIRM, Move.REFUSE, Move.TAKE_BACK, Move.WITHDRAW}),
        (State.REFUSED, {Move.PROPOSE, Move.WITHDRAW}),
        (State.CONFIRMED, {Move.SEND, Move.REVOKE}),
        (State.SENT, {Move.ACCEPT, Move.REJECT, Move.REVOKE}),
        (State.REJECTED, {Move.CORRECT, Move.REVOKE}),
        (State.ACCEPTED, {Move.REVOKE}),
        (State.WITHDRAWN, set()),
        (State.REVOKED, set()),
    ],
)
def test_moves_from_each_state(state, moves) -> None:
    assert {move for move in Move if rules.may_move(state, move)} == moves


def test_diagram_in_the_docs_is_drawn_from_the_table() -> None:
    from pathlib import Path

    page = Path(__file__).parents[2] / "docs/reference/confirmation-states.md"
    assert rules.diagram() in page.read_text(encoding="utf-8")
