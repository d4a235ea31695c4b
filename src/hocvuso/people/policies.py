"""Who may do what, over which units and people. One table, used by pages and lists alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from hocvuso.kernel import clock
from hocvuso.kernel.errors import NotAllowed, NotFound
from hocvuso.people.choices import Role
from hocvuso.people.errors import CannotGrant, CannotGrantToSelf, OutOfReach
from hocvuso.people.models import Account, Mandate, Membership, Person
from hocvuso.people.presence import OFFICER, SEEN_AT
from hocvuso.people.returning import send_whole_page, to_the_door, way_back
from hocvuso.units.public import COMMUNE_KINDS, Kind, Line

if TYPE_CHECKING:
    from hocvuso.units.models import Unit

P = ParamSpec("P")


class Capability(StrEnum):
    """What an officer may do."""

    SEE_FIGURES = "SEE_FIGURES"
    SEE_PEOPLE = "SEE_PEOPLE"
    PROPOSE = "PROPOSE"
    CONFIRM = "CONFIRM"
    WRITE_REPORT = "WRITE_REPORT"
    APPROVE_REPORT = "APPROVE_REPORT"
    MANAGE_UNITS = "MANAGE_UNITS"
    MANAGE_PEOPLE = "MANAGE_PEOPLE"
    AUDIT = "AUDIT"
    AUTHOR = "AUTHOR"
    REVIEW = "REVIEW"
    PUBLISH = "PUBLISH"
    SET_TARGETS = "SET_TARGETS"
    ASSESS = "ASSESS"


# The one table. Who proposes does not confirm, who writes a report does not approve it, who manages people does not audit.
CAPABILITIES: dict[str, frozenset[Capability]] = {
    Role.OFFICER: frozenset(
        {
            Capability.SEE_FIGURES,
            Capability.SEE_PEOPLE,
            Capability.PROPOSE,
            Capability.WRITE_REPORT,
            Capability.SET_TARGETS,
        }
    ),
    Role.CONFIRMER: frozenset({Capability.SEE_FIGURES, Capability.SEE_PEOPLE, Capability.CONFIRM}),
    Role.LEADER: frozenset({Capability.SEE_FIGURES, Capability.APPROVE_REPORT, Capability.SET_TARGETS}),
    Role.AUDITOR: frozenset({Capability.SEE_FIGURES, Capability.SEE_PEOPLE, Capability.AUDIT}),
    # Who writes lessons does not review them, who reviews does not publish.
    Role.AUTHOR: frozenset({Capability.AUTHOR}),
    Role.REVIEWER: frozenset({Capability.REVIEW}),
    Role.PUBLISHER: frozenset({Capability.PUBLISH}),
    Role.MANAGER: frozenset(
        {Capability.SEE_FIGURES, Capability.SEE_PEOPLE, Capability.MANAGE_UNITS, Capability.MANAGE_PEOPLE}
    ),
    # Whoever assesses neither proposes nor confirms by this mandate, and whoever taught somebody does not assess them.
    Role.ASSESSOR: frozenset({Capability.ASSESS}),
}

# Units whose subtrees hold few people.
SMALL_KINDS = frozenset({*COMMUNE_KINDS, Kind.NEIGHBOURHOOD})

# A manager gives these over the own unit; those who lead, inspect or manage a unit are named by the unit above it.
GRANTED_IN_OWN_UNIT = frozenset(
    {Role.OFFICER, Role.CONFIRMER, Role.AUTHOR, Role.REVIEWER, Role.PUBLISHER, Role.ASSESSOR}
)


def roles_with(capability: Capability) -> list[str]:
    """Roles whose mandate gives a capability."""
    return [role for role, capabilities in CAPABILITIES.items() if capability in capabilities]


@dataclass(frozen=True)
class Reach:
    """The subtrees somebody's mandates reach with one capability: roots only, no root inside another."""

    roots: tuple[Unit, ...]

    def covers(self, unit: Unit) -> bool:
        """Whether a unit is one of the roots or below one. Siblings and units above are not."""
        return any(unit.path.startswith(root.path) for root in self.roots)

    def units(self) -> Q:
        """A condition on Unit."""
        return self.paths("path")

    def subtrees(self) -> QuerySet[Unit]:
        """The ids of the units within reach, for a condition; ranges of paths, which an index answers on every database."""
        from hocvuso.units.models import Unit

        inside = Q(pk__in=[])
        for root in self.roots:
            inside |= Q(path__range=(root.path, root.path + "Z" * 20))
        return cast("QuerySet[Unit]", Unit.objects.filter(inside).order_by().values("pk"))

    def paths(self, field: str) -> Q:
        """A condition on any row through the path of its unit: `reach.paths("unit__path")`."""
        condition = Q(pk__in=[])
        for root in self.roots:
            condition |= Q(**{f"{field}__startswith": root.path})
        return condition


