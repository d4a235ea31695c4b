"""Officers who go away are signed out after half an hour; learners stay signed in for 90 days."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from hocvuso.kernel import clock
from hocvuso.people.policies import second_step_first
from hocvuso.people.presence import OFFICER, SEEN_AT
from hocvuso.people.returning import to_idle_page

GetResponse = Callable[[HttpRequest], HttpResponse]
OPERATED = ("/soan/", "/quan-tri/")
# Writing the session at every request would cost a write each; half a minute is precise enough for half an hour.
WRITE_EVERY_SECONDS = 30


class OfficerIdle:
    """End an officer's session after OFFICER_IDLE_SECONDS without a page; say so, and bring them back afterwards.

    Calls of machines under /api/ neither count as presence nor get a page: they find the session ended.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        officer = request.session.get(OFFICER)
        if not officer:
            # Only this glance touched the session: the page stays one for everybody, without `Vary: Cookie`.
            request.session.accessed = False
        if officer and request.user.is_authenticated:
            now = clock.now().timestamp()
            seen_at = float(request.session.get(SEEN_AT, now))
            machine = request.path.startswith("/api/")
            if now - seen_at > settings.OFFICER_IDLE_SECONDS:
                logout(request)
                if not machine:
                    return to_idle_page(request)
            elif not machine and (SEEN_AT not in request.session or now - seen_at >= WRITE_EVERY_SECONDS):
                request.session[SEEN_AT] = now
        return self.get_response(request)


class OperatorsDoor:
    """Operators prove the second step too before the studio and their admin, as officers do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPERATED) and getattr(request.user, "is_staff", False):
            answer = second_step_first(request)
            if answer is not None:
                return cast(HttpResponse, answer)
            if not request.session.get(OFFICER):
                request.session[OFFICER] = True
                request.session[SEEN_AT] = clock.now().timestamp()
        return self.get_response(request)
