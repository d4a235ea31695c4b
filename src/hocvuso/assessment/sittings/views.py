"""Pages of sittings: the assessor's lists and live board, and the doors for those who come to be assessed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from hocvuso.assessment.devices import device_mark, keep_device
from hocvuso.assessment.models import Briefing, Seat, Sitting
from hocvuso.assessment.models.sittings import IncidentKind
from hocvuso.assessment.queries import newest_policies, next_position
from hocvuso.assessment.services import current_policy
from hocvuso.assessment.sittings import door, policies, queries, services
from hocvuso.assessment.sittings.documents import attendance_sheet
from hocvuso.assessment.sittings.errors import NoSuchSitting, NoSuchWalkIn, NotInSitting
from hocvuso.assessment.sittings.forms import CodeForm, DoorForm, OpenForm
from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.ids import parse_id
from hocvuso.people.public import (
    CONSENT_TEXTS,
    Capability,
    Person,
    Purpose,
    get_unit_within,
    person_of,
    reach_of,
    require,
    to_the_door,
    visible_people,
)
from hocvuso.units.public import Unit

P = ParamSpec("P")
MOST_UNITS = 300


def _me(request: HttpRequest) -> Person:
    person = person_of(request)
    if person is None:
        raise NoSuchSitting
    return person


# --- the assessor's desk -----------------------------------------------------------------------------------------------


@require_safe
@require(Capability.ASSESS)
def sittings(request: HttpRequest) -> HttpResponse:
    """Sittings of the own units, newest first."""
    rows = queries.listed(_me(request), clock.today(), after=parse_id(request.GET.get("sau", "")))
    more = len(rows) > queries.PAGE_SIZE
    rows = rows[: queries.PAGE_SIZE]
    context = {
        "rows": rows,
        "me": _me(request),
        "following": rows[-1].pk if more else "",
        "paged": "sau" in request.GET,
    }
    return render(request, "assessment/sittings/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.ASSESS)
def open_new(request: HttpRequest) -> HttpResponse:
    """Open a sitting: unit, test, how, place, time."""
    me = _me(request)
    reach = reach_of(me, Capability.ASSESS)
    units = list(Unit.objects.filter(reach.units(), valid_to__isnull=True).order_by("depth", "path")[:MOST_UNITS])
    form = OpenForm(request.POST or None, units=units, tests=newest_policies(), now=clock.now())
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            sitting = services.open_sitting(
                actor=me,
                unit=get_unit_within(me, Capability.ASSESS, told["unit"]),
                policy=current_policy(told["policy"]),
                mode=told["mode"],
                place=told["place"],
                starts_at=told["starts_at"],
                ends_at=told["starts_at"] + timedelta(minutes=told["minutes"]),
                at=clock.now(),
            )
        except HocVuSoError as error:
            form.add_error(None, str(error))
        else:
            return redirect("assessment:board", sitting_id=sitting.pk)
    briefed = Briefing.objects.filter(person=me, version=policies.GUIDE_VERSION).exists()
    context = {"form": form, "briefed": briefed}
    return render(request, "assessment/sittings/open.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.ASSESS)
def guide(request: HttpRequest) -> HttpResponse:
    """How to ask aloud and how to watch, read once before the first such sitting."""
    me = _me(request)
    if request.method == "POST":
        services.read_guide(actor=me, at=clock.now())
        messages.success(request, _("Noted. Spoken and observed sessions are open to you now."))
        return redirect("assessment:sitting-open")
    read = Briefing.objects.filter(person=me, version=policies.GUIDE_VERSION).first()
    return render(request, "assessment/sittings/guide.html", {"read": read})


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.ASSESS)
def board(request: HttpRequest, sitting_id: uuid.UUID) -> HttpResponse:
    """The live board: who needs somebody first; tick, incident and help in one tap each."""
    me, at = _me(request), clock.now()
    sitting = policies.get_sitting(me, sitting_id, clock.today())
    problem = ""
    if request.method == "POST":
        try:
            _take_step(request, me, sitting)
        except HocVuSoError as error:
            problem = str(error)
        if not request.headers.get("HX-Request"):
            if problem:
                messages.error(request, problem)
            return redirect("assessment:board", sitting_id=sitting.pk)
        sitting = policies.get_sitting(me, sitting_id, clock.today())
    context = {
        "sitting": sitting,
        "board": queries.board(sitting, at),
        "mine": sitting.assessor_id == me.pk,
        "incidents": IncidentKind.choices,
        "problem": problem,
        "at": at,
    }
    part = "assessment/sittings/_board.html" if request.headers.get("HX-Request") else "assessment/sittings/board.html"
    return render(request, part, context)


def _take_step(request: HttpRequest, me: Person, sitting: Sitting) -> None:
    """`viec` says what: `present`, `absent`, `helped`, `incident:KIND`, `close`, `take-over`; `nguoi` says who."""
    what, _colon, kind = request.POST.get("viec", "").partition(":")
    person_id = parse_id(request.POST.get("nguoi", ""))
    common: dict[str, Any] = {"actor": me, "sitting": sitting, "at": clock.now()}
    if what == "close":
        services.close_sitting(**common)
    elif what == "take-over":
        services.take_over(**common)
    elif what == "incident" and kind in IncidentKind.values:
        services.record_incident(kind=kind, person_id=person_id, **common)
    elif person_id is None:
        raise NotInSitting
    elif what == "present":
        services.tick_present(person_id=person_id, **common)
    elif what == "absent":
        services.take_tick_back(person_id=person_id, **common)
    elif what == "helped":
        services.help_given(person_id=person_id, **common)
    else:
        raise NotInSitting


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.ASSESS)
def call(request: HttpRequest, sitting_id: uuid.UUID) -> HttpResponse:
    """Put somebody on the list by name: those without a phone, or without the code."""
    me = _me(request)
    sitting = policies.get_sitting(me, sitting_id, clock.today())
    text = request.GET.get("ten", "")[:80]
    if request.method == "POST":
        person_id = parse_id(request.POST.get("nguoi", ""))
        person = visible_people(me, Capability.ASSESS).filter(pk=person_id).first() if person_id else None
        if person is None:
            raise NotInSitting
        try:
            services.call_person(actor=me, sitting=sitting, person=person, at=clock.now())
            messages.success(request, _("%(name)s is on the list.") % {"name": person.full_name})
        except HocVuSoError as error:
            messages.error(request, str(error))
        return redirect("assessment:sitting-call", sitting_id=sitting.pk)
    people = queries.people_to_call(me, text)
    there = set(Seat.objects.filter(sitting=sitting).values_list("person_id", flat=True))
    context = {"sitting": sitting, "text": text, "people": people, "there": there}
    return render(request, "assessment/sittings/call.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.ASSESS)
def at_door(request: HttpRequest, sitting_id: uuid.UUID) -> HttpResponse:
    """People added at the door who are not certain: who is it, somebody new, or nobody can say."""
    me = _me(request)
    sitting = policies.get_sitting(me, sitting_id, clock.today())
    if request.method == "POST":
        try:
            _decide_at_door(request, me, sitting)
        except HocVuSoError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, _("Noted. What was recorded for this person is counted now, as far as it can be.")
            )
        return redirect("assessment:sitting-door", sitting_id=sitting.pk)
    return render(request, "assessment/sittings/door.html", {"sitting": sitting, "rows": door.waiting_in(sitting, me)})


def _decide_at_door(request: HttpRequest, me: Person, sitting: Sitting) -> None:
    """`ai` says of whom; `viec`: `is:PERSON`, `new` with the corrected details, `aside`."""
    what, _colon, chosen = request.POST.get("viec", "").partition(":")
    walk_in = door.get_waiting(sitting, parse_id(request.POST.get("ai", "")) or uuid.UUID(int=0))
    common: dict[str, Any] = {"actor": me, "walk_in": walk_in, "at": clock.now()}
    if what == "is":
        person_id = parse_id(chosen)
        person = Person.objects.filter(pk=person_id).first() if person_id else None
        if person is None:
            raise NoSuchWalkIn
        door.decide_is(person=person, **common)
    elif what == "new":
        form = DoorForm(request.POST)
        if not form.is_valid():
            raise HocVuSoError(str(next(iter(form.errors.values()))[0]))
        door.decide_new(**form.cleaned_data, **common)
    elif what == "aside":
        door.set_aside(**common)
    else:
        raise NoSuchWalkIn


@require_safe
@require(Capability.ASSESS)
def sheet(request: HttpRequest, sitting_id: uuid.UUID) -> HttpResponse:
    """The attendance sheet to print and sign."""
    sitting = policies.get_sitting(_me(request), sitting_id, clock.today())
    response = HttpResponse(attendance_sheet(sitting, clock.now()), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="diem-danh-{sitting.code}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def phone(request: HttpRequest) -> HttpResponse:
    """The assessor's phone: the same page for everybody, filled in on the phone, works without a network."""
    # Which practice is played, the phone's own pack says.
    practice = dict.fromkeys(("slug", "title", "goal", "release", "url"), "")
    return render(
        request,
        "assessment/sittings/phone.html",
        {"incidents": IncidentKind.choices, "practice": practice, "agreement": CONSENT_TEXTS[Purpose.LEARNING]},
    )


