"""What other people's software reads: the issuer's keys, a credential, the status lists."""

from __future__ import annotations

import gzip
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import conditional_page, require_safe

from hocvuso.credentials.certificates import PURPOSES, credential_of, status_list_of
from hocvuso.credentials.errors import BadCode, NoSuchCertificate, TooManyLookups
from hocvuso.credentials.keys import public_keys, published_did
from hocvuso.credentials.models import CertificateCode
from hocvuso.credentials.openbadges import LIST_SIZE, raw_bits
from hocvuso.credentials.queries import get_verified, last_serial, marked_serials, policy_titles
from hocvuso.credentials.rules import read_code
from hocvuso.credentials.views.verify import check_not_walking, count_unknown
from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError

STATUS_LIST_SECONDS = 300
CREDENTIAL_TYPE = "application/vc"


def _answer(document: dict[str, Any], content_type: str, status: int = 200) -> JsonResponse:
    response = JsonResponse(
        document, json_dumps_params={"ensure_ascii": False}, content_type=content_type, status=status
    )
    response["Access-Control-Allow-Origin"] = "*"  # a verifier in somebody's browser may read it
    response["Cache-Control"] = f"public, max-age={STATUS_LIST_SECONDS}" if status == 200 else "no-store"
    return response


def _problem(error: HocVuSoError) -> JsonResponse:
    return _answer({"error": error.code, "message": str(error)}, "application/json", error.status)


@require_safe
def did(request: HttpRequest) -> JsonResponse:
    """The DID document: every key that ever signed here."""
    return _answer(published_did(clock.today()), "application/did+json")


@require_safe
def credential(request: HttpRequest, code: str) -> JsonResponse:
    """The signed Open Badges credential of a certificate; a revoked one too, for its status list says so."""
    try:
        check_not_walking(request)
        if read_code(code) is None:
            raise BadCode
        verified = get_verified(code)
        if verified.certificate is None:
            raise NoSuchCertificate
    except (BadCode, NoSuchCertificate, TooManyLookups) as error:
        if isinstance(error, NoSuchCertificate):
            count_unknown(request)
        return _problem(error)
    return _answer(credential_of(verified.certificate, verified.serial, clock.now()), CREDENTIAL_TYPE)


@require_safe
@conditional_page
def status_list(request: HttpRequest, number: int, purpose: str = "revocation") -> JsonResponse:
    """A signed status list; made at most every five minutes."""
    first = number * LIST_SIZE
    key = f"credentials.status.{purpose}.{number}"
    made = cache.get(key)
    if made is None:
        if not CertificateCode.objects.filter(serial__gte=first, serial__lt=first + LIST_SIZE).exists():
            return _problem(NoSuchCertificate())
        made = status_list_of(number, purpose, marked_serials(purpose, first, first + LIST_SIZE - 1), clock.now())
        cache.set(key, made, STATUS_LIST_SECONDS)
    return _answer(made, CREDENTIAL_TYPE)


@require_safe
def issuer(request: HttpRequest) -> JsonResponse:
    """What a phone keeps to check QR codes without a network: who issues, every key, titles, how many status lists."""
    document = {
        "issuer": settings.ISSUER_NAME,
        "address": settings.PUBLIC_URL,
        "keys": public_keys(clock.today()),
        "titles": policy_titles(),
        "list_size": LIST_SIZE,
        "lists": last_serial() // LIST_SIZE + 1,
    }
    return _answer(document, "application/json")


@require_safe
@conditional_page
def status_bits(request: HttpRequest, number: int) -> HttpResponse:
    """Both lists of one number as plain bits, first revocation, then suspension: what a phone keeps for later.

    Sent compressed (a few hundred bytes for a list with few marks), whatever the browser asks for: all understand gzip.
    """
    key = f"credentials.bits.{number}"
    packed = cache.get(key)
    if packed is None:
        first = number * LIST_SIZE
        if first > last_serial():
            return _problem(NoSuchCertificate())
        bits = b"".join(
            raw_bits(serial - first for serial in marked_serials(purpose, first, first + LIST_SIZE - 1))
            for purpose in PURPOSES
        )
        packed = gzip.compress(bits, mtime=0)
        cache.set(key, packed, STATUS_LIST_SECONDS)
    response = HttpResponse(packed, content_type="application/octet-stream")
    response["Content-Encoding"] = "gzip"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={STATUS_LIST_SECONDS}"
    return response
