"""Lessons as files: a ZIP out, a ZIP in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hocvuso.curriculum import archive
from hocvuso.curriculum.scheduling import may_publish
from hocvuso.kernel.clock import now, today
from hocvuso.people.public import person_of

MOST_UPLOADED = 20 * 1024 * 1024


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Everything published as a ZIP."""
    response = HttpResponse(archive.packed_content(), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="hoc-vu-so-{today().isoformat()}.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def exchange(request: HttpRequest) -> HttpResponse:
    """Try a ZIP, or load it: who may publish may load."""
    may_load = _may_publish(request)
    context: dict[str, object] = {"may_load": may_load}
    if request.method == "POST":
        file = request.FILES.get("tep")
        load_it = "nap" in request.POST
        if file is None:
            context["refused"] = _("Choose a ZIP first.")
        elif (file.size or 0) > MOST_UPLOADED:
            context["refused"] = str(archive.ArchiveTooLarge.message)
        elif load_it and not may_load:
            context["refused"] = _(
                "Loading publishes at once; your account may try it only. Ask somebody who publishes."
            )
        else:
            try:
                context["outcome"] = archive.take_in(
                    actor=person_of(request),
                    file=file,
                    at=now(),
                    force="de" in request.POST,
                    only_try=not load_it,
                )
                context["file_name"] = file.name
            except (archive.BadArchive, archive.ArchiveTooLarge) as problem:
                context["refused"] = str(problem.message)
    outcome = context.get("outcome")
    wrong = "refused" in context or (isinstance(outcome, archive.Outcome) and bool(outcome.problems))
    return render(request, "curriculum/studio_exchange.html", context, status=422 if wrong else 200)


def _may_publish(request: HttpRequest) -> bool:
    return person_of(request) is not None and may_publish(request.user)
