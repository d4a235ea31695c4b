"""What reports need without anybody pressing a button. Called by background work; running twice does no harm."""

from __future__ import annotations

from datetime import datetime, timedelta

from hocvuso.kernel.clock import local_date
from hocvuso.programme.models import ReportPeriod
from hocvuso.programme.services import end_exceptions, load_periods, mail_reminders, remind_by_calendar

# The periods of a year are there this long before it begins.
AHEAD = timedelta(days=92)


def keep_reports(*, at: datetime) -> None:
    """Periods of the coming year, exceptions that are over, reminders and their e-mails."""
    year = (local_date(at) + AHEAD).year
    if not ReportPeriod.objects.filter(code=f"{year}-Y").exists():
        load_periods(range(year, year + 1))
    end_exceptions(at=at)
    remind_by_calendar(at=at)
    mail_reminders(at=at)
