"""Tables of the programme: report periods, reports, letterheads."""

from __future__ import annotations

from hocvuso.programme.models.periods import PeriodUnit, ReportPeriod
from hocvuso.programme.models.reports import Letterhead, Report

__all__ = ["Letterhead", "PeriodUnit", "Report", "ReportPeriod"]
