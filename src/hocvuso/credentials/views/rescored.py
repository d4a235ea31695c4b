"""Certificates whose pass a void question took away: an officer keeps or suspends each, with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hocvuso.credentials import services
from hocvuso.credentials.queries import rescored_for
from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError, NotFound
from hocvuso.people.public import Capability, person_of, require


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.CONFIRM)
def rescored(request: HttpRequest) -> HttpResponse:
    """The list; a decision for one of it."""
    person = person_of(request)
    if person is None:
        raise NotFound
    rows = rescored_for(person)
    if request.method == "POST":
        chosen = next((one for one in rows if str(one.rescoring.id) == request.POST.get("dong")), None)
        if chosen is None or request.POST.get("viec") not in {"keep", "suspend"}:
            raise NotFound
        try:
            services.decide_rescored(
                actor=person,
                rescoring=chosen.rescoring,
                keep=request.POST["viec"] == "keep",
                reason=request.POST.get("ly_do", ""),
                at=clock.now(),
            )
        except HocVuSoError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Decided. It stands in the log."))
        return redirect("credentials:rescored")
    return render(request, "credentials/rescored.html", {"rows": rows})
