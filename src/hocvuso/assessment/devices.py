"""Which phone somebody sits at: a random cookie of this site, kept only as a keyed hash."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse

from hocvuso.kernel.crypto import keyed_hash

COOKIE = "hvs_may"
SECONDS = 180 * 24 * 3600


def device_mark(request: HttpRequest) -> str:
    """32 hex digits for the phone of this request; made up here when the phone is new, and given to it by keep_device."""
    value = request.COOKIES.get(COOKIE, "")
    try:
        known = str(uuid.UUID(value))
    except ValueError:
        known = getattr(request, "_new_device", "") or str(uuid.uuid4())
        request._new_device = known  # type: ignore[attr-defined]
    return keyed_hash("assessment.device", known)[:32]


def keep_device(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Hand a new phone its cookie: readable by this site's server alone."""
    value = getattr(request, "_new_device", "")
    if value:
        response.set_cookie(
            COOKIE, value, max_age=SECONDS, httponly=True, samesite="Lax", secure=request.is_secure(), path="/"
        )
    return response
