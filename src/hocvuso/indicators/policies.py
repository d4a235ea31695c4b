"""Whose figures a person may open. A unit out of reach is not found, whether it exists or not."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.http import HttpRequest

from hocvuso.kernel.errors import NotFound
from hocvuso.people.public import Capability, Person, Reach, reach_of
from hocvuso.units.public import Unit, find_unit


def unit_within(person: Person, capability: Capability, line: str, code: str, on: date) -> tuple[Unit, Reach]:
    """The open unit of a line with an official code, if the person's mandates reach it, and the reach. Raises NotFound.

    Two queries.
    """
    unit = find_unit(line, code, on)
    reach = reach_of(person, capability)
    if unit is None or not reach.covers(unit):
        raise NotFound
    return unit, reach


def own_unit(person: Person, capability: Capability) -> Unit:
    """The first of the units a person's mandates name. Raises NotFound."""
    roots = reach_of(person, capability).roots
    if not roots:
        raise NotFound
    return roots[0]


def officer(request: HttpRequest) -> Person:
    """The person whom people.require let in."""
    return cast(Person, request.person)  # type: ignore[attr-defined]
