"""What other rooms may use of the programme."""

from __future__ import annotations

from hocvuso.programme.documents import render_report
from hocvuso.programme.models import Letterhead, Report, ReportEdition, ReportPeriod
from hocvuso.programme.queries import ReportContent, get_period, report_of
from hocvuso.programme.services import load_periods
from hocvuso.programme.upkeep import keep_reports

__all__ = [
    "Letterhead",
    "Report",
    "ReportContent",
    "ReportEdition",
    "ReportPeriod",
    "get_period",
    "keep_reports",
    "load_periods",
    "render_report",
    "report_of",
]
