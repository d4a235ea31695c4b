"""Pages of a test: which ones there are, the introduction, one question a page, looking over, the result."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvuso.assessment import queries, rules, services
from hocvuso.assessment.errors import AlreadyAnswered, AnswerUnreadable, NoSuchAttempt, SignedOut, TimeIsUp
from hocvuso.assessment.forms import CHOICE, partners_of, ranks_of, read_answer
from hocvuso.assessment.integrity.services import doubts_of
from hocvuso.assessment.models import Attempt
from hocvuso.kernel import clock
from hocvuso.people.public import Person, Purpose, has_consent, person_of

# How notes begin in the data of policies; the page says it as the notice's title.
PROVISIONAL = "Tạm, chờ văn bản."
P = ParamSpec("P")
LearnerView = Callable[Concatenate[HttpRequest, Person, P], HttpResponse]


def for_learner(view: LearnerView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page of a signed-in person; others go through the door, or the first steps, and come back."""

    @wraps(view)
    def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = person_of(request)
        if person is not None:
            return view(request, person, *args, **kwargs)
        if _wants_json(request):
            error = SignedOut()
            return JsonResponse({"error": error.code, "message": str(error), "go": _door(request)}, status=error.status)
        return redirect(_door(request))

    return inner


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Which tests fit me, and what I took."""
    person = person_of(request)
    policies = queries.newest_policies()
    context: dict[str, Any] = {"person": person, "fitting": [], "others": policies}
    if person is not None:
        services.finish_overdue(person=person, at=clock.now())
        groups = set(person.groups.on(clock.today()).values_list("group", flat=True))
        context |= {
            "fitting": [policy for policy in policies if policy.group in groups],
            "others": [policy for policy in policies if policy.group not in groups],
            "running": queries.open_attempts_of(person),
            "taken": queries.attempts_of(person),
        }
    return render(request, "assessment/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def introduction(request: HttpRequest, code: str) -> HttpResponse:
    """What awaits me; the big button starts, or goes on with a test that is under way."""
    policy = services.current_policy(code)
    person = person_of(request)
    if request.method == "POST":
        if person is None:
            return redirect(_door(request))
        attempt = services.open_attempt(
            person=person, policy_code=code, at=clock.now(), more_time=request.POST.get("more_time") == "yes"
        )
        return redirect(_onward(attempt, None, queries.answered_positions(attempt)))
    running = None
    if person is not None:
        services.finish_overdue(person=person, at=clock.now())
        running = next((one for one in queries.open_attempts_of(person) if one.policy.code == code), None)
    context = {
        "policy": policy,
        "note": policy.note.removeprefix(PROVISIONAL).strip(),
        "needed": rules.needed(policy.total, policy.pass_ratio),
        "person": person,
        "door": _door(request),
        "agreed": person is not None and has_consent(person, Purpose.LEARNING),
        "running": running,
        "minutes_left": rules.minutes_left(running.deadline_at, clock.now()) if running else 0,
    }
    return render(request, "assessment/introduction.html", context)


@for_learner
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, person: Person, attempt_id: uuid.UUID, position: int) -> HttpResponse:
    """One question. An answer is sent once and kept; the address after it is the next question without an answer."""
    attempt = services.get_attempt(person, attempt_id)
    if not 1 <= position <= len(attempt.paper):
        raise NoSuchAttempt
    given = queries.given_answers(attempt)
    shown = queries.shown(attempt.paper[position - 1], position, attempt.total, given.get(position))
    if not attempt.is_open or rules.is_over(attempt.deadline_at, clock.now()):
        return _go(request, _closed(request, person, attempt))
    error = None
    if request.method == "POST":
        try:
            return _take(request, person, attempt, shown)
        except AnswerUnreadable as refused:
            error = refused
            if _wants_json(request):
                return JsonResponse({"error": error.code, "message": str(error)}, status=422)
    return _draw(request, attempt, shown, set(given), error)


def _take(request: HttpRequest, person: Person, attempt: Attempt, shown: queries.ShownQuestion) -> HttpResponse:
    """Keep the answer and go on; another answer than the one kept, or one that comes too late, says so on the page after."""
    chosen = read_answer(shown, request.POST)
    try:
        services.answer(person=person, attempt_id=attempt.id, position=shown.position, chosen=chosen, at=clock.now())
    except AlreadyAnswered as refused:
        messages.info(request, str(refused))
    except TimeIsUp:
        return _go(request, _closed(request, person, attempt))
    return _go(request, _onward(attempt, shown.position, queries.answered_positions(attempt)))


def _draw(
    request: HttpRequest,
    attempt: Attempt,
    shown: queries.ShownQuestion,
    answered: set[int],
    error: AnswerUnreadable | None,
) -> HttpResponse:
    # An adaptive paper is drawn from the answers so far: there is nothing to leave for later.
    onward = answered | {shown.position}
    context = {
        "attempt": attempt,
        "question": shown,
        "options": options_of(shown, request),
        "numbers": [str(number) for number in range(1, len(shown.options) + 1)],
        "practice": _practice(shown),
        "error": error,
        "answered": len(answered),
        "unanswered": attempt.total - len(answered),
        "minutes_left": rules.minutes_left(attempt.deadline_at, clock.now()),
        "skip": _onward(attempt, shown.position, onward),
        "may_skip": not attempt.is_adaptive,
        "review": reverse("assessment:review", args=[attempt.id]),
    }
    return render(request, "assessment/question.html", context, status=422 if error else 200)


def options_of(shown: queries.ShownQuestion, request: HttpRequest) -> list[dict[str, object]]:
    """The lines of a question with what is chosen: kept before, or just sent and not yet whole."""
    kept: Any = shown.chosen
    if shown.kind == "order":
        ranks = ranks_of(shown, request.POST)
        if kept:
            ranks = {name: str(number) for number, name in enumerate(kept, 1)}
        return [{"name": name, "text": text, "rank": ranks[name]} for name, text in shown.options]
    if shown.kind == "match":
        pairs = partners_of(shown, request.POST)
        if kept:
            pairs = dict(pair.split(rules.PAIR) for pair in kept)
        return [
            {
                "name": name,
                "text": text,
                "partners": [
                    {"name": partner, "text": words, "chosen": pairs[name] == partner}
                    for partner, words in shown.partners
                ],
            }
            for name, text in shown.options
        ]
    chosen = kept or tuple(str(name) for name in request.POST.getlist(CHOICE))
    return [{"name": name, "text": text, "chosen": name in chosen} for name, text in shown.options]


def _practice(shown: queries.ShownQuestion) -> dict[str, str] | None:
    """What curriculum/_practice.html shows."""
    if shown.kind != rules.PRACTICE:
        return None
    return {
        "slug": shown.practice,
        "title": shown.title,
        "goal": shown.text,
        "release": shown.digest,
        "url": reverse("release", args=[shown.digest]),
    }


@for_learner
@require_safe
def review(request: HttpRequest, person: Person, attempt_id: uuid.UUID) -> HttpResponse:
    """Before handing in: which questions have no answer."""
    attempt = services.get_attempt(person, attempt_id)
    if not attempt.is_open or rules.is_over(attempt.deadline_at, clock.now()):
        return redirect(_closed(request, person, attempt))
    answered = queries.answered_positions(attempt)
    places = [{"position": one, "answered": one in answered} for one in range(1, len(attempt.paper) + 1)]
    missing = [place["position"] for place in places if not place["answered"]]
    context = {
        "attempt": attempt,
        "places": places,
        "missing": missing,
        "later": attempt.total - len(attempt.paper),
        "minutes_left": rules.minutes_left(attempt.deadline_at, clock.now()),
    }
    return render(request, "assessment/review.html", context)


@for_learner
@require_POST
def hand_in(request: HttpRequest, person: Person, attempt_id: uuid.UUID) -> HttpResponse:
    """Grade it. Handing in twice leads to the same result."""
    attempt = services.finish(person=person, attempt_id=attempt_id, at=clock.now())
    return redirect("assessment:result", attempt_id=attempt.id)


@for_learner
@require_safe
def result(request: HttpRequest, person: Person, attempt_id: uuid.UUID) -> HttpResponse:
    """Passed: short praise and the way to the certificate. Not yet: what to learn next. Never the key."""
    attempt = services.get_attempt(person, attempt_id)
    if attempt.is_open and not rules.is_over(attempt.deadline_at, clock.now()):
        return redirect("assessment:review", attempt_id=attempt.id)
    attempt = services.finish(person=person, attempt_id=attempt.id, at=clock.now())
    found = queries.result_of(attempt)
    doubt = doubts_of([(person.pk, attempt.id)]).get((person.pk, attempt.id)) if found.passed else None
    context = {"attempt": attempt, "result": found, "lessons": queries.lesson_cards(found.lessons), "doubt": doubt}
    context["person"] = person
    return render(request, "assessment/result.html", context)


def _onward(attempt: Attempt, position: int | None, answered: set[int]) -> str:
    """The next question without an answer after this one; when none is left, the page for looking over."""
    # What the last answer added to an adaptive paper stands in the database only.
    paper = len(attempt.paper) + (
        1 if attempt.is_adaptive and len(answered) == len(attempt.paper) < attempt.total else 0
    )
    following = rules.following(paper, answered, position or 0)
    if following is None:
        return reverse("assessment:review", args=[attempt.id])
    return reverse("assessment:question", args=[attempt.id, following])


def _closed(request: HttpRequest, person: Person, attempt: Attempt) -> str:
    """The address of the result; a test whose time has run out is graded on the way."""
    if attempt.is_open:
        services.finish(person=person, attempt_id=attempt.id, at=clock.now())
        messages.info(request, _("The time is up. Every answer you sent before was counted."))
    return reverse("assessment:result", args=[attempt.id])


def _door(request: HttpRequest) -> str:
    """Where one signs in (or finishes the first steps), and comes back from."""
    if request.user.is_authenticated:
        return f"{reverse('people:welcome')}?{urlencode({'next': request.get_full_path()})}"
    return redirect_to_login(request.get_full_path()).url


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _go(request: HttpRequest, address: str) -> HttpResponse:
    return JsonResponse({"go": address}) if _wants_json(request) else redirect(address)
