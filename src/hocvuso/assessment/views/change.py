"""Pages around learning: where to start, and what people still do."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hocvuso.assessment import queries
from hocvuso.assessment.errors import AlreadyAnswered, AnswerUnreadable, NoSuchPlacement
from hocvuso.assessment.forms import read_answer
from hocvuso.assessment.models import Placement
from hocvuso.assessment.services import change
from hocvuso.assessment.views.learner import for_learner, options_of
from hocvuso.curriculum.public import Service
from hocvuso.kernel import clock
from hocvuso.people.public import Group, Person, person_of

COOKIE = "hvs_start"
COOKIE_SECONDS = 90 * 24 * 3600


def _known(request: HttpRequest) -> uuid.UUID | None:
    """The short check of this device, by a signed cookie."""
    try:
        return uuid.UUID(request.get_signed_cookie(COOKIE, default=""))
    except ValueError:
        return None


def _mine(request: HttpRequest) -> Placement:
    """The check of this device; somebody else's, taken over on a shared phone, is not shown to the next person."""
    placement = change.find_placement(_known(request))
    person = person_of(request)
    if placement.person_id is not None and (person is None or person.pk != placement.person_id):
        raise NoSuchPlacement
    return placement


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Where do I start? Six to ten questions, or straight to the lessons; no account needed."""
    if request.method == "POST":
        group = request.POST.get("group", "")
        placement = change.begin_placement(
            person=person_of(request), group=group if group in Group.values else Group.ADULT, at=clock.now()
        )
        answer = redirect("assessment:start-question", 1)
        answer.set_signed_cookie(
            COOKIE, str(placement.id), max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure()
        )
        return answer
    return render(request, "assessment/start.html", {"groups": Group.choices, "chosen": Group.ADULT})


@require_http_methods(["GET", "HEAD", "POST"])
def start_question(request: HttpRequest, position: int) -> HttpResponse:
    placement = _mine(request)
    if not 1 <= position <= len(placement.paper):
        raise NoSuchPlacement
    if position <= len(placement.answers):
        return redirect(_following(placement))
    shown = queries.shown(placement.paper[position - 1], position, change.MOST, None)
    error = None
    if request.method == "POST":
        try:
            chosen = read_answer(shown, request.POST)
            placement = change.answer_placement(
                placement_id=placement.id, position=position, chosen=chosen, at=clock.now()
            )
        except AlreadyAnswered as refused:
            messages.info(request, str(refused))
            return redirect(_following(change.find_placement(placement.id)))
        except AnswerUnreadable as refused:
            error = refused
        else:
            return redirect(_following(placement))
    context = {
        "question": shown,
        "options": options_of(shown, request),
        "numbers": [str(number) for number in range(1, len(shown.options) + 1)],
        "error": error,
        "answered": len(placement.answers),
    }
    return render(request, "assessment/start_question.html", context, status=422 if error else 200)


def _following(placement: Placement) -> str:
    if placement.finished_at:
        return reverse("assessment:start-result")
    return reverse("assessment:start-question", args=[len(placement.answers) + 1])


@require_safe
def start_result(request: HttpRequest) -> HttpResponse:
    """Begin here; these you may leave out. Signing in keeps it as the start of what one learns."""
    placement = _mine(request)
    if not placement.finished_at:
        return redirect(_following(placement))
    person = person_of(request)
    if person is not None and placement.person_id is None:
        change.claim_placement(person=person, placement_id=placement.id, at=clock.now())
    context = {"advice": change.advice_of(placement), "person": person}
    return render(request, "assessment/start_result.html", context)


@for_learner
@require_http_methods(["GET", "HEAD", "POST"])
def still(request: HttpRequest, person: Person) -> HttpResponse:
    """One screen, 30 and 90 days after confirmation: what do you still do by yourself?"""
    now = clock.now()
    if request.method == "POST":
        change.record_follow_up(person=person, services=request.POST.getlist("service"), at=now)
        messages.success(request, _("Thank you. That is kept."))
        return redirect("web:home")
    context = {"round": change.due_round(person, now), "services": Service.choices}
    return render(request, "assessment/still.html", context)


@require_safe
def reminder(request: HttpRequest) -> HttpResponse:
    """What the first page says to the one who is signed in; empty when there is nothing. Takes over this device's short check."""
    person = person_of(request)
    due = None
    if person is not None:
        now = clock.now()
        known = _known(request)
        if known is not None:
            change.claim_placement(person=person, placement_id=known, at=now)
        due = change.due_round(person, now)
    answer = render(request, "assessment/_reminder.html", {"due": due})
    answer["Cache-Control"] = "no-store, private"
    return answer
