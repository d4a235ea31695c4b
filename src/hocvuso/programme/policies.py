"""Whose reports a person may open. A unit out of reach is not found."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from hocvuso.kernel.clock import today
from hocvuso.kernel.errors import NotFound
from hocvuso.people.public import Capability, Person, can, check_may, reach_of
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


def may_ask_for_reports(person: Person, unit: Unit) -> bool:
    """Whether a person works or leads in a unit, and so may ask the units below it for a report. Up to two queries."""
    return can(person, Capability.WRITE_REPORT, unit) or can(person, Capability.APPROVE_REPORT, unit)


def check_may_ask_for_reports(person: Person, unit: Unit) -> None:
    """Raise NotAllowed unless may_ask_for_reports."""
    if not may_ask_for_reports(person, unit):
        check_may(person, Capability.WRITE_REPORT, unit)
