"""What the ledger announces."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True)
class StandingChange:
    """A person reached a milestone (`reached`), or no longer counts as having reached it."""

    person_id: uuid.UUID
    milestone: str
    reached: bool


# Sent after the projector's transaction commits, with `changes: list[StandingChange]`. Receivers may see a change twice.
standing_changed = Signal()
