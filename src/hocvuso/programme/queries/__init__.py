"""Reads that feed the pages and documents of reports."""

from __future__ import annotations

from hocvuso.programme.queries.content import ReportContent, find_report, report_of
from hocvuso.programme.queries.handing_in import (
    PAGE,
    StandingBelow,
    UnitStanding,
    all_standings,
    below_by_period,
    counts_of,
    reminders_of,
    reports_below,
    standing_below,
    standing_page,
    units_asked,
)
from hocvuso.programme.queries.history import HistoryLine, history_of
from hocvuso.programme.queries.letterheads import letterhead_of, proposed_letterhead
from hocvuso.programme.queries.periods import get_period, is_owed, period_for, periods_made, periods_to_report
from hocvuso.programme.queries.words_below import words_below

__all__ = [
    "PAGE",
    "HistoryLine",
    "ReportContent",
    "StandingBelow",
    "UnitStanding",
    "all_standings",
    "below_by_period",
    "counts_of",
    "find_report",
    "get_period",
    "history_of",
    "is_owed",
    "letterhead_of",
    "period_for",
    "periods_made",
    "periods_to_report",
    "proposed_letterhead",
    "reminders_of",
    "report_of",
    "reports_below",
    "standing_below",
    "standing_page",
    "units_asked",
    "words_below",
]
