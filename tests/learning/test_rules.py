"""The device's clock, merging, when a lesson is finished."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.learning.rules import OLDEST, Progress, completed_at, corrected, merged

NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
moments = st.integers(0, 10**6).map(lambda seconds: NOW + timedelta(seconds=seconds))
progress = st.builds(
    Progress,
    understood_at=st.none() | moments,
    practised=st.dictionaries(st.sampled_from(["a", "b", "c"]), moments),
    used_at=st.none() | moments,
)


@pytest.mark.parametrize("offset", [timedelta(days=2), timedelta(days=-2), timedelta(hours=7)])
def test_a_clock_that_is_off_is_put_right_by_the_difference(offset):
    happened = NOW - timedelta(hours=3)
    assert corrected(happened + offset, sent_at=NOW + offset, received_at=NOW) == happened


def test_a_small_difference_is_the_journey_of_the_message():
    happened = NOW - timedelta(hours=3)
    assert corrected(happened, sent_at=NOW - timedelta(seconds=90), received_at=NOW) == happened


def test_nothing_happens_in_the_future_nor_in_the_stone_age():
    assert corrected(NOW + timedelta(days=9), sent_at=NOW, received_at=NOW) == NOW
    assert corrected(NOW - timedelta(days=4000), sent_at=NOW, received_at=NOW) == NOW - OLDEST


@given(progress, progress, progress)
def test_merging_does_not_depend_on_order_and_can_be_repeated(one, two, three):
    assert merged(one, two) == merged(two, one)
    assert merged(merged(one, two), three) == merged(one, merged(two, three))
    assert merged(one, one) == one


def test_a_lesson_is_finished_when_all_three_lamps_are_lit():
    full = Progress(NOW, {"a": NOW + timedelta(hours=1), "b": NOW + timedelta(hours=2)}, NOW + timedelta(minutes=5))
    assert completed_at(full, ["a", "b"]) == NOW + timedelta(hours=2)
    assert completed_at(full, ["a", "b", "c"]) is None
    assert completed_at(Progress(NOW, {}, None), []) is None
