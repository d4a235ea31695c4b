"""What a unit's dashboard says: the answer first, then why, then what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from hocvuso.evidence.choices import ALL, Milestone, Segment
from hocvuso.indicators import rules
from hocvuso.indicators.behind import FOUR_STATES
from hocvuso.indicators.choices import Outlook
from hocvuso.indicators.models import Tally, TallyTotal
from hocvuso.indicators.queries import Figure
from hocvuso.kernel import periods
from hocvuso.kernel.periods import Period
from hocvuso.units.public import Unit

WILL_REACH = (Outlook.REACHED, Outlook.ON_PACE)
FALLS_SHORT = (Outlook.SHORT, Outlook.MISSED)


@dataclass(frozen=True)
class Answer:
    """Will the unit make it? Counts of the headline indicators that have a target, for the nearest due date."""

    due_on: date | None
    is_past: bool
    will_reach: int
    total: int
    unknown: int
    short: tuple[Figure, ...]  # most people short first
    faulty: tuple[Figure, ...]

    @property
    def focus(self) -> Figure | None:
        return self.short[0] if self.short else None


def answer(figures: Sequence[Figure], on: date) -> Answer:
    """Sum up the headline figures of one unit."""
    targeted = [
        figure
        for figure in figures
        if figure.indicator.headline and figure.target is not None and figure.outlook != Outlook.NOBODY
    ]
    days = [figure.target.due_on for figure in targeted if figure.target]
    due_on = min((day for day in days if day >= on), default=max(days, default=None))
    short = sorted(
        (figure for figure in targeted if figure.outlook in FALLS_SHORT),
        key=lambda figure: (-(figure.projection.short_by or 0), figure.indicator.order),
    )
    return Answer(
        due_on=due_on,
        is_past=due_on is not None and due_on <= on,
        will_reach=sum(1 for figure in targeted if figure.outlook in WILL_REACH),
        total=len(targeted),
        unknown=sum(1 for figure in targeted if figure.outlook == Outlook.NO_DENOMINATOR),
        short=tuple(short),
        faulty=tuple(figure for figure in targeted if figure.outlook == Outlook.OVER_WHOLE),
    )


def holders_of_half(children: Sequence[Figure]) -> list[Figure]:
    """The few units below that hold more than half of what will be missing; none when it takes more than three of them,
    or when it is spread over no more than those."""
    short = sorted(
        (figure for figure in children if (figure.projection.short_by or 0) > 0),
        key=lambda figure: -(figure.projection.short_by or 0),
    )
    count = rules.holding_half([figure.projection.short_by or 0 for figure in short])
    return short[:count] if 0 < count <= 3 and count < len(short) else []


@dataclass(frozen=True)
class Step:
    """One of the four states, and how many people stopped one state before it."""

    milestone: Milestone
    people: int
    waiting: int | None


def steps(unit: Unit, on: date) -> list[Step]:
    """People of all groups who learned, passed, were confirmed, are on VNeID, at the end of a day. Two queries."""
    wanted = {"unit": unit, "group": ALL, "segment": Segment.ALL, "milestone__in": FOUR_STATES}
    totals = dict(TallyTotal.objects.filter(**wanted).values_list("milestone", "people"))
    later = dict(Tally.objects.filter(**wanted, day__gt=on).values_list("milestone").annotate(Sum("people")).order_by())
    found: list[Step] = []
    before: int | None = None
    for milestone in FOUR_STATES:
        people = totals.get(milestone, 0) - later.get(milestone, 0)
        found.append(Step(milestone, people, None if before is None else max(before - people, 0)))
        before = people
    return found


@dataclass(frozen=True)
class Moment:
    """The day a page speaks of, and the report period it lies in."""

    period: Period
    on: date
    code: str  # of a period chosen by the reader, empty for today

    @property
    def since(self) -> date:
        return self.period.first


def moment(code: str, today: date) -> Moment:
    """The end of a chosen period, or today; a period that is still open ends today. A code that is none means today."""
    if code:
        try:
            period = periods.parse(code)
        except ValueError:
            code = ""
        else:
            if period.first <= today:
                return Moment(period, min(period.last, today), code)
            code = ""
    return Moment(periods.month_of(today), today, "")


def months_before(today: date, count: int = 12) -> list[Period]:
    """The report months that have ended, newest first."""
    month = periods.month_of(today)
    found = []
    for _ in range(count):
        month = periods.month_of(month.first - timedelta(days=1))
        found.append(month)
    return found
