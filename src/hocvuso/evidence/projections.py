"""Figures of higher rooms that move with standings, in the projector's own transaction.

A room registers an object with this shape in its AppConfig.ready(); `hocvuso evidence rebuild` makes it again from zero.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hocvuso.evidence.rules import StandingView


@dataclass(frozen=True)
class Change:
    """One person's milestone before and after; none where it was not or is no longer reached."""

    person_id: uuid.UUID
    milestone: str
    before: StandingView | None
    after: StandingView | None


class Rebuild(Protocol):
    """A fresh count beside the stored one."""

    def add(self, changes: Sequence[Change]) -> None: ...

    def differences(self, limit: int) -> list[str]:
        """Sentences that tell where the stored rows differ from the fresh ones, at most `limit`."""
        ...

    def replace(self) -> None:
        """Put the fresh rows in place of the stored ones."""
        ...


class Projection(Protocol):
    name: str

    def apply(self, changes: Sequence[Change]) -> None:
        """Work changes in. Runs inside the projector's transaction; must not depend on their order."""
        ...

    def rebuild(self) -> Rebuild: ...


_projections: dict[str, Projection] = {}


def register_projection(projection: Projection) -> None:
    """Let a projection follow the ledger. Its name is registered once."""
    _projections[projection.name] = projection


def projections() -> list[Projection]:
    return list(_projections.values())
