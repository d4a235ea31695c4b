"""Headers on every answer, and foreseen failures told calmly."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import has_vary_header

from hocvuso.kernel.errors import HocVuSoError
from hocvuso.web.problems import tell, wrong_method

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'self'; form-action 'self'; base-uri 'self'; object-src 'none'"
)
# The authoring studio and the operators' admin are other people's pages with inline styles and scripts.
CONTENT_SECURITY_POLICY_STUDIO = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "frame-ancestors 'self'; form-action 'self'; base-uri 'self'; object-src 'none'"
)
PRIVATE_PLACES = (
    "/api/",
    "/chung-nhan/",
    "/dieu-hanh/",
    "/kiem-tra/",
    "/lop/",
    "/quan-tri/",
    "/soan/",
    "/tai-khoan/",
    "/thu-nghiem/",
    "/vao/",
)
GetResponse = Callable[[HttpRequest], HttpResponse]


class SecurityHeaders:
    """Strict content security policy without inline script, and a closed permissions policy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        studio = request.path.startswith(("/soan/", "/quan-tri/"))
        response.headers.setdefault(
            "Content-Security-Policy", CONTENT_SECURITY_POLICY_STUDIO if studio else CONTENT_SECURITY_POLICY
        )
        # Authors record voices in the studio; nobody else needs the microphone.
        microphone = "(self)" if request.path.startswith("/soan/") else "()"
        response.headers.setdefault(
            "Permissions-Policy", f"camera=(self), microphone={microphone}, geolocation=(self), payment=()"
        )
        return response


class SameForEverybody:
    """Mark pages that are the same for everybody as public, all others as private.

    A page that never looked at the session or a cookie cannot hold anything of one person: it has no `Vary: Cookie` and sets
    no cookie. Only such pages may be kept by the service worker and by caches on the way. A view's own Cache-Control stays.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.has_header("Cache-Control"):
            return response
        path = re.sub(r"^/en(?=/)", "", request.path)
        if not response.get("Content-Type", "").startswith("text/html"):
            # Lists as CSV, outlines as JSON: files of the desk are as private as its pages.
            if path.startswith(PRIVATE_PLACES):
                response["Cache-Control"] = "private, no-store"
            return response
        personal = has_vary_header(response, "Cookie") or response.cookies or path.startswith(PRIVATE_PLACES)
        if personal:
            response["Cache-Control"] = "private, no-store"
        elif request.method in {"GET", "HEAD"} and response.status_code == 200:
            response["Cache-Control"] = "public, max-age=0, must-revalidate"
        else:
            response["Cache-Control"] = "no-cache"
        return response


FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def holds_null(request: HttpRequest) -> bool:
    """Whether an address or a form holds a NUL: no keyboard types one, and PostgreSQL fails on it."""
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    if request.method != "POST" or request.content_type not in FORMS:
        return False
    return any("\0" in text for name, texts in request.POST.lists() for text in [name, *texts])


class KnownErrors:
    """Turn a HocVuSoError into its page, or its JSON body under /api/; refuse what no browser sends."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if holds_null(request):
            raise BadRequest("NUL")
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and response.has_header("Allow"):
            return wrong_method(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, HocVuSoError):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"error": exception.code, "message": str(exception)}, status=exception.status)
        return tell(request, "web/problem.html", {"problem": exception}, exception.status)
