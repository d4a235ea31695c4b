"""Report periods: plain arithmetic on dates.

Source: Decree 09/2019/NĐ-CP as told in domain.md §5.2: a month runs from the 15th of the month before to the 14th; a quarter,
half year, nine months and year likewise, the last three from 15/12 of the year before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PeriodKind(StrEnum):
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    HALF = "HALF"
    NINE_MONTHS = "NINE_MONTHS"
    YEAR = "YEAR"
    CAMPAIGN_DAY = "CAMPAIGN_DAY"
    AD_HOC = "AD_HOC"


@dataclass(frozen=True, order=True)
class Period:
    """Days from `first` to `last`, both counted."""

    first: date
    last: date
    kind: PeriodKind = PeriodKind.AD_HOC

    @property
    def code(self) -> str:
        """A stable short code: `2026-M11`, `2026-Q4`, `2026-H1`, `2026-9M`, `2026-Y`, or the two dates."""
        year, month = self.last.year, self.last.month
        match self.kind:
            case PeriodKind.MONTH:
                return f"{year}-M{month:02d}"
            case PeriodKind.QUARTER:
                return f"{year}-Q{month // 3}"
            case PeriodKind.HALF:
                return f"{year}-H1"
            case PeriodKind.NINE_MONTHS:
                return f"{year}-9M"
            case PeriodKind.YEAR:
                return f"{year}-Y"
        return f"{self.first.isoformat()}_{self.last.isoformat()}"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def _fifteenth_before(year: int, month: int) -> date:
    return date(year - 1, 12, 15) if month == 1 else date(year, month - 1, 15)


def month(year: int, number: int) -> Period:
    """Month `number` (1–12) of a year: from the 15th of the month before to the 14th."""
    return Period(_fifteenth_before(year, number), date(year, number, 14), PeriodKind.MONTH)


def quarter(year: int, number: int) -> Period:
    """Quarter 1–4."""
    return Period(_fifteenth_before(year, number * 3 - 2), date(year, number * 3, 14), PeriodKind.QUARTER)


def half(year: int) -> Period:
    return Period(_fifteenth_before(year, 1), date(year, 6, 14), PeriodKind.HALF)


def nine_months(year: int) -> Period:
    return Period(_fifteenth_before(year, 1), date(year, 9, 14), PeriodKind.NINE_MONTHS)


def year(number: int) -> Period:
    return Period(_fifteenth_before(number, 1), date(number, 12, 14), PeriodKind.YEAR)


def month_of(day: date) -> Period:
    """The report month that a day falls in."""
    if day.day <= 14:
        return month(day.year, day.month)
    return month(day.year + 1, 1) if day.month == 12 else month(day.year, day.month + 1)


def previous(period: Period) -> Period:
    """The month before a report month."""
    return month_of(period.first.replace(day=1))


def parse(code: str) -> Period:
    """The period written as `code`. Raises ValueError when it is none."""
    if "_" in code:
        first, last = (date.fromisoformat(part) for part in code.split("_", 1))
        if first > last:
            raise ValueError(code)
        return Period(first, last)
    head, _, tail = code.partition("-")
    number = int(head)
    if not 2000 <= number <= 2200:
        raise ValueError(code)
    if tail.startswith("M") and 1 <= int(tail[1:]) <= 12:
        return month(number, int(tail[1:]))
    if tail.startswith("Q") and 1 <= int(tail[1:]) <= 4:
        return quarter(number, int(tail[1:]))
    named = {"H1": half, "9M": nine_months, "Y": year}
    if tail in named:
        return named[tail](number)
    raise ValueError(code)
