"""Pages for learners (the same for everybody), addresses for machines, and previews for the studio."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hocvuso.curriculum import handouts, queries, rules, serving
from hocvuso.curriculum.choices import Audience
from hocvuso.curriculum.content import in_language, lesson_content
from hocvuso.curriculum.errors import LessonNotFound, PackNotFound, PictureNotFound, ReleaseNotFound
from hocvuso.curriculum.models import LessonPage, Practice, Question
from hocvuso.curriculum.models.practices import problem_sentences
from hocvuso.curriculum.models.previews import previews
from hocvuso.curriculum.picture_files import ENDINGS
from hocvuso.curriculum.practice import release_of
from hocvuso.curriculum.presenting import lesson_page, packed_lesson, practice_card

HTML = "text/html; charset=utf-8"
JSON = "application/json"
# Shown below every search, for whoever does not know what to type.
OFTEN = ("VNeID", "chuyển khoản", "lừa đảo", "mật khẩu", "bảo hiểm", "AI")


@require_safe
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """A published lesson. One query where it was asked for before."""
    digest = queries.current_digest("lesson", slug)
    if digest is None:
        raise LessonNotFound
    packed = packed_lesson(digest, path=request.path, language=get_language() or "vi")
    return serving.answer(request, packed, content_type=HTML, cache_control=serving.A_MINUTE)


@require_safe
def teach(request: HttpRequest, slug: str) -> HttpResponse:
    """What helps to teach a lesson: notes, hand-out, words for the loudspeaker, meeting packs."""
    digest = queries.current_digest("lesson", slug)
    if digest is None:
        raise LessonNotFound
    content = in_language(queries.content_of(digest), get_language() or "vi")
    if not content["teach"]["notes"]:
        raise LessonNotFound
    return _shared(request, "curriculum/teach.html", {"lesson": content, "packs": queries.packs_of_lesson(slug)})


@require_safe
def handout(request: HttpRequest, slug: str) -> HttpResponse:
    """The hand-out of a lesson, A5."""
    return _pdf(request, queries.current_digest("lesson", slug), f"to-roi-{slug}.pdf")


def _pdf(request: HttpRequest, digest: str | None, name: str) -> HttpResponse:
    body = handouts.handout_pdf(digest, get_language() or "vi") if digest else None
    if body is None:
        raise LessonNotFound
    response = serving.answer(
        request,
        rules.Packed(body, body, body),
        content_type="application/pdf",
        cache_control=serving.A_MINUTE,
        plain=True,
    )
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@require_safe
def packs(request: HttpRequest) -> HttpResponse:
    """All meeting packs."""
    return _shared(request, "curriculum/packs.html", {"packs": queries.pack_cards()})


@require_safe
def pack(request: HttpRequest, slug: str) -> HttpResponse:
    """A meeting pack to read through and print."""
    digest = queries.current_digest("meeting", slug)
    if digest is None:
        raise PackNotFound
    content = queries.content_of(digest)
    context = {
        "pack": content,
        "audiences": [Audience(one) for one in content["for"]],
        "lessons": queries.lesson_cards(slugs=content["lessons"]),
        "checked_on": date.fromisoformat(content["checked_on"]) if content["checked_on"] else None,
    }
    return _shared(request, "curriculum/pack.html", context)


@require_safe
def pack_handout(request: HttpRequest, slug: str) -> HttpResponse:
    """The hand-out of a meeting pack, A5."""
    digest = queries.current_digest("meeting", slug)
    if digest is None:
        raise PackNotFound
    return _pdf(request, digest, f"to-roi-{slug}.pdf")


@require_safe
def release(request: HttpRequest, digest: str) -> HttpResponse:
    """The bytes of a release; they never change."""
    packed = queries.packed_release(digest)
    if packed is None:
        raise ReleaseNotFound
    return serving.answer(request, packed, content_type=JSON, cache_control=serving.FOR_EVER)


@require_safe
def picture(request: HttpRequest, digest: str, kind: str) -> HttpResponse:
    """The bytes of a picture; they never change. Opened by itself a drawing can do nothing at all."""
    content_type = {ending: one for one, ending in ENDINGS.items()}[kind]
    packed = queries.kept_picture(digest, content_type)
    if packed is None:
        raise PictureNotFound
    response = serving.answer(
        request, packed, content_type=content_type, cache_control=serving.FOR_EVER, plain=not packed.br
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """All courses and their lessons, and the paths of the groups."""
    context = {
        "courses": queries.course_cards(),
        "paths": queries.path_cards(),
        "packs": queries.pack_cards(),
        "externals": queries.external_courses(),
    }
    return _shared(request, "curriculum/catalogue.html", context)


@require_safe
def path(request: HttpRequest, slug: str) -> HttpResponse:
    """A path with its lessons in order."""
    card = queries.get_path(slug)
    lessons = queries.path_lesson_cards(slug)
    context = {
        "path": card,
        "lessons": lessons,
        "minutes": sum(one.minutes for one in lessons),
        "policy": next((one for one in queries.policy_seeds() if one["code"] == card.policy), None),
    }
    return _shared(request, "curriculum/path.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Lessons that fit the words; tone marks and small slips do not matter. Without words the page is the same for everybody: the
    phone keeps it, and searches what it has kept."""
    words = request.GET.get("q", "").strip()[:100]
    if not words:
        return _shared(request, "curriculum/search.html", {"words": "", "found": [], "often": OFTEN})
    context = {"words": words, "found": queries.found_lessons(words), "often": OFTEN}
    response = render(request, "curriculum/search.html", context)
    response.headers["Cache-Control"] = "private, max-age=0"
    return response


@require_safe
def search_list(request: HttpRequest) -> HttpResponse:
    """Titles, summaries and keywords of all lessons, for searching on the phone."""
    body = json.dumps({"v": 1, "lessons": queries.search_list()}, ensure_ascii=False, separators=(",", ":")).encode()
    return serving.answer(request, rules.pack(body, quickly=True), content_type=JSON, cache_control=serving.A_MINUTE)


def _shared(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    language = get_language() or "vi"
    body = serving.drawn(template, context, path=request.path, language=language)
    return serving.answer(request, rules.pack(body, quickly=True), content_type=HTML, cache_control=serving.A_MINUTE)


# --- previews in the studio ------------------------------------------------------------------------------------------


def preview_lesson(request: HttpRequest, page: LessonPage) -> HttpResponse:
    """A draft as learners will see it; its practices travel inside the page, for they have no release yet."""
    content = lesson_content(page)
    definitions = {place.practice.slug: place.practice.definition for place in page.lesson_practices.all()}
    context = {**lesson_page(content, "", definitions=definitions), "preview": True}
    return render(request, "curriculum/lesson.html", context)


def preview_practice(request: HttpRequest, practice: Practice) -> HttpResponse:
    """A practice being written, on the real component; problems in plain words instead while there are any."""
    definition = practice.definition
    problems = problem_sentences(definition)
    card = None if problems else {**practice_card(definition, release_of(definition)), "definition": definition}
    return render(request, "curriculum/preview_practice.html", {"practice": card, "problems": problems})


def preview_question(request: HttpRequest, question: Question) -> HttpResponse:
    """A question with its answers and reasons."""
    return render(
        request, "curriculum/preview_question.html", {"question": question.as_dict(), "graded": question.graded}
    )


previews.update({"LessonPage": preview_lesson, "Practice": preview_practice, "Question": preview_question})
