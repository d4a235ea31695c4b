"""What other rooms may use of the assessment."""

from __future__ import annotations

from hocvuso.assessment.choices import Verdict
from hocvuso.assessment.desk import rescorings_for
from hocvuso.assessment.history import PastAttempt, load_attempts, past_papers
from hocvuso.assessment.integrity.services import (
    attempts_in_doubt,
    clear_after_all,
    looked_at,
    passes_in_doubt,
    take_back_pass,
    tell_cleared,
)
from hocvuso.assessment.integrity.services import watch as watch_integrity
from hocvuso.assessment.models import Answer, Attempt, FollowUp, Item, Placement, Policy, Rescoring
from hocvuso.assessment.models.integrity import CaseReason, CaseState
from hocvuso.assessment.queries import (
    Result,
    ShownQuestion,
    attempts_of,
    newest_policies,
    next_question,
    open_attempt_of,
    policy_of_attempt,
    question_at,
    result_of,
)
from hocvuso.assessment.services import answer, current_policy, finish, get_attempt, load_policies, open_attempt
from hocvuso.assessment.services.bank import decide_rescoring
from hocvuso.assessment.services.upkeep import keep_bank

__all__ = [
    "Answer",
    "Attempt",
    "CaseReason",
    "CaseState",
    "FollowUp",
    "Item",
    "PastAttempt",
    "Placement",
    "Policy",
    "Rescoring",
    "Result",
    "ShownQuestion",
    "Verdict",
    "answer",
    "attempts_in_doubt",
    "attempts_of",
    "clear_after_all",
    "current_policy",
    "decide_rescoring",
    "finish",
    "get_attempt",
    "keep_bank",
    "load_attempts",
    "load_policies",
    "looked_at",
    "newest_policies",
    "next_question",
    "open_attempt",
    "open_attempt_of",
    "passes_in_doubt",
    "past_papers",
    "policy_of_attempt",
    "question_at",
    "rescorings_for",
    "result_of",
    "take_back_pass",
    "tell_cleared",
    "watch_integrity",
]
