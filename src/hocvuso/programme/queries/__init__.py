"""Reads that feed the pages and documents of reports."""

from __future__ import annotations

from hocvuso.programme.queries.content import ReportContent, report_of
from hocvuso.programme.queries.letterheads import letterhead_of, proposed_letterhead
from hocvuso.programme.queries.periods import get_period, period_for, periods_made, periods_to_report

__all__ = [
    "ReportContent",
    "get_period",
    "letterhead_of",
    "period_for",
    "periods_made",
    "periods_to_report",
    "proposed_letterhead",
    "report_of",
]
