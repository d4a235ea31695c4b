"""Who below a unit has handed in, and when."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from hocvuso.programme import moves
from hocvuso.programme.models import Report, ReportPeriod
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
