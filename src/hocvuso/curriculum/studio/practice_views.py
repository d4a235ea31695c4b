"""A practice drawn instead of written: the editor's page, its preview, checking and saving."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hocvuso.curriculum import drawing
from hocvuso.curriculum import practice as engine
from hocvuso.curriculum.models import Practice


def _writer(request: HttpRequest) -> None:
    if not request.user.has_perm("curriculum.change_practice"):
        raise PermissionDenied


@require_safe
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Screens on the left, the chosen one as a form, the phone on the right."""
    _writer(request)
    practice = get_object_or_404(Practice, pk=pk)
    context: dict[str, Any] = {
        "practice": practice,
        "written": reverse("wagtailsnippets_curriculum_practice:edit", args=[practice.pk]),
    }
    try:
        definition = drawing.drawn(practice)
    except ValidationError as error:
        context["unreadable"] = error.messages
        return render(request, "curriculum/studio_draw.html", context, status=422)
    lock = practice.get_lock()
    context |= {
        "definition": definition,
        "vocabulary": drawing.vocabulary(),
        "locked": lock is not None and lock.for_user(request.user),
    }
    return render(request, "curriculum/studio_draw.html", context)


@require_safe
def stage(request: HttpRequest) -> HttpResponse:
    """The page inside the editor on which the real phone plays what is being drawn."""
    _writer(request)
    return render(request, "curriculum/studio_stage.html")


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What is wrong with the posted practice, and its YAML."""
    _writer(request)
    definition = _sent(request)
    if isinstance(definition, HttpResponse):
        return definition
    return JsonResponse({"problems": drawing.told_problems(definition), "yaml": engine.write_practice(definition)})


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the posted practice as a draft."""
    _writer(request)
    practice = get_object_or_404(Practice, pk=pk)
    definition = _sent(request)
    if isinstance(definition, HttpResponse):
        return definition
    based_on = request.headers.get("X-Based-On", "")
    saved = drawing.save_drawn(
        practice=practice,
        definition=definition,
        based_on=int(based_on) if based_on.isascii() and based_on.isdigit() and len(based_on) < 19 else None,
        user=request.user,
    )
    answer = {"problems": saved.problems, "refused": saved.refused, "revision": saved.revision}
    return JsonResponse(answer, status=409 if saved.refused else 200)


def _sent(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    try:
        if int(request.headers.get("Content-Length") or 0) > drawing.MOST_SENT:
            raise drawing.UnreadableError
        return drawing.read_sent(request.body)
    except drawing.UnreadableError:
        return JsonResponse({"refused": _("This text cannot be read as a practice."), "problems": []}, status=400)
