"""Officers' pages: who holds what, requests about data, the audit trail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError, NotFound
from hocvuso.people import queries, services
from hocvuso.people.choices import Purpose, RequestState, Role
from hocvuso.people.consents import OPTIONAL
from hocvuso.people.forms import AuditFilter, GrantForm, NewPersonForm
from hocvuso.people.models import Mandate, Person
from hocvuso.people.policies import (
    Capability,
    get_visible_person,
    reach_of,
    require,
    roles_grantable,
    visible_people,
)

FOUND = "people.found"
FOUND_SECONDS = 30 * 60
FOUND_ROWS = 20
UNIT_ROWS = 12


@require(Capability.SEE_PEOPLE)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The people of my units."""
    text = request.GET.get("q", "")
    visible = visible_people(request.person, Capability.SEE_PEOPLE)  # type: ignore[attr-defined]
    page = queries.people_page(visible, text=text, after=request.GET.get("sau", ""))
    return render(request, "people/people.html", {"page": page, "q": text})


@require(Capability.SEE_PEOPLE)
@require_safe
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person of my units: contacts masked, groups, units, what they agreed to."""
    found = get_visible_person(request.person, Capability.SEE_PEOPLE, person_id)  # type: ignore[attr-defined]
    today = clock.today()
    given = queries.consents_of(found)
    values = {
        "found": found,
        "contacts": found.identity_keys.order_by("kind"),
        "groups": found.groups.on(today).order_by("group"),
        "memberships": found.memberships.on(today).select_related("unit").order_by("unit__path"),
        "consents": [(purpose.label, given.get(purpose)) for purpose in (Purpose.LEARNING, *OPTIONAL)],
    }
    return render(request, "people/person.html", values)


@require(Capability.MANAGE_PEOPLE)
@require_safe
def mandates(request: HttpRequest) -> HttpResponse:
    """Who holds what in my subtree."""
    reach = reach_of(request.person, Capability.MANAGE_PEOPLE)  # type: ignore[attr-defined]
    text, role = request.GET.get("q", ""), request.GET.get("vai", "")
    page = queries.mandates_page(reach, text=text, role=role, after=request.GET.get("sau", ""))
    values = {"page": page, "q": text, "role": role, "roles": Role.choices, "roots": reach.roots}
    return render(request, "people/mandates.html", values)


@require(Capability.MANAGE_PEOPLE)
@require_POST
def end(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """End a mandate."""
    actor: Person = request.person  # type: ignore[attr-defined]
    reach = reach_of(actor, Capability.MANAGE_PEOPLE)
    mandate = Mandate.objects.filter(reach.paths("unit__path"), pk=mandate_id).select_related("person", "unit").first()
    if mandate is None:
        raise NotFound
    services.end_mandate(actor=actor, mandate=mandate, at=clock.now())
    messages.success(request, _("Ended: %(name)s no longer holds this role.") % {"name": mandate.person.full_name})
    return redirect("people:mandates")


@require(Capability.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Step 1 of giving a role: find the person, or register somebody new."""
    actor: Person = request.person  # type: ignore[attr-defined]
    text = request.GET.get("q", "").strip()
    found: list[Person] = []
    if text:
        exact = queries.find_person_by("PHONE", text) or queries.find_person_by("EMAIL", text)
        found = (
            [exact]
            if exact
            else list(
                queries.people_named(visible_people(actor, Capability.MANAGE_PEOPLE), text).select_related("home_unit")[
                    :FOUND_ROWS
                ]
            )
        )
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        contact = form.cleaned_data["contact"]
        email, phone = (contact, "") if "@" in contact else ("", contact)
        try:
            somebody = services.register_person(
                actor=actor, full_name=form.cleaned_data["full_name"], phone=phone, email=email, at=clock.now()
            )
        except HocVuSoError as error:
            form.add_error("contact", str(error))
        else:
            return redirect("people:grant", token_of(somebody))
    rows = [{"person": one, "token": token_of(one)} for one in found]
    return render(request, "people/find.html", {"q": text, "rows": rows, "form": form})


def token_of(somebody: Person) -> str:
    """A short-lived word for somebody just found, so that ids cannot be guessed into the next page."""
    return signing.dumps(str(somebody.pk), salt=FOUND)


def person_of_token(token: str) -> Person:
    try:
        found = Person.objects.filter(pk=signing.loads(token, salt=FOUND, max_age=FOUND_SECONDS)).first()
    except signing.BadSignature as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found


@require(Capability.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, token: str) -> HttpResponse:
    """Step 2: over which unit, which role."""
    actor: Person = request.person  # type: ignore[attr-defined]
    holder = person_of_token(token)
    text = request.GET.get("q", "")
    reach = reach_of(actor, Capability.MANAGE_PEOPLE)
    units = queries.units_to_choose(reach, text)[:UNIT_ROWS]
    by_id = {unit.pk: unit for unit in units}
    form = GrantForm(request.POST if request.method == "POST" else None, units=[(unit.pk, unit.name) for unit in units])
    if request.method == "POST" and form.is_valid():
        unit = by_id[form.cleaned_data["unit"]]
        role = form.cleaned_data["role"]
        try:
            services.grant_mandate(
                actor=actor, person=holder, unit=unit, role=role, title=form.cleaned_data["title"], at=clock.now()
            )
        except HocVuSoError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("%(name)s is now %(role)s of %(unit)s.")
                % {"name": holder.full_name, "role": Role(role).label.lower(), "unit": unit.name},
            )
            return redirect("people:mandates")
    own = {unit.pk: roles_grantable(actor, unit, clock.today()) for unit in reach.roots}
    limited = any(len(roles) < len(Role.values) for roles in own.values())
    values = {"form": form, "found": holder, "q": text, "token": token, "limited": limited}
    return render(request, "people/grant.html", values)


@require(Capability.MANAGE_PEOPLE)
@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Requests about people's data, the most urgent first."""
    closed = request.GET.get("xong") == "1"
    page = queries.rights_page(
        reach_of(request.person, Capability.MANAGE_PEOPLE),  # type: ignore[attr-defined]
        closed=closed,
        after=request.GET.get("sau", ""),
    )
    values = {"page": page, "closed": closed, "today": clock.today(), "states": RequestState}
    return render(request, "people/rights.html", values)


@require(Capability.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def right(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: note that it was seen, grant it, refuse it with a reason."""
    actor: Person = request.person  # type: ignore[attr-defined]
    asked = queries.find_right(reach_of(actor, Capability.MANAGE_PEOPLE), request_id)
    if asked is None:
        raise NotFound
    problem = ""
    if request.method == "POST":
        state = request.POST.get("state", "")
        if state not in {RequestState.SEEN, RequestState.DONE, RequestState.REFUSED}:
            raise Http404
        try:
            services.answer_right(
                actor=actor, request=asked, state=state, answer=request.POST.get("answer", ""), at=clock.now()
            )
        except HocVuSoError as error:
            problem = str(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("people:rights")
    return render(request, "people/right.html", {"asked": asked, "problem": problem, "today": clock.today()})


@require(Capability.AUDIT)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """What was done in my subtree, the newest first."""
    form = AuditFilter(request.GET or None)
    chosen: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    page = queries.audit_page(
        reach_of(request.person, Capability.AUDIT),  # type: ignore[attr-defined]
        area=chosen.get("area", ""),
        first=chosen.get("first"),
        last=chosen.get("last"),
        after=request.GET.get("sau", ""),
    )
    kept = request.GET.copy()
    kept.pop("sau", None)
    values = {"page": page, "form": form, "kept": kept.urlencode(), "address": reverse("people:audit")}
    return render(request, "people/audit.html", values)
