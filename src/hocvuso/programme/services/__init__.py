"""Writes: one function per thing a person can do."""

from __future__ import annotations

from hocvuso.programme.services.moving import end_exceptions, hand_in, move_many, move_report
from hocvuso.programme.services.periods import call_off_period, load_periods, make_period
from hocvuso.programme.services.reminding import mail_reminders, remind, remind_by_calendar
from hocvuso.programme.services.writing import pick_sentences, save_letterhead, save_narrative, save_rows

__all__ = [
    "call_off_period",
    "end_exceptions",
    "hand_in",
    "load_periods",
    "mail_reminders",
    "make_period",
    "move_many",
    "move_report",
    "pick_sentences",
    "remind",
    "remind_by_calendar",
    "save_letterhead",
    "save_narrative",
    "save_rows",
]
