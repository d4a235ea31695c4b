"""What background work does for tests, again and again."""

from __future__ import annotations

from datetime import datetime

from hocvuso.assessment.services.attempts import finish_all_overdue
from hocvuso.assessment.services.bank import count_graded, refresh_items, rescore_voided
from hocvuso.assessment.services.change import forget_old_placements


def keep_bank(*, at: datetime) -> None:
    """Grade tests left open, give new questions their item, count, compute again what void questions touched, forget what
    nobody took over. Runs twice without harm.
    """
    finish_all_overdue(at=at)
    refresh_items(at=at)
    count_graded(at=at)
    rescore_voided(at=at)
    forget_old_placements(at=at)
