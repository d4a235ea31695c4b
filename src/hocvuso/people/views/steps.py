"""Steps between signing in and going on: a name, a yes to keeping the learning, and a few questions one may skip."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.people import rules, services
from hocvuso.people.adapters import SUGGESTED_NAME
from hocvuso.people.consents import OPTIONAL, TEXTS
from hocvuso.people.forms import GroupsForm, LearningConsentForm, NameForm
from hocvuso.people.models import Account, Person
from hocvuso.people.policies import person_of, second_step_missing
from hocvuso.people.queries import home_choices, home_name
from hocvuso.people.views.entrance import safe_next
from hocvuso.units.public import get_unit

NEXT = "people_next"
NAMED = "people_named"
P = ParamSpec("P")
PersonView = Callable[Concatenate[HttpRequest, Person, P], HttpResponse]


def for_person(view: PersonView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page for a signed-in person; others go through the door or the first steps."""

    @wraps(view)
    @login_required
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = person_of(request)
        if person is None:
            request.session[NEXT] = request.get_full_path()
            return redirect("people:welcome")
        return view(request, person, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", inner)


def go_on(request: HttpRequest) -> HttpResponse:
    """Where they wanted to go before the steps."""
    return redirect(request.session.pop(NEXT, "") or settings.LOGIN_REDIRECT_URL)


@login_required
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Step 1: what is your name?"""
    account = cast(Account, request.user)
    address = safe_next(request)
    if address:
        request.session[NEXT] = address
    if account.person_id is not None:
        return go_on(request)
    named = request.session.get(NAMED) or {"full_name": request.session.get(SUGGESTED_NAME, "")}
    form = NameForm(request.POST if request.method == "POST" else None, initial=named)
    other = False
    if request.method == "POST" and form.is_valid():
        known = services.known_owner(account)
        name = form.cleaned_data["full_name"]
        other = known is not None and not services.is_same_name(known, name)
        if not other or request.POST.get("other") == "1":
            request.session[NAMED] = {"full_name": name, "birth_year": form.cleaned_data["birth_year"]}
            return redirect("people:welcome-consent")
    return render(request, "people/welcome_name.html", {"form": form, "other": other})


@login_required
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """Step 2: may we keep your learning? Without it there is no account."""
    account = cast(Account, request.user)
    named = request.session.get(NAMED)
    if account.person_id is not None:
        return go_on(request)
    if not named:
        return redirect("people:welcome")
    child = rules.is_child(named.get("birth_year"), on=clock.today())
    form = LearningConsentForm(request.POST if request.method == "POST" else None, child=child)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            services.open_account(
                account=account,
                full_name=named["full_name"],
                birth_year=named.get("birth_year"),
                learning_consent=form.cleaned_data["agree"],
                representative_name=form.cleaned_data.get("representative_name", ""),
                at=clock.now(),
            )
        except HocVuSoError as error:
            problem = str(error)
        else:
            request.session.pop(NAMED, None)
            request.session.pop(SUGGESTED_NAME, None)
            return redirect("people:welcome-home")
    values = {"form": form, "child": child, "text": TEXTS["LEARNING"], "problem": problem}
    return render(request, "people/welcome_consent.html", values)


@login_required
@require_POST
def decline(request: HttpRequest) -> HttpResponse:
    """No account then: what was begun is removed, learning goes on on the device."""
    account = cast(Account, request.user)
    if account.person_id is None:
        logout(request)
        account.delete()
        messages.info(request, _("No account was kept. Your lessons stay on this phone."))
    return redirect("web:home")


@for_person
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest, person: Person) -> HttpResponse:
    """Step 3: where do you live? May be skipped."""
    return choose_home(request, person, "people/welcome_home.html", reverse("people:welcome-groups"))


def whole(text: str) -> int | None:
    """A whole number of at most twelve digits; `²` is a digit too, and no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None


def choose_home(request: HttpRequest, person: Person, template: str, then: str) -> HttpResponse:
    """Search a ward, choose it, then its neighbourhood where there are any."""
    text = request.GET.get("q", "")
    within = request.GET.get("trong", "")
    chosen = whole(request.POST.get("unit", ""))
    if request.method == "POST" and chosen is not None:
        unit = get_unit(chosen)
        services.set_home(actor=person, person=person, unit=unit, at=clock.now())
        if unit.is_commune and home_choices("", within=unit.pk):
            return redirect(f"{request.path}?trong={unit.pk}")
        return redirect(then)
    choices = home_choices(text, within=whole(within))
    values = {"q": text, "within": within, "choices": choices, "place": home_name(person), "then": then}
    return render(request, template, values)


@for_person
@require_http_methods(["GET", "POST"])
def groups(request: HttpRequest, person: Person) -> HttpResponse:
    """Step 4: what fits you? May be skipped."""
    form = GroupsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.change_profile(
            actor=person,
            person=person,
            full_name=person.full_name,
            birth_year=person.birth_year,
            sex=form.cleaned_data["sex"],
            groups=form.cleaned_data["groups"],
            at=clock.now(),
        )
        return redirect("people:welcome-more")
    return render(request, "people/welcome_groups.html", {"form": form})


@for_person
@require_http_methods(["GET", "POST"])
def more(request: HttpRequest, person: Person) -> HttpResponse:
    """Step 5: three more questions of consent, each on its own, none ticked."""
    if request.method == "POST":
        ticked = request.POST.getlist("purpose")
        for purpose in OPTIONAL:
            if purpose in ticked:
                services.record_consent(
                    actor=person,
                    person=person,
                    purpose=purpose,
                    given=True,
                    text_version=TEXTS[purpose].version,
                    how="web",
                    at=clock.now(),
                )
        return go_on(request)
    return render(request, "people/welcome_more.html", {"texts": [TEXTS[purpose] for purpose in OPTIONAL]})


@login_required
def second_step(request: HttpRequest) -> HttpResponse:
    """Tell an officer that an authenticator app is needed before the officers' pages."""
    if not second_step_missing(cast(Account, request.user)):
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "people/second_step.html")
