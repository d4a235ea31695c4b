"""The clock of the house, and moments that strangers write."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hocvuso.kernel.clock import day_end, day_start, parse_moment
from tests.conftest import NOW


@pytest.mark.parametrize(
    "value",
    [None, 5, "", "hôm qua", "9999-99-99", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-07:00", "2026" * 20, ["x"]],
)
def test_what_is_no_moment_is_none(value):
    assert parse_moment(value) is None


def test_a_moment_without_offset_is_utc():
    assert parse_moment("2026-11-10T02:00:00") == NOW
    assert parse_moment("2026-11-10T09:00:00+07:00") == NOW


def test_a_day_begins_and_ends_at_midnight_in_viet_nam_whatever_day_was_typed():
    assert day_start(date(2026, 11, 10)) == datetime(2026, 11, 9, 17, 0, tzinfo=UTC)
    assert day_end(date(2026, 11, 10)) == datetime(2026, 11, 10, 17, 0, tzinfo=UTC)
    for day in (date.min, date.max):
        assert day_start(day).astimezone(UTC) < day_end(day).astimezone(UTC)
