"""Which periods a unit reports on."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from hocvuso.programme import moves
from hocvuso.programme.choices import ReportState
from hocvuso.programme.errors import NoSuchPeriod
from hocvuso.programme.models import ReportPeriod
from hocvuso.units.public import Unit, breadcrumb

# An old period without a saved report is history, not a reminder; it stays overdue in the list.
RECENT = timedelta(days=31)


def is_owed(state: str, period: ReportPeriod, today: date) -> bool:
    """Whether a unit is to hand in now (state: of its report, empty for none): the period is over and its day recent, or it came back."""
    if period.last > today or state not in {"", *moves.OPEN}:
        return False
    return state in {ReportState.RETURNED, ReportState.UNLOCKED} or today - RECENT < period.due_on


def get_period(code: str) -> ReportPeriod:
    """Any period with a code, called off or not. Raises NoSuchPeriod."""
    period = ReportPeriod.objects.select_related("owner").filter(code=code).first()
    if period is None:
        raise NoSuchPeriod(code=code)
    return period


def owed_by(unit: Unit) -> QuerySet[ReportPeriod]:
    """The periods a unit reports on: the regular ones, those it was asked for, and those it asked others for. One query to prepare."""
    way = breadcrumb(unit)
    parent = way[-2] if len(way) > 1 else None
    asked = Q(owner__isnull=True) | Q(owner=unit) | Q(asked__unit=unit)
    if parent is not None:
        asked |= Q(owner=parent, everyone=True)
    return ReportPeriod.objects.filter(asked, called_off_at__isnull=True).select_related("owner").distinct()


def period_for(unit: Unit, code: str) -> ReportPeriod:
    """The period with a code, if this unit reports on it. Raises NoSuchPeriod."""
    period = owed_by(unit).filter(code=code).first()
    if period is None:
        raise NoSuchPeriod(code=code)
    return period


def periods_to_report(unit: Unit, today: date, limit: int = 18) -> list[ReportPeriod]:
    """Periods that have begun: those that ended first, for they are owed, the newest at the top; then those still running. Two queries."""
    begun = list(
        owed_by(unit)
        .filter(first__lte=today, first__gte=date(today.year - 2, 1, 1))
        .order_by("-last", "-first", "code")
    )
    ended = [period for period in begun if period.last < today]
    return [*ended[:limit], *(period for period in begun if period.last >= today)]


def periods_made(unit: Unit, limit: int = 10) -> list[ReportPeriod]:
    """The newest periods a unit asked the units below for; of a campaign its last day. One query."""
    rows = ReportPeriod.objects.filter(owner=unit, called_off_at__isnull=True).order_by("-made_at", "-last")
    found: dict[str, ReportPeriod] = {}
    for row in rows[: limit * 62]:
        found.setdefault(row.series or row.code, row)
    return list(found.values())[:limit]
