"""The way to the door and back: somebody whose session has ended comes back to a page, never to an address that only buttons use."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest) -> str:
    """The page to come back to: this one, or the one that stands open around a form or a part of a page."""
    if request.method in {"GET", "HEAD"} and not request.headers.get("HX-Request"):
        return request.get_full_path()
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return reverse("web:after-sign-in")
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def send_whole_page(request: HttpRequest, address: str) -> HttpResponse:
    """Go there; from a part of a page, as a whole."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def to_the_door(request: HttpRequest) -> HttpResponse:
    """Sign in first, then come back."""
    return send_whole_page(request, redirect_to_login(way_back(request), settings.LOGIN_URL).url)


def to_idle_page(request: HttpRequest) -> HttpResponse:
    """Say that the session ended, then sign in and come back."""
    return send_whole_page(request, f"{reverse('people:idle')}?{urlencode({'next': way_back(request)})}")
