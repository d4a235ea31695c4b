"""Certificates whose test a re-check found irregular: one officer stops, another ends it; the holder may answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hocvuso.credentials import services
from hocvuso.credentials.errors import NoSuchRecall
from hocvuso.credentials.recalling import recalls_for
from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.people.public import Capability, person_of, require


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.CONFIRM)
def recalls(request: HttpRequest) -> HttpResponse:
    """The list; one step for one of it."""
    person = person_of(request)
    if person is None:
        raise NoSuchRecall
    rows = recalls_for(person)
    if request.method == "POST":
        chosen = next((one.recall for one in rows if str(one.recall.id) == request.POST.get("dong")), None)
        what, reason, at = request.POST.get("viec"), request.POST.get("ly_do", ""), clock.now()
        try:
            if chosen is None or what not in {"suspend", "revoke", "restore"}:
                raise NoSuchRecall
            if what == "suspend":
                services.stop_for_recall(actor=person, recall=chosen, reason=reason, at=at)
            else:
                services.end_recall(actor=person, recall=chosen, revoke=what == "revoke", reason=reason, at=at)
        except HocVuSoError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Decided. It stands in the log, and the holder reads it."))
        return redirect("credentials:recalls")
    return render(request, "credentials/recalls.html", {"rows": rows})


@require_POST
@login_required
def appeal(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    """I do not agree: what I say stands before the second officer."""
    person = person_of(request)
    if person is None:
        raise NoSuchRecall
    try:
        services.appeal(person=person, recall_id=recall_id, text=request.POST.get("y_kien", ""), at=clock.now())
        messages.success(
            request, _("Sent. Another officer reads it before anything is decided. The answer comes here.")
        )
    except HocVuSoError as error:
        messages.error(request, str(error))
    return redirect("credentials:own")
