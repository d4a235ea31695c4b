"""A person's own pages: profile, consents, data, rights, devices."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.people import services
from hocvuso.people.choices import Purpose, Right
from hocvuso.people.consents import OPTIONAL, TEXTS
from hocvuso.people.forms import PersonalNumberForm, ProfileForm, RightForm
from hocvuso.people.models import Account, Consent, IdentityKey, Person, RightsRequest
from hocvuso.people.policies import is_officer
from hocvuso.people.queries import consents_of, data_of, home_name
from hocvuso.people.views.steps import choose_home, for_person

HISTORY_ROWS = 50


@for_person
@require_safe
def account(request: HttpRequest, person: Person) -> HttpResponse:
    """The start page of one's account."""
    keys = {key.kind: key.masked for key in IdentityKey.objects.filter(person=person)}
    groups = [row.get_group_display() for row in person.groups.on(clock.today()).order_by("group")]
    values = {
        "person": person,
        "keys": keys,
        "groups": groups,
        "officer": is_officer(person),
        "home": home_name(person),
    }
    return render(request, "people/account.html", values)


@for_person
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest, person: Person) -> HttpResponse:
    """Name, year of birth, groups."""
    held = list(person.groups.on(clock.today()).values_list("group", flat=True))
    initial = {"full_name": person.full_name, "birth_year": person.birth_year, "sex": person.sex, "groups": held}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.change_profile(actor=person, person=person, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("people:account")
    return render(request, "people/profile.html", {"form": form})


@for_person
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest, person: Person) -> HttpResponse:
    """Where one lives."""
    return choose_home(request, person, "people/home.html", reverse("people:account"))


@for_person
@require_http_methods(["GET", "POST"])
def personal_number(request: HttpRequest, person: Person) -> HttpResponse:
    """The 12 digits, only needed for VNeID."""
    form = PersonalNumberForm(request.POST if request.method == "POST" else None)
    known = IdentityKey.objects.filter(person=person, kind=IdentityKey.Kind.NUMBER).first()
    if request.method == "POST" and form.is_valid():
        try:
            services.set_identity(
                person=person, kind=IdentityKey.Kind.NUMBER, value=form.cleaned_data["number"], at=clock.now()
            )
        except HocVuSoError as error:
            form.add_error("number", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("people:account")
    return render(request, "people/personal_number.html", {"form": form, "known": known})


@for_person
@require_http_methods(["GET", "POST"])
def consents(request: HttpRequest, person: Person) -> HttpResponse:
    """Every purpose with its present answer; give or take back one at a time."""
    newest = consents_of(person)
    if request.method == "POST":
        purpose = request.POST.get("purpose", "")
        given = request.POST.get("answer") == "yes"
        # The one consent without which there is no account can be given here, and is taken back by erasing the account.
        if purpose in OPTIONAL or (purpose == Purpose.LEARNING and given):
            services.record_consent(
                actor=person,
                person=person,
                purpose=purpose,
                given=given,
                text_version=TEXTS[purpose].version,
                how="web",
                at=clock.now(),
            )
            messages.success(request, _("Saved.") if given else _("Taken back. We stop from today."))
        return redirect("people:consents")
    rows = [
        {"text": TEXTS[purpose], "answer": newest.get(purpose), "optional": purpose in OPTIONAL}
        for purpose in (Purpose.LEARNING, *OPTIONAL)
    ]
    history = Consent.objects.filter(person=person).order_by("-at", "-id")[:HISTORY_ROWS]
    return render(request, "people/consents.html", {"rows": rows, "history": history})


@for_person
@require_http_methods(["GET", "POST"])
def my_data(request: HttpRequest, person: Person) -> HttpResponse:
    """What may be asked for, and what was asked."""
    form = RightForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        asked = services.ask_right(
            person=person, kind=form.cleaned_data["kind"], note=form.cleaned_data["note"], at=clock.now()
        )
        messages.success(
            request, _("We have your request. You get an answer by %(day)s.") % {"day": f"{asked.answer_by:%d/%m/%Y}"}
        )
        return redirect("people:my-data")
    asked_before = RightsRequest.objects.filter(person=person).order_by("-at", "-id")[:HISTORY_ROWS]
    return render(request, "people/my_data.html", {"form": form, "asked": asked_before, "Right": Right})


@for_person
@require_safe
def download(request: HttpRequest, person: Person) -> HttpResponse:
    """Everything about me, as JSON."""
    answer = JsonResponse(
        {**data_of(person), **services.exported_parts(person.pk)},
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    answer["Content-Disposition"] = 'attachment; filename="hoc-vu-so-du-lieu-cua-toi.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@for_person
@require_POST
def sign_out_everywhere(request: HttpRequest, person: Person) -> HttpResponse:
    """End every session of this account, this one too."""
    services.end_sessions(account=cast(Account, request.user))
    logout(request)
    messages.success(request, _("You are signed out on every device."))
    return redirect("account_login")