def mandates_on(person: Person, on: date) -> QuerySet[Mandate]:
    """Mandates a person holds on a day."""
    return cast("QuerySet[Mandate]", Mandate.objects.on(on).filter(person=person))


def reach_of(person: Person | None, capability: Capability, on: date | None = None) -> Reach:
    """What a person's mandates reach with a capability on a day (today when not said). One query.

    A mandate in a line other than the territory reaches its own line's tree only: a union's officer sees the union's members
    and their figures, not the wards they live in.
    """
    if person is None:
        return Reach(())
    held = (
        mandates_on(person, on or clock.today())
        .filter(role__in=roles_with(capability))
        .select_related("unit")
        .order_by("unit__path")
    )
    roots: list[Unit] = []
    for mandate in held:
        if not roots or not mandate.unit.path.startswith(roots[-1].path):
            roots.append(mandate.unit)
    return Reach(tuple(roots))


def units_with(person: Person | None, capability: Capability, on: date | None = None) -> list[Unit]:
    """The roots of the subtrees a person reaches with a capability, in tree order."""
    return list(reach_of(person, capability, on).roots)


def can(person: Person | None, capability: Capability, unit: Unit, on: date | None = None) -> bool:
    """Whether a person's mandates reach a unit with a capability. One query."""
    return reach_of(person, capability, on).covers(unit)


def check_may(person: Person | None, capability: Capability, unit: Unit, on: date | None = None) -> None:
    """Raise NotAllowed without any such mandate, OutOfReach (a NotAllowed that shows as "not found") beyond its reach."""
    reach = reach_of(person, capability, on)
    if not reach.roots:
        raise NotAllowed
    if not reach.covers(unit):
        raise OutOfReach


def get_unit_within(person: Person | None, capability: Capability, unit_id: int, on: date | None = None) -> Unit:
    """The unit with an id, if a person reaches it with a capability; OutOfReach otherwise, whether it exists or not."""
    from hocvuso.units.models import Unit

    unit = Unit.objects.filter(reach_of(person, capability, on).units(), pk=unit_id).first()
    if unit is None:
        raise OutOfReach
    return cast("Unit", unit)


def visible_people(person: Person | None, capability: Capability, on: date | None = None) -> QuerySet[Person]:
    """The people a person may see with a capability: at home in, or members of, a unit within reach."""
    day = on or clock.today()
    reach = reach_of(person, capability, day)
    if not reach.roots:
        return Person.objects.none()
    # Homes stand in the territory and memberships in the other lines: asking each for its own keeps to an index.
    homes = Reach(tuple(root for root in reach.roots if root.line == Line.TERRITORY))
    other = Reach(tuple(root for root in reach.roots if root.line != Line.TERRITORY))
    # A ward's people are few: found by where they live and then sorted. A city's are many: met in the order of their names.
    wards = Reach(tuple(root for root in homes.roots if root.kind in SMALL_KINDS))
    wide = Reach(tuple(root for root in homes.roots if root.kind not in SMALL_KINDS))
    at_home = Q(home_unit__in=wards.subtrees()) if wards.roots else Q(pk__in=[])
    if wide.roots:
        at_home |= wide.paths("home_unit__path")
    members = Membership.objects.on(day).filter(other.paths("unit__path"), person=OuterRef("pk"))
    condition = Q(Exists(members)) if other.roots else Q(pk__in=[])
    return Person.objects.filter(at_home | condition if homes.roots else condition)


