"""What this room announces, after commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.dispatch import Signal


@dataclass(frozen=True)
class UnitsMerged:
    """Units `source_ids` closed on the day `on`; unit `target_id` goes on in their place."""

    source_ids: tuple[int, ...]
    target_id: int
    on: date


# Sent with merged=UnitsMerged.
units_merged = Signal()
