"""Arithmetic of figures, in tables of cases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from hocvuso.indicators import rules
from hocvuso.indicators.choices import Outlook

ON = date(2026, 11, 10)
DUE = date(2026, 12, 31)  # 51 days later


def project(people, recent, whole, target, **changes):
    values = {"due_on": DUE, "on": ON, "has_target": True} | changes
    return rules.project(people=people, recent_people=recent, whole=whole, target_people=target, **values)


@pytest.mark.parametrize(
    ("ratio", "whole", "people"), [("0.8", 7, 6), ("0.8", 10, 8), ("1", 66290, 66290), ("0.5", 0, 0), ("0.001", 1, 1)]
)
def test_a_ratio_asks_for_people_rounded_up(ratio, whole, people):
    assert rules.people_for_ratio(Decimal(ratio), whole) == people


def test_at_the_pace_of_four_weeks_the_target_is_reached_on_a_day():
    # 56 in 28 days are 2 a day; 20 missing take 10 days.
    found = project(80, 56, 100, 100)
    assert (found.outlook, found.missing_people, found.reach_on, found.short_by) == (
        Outlook.ON_PACE,
        20,
        date(2026, 11, 20),
        0,
    )
    assert found.expected_people == 100


def test_a_slow_pace_falls_short_by_what_it_will_not_bring():
    # 1 a day brings 51 by the due date; 100 are missing.
    found = project(900, 28, 1000, 1000)
    assert (found.outlook, found.expected_people, found.short_by, found.needed_per_day) == (
        Outlook.SHORT,
        951,
        49,
        pytest.approx(100 / 51),
    )


def test_no_pace_brings_nobody():
    found = project(0, 0, 10, 8)
    assert (found.outlook, found.expected_people, found.short_by, found.reach_on) == (Outlook.SHORT, 0, 8, None)


def test_more_revoked_than_reached_is_no_pace_not_a_backward_one():
    assert project(5, -3, 10, 8).pace_per_day == 0


@pytest.mark.parametrize(
    ("people", "on", "outlook", "short"),
    [
        (100, ON, Outlook.REACHED, 0),
        (100, date(2027, 1, 5), Outlook.REACHED, 0),
        (99, DUE, Outlook.MISSED, 1),
        (60, date(2027, 1, 5), Outlook.MISSED, 40),
    ],
)
def test_the_due_date_decides(people, on, outlook, short):
    found = project(people, 28, 100, 100, on=on)
    assert (found.outlook, found.short_by) == (outlook, short)


def test_over_the_whole_is_a_fault_in_the_data_and_nothing_is_projected():
    found = project(101, 28, 100, 80)
    assert (found.outlook, found.expected_people, found.missing_people) == (Outlook.OVER_WHOLE, None, None)


def test_the_expected_value_stops_at_the_whole():
    assert project(50, 56, 100, 90).expected_people == 100


@pytest.mark.parametrize(("has_target", "outlook"), [(True, Outlook.NO_DENOMINATOR), (False, Outlook.NO_TARGET)])
def test_without_a_denominator_nothing_is_claimed(has_target, outlook):
    found = project(50, 28, None, None, has_target=has_target)
    assert (found.outlook, found.short_by, found.expected_people) == (outlook, None, None)


def test_attention_goes_to_most_people_short_then_to_faults_then_to_gaps():
    rows = {
        "short by 30": project(60, 28, 141, 141),
        "short by 900": project(100, 0, 1000, 1000),
        "over": project(11, 0, 10, 10),
        "unknown": project(5, 0, None, None),
        "on pace": project(90, 56, 100, 100),
        "reached": project(10, 0, 10, 10),
    }
    assert sorted(rows, key=lambda name: rules.attention_key(rows[name])) == [
        "short by 900",
        "short by 30",
        "over",
        "unknown",
        "on pace",
        "reached",
    ]


@pytest.mark.parametrize(
    ("shorts", "count"), [([], 0), ([0, 0], 0), ([10], 1), ([5, 5], 2), ([6, 5], 1), ([3, 3, 3, 3], 3), ([9, 1, 1], 1)]
)
def test_who_holds_more_than_half(shorts, count):
    assert rules.holding_half(shorts) == count


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([10, 20], [False, False]),
        ([0, 20], [False, False]),
        ([4, 20, 30], [True, True, False]),  # 20 goes too: the total would tell the 4
        ([4, 3, 30], [True, True, False]),
        ([4, None, 30], [True, False, True]),
        ([4], [True]),
        ([4, 0], [True, False]),
        ([5, 5], [False, False]),
    ],
)
def test_small_counts_are_hidden_and_cannot_be_found_by_subtraction(counts, hidden):
    assert rules.suppressed(counts) == hidden


def test_weeks_end_on_the_day():
    assert rules.week_starts(ON, 2) == [date(2026, 10, 28), date(2026, 11, 4)]


def test_a_group_of_nobody_has_neither_reached_nor_missed_its_target():
    found = rules.project(
        people=0,
        recent_people=0,
        whole=0,
        target_people=0,
        due_on=date(2026, 12, 31),
        on=date(2026, 11, 10),
        has_target=True,
    )
    assert found.outlook == Outlook.NOBODY
