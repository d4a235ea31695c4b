"""Answers to lower rooms."""

from __future__ import annotations

import uuid
from datetime import datetime

from hocvuso.evidence.services import replace_by_tombstone


def keep_the_count(person_id: uuid.UUID, at: datetime) -> None:
    """A person is erased: their entries go on under a tombstone, in the same transaction."""
    replace_by_tombstone(person_id=person_id, at=at)
