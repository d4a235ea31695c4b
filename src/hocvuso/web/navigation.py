"""What stands in the bar of the officers' desk, and who sees it.

One line a place: its words, its URL name, the capability it takes. A room that is not there yet leaves its line out.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hocvuso.kernel import clock
from hocvuso.people.public import CAPABILITIES, Capability, Mandate, Person, mandates_on, person_of
from hocvuso.units.models import Unit


@dataclass(frozen=True)
class Place:
    """A place in the bar: `names` are URL names, the first that exists is used; any of `capabilities` opens it."""

    label: str | Promise
    names: Sequence[str]
    capabilities: Set[Capability] = frozenset()


@dataclass(frozen=True)
class Entry:
    """A place as one person sees it now."""

    label: str | Promise
    address: str
    current: bool = False


@dataclass(frozen=True)
class Desk:
    """Everything the officers' bar shows."""

    home: str
    entries: list[Entry] = field(default_factory=list)
    account: list[Entry] = field(default_factory=list)
    person: Person | None = None
    title: str = ""
    unit: Unit | None = None
    units: list[dict[str, Any]] = field(default_factory=list)
    sign_out: str = ""


PLACES = (
    Place(_("Figures"), ["indicators:home"], {Capability.SEE_FIGURES}),
    Place(_("Targets"), ["indicators:targets-home"], {Capability.SET_TARGETS}),
    Place(_("Denominators"), ["indicators:denominators-home"], {Capability.SET_TARGETS}),
    Place(_("Test sessions"), ["assessment:sittings"], {Capability.ASSESS}),
    Place(_("Confirmations"), ["credentials:confirmations"], {Capability.PROPOSE, Capability.CONFIRM}),
    Place(_("VNeID"), ["credentials:handovers"], {Capability.CONFIRM}),
    Place(_("Tests"), ["assessment:policies"], {Capability.SEE_FIGURES}),
    Place(_("Reports"), ["programme:reports"], {Capability.WRITE_REPORT, Capability.APPROVE_REPORT}),
    Place(_("Other platforms"), ["credentials:outside"], {Capability.MANAGE_PEOPLE}),
    Place(_("Staff"), ["people:mandates"], {Capability.MANAGE_PEOPLE}),
    Place(_("Requests"), ["people:rights"], {Capability.MANAGE_PEOPLE}),
    Place(_("Units"), ["units:list"], {Capability.MANAGE_UNITS}),
    Place(_("Re-checks"), ["assessment:cases"], {Capability.AUDIT}),
    Place(_("Evidence"), ["evidence:seals"], {Capability.AUDIT}),
    Place(_("Log"), ["people:audit"], {Capability.AUDIT}),
    Place(_("Lessons"), ["wagtailadmin_home"], {Capability.AUTHOR, Capability.REVIEW, Capability.PUBLISH}),
    Place(_("Questions"), ["assessment:items"], {Capability.AUTHOR}),
)
ACCOUNT_PLACES = (
    Place(_("Your account"), ["people:account"]),
    Place(_("Learn"), ["web:home"]),
)


def address_of(names: Sequence[str], **arguments: Any) -> str:
    """The address of the first URL name that exists; empty if none does."""
    for name in names:
        try:
            return reverse(name, kwargs=arguments or None)
        except NoReverseMatch:
            continue
    return ""


def open_mandates(person: Person) -> list[Mandate]:
    """What a person answers for today, in the order of the tree of units."""
    return list(mandates_on(person, clock.today()).select_related("unit").order_by("unit__path"))


def capabilities_of(mandates: Sequence[Mandate]) -> frozenset[Capability]:
    """Everything these mandates let a person do somewhere."""
    return frozenset(ability for mandate in mandates for ability in CAPABILITIES[mandate.role])


def entries_for(capabilities: frozenset[Capability], path: str = "") -> list[Entry]:
    """The places open to somebody with these capabilities; the one whose address begins the path is current."""
    found = []
    for place in PLACES:
        address = address_of(place.names) if place.capabilities & capabilities else ""
        if address:
            found.append(Entry(place.label, address))
    current = max((entry.address for entry in found if path.startswith(entry.address)), key=len, default=None)
    return [Entry(entry.label, entry.address, entry.address == current) for entry in found]


def home_of(mandates: Sequence[Mandate]) -> str:
    """Where these mandates are worked in; empty for somebody without one."""
    return next((entry.address for entry in entries_for(capabilities_of(mandates))), "")


def desk_for(request: HttpRequest, unit: Unit | None = None) -> Desk:
    """The bar for this request. It names the person's own unit: the one the page's `unit` is, or hangs below; else their first."""
    person = person_of(request)
    if person is None:
        return Desk(home=reverse("web:home"))
    mandates = open_mandates(person)
    units = list({mandate.unit_id: mandate.unit for mandate in mandates}.values())
    at_work = [place for place in units if unit is not None and unit.path.startswith(place.path)] or units[:1]
    chosen = max(at_work, key=lambda place: place.depth, default=None)
    return Desk(
        home=home_of(mandates) or reverse("web:home"),
        entries=entries_for(capabilities_of(mandates), request.path),
        account=[Entry(place.label, address_of(place.names)) for place in ACCOUNT_PLACES if address_of(place.names)],
        person=person,
        title=next((mandate.title for mandate in mandates if mandate.title), ""),
        unit=chosen,
        units=[
            {
                "name": place.name,
                "address": address_of(["indicators:dashboard"], line=place.line, code=place.code),
                "current": chosen is not None and place.pk == chosen.pk,
            }
            for place in units
        ],
        sign_out=address_of(["account_logout"]),
    )
