"""Report periods by Decree 09/2019/NĐ-CP."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.kernel import periods


@pytest.mark.clause("R-31")
@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-M11", date(2026, 10, 15), date(2026, 11, 14)),
        ("2026-M01", date(2025, 12, 15), date(2026, 1, 14)),
        ("2026-Q1", date(2025, 12, 15), date(2026, 3, 14)),
        ("2026-Q4", date(2026, 9, 15), date(2026, 12, 14)),
        ("2026-H1", date(2025, 12, 15), date(2026, 6, 14)),
        ("2026-9M", date(2025, 12, 15), date(2026, 9, 14)),
        ("2026-Y", date(2025, 12, 15), date(2026, 12, 14)),
        ("2026-07-10_2026-11-30", date(2026, 7, 10), date(2026, 11, 30)),
    ],
)
def test_a_period_has_its_days_and_its_code_can_be_read_back(code, first, last):
    period = periods.parse(code)
    assert (period.first, period.last, period.code) == (first, last, code)


@given(st.dates(date(2001, 1, 1), date(2199, 12, 31)))
def test_every_day_falls_in_exactly_one_report_month(day):
    period = periods.month_of(day)
    assert day in period
    assert periods.month_of(period.last + timedelta(days=1)).first == period.last + timedelta(days=1)
    assert periods.previous(period).last + timedelta(days=1) == period.first


@pytest.mark.parametrize(
    "code", ["", "2026", "2026-M13", "2026-M0", "2026-Q5", "26-M1", "2026-12-31_2026-01-01", "xx-Y", "2026-Z"]
)
def test_nonsense_is_refused(code):
    with pytest.raises(ValueError):
        periods.parse(code)
