"""The clock of the house. Services take the time as a value; doors (views, commands) read it here."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_FIRST_YEAR, _LAST_YEAR = 2000, 2200  # of everything this system can have seen or planned


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return timezone.now()


def today() -> date:
    """Today's date in Viet Nam."""
    return local_date(now())


def local_date(moment: datetime) -> date:
    """The calendar day in Viet Nam of an aware moment."""
    return moment.astimezone(VIETNAM).date()


def parse_moment(value: object) -> datetime | None:
    """An aware moment from ISO 8601 text; without an offset it is taken as UTC. None if it is none or absurd.

    For what strangers write: moments near the years 1 and 9999 cannot be moved to another time zone and would be our fault.
    """
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def day_start(day: date) -> datetime:
    """The first moment of a calendar day in Viet Nam; days before 2000 and after 2200 are taken as those years."""
    year = min(max(day.year, _FIRST_YEAR), _LAST_YEAR)
    near = day if year == day.year else date(year, 1, 1)
    return datetime.combine(near, time.min, VIETNAM)


def day_end(day: date) -> datetime:
    """The first moment after a calendar day in Viet Nam."""
    return day_start(day) + timedelta(days=1)
