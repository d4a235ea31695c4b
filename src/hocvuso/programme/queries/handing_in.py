"""Who below a unit has handed in, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Count, Exists, OuterRef, Q

from hocvuso.programme import moves
from hocvuso.programme.choices import ReportState, Standing
from hocvuso.programme.models import Report, ReportPeriod, ReportReminder
from hocvuso.units.public import Unit, UnitQuerySet, children


@dataclass(frozen=True)
class StandingBelow:
    """units: how many owe the report; begun: of these, how many ever handed in; done: approved or locked."""

    units: int
    begun: int
    done: int

    @property
    def open(self) -> int:
        return self.units - self.done


def units_asked(unit: Unit, period: ReportPeriod) -> UnitQuerySet:
    """The units right below a unit that owe a report on a period."""
    below = children(unit)
    if period.owner_id is None or (period.owner_id == unit.pk and period.everyone):
        return below
    return below.filter(pk__in=period.asked.values("unit"))


def standing_below(unit: Unit, period: ReportPeriod) -> StandingBelow:
    """How far the units right below are. Three queries."""
    asked = units_asked(unit, period)
    rows = Report.objects.filter(period=period, unit__in=asked.order_by().values("pk")).aggregate(
        begun=Count("pk", filter=Q(first_handed_in_at__isnull=False)),
        done=Count("pk", filter=Q(state__in=[state.value for state in moves.DONE])),
    )
    return StandingBelow(asked.count(), rows["begun"], rows["done"])


PAGE = 50
EXPORT_BATCH = 500


@dataclass(frozen=True)
class UnitStanding:
    """One unit below and its report. days_late: whole days after it was owed, until it was first handed in or until now; 0 in time.

    reminded_at: the last time the unit was reminded, if ever.
    """

    unit: Unit
    report: Report | None
    days_late: int
    reminded_at: datetime | None

    @property
    def is_late(self) -> bool:
        return self.days_late > 0

    @property
    def state(self) -> str:
        return self.report.state if self.report else ""


@dataclass(frozen=True)
class StandingPage:
    """`next` continues the list, empty at its end."""

    rows: list[UnitStanding]
    next: str


def _where(period: ReportPeriod, wanted: str, now: datetime) -> Q:
    """The condition on units for one way of sorting them."""
    theirs = Report.objects.filter(period=period, unit=OuterRef("pk"))
    closed = Exists(theirs.exclude(state__in=[state.value for state in moves.OPEN]))
    match wanted:
        case Standing.MISSING:
            return ~Q(closed)
        case Standing.LATE:
            handed_late = Q(Exists(theirs.filter(first_handed_in_at__gt=period.due_at)))
            never = ~Q(Exists(theirs.filter(first_handed_in_at__isnull=False)))
            return handed_late | never if now > period.due_at else handed_late
        case Standing.WAITING:
            return Q(Exists(theirs.filter(state=ReportState.SUBMITTED)))
        case Standing.DONE:
            return Q(Exists(theirs.filter(state__in=[state.value for state in moves.DONE])))
    return Q()


def units_standing(unit: Unit, period: ReportPeriod, wanted: str, now: datetime) -> UnitQuerySet:
    """The units below that stand in one way, in tree order."""
    found: UnitQuerySet = units_asked(unit, period).filter(_where(period, wanted, now))
    return found


def counts_of(unit: Unit, period: ReportPeriod, now: datetime) -> dict[str, int]:
    """How many units stand in each way. Two queries."""
    one = {value: Count("pk", filter=_where(period, value, now)) for value in Standing.values if value != Standing.ALL}
    rows = (
        units_asked(unit, period)
        .order_by()
        .aggregate(**{f"c{place}": count for place, count in enumerate(one.values())}, all=Count("pk"))
    )
    return {Standing.ALL.value: rows["all"], **{value: rows[f"c{place}"] for place, value in enumerate(one)}}


def standing_page(
    unit: Unit, period: ReportPeriod, wanted: str, now: datetime, after: str = "", size: int = PAGE
) -> StandingPage:
    """One page of the units below, after the unit with the path `after`. Four queries whatever the number of units."""
    units = units_standing(unit, period, wanted, now)
    if after:
        units = units.filter(path__gt=after)
    rows = list(units.order_by("path")[: size + 1])
    shown = rows[:size]
    reports = {row.unit_id: row for row in Report.objects.filter(period=period, unit__in=shown)}
    reminded = dict(
        ReportReminder.objects.filter(period=period, unit__in=shown).order_by("at").values_list("unit_id", "at")
    )
    standings = [
        UnitStanding(one, reports.get(one.pk), _days_late(period, reports.get(one.pk), now), reminded.get(one.pk))
        for one in shown
    ]
    return StandingPage(standings, shown[-1].path if len(rows) > size else "")


def all_standings(unit: Unit, period: ReportPeriod, wanted: str, now: datetime) -> Iterator[UnitStanding]:
    """Every unit below that stands in one way, batch by batch, for a file."""
    after = ""
    while True:
        page = standing_page(unit, period, wanted, now, after, EXPORT_BATCH)
        yield from page.rows
        after = page.next
        if not after:
            return


def _days_late(period: ReportPeriod, report: Report | None, now: datetime) -> int:
    until = report.first_handed_in_at if report and report.first_handed_in_at else now
    return ceil((until - period.due_at) / timedelta(days=1)) if until > period.due_at else 0


def reports_below(unit: Unit, period: ReportPeriod, unit_ids: Iterable[int]) -> list[Report]:
    """The reports of some of the units right below, in tree order; others are left out. Two queries."""
    asked = units_asked(unit, period).filter(pk__in=list(unit_ids)).order_by().values("pk")
    found = Report.objects.filter(period=period, unit__in=asked).select_related("unit", "period", "edition")
    return list(found.order_by("unit__path"))


def below_by_period(unit: Unit, periods: list[ReportPeriod]) -> dict[int, tuple[int, int]]:
    """By period: how many units right below have handed in, and how many of these wait for an answer. Two queries."""
    rows = (
        Report.objects.filter(unit__in=children(unit).order_by().values("pk"), period__in=periods)
        .values("period_id")
        .annotate(
            handed=Count("pk", filter=~Q(state__in=[state.value for state in moves.OPEN])),
            waiting=Count("pk", filter=Q(state=ReportState.SUBMITTED)),
        )
        .order_by()
    )
    return {row["period_id"]: (row["handed"], row["waiting"]) for row in rows}


def reminders_of(unit: Unit, periods: list[ReportPeriod]) -> dict[int, ReportReminder]:
    """The newest reminder of a unit for each period. One query."""
    return {row.period_id: row for row in ReportReminder.objects.filter(unit=unit, period__in=periods).order_by("at")}
