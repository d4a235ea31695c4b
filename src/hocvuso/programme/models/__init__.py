"""Tables of the programme: report periods, reports, letterheads."""

from __future__ import annotations

from hocvuso.programme.models.periods import PeriodUnit, ReportPeriod
from hocvuso.programme.models.reminders import ReportReminder
from hocvuso.programme.models.reports import Letterhead, Report, ReportEdition, ReportMove

__all__ = ["Letterhead", "PeriodUnit", "Report", "ReportEdition", "ReportMove", "ReportPeriod", "ReportReminder"]
