"""The list of what needs care."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from hocvuso.curriculum import care
from hocvuso.curriculum.models import ExternalCourse
from hocvuso.curriculum.things import THINGS, own_address
from hocvuso.kernel.clock import today


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
    if kind == "sound":
        return redirect("sounds")
    if kind in THINGS:
        thing = get_object_or_404(THINGS[kind].model, **{THINGS[kind].code: slug})
        return redirect(own_address(request.user, kind, thing.pk))
    if kind == "external":
        course = get_object_or_404(ExternalCourse, slug=slug)
        return redirect("wagtailsnippets_curriculum_externalcourse:edit", course.pk)
    return redirect("curriculum_studio:care")
