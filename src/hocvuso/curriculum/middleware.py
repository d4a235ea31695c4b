"""Two doors: answers whose bytes are shared by everybody, and the studio that is for authors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from wagtail.admin import messages

from hocvuso.curriculum.approval import Outcome, outcomes
from hocvuso.curriculum.errors import NotAnAuthor
from hocvuso.curriculum.models import LessonPage
from hocvuso.curriculum.scheduling import shown_moment
from hocvuso.curriculum.things import specific
from hocvuso.kernel.errors import NotAllowed
from hocvuso.people.public import Capability, turn_away

GetResponse = Callable[[HttpRequest], HttpResponse]


class SharedBytes:
    """Keep answers marked `same_for_everybody` free of anything personal, so that phones, proxies and CDNs may share them.

    Stands outside the session and language middleware, which would add cookies and `Vary`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(response, "same_for_everybody", False):
            response.cookies.clear()
            response.headers["Vary"] = "Accept-Encoding"
        return response


def tell_of_approval(request: HttpRequest, thing: Any, moment: datetime | None) -> None:
    """Say what became of a text that was approved, with the way to a lesson."""
    thing = specific(thing)
    if moment is not None:
        messages.success(request, _("Approved. It goes live at %(moment)s.") % {"moment": shown_moment(moment)})
    elif isinstance(thing, LessonPage):
        see = messages.button(thing.own_address(), _("See the lesson"))
        messages.success(request, _("The lesson is live."), buttons=[see])
    else:
        messages.success(request, _("Approved. “%(title)s” is live.") % {"title": thing})


class StudioDoor:
    """Only those who write, review or publish by mandate (and operators) enter the studio, by the house's own sign-in with its second step.

    Wagtail's sign-in page would let a password alone through, so its addresses lead to ours.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/soan/"):
            turned = self.turned_away(request)
            if turned is not None:
                return turned
            if request.user.is_authenticated:
                # Wagtail's side bar calls people by this column, which we leave empty; it is never saved.
                request.user.first_name = request.user.get_full_name()
            if request.method == "POST":
                return self.saying_what_went_live(request)
        return self.get_response(request)

    def saying_what_went_live(self, request: HttpRequest) -> HttpResponse:
        """Wagtail approves without a word, on three pages: whoever approved last hears here that the text is live."""
        noted: list[Outcome] = []
        token = outcomes.set(noted)
        try:
            response = self.get_response(request)
        finally:
            outcomes.reset(token)
        if response.status_code < 400:
            for thing, moment in noted:
                tell_of_approval(request, thing, moment)
        return response

    def turned_away(self, request: HttpRequest) -> HttpResponse | None:
        if request.path.startswith(("/soan/login/", "/soan/password_reset/")):
            return redirect_to_login("/soan/", settings.LOGIN_URL)
        if request.path.startswith("/soan/account/"):
            return redirect(settings.LOGIN_REDIRECT_URL)
        if request.path.startswith("/soan/logout/") or getattr(request.user, "is_superuser", False):
            return None
        try:
            return cast(
                "HttpResponse | None", turn_away(request, Capability.AUTHOR, Capability.REVIEW, Capability.PUBLISH)
            )
        except NotAllowed:
            return render(request, "web/problem.html", {"problem": NotAnAuthor()}, status=NotAnAuthor.status)
