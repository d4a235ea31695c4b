"""What waits for an officer on the first page. Higher rooms put theirs there, for this room cannot ask them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from hocvuso.people.public import Person
from hocvuso.units.public import Unit


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: what in words, where it is done, by which day, and in a word why it presses (empty if it does not)."""

    words: str
    address: str
    due_on: date | None = None
    pressing: str = ""


WaitingSource = Callable[[Person, Unit], Sequence[Waiting]]
_sources: list[WaitingSource] = []


def on_waiting(source: WaitingSource) -> WaitingSource:
    """Ask source, with the officer and the unit of the page, each time a dashboard is drawn. Registering twice counts once."""
    if source not in _sources:
        _sources.append(source)
    return source


def waiting_elsewhere(person: Person, unit: Unit) -> list[Waiting]:
    """What higher rooms say waits for an officer, in the order they were registered."""
    return [item for source in _sources for item in source(person, unit)]
