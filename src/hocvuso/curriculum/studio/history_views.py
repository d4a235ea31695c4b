"""The history of a text: versions and releases, any two side by side in words, an old one taken up again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hocvuso.curriculum import versions
from hocvuso.curriculum.comparing import compared
from hocvuso.curriculum.things import edit_address, get_thing, is_locked, may_write


@require_safe
def history(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Who changed what and when; two to choose for comparing."""
    thing = get_thing(kind, pk)
    before = request.GET.get("truoc", "")
    rows, following = versions.versions_of(
        thing, before=int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    )
    context = {
        "thing": thing,
        "kind": kind,
        "address": edit_address(kind, pk) if may_write(request.user, thing) else "",
        "rows": rows,
        "following": following,
        "releases": versions.releases_of(thing),
        "happenings": versions.happenings(thing),
        "may_take_up": may_write(request.user, thing) and not is_locked(request.user, thing),
    }
    return render(request, "curriculum/studio_history.html", context)


@require_safe
def comparison(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Two versions or releases side by side: what is gone left, what is new right."""
    thing = get_thing(kind, pk)
    chosen = [request.GET.get("tu", ""), request.GET.get("den", "")]
    if not all(chosen):
        messages.info(request, _("Choose two versions to compare."))
        return redirect("curriculum_studio:history", kind=kind, pk=pk)
    old, new = sorted((versions.get_side(thing, ref) for ref in chosen), key=lambda side: side.at)
    context = {
        "thing": thing,
        "kind": kind,
        "address": edit_address(kind, pk) if may_write(request.user, thing) else "",
        "old": old,
        "new": new,
        "changes": compared(old.sections, new.sections),
    }
    return render(request, "curriculum/studio_comparison.html", context)


@require_POST
def take_up(request: HttpRequest, kind: str, pk: int, revision: int) -> HttpResponse:
    """Make an old version the newest draft."""
    thing = get_thing(kind, pk)
    if not may_write(request.user, thing):
        raise PermissionDenied
    if is_locked(request.user, thing):
        messages.error(request, _("Somebody is reviewing this text or has locked it. Take the version up afterwards."))
        return redirect("curriculum_studio:history", kind=kind, pk=pk)
    old = get_object_or_404(thing.revisions, pk=revision)
    versions.take_up_again(thing=thing, revision=old, user=request.user)
    messages.success(request, _("The old version is the newest draft now. Learners still see what is published."))
    return redirect(edit_address(kind, pk))
