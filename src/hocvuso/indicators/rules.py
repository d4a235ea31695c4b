"""Plain arithmetic of figures: no database, no clock. People are head-counts; ratios are 0.0 to 1.0 and may exceed 1 in bad data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from math import ceil

from hocvuso.indicators.choices import Outlook

# The pace is what the last four weeks brought. Intervals come with the forecasts of a later issue.
PACE_DAYS = 28
# Public data shows no count of one to four people (design §7).
SMALLEST_PUBLIC_COUNT = 5


def ratio_of(people: int, whole: int | None) -> float | None:
    """Share of the whole; none when the whole is unknown or nobody. Never clipped: over 1 shows a fault in the data."""
    return people / whole if whole else None


def people_for_ratio(ratio: Decimal, whole: int) -> int:
    """People that a ratio of the whole asks for, rounded up: 80% of 7 people are 6."""
    return int((ratio * whole).to_integral_value(rounding=ROUND_CEILING))


@dataclass(frozen=True)
class Projection:
    """Where a figure goes if the days to come bring what the last four weeks brought.

    `target_people`, `missing_people`, `needed_per_day`, `expected_people`, `short_by`: people, none when they cannot be known.
    `reach_on`: the day the target is reached at this pace, only when that is by the due date.
    """

    outlook: Outlook
    pace_per_day: float
    target_people: int | None = None
    missing_people: int | None = None
    days_left: int | None = None
    needed_per_day: float | None = None
    expected_people: int | None = None
    reach_on: date | None = None
    short_by: int | None = None


def project(
    *,
    people: int,
    recent_people: int,
    whole: int | None,
    target_people: int | None,
    due_on: date | None,
    on: date,
    has_target: bool,
) -> Projection:
    """How a figure of `people` on a day stands towards its target.

    recent_people: newly reached in the last PACE_DAYS days, `on` counted (negative when more was revoked than reached).
    whole: the denominator, none if unknown. target_people: none when there is no target or it is a ratio of an unknown whole.
    The expected value never exceeds a known whole that is not yet exceeded: there is nobody left to reach.
    """
    pace = max(recent_people, 0) / PACE_DAYS
    if whole is not None and people > whole:
        return Projection(Outlook.OVER_WHOLE, pace, target_people=target_people)
    if whole == 0:
        return Projection(Outlook.NOBODY, pace)
    if target_people is None or due_on is None:
        return Projection(Outlook.NO_DENOMINATOR if has_target else Outlook.NO_TARGET, pace)
    days_left = max((due_on - on).days, 0)
    missing = max(target_people - people, 0)
    if missing == 0:
        return Projection(Outlook.REACHED, pace, target_people, 0, days_left, 0.0, people, None, 0)
    if days_left == 0:
        return Projection(Outlook.MISSED, pace, target_people, missing, 0, None, people, None, missing)
    expected = people + int(pace * days_left)
    if whole is not None:
        expected = min(expected, whole)
    needed = missing / days_left
    days_needed = ceil(missing / pace) if pace else None
    if days_needed is not None and days_needed <= days_left:
        expected = max(expected, target_people)
        return Projection(
            Outlook.ON_PACE,
            pace,
            target_people,
            missing,
            days_left,
            needed,
            expected,
            on + timedelta(days=days_needed),
            0,
        )
    short = max(target_people - expected, 1)
    return Projection(Outlook.SHORT, pace, target_people, missing, days_left, needed, expected, None, short)


_RANK = {
    Outlook.MISSED: 0,
    Outlook.SHORT: 0,
    Outlook.OVER_WHOLE: 1,
    Outlook.NO_DENOMINATOR: 2,
    Outlook.ON_PACE: 3,
    Outlook.NO_TARGET: 4,
    Outlook.REACHED: 5,
    Outlook.NOBODY: 6,
}


def attention_key(projection: Projection) -> tuple[int, int, float]:
    """Sorts what needs attention first: who will be short of most people at this pace, then faults in the data, then the rest.

    Being short at the due date is the missing people times the share of the needed pace that is lacking.
    """
    return _RANK[projection.outlook], -(projection.short_by or 0), -float(projection.missing_people or 0)


def holding_half(shorts: Sequence[int]) -> int:
    """How many of the first values (in falling order) hold more than half of the sum; 0 when there is nothing to hold."""
    total, held = sum(shorts), 0
    for count, value in enumerate(shorts, start=1):
        held += value
        if held * 2 > total:
            return count
    return 0


def suppressed(counts: Sequence[int | None], *, total_shown: bool = True) -> list[bool]:
    """Which of the counts of parts must be hidden in public: 1 to 4 people, and, when their total stands beside them, one more
    part if only one would be hidden, so that it cannot be found by subtraction. None (unknown) is nothing to hide."""
    hidden = [count is not None and 0 < count < SMALLEST_PUBLIC_COUNT for count in counts]
    if total_shown and sum(hidden) == 1:
        others = [index for index, count in enumerate(counts) if not hidden[index] and count]
        if others:
            hidden[min(others, key=lambda index: (counts[index] or 0, index))] = True
    return hidden


def week_starts(on: date, weeks: int) -> list[date]:
    """First days of the last `weeks` spans of seven days, the last of which ends on `on`; oldest first."""
    return [on - timedelta(days=7 * back - 1) for back in range(weeks, 0, -1)]
