"""The calm pages for failures nobody foresaw at one place: unknown address, closed door, expired form, our own fault."""

from __future__ import annotations

import errno
import logging
import re
import sys
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from hocvuso.people.public import is_officer, person_of

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 60
LAST_RESORT = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Học Vụ Số</title><h1>Máy chủ đang trục trặc</h1>'
    "<p>Lỗi này do máy chủ, không phải do bạn. Bài làm vẫn còn trên máy. Thử lại sau ít phút.</p>"
    '<p><a href="/">Về trang đầu</a></p></html>'
)


def _answer(request: HttpRequest, template: str, code: str, message: str, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"error": code, "message": message}, status=status)
    return tell(request, template, {}, status)


def at_the_desk(request: HttpRequest) -> bool:
    """Whether an officer asked for a page of the desk; no where that cannot be found out, with the database away."""
    if not re.match(r"(/en)?/dieu-hanh/", request.path):
        return False
    try:
        return is_officer(person_of(request))
    except Exception:
        logger.warning("whether this is an officer could not be read", exc_info=True)
        return False


def tell(request: HttpRequest, template: str, values: dict[str, Any], status: int) -> HttpResponse:
    """A page about a failure, in the frame of the desk for officers at their desk, else in the learner's."""
    desk = at_the_desk(request)
    frame = "web/officer.html" if desk else "web/base.html"
    return render(request, template, {**values, "frame": frame, "desk_asked": desk}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, "web/404.html", "web.not_found", _("There is nothing at this address."), 404)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = _("This page is for officers in charge. You are signed in with another account.")
    return _answer(request, "web/403.html", "web.not_allowed", message, 403)


def wrong_method(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Somebody opened what only a button sends to, often on the way back from signing in: words instead of an empty page."""
    message = _("This address takes other calls than this one.")
    page = _answer(request, "web/405.html", "web.wrong_method", message, 405)
    page["Allow"] = answer["Allow"]
    return page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, "web/400.html", "web.bad_request", _("The server could not read this request."), 400)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's secret is missing or old: usually the page stood open for long, or cookies are off."""
    message = _("This page stood open for too long. Open it again and send once more.")
    return _answer(request, "web/403_csrf.html", "web.stale_form", message, 403)


def is_out_of_order(error: BaseException | None) -> bool:
    """Whether the database or the disk cannot be used now: full, read-only, locked, away. It passes; nothing is wrong with the request."""
    if isinstance(error, OperationalError | InterfaceError | InternalError):
        return True
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own fault. Needs no database; where even templates fail, plain words remain.

    503 with Retry-After when the database or the disk cannot be used now, 500 otherwise.
    """
    out_of_order = is_out_of_order(sys.exc_info()[1])
    status = 503 if out_of_order else 500
    answer: HttpResponse
    if request.path.startswith("/api/"):
        message = _("The server failed. Nothing that is on this phone is lost. Try again in a few minutes.")
        code = "web.out_of_order" if out_of_order else "web.server_error"
        answer = JsonResponse({"error": code, "message": message}, status=status)
    else:
        values: dict[str, Any] = {}
        try:
            answer = HttpResponse(render_to_string("web/500.html", values), status=status)
        except Exception:
            logger.exception("the page for server errors could not be made")
            answer = HttpResponse(LAST_RESORT, status=status)
    answer["Cache-Control"] = "no-store"
    if out_of_order:
        answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer
