"""Whose reports a person may open. A unit out of reach is not found."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from hocvuso.kernel.clock import today
from hocvuso.kernel.errors import NotFound
from hocvuso.people.public import Capability, Person, reach_of
from hocvuso.units.public import Unit, find_unit


def officer(request: HttpRequest) -> Person:
    """The person whom people.require let in."""
    return cast(Person, request.person)  # type: ignore[attr-defined]


def unit_within(person: Person, line: str, code: str) -> Unit:
    """The open unit with this official code, if the person sees its figures. Raises NotFound. Two queries."""
    unit = find_unit(line, code, today())
    if unit is None or not reach_of(person, Capability.SEE_FIGURES).covers(unit):
        raise NotFound
    return unit


def own_unit(person: Person) -> Unit:
    """The first unit the person's mandates name. Raises NotFound."""
    roots = reach_of(person, Capability.SEE_FIGURES).roots
    if not roots:
        raise NotFound
    return roots[0]
