"""Anybody checks a certificate by its code."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hocvuso.credentials.errors import BadCode, NoSuchCertificate, TooManyLookups
from hocvuso.credentials.queries import code_to_try, get_verified
from hocvuso.credentials.rules import read_code

# Codes are drawn at random; whoever walks through them is stopped. A slip of the finger never reaches this (check sign).
MOST_UNKNOWN = 20
WITHIN_SECONDS = 600


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Type or scan a code."""
    typed = request.GET.get("ma", "").strip()
    if not typed:
        # Somebody who looks round a demo holds no certificate yet; elsewhere codes belong to people.
        return render(request, "credentials/verify.html", {"to_try": code_to_try() if settings.DEMO else ""})
    code = read_code(typed)
    if code is None:
        return render(request, "credentials/verify.html", {"typed": typed[:80], "problem": BadCode()}, status=400)
    return redirect("credentials:verified", code=code)


@require_safe
def without_network(request: HttpRequest) -> HttpResponse:
    """The same page for everybody, kept by the phone: it checks the signed QR code itself. Looks at no session."""
    return render(request, "credentials/verify_offline.html")


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """What a code stands for: valid, revoked, replaced or unknown."""
    whole = read_code(code)
    if whole is not None and whole != code:
        return redirect("credentials:verified", code=whole)
    check_not_walking(request)
    try:
        verified = get_verified(code)
    except (BadCode, NoSuchCertificate) as problem:
        if isinstance(problem, NoSuchCertificate):
            count_unknown(request)
        context = {"typed": code[:80], "problem": problem}
        return render(request, "credentials/verify.html", context, status=404)
    response = render(request, "credentials/verified.html", {"verified": verified})
    # A phone that kept this page would call a certificate valid long after it was revoked; the kept checker says from when it knows.
    response["Cache-Control"] = "no-cache"
    return response


def check_not_walking(request: HttpRequest) -> None:
    """Raise TooManyLookups when this address asked for too many codes that do not exist."""
    if cache.get(_key(request), 0) >= MOST_UNKNOWN:
        raise TooManyLookups


def count_unknown(request: HttpRequest) -> None:
    key = _key(request)
    if not cache.add(key, 1, WITHIN_SECONDS):
        try:
            cache.incr(key)
        except ValueError:
            cache.set(key, 1, WITHIN_SECONDS)


def _key(request: HttpRequest) -> str:
    # Behind a proxy every caller has the proxy's address: HOCVUSO_PROXIES says how many to look past.
    return f"credentials.unknown.{get_adapter(request).get_client_ip(request)}"