def get_visible_person(
    person: Person | None, capability: Capability, person_id: UUID, on: date | None = None
) -> Person:
    """The person with an id, if within reach; NotFound otherwise, whether there is one or not."""
    found = visible_people(person, capability, on).filter(pk=person_id).first()
    if found is None:
        raise NotFound
    return found


def check_may_grant(actor: Person, person: Person, role: str, unit: Unit, on: date) -> None:
    """Raise unless actor may give (or end) this role over this unit: CannotGrantToSelf, NotAllowed, OutOfReach, CannotGrant."""
    if actor.pk == person.pk:
        raise CannotGrantToSelf
    check_may(actor, Capability.MANAGE_PEOPLE, unit, on)
    if role not in GRANTED_IN_OWN_UNIT and any(
        unit.path == root.path for root in units_with(actor, Capability.MANAGE_PEOPLE, on)
    ):
        raise CannotGrant


def roles_grantable(actor: Person, unit: Unit, on: date) -> list[str]:
    """Roles actor may give over a unit, in the order of the choices."""
    reach = reach_of(actor, Capability.MANAGE_PEOPLE, on)
    if not reach.covers(unit):
        return []
    own = any(unit.path == root.path for root in reach.roots)
    return [role for role in Role.values if not own or role in GRANTED_IN_OWN_UNIT]


# --- signing in ---------------------------------------------------------------------------------------------------


def person_of(request: HttpRequest) -> Person | None:
    """The signed-in person; none for visitors and for accounts whose owner has not finished the first steps."""
    if not hasattr(request, "_people_person"):
        user = getattr(request, "user", None)
        person = user.person if isinstance(user, Account) else None
        request._people_person = person  # type: ignore[attr-defined]
    return cast("Person | None", request._people_person)  # type: ignore[attr-defined]


def is_officer(person: Person | None, on: date | None = None) -> bool:
    """Whether a person holds any mandate on a day."""
    return person is not None and mandates_on(person, on or clock.today()).exists()


def may_skip_second_step(account: Account) -> bool:
    """Demo accounts need no authenticator app, on a demo installation only."""
    return bool(settings.DEMO and account.demo)


def second_step_missing(account: Account) -> bool:
    """Whether an officer's account has no authenticator app, security key or the like yet."""
    return not may_skip_second_step(account) and not is_mfa_enabled(account)


def second_step_first(request: HttpRequest) -> HttpResponseBase | None:
    """Where a signed-in officer goes before the officers' pages: setting the second step up, or proving it in this session.

    None when it is done. A session older than the set-up has proved a password or a code alone.
    """
    account = cast(Account, request.user)
    if second_step_missing(account):
        return redirect("people:second-step")
    records = get_authentication_records(request, account)
    if may_skip_second_step(account) or any(record.get("method") == "mfa" for record in records):
        return None
    return send_whole_page(request, redirect_to_login(way_back(request), reverse("mfa_reauthenticate")).url)


View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def require(*capabilities: Capability) -> Callable[[View[P]], View[P]]:
    """Guard an officers' page: signed in, a mandate today with one of the capabilities (any mandate when none is named),
    a second step set up. Sets `request.person`. Visitors are sent to sign in and come back; others get NotAllowed.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            answer = turn_away(request, *capabilities)
            return answer or view(request, *args, **kwargs)

        return cast("View[P]", guarded)

    return guard


def turn_away(request: HttpRequest, *capabilities: Capability) -> HttpResponseBase | None:
    """The body of `require`, for class-based views and other rooms' guards: a redirect, or none when all is well.

    Raises NotAllowed.
    """
    person = person_of(request)
    if not request.user.is_authenticated:
        return to_the_door(request)
    held = mandates_on(person, clock.today()) if person else Mandate.objects.none()
    if capabilities:
        held = held.filter(role__in={role for capability in capabilities for role in roles_with(capability)})
    if not held.exists():
        raise NotAllowed
    if answer := second_step_first(request):
        return answer
    # From the first officers' page on, also for those named while they were signed in, the session ends when idle.
    if not request.session.get(OFFICER):
        request.session[OFFICER] = True
        request.session[SEEN_AT] = clock.now().timestamp()
    request.person = person  # type: ignore[attr-defined]
    return None
