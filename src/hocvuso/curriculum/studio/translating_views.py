"""Lessons in other languages, side by side."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvuso.curriculum import translating
from hocvuso.curriculum.models import LessonPage
from hocvuso.curriculum.practice.validate import MAX_BYTES

ROWS = 40


@require_safe
def translations(request: HttpRequest) -> HttpResponse:
    """Lessons by code, and in which languages they are; two queries at most."""
    pages = LessonPage.objects.live().order_by("slug").filter(slug__gt=request.GET.get("sau", "")[:100])
    rows = list(pages.values("slug", "title", "translations")[: ROWS + 1])
    lines = [
        {
            "slug": row["slug"],
            "title": row["title"],
            "languages": [
                {"code": code, "name": name, "words": (row["translations"] or {}).get(code)}
                for code, name in translating.LANGUAGES.items()
            ],
        }
        for row in rows[:ROWS]
    ]
    following = rows[ROWS - 1]["slug"] if len(rows) > ROWS else ""
    return render(request, "curriculum/studio_translations.html", {"lines": lines, "following": following})


@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The lesson on the left, its words in the other language on the right; saved as a draft of the lesson."""
    if language not in translating.LANGUAGES:
        raise Http404
    live = get_object_or_404(LessonPage, slug=slug)
    rights = live.permissions_for_user(request.user)
    if not rights.can_edit():
        raise PermissionDenied
    page = live.get_latest_revision_as_object()
    parts = translating.side_by_side(page, language)
    locked = rights.page_locked()
    status = 200
    if request.method == "POST" and not locked:
        words, parts = translating.put_together(page, language, request.POST.dict())
        if words:
            page.translations = {**page.translations, language: words}
            page.save_revision(user=request.user, log_action=True)
            messages.success(
                request, _("Saved as a draft of the lesson. Send the lesson in; learners see it after it is published.")
            )
            return redirect("curriculum_studio:translate", slug=slug, language=language)
        status = 422
    context = {
        "page": page,
        "live": live,
        "language": language,
        "language_name": translating.LANGUAGES[language],
        "parts": parts,
        "locked": locked,
        "changed": sum(part.state == "changed" for part in parts),
        "open": sum(part.state == "new" for part in parts),
        "wrong": status == 422,
    }
    return render(request, "curriculum/studio_translate.html", context, status=status)


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """A practice being translated, ready for the phone, and what is wrong with it."""
    if not request.user.has_perm("curriculum.change_practice"):
        raise PermissionDenied
    source = request.POST.get("yaml", "")
    if len(source) > 2 * MAX_BYTES:
        raise Http404
    definition, problems = translating.played(source)
    return JsonResponse({"definition": definition, "problems": problems})