# --- those who come to be assessed --------------------------------------------------------------------------------------


def for_person(
    view: Callable[Concatenate[HttpRequest, Person, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Signed in; others go through the door and come back."""

    @wraps(view)
    def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = person_of(request)
        if person is None:
            return to_the_door(request)
        return keep_device(request, view(request, person, *args, **kwargs))

    return inner


@require_http_methods(["GET", "HEAD", "POST"])
@for_person
def join(request: HttpRequest, person: Person) -> HttpResponse:
    """Type the code on the board."""
    code = request.GET.get("ma", "")[:20]
    form = CodeForm(request.POST or None, initial={"code": code})
    if request.method == "POST" and form.is_valid():
        try:
            seat = services.join(
                person=person, code=form.cleaned_data["code"], device=device_mark(request), at=clock.now()
            )
        except HocVuSoError as error:
            form.add_error("code", str(error))
        else:
            return redirect("assessment:lobby", sitting_id=seat.sitting_id)
    return render(request, "assessment/sittings/join.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_person
def lobby(request: HttpRequest, person: Person, sitting_id: uuid.UUID) -> HttpResponse:
    """In the room: what awaits me, the big button, help."""
    sitting = Sitting.objects.select_related("policy", "assessor", "unit").filter(pk=sitting_id).first()
    if sitting is None:
        raise NoSuchSitting
    seat = services.seat_of(person, sitting)
    if request.method == "POST":
        if request.POST.get("viec") == "help":
            services.ask_help(person=person, sitting=sitting, at=clock.now())
            messages.success(request, _("The assessor sees that you ask. Stay where you are."))
            back = request.POST.get("ve", "")
            return (
                redirect("assessment:lobby", sitting_id=sitting.pk)
                if not back.isdecimal()
                else redirect("assessment:question", attempt_id=seat.attempt_id, position=int(back[:3]))
            )
        attempt = services.start(person=person, sitting=sitting, device=device_mark(request), at=clock.now())
        if attempt.is_open:
            return redirect("assessment:question", attempt_id=attempt.id, position=next_position(attempt) or 1)
        return redirect("assessment:result", attempt_id=attempt.id)
    if seat.attempt_id and seat.finished_at:
        return redirect("assessment:result", attempt_id=seat.attempt_id)
    return render(request, "assessment/sittings/lobby.html", {"sitting": sitting, "seat": seat})


@require_GET
@for_person
def pulse(request: HttpRequest, person: Person, attempt_id: uuid.UUID) -> HttpResponse:
    """The phone of a running test says that it is there."""
    services.note_seen(person=person, attempt_id=attempt_id, device=device_mark(request), at=clock.now())
    return JsonResponse({"there": True})
