"""Who may set how people are tested, and who works on the bank."""

from __future__ import annotations

from hocvuso.kernel import clock
from hocvuso.people.public import Person, Role, mandates_on

# A policy holds for everybody in the system, so it is set by whoever leads or manages one of its large units.
SETTERS = (Role.LEADER, Role.MANAGER)
LARGE = ("NATION", "PROVINCE", "CITY")


def may_set_policies(person: Person | None) -> bool:
    """Whether a person leads or manages a nation, province or city today. One query."""
    if person is None:
        return False
    return (
        mandates_on(person, clock.today())
        .filter(role__in=SETTERS, unit__kind__in=LARGE, unit__line="TERRITORY")
        .exists()
    )
