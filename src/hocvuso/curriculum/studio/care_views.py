"""The list of what needs care."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from hocvuso.curriculum import care
from hocvuso.curriculum.models import ExternalCourse, LessonPage, MeetingPack, Question
from hocvuso.kernel.clock import today

SNIPPETS: dict[str, tuple[Any, str]] = {
    "meeting": (MeetingPack, "slug"),
    "external": (ExternalCourse, "slug"),
    "question": (Question, "code"),
}


@require_safe
def needs_care(request: HttpRequest) -> HttpResponse:
    """What needs care, the most urgent first."""
    course = request.GET.get("khoa", "")[:100]
    rows, following = care.care_page(on=today(), course=course, after=_key(request.GET.get("sau", "")))
    context = {
        "rows": rows,
        "following": urlencode({"khoa": course, "sau": "\x1f".join(map(str, following))}) if following else "",
        "courses": care.courses_for_filter(),
        "course": course,
    }
    return render(request, "curriculum/studio_care.html", context)


def _key(text: str) -> care.Key | None:
    parts = text.split("\x1f")
    if len(parts) != 4 or parts[0] not in {"0", "1", "2", "3", "4", "5"}:
        return None
    if parts[0] in {"0", "1"}:
        try:
            date.fromisoformat(parts[1])
        except ValueError:
            return None
    elif parts[1]:
        return None
    return (int(parts[0]), parts[1], parts[2], parts[3])


@require_safe
def open_thing(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The page where a thing of the list is edited."""
    if kind == "lesson":
        page = get_object_or_404(LessonPage, slug=slug)
        return redirect("wagtailadmin_pages:edit", page.pk)
    if kind == "sound":
        return redirect("sounds")
    if kind not in SNIPPETS:
        return redirect("curriculum_studio:care")
    model, name = SNIPPETS[kind]
    thing = get_object_or_404(model, **{name: slug})
    return redirect(reverse(f"wagtailsnippets_curriculum_{model.__name__.lower()}:edit", args=[thing.pk]))
