"""Pages that are the same for everybody, filled in on the device: the outbox, what somebody knows already."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hocvuso.curriculum.public import published_paths
from hocvuso.learning.queries import known_page, path_to_keep


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """What this device has not sent yet; works without a network once the device has kept it."""
    return render(request, "learning/outbox.html")


@require_safe
def known(request: HttpRequest, slug: str) -> HttpResponse:
    """Show at once that a lesson is known: its quick questions, then its practices. Raises LessonNotFound."""
    return render(request, "learning/known.html", known_page(slug))


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Save the lessons of a path on this phone, see what is saved, take it away; filled in on the device."""
    return render(request, "learning/kept.html", {"paths": published_paths()})


@require_safe
def to_keep(request: HttpRequest, slug: str) -> HttpResponse:
    """What saving a path takes: its lessons, their addresses and sizes. Raises PathNotFound."""
    answer = JsonResponse(path_to_keep(slug), json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "public, max-age=300"
    return answer
