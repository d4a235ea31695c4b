"""What learning announces, after commit."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal


@dataclass(frozen=True)
class PathCompleted:
    person_id: uuid.UUID
    path: str
    at: datetime


# Sent with `event: PathCompleted`. Receivers may see it twice.
path_completed = Signal()
