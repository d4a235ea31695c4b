"""Voices: the bytes and the list for phones, and the studio's pages where authors record or bring a file."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from hocvuso.curriculum import serving, sound
from hocvuso.curriculum.errors import LessonNotFound, ReleaseNotFound
from hocvuso.curriculum.models import Recording, SoundPart
from hocvuso.curriculum.queries import content_of, current_digest
from hocvuso.kernel.clock import now
from hocvuso.kernel.errors import HocVuSoError

LINES = 60  # of the studio's list on one page


@require_safe
def sounds(request: HttpRequest, slug: str) -> HttpResponse:
    """Which parts of a lesson have a voice, for the lesson as it stands."""
    answer = JsonResponse(sound.sounds_of(slug))
    answer["Cache-Control"] = serving.A_MINUTE
    return answer


@require_safe
def bytes_of_sound(request: HttpRequest, digest: str) -> HttpResponse:
    """The bytes of a recording; they never change under this name."""
    row = Recording.objects.filter(digest=digest).values_list("body", "content_type").first()
    if row is None:
        raise ReleaseNotFound
    answer = HttpResponse(bytes(row[0]), content_type=row[1])
    answer["Cache-Control"] = serving.FOR_EVER
    return answer


# --- the studio: Wagtail lets only authors in -------------------------------------------------------------------------


@require_safe
def studio_sounds(request: HttpRequest) -> HttpResponse:
    """All parts of all lessons: with a voice, without one, or with one that reads an older text."""
    lines = sound.sound_lines()
    count = {state: sum(line.state == state for line in lines) for state in ("current", "stale", "none")}
    page = Paginator(lines, LINES).get_page(request.GET.get("trang"))
    return render(request, "curriculum/studio_sounds.html", {"lines": page, "page": page, "count": count})


@require_http_methods(["GET", "POST"])
def studio_record(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    """Record a part of a lesson, or bring a file; the text to read stands beside."""
    digest = current_digest("lesson", slug)
    if digest is None or part not in SoundPart.values:
        raise Http404
    content = content_of(digest)
    if request.method == "POST":
        if "xoa" in request.POST:
            sound.remove_recording(lesson=slug, part=part)
            return redirect("sounds")
        upload = request.FILES.get("sound")
        try:
            if upload is None:
                raise sound.BadSound
            if upload.size is not None and upload.size > sound.MOST_BYTES:
                raise sound.SoundTooLarge
            sound.keep_recording(
                lesson=slug,
                part=part,
                content=upload.read(),
                speaker=request.POST.get("speaker", ""),
                licence=request.POST.get("licence", ""),
                at=now(),
            )
        except (HocVuSoError, LessonNotFound) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Kept. Learners hear it from now on."))
            return redirect("sounds")
    row = Recording.objects.filter(lesson=slug, part=part).defer("body").first()
    text = sound.text_of(content, part)
    context = {
        "lesson": content,
        "part": SoundPart(part),
        "text": text.split("\n"),
        "recording": row,
        "stale": row is not None and row.text_digest != sound.digest_of(text),
        "speaker": row.speaker if row else getattr(getattr(request.user, "person", None), "full_name", ""),
    }
    return render(request, "curriculum/studio_record.html", context)


@hooks.register("register_admin_urls")
def studio_urls() -> list[URLPattern]:
    return [
        path("am-thanh/", studio_sounds, name="sounds"),
        path("am-thanh/<slug:slug>/<slug:part>/", studio_record, name="record"),
    ]


class SoundsMenuItem(MenuItem):
    pass


@hooks.register("register_admin_menu_item")
def studio_menu() -> MenuItem:
    from django.urls import reverse

    return SoundsMenuItem(gettext_lazy("Voices"), reverse("sounds"), name="sounds", icon_name="media", order=150)
