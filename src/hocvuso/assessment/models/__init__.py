"""The tables of the assessment, a module a subject."""

from __future__ import annotations

from hocvuso.assessment.models.attempts import Answer, Attempt
from hocvuso.assessment.models.bank import BankClock, Item, Rescoring
from hocvuso.assessment.models.change import FollowUp, Placement
from hocvuso.assessment.models.integrity import Case, CaseMember, IntegrityRule, RetestDraw, RetestEntry, Trace
from hocvuso.assessment.models.policies import Policy
from hocvuso.assessment.models.sittings import Briefing, Incident, Seat, Sitting, SittingRecord
from hocvuso.assessment.models.walkins import SparePaper, WalkIn

__all__ = [
    "Answer",
    "Attempt",
    "BankClock",
    "Briefing",
    "Case",
    "CaseMember",
    "FollowUp",
    "Incident",
    "IntegrityRule",
    "Item",
    "Placement",
    "Policy",
    "Rescoring",
    "RetestDraw",
    "RetestEntry",
    "Seat",
    "Sitting",
    "SittingRecord",
    "SparePaper",
    "Trace",
    "WalkIn",
]
