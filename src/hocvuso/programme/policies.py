"""Whose reports a person may open. A unit out of reach is not found."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from hocvuso.kernel.clock import today
from hocvuso.kernel.errors import NotAllowed, NotFound
from hocvuso.people.public import Capability, Person, can, check_may, reach_of
from hocvuso.programme.choices import Side
from hocvuso.units.public import Unit, breadcrumb, find_unit


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


def unit_above(unit: Unit) -> Unit:
    """The unit that looks at a unit's reports: the one right above, or itself at the root. One query, two for a merged unit."""
    way = breadcrumb(unit)
    return way[-2] if len(way) > 1 else unit


def sides_of(person: Person, unit: Unit) -> frozenset[Side]:
    """Which sides a person stands on for a unit's reports. Up to four queries."""
    writing, leading = reach_of(person, Capability.WRITE_REPORT), reach_of(person, Capability.APPROVE_REPORT)
    above = unit_above(unit)
    sides = {Side.UNIT} if writing.covers(unit) else set()
    if leading.covers(above):
        sides |= {Side.LEADER, Side.ABOVE}
    elif above.pk != unit.pk and writing.covers(above):
        sides.add(Side.ABOVE)
    return frozenset(sides)


def check_side(person: Person, side: Side, unit: Unit) -> None:
    """Raise NotAllowed (OutOfReach where the unit is not even seen) unless the person stands on that side."""
    if side in sides_of(person, unit):
        return
    wanted = Capability.APPROVE_REPORT if side == Side.LEADER else Capability.WRITE_REPORT
    if not reach_of(person, Capability.SEE_FIGURES).covers(unit):
        check_may(person, wanted, unit)
    raise NotAllowed
