"""What people do with tests, a module a subject."""

from __future__ import annotations

from hocvuso.assessment.services.attempts import (
    answer,
    finish,
    finish_all_overdue,
    finish_overdue,
    get_attempt,
    open_attempt,
)
from hocvuso.assessment.services.policies import current_policy, load_policies

__all__ = [
    "answer",
    "current_policy",
    "finish",
    "finish_all_overdue",
    "finish_overdue",
    "get_attempt",
    "load_policies",
    "open_attempt",
]
