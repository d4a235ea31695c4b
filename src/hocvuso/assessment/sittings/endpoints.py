"""What the assessor's phone asks the server: its sittings, the questions of one, and to take what it recorded."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from hocvuso.assessment.errors import SignedOut
from hocvuso.assessment.sittings import policies, queries
from hocvuso.assessment.sittings.errors import RecordsUnreadable
from hocvuso.assessment.sittings.papers import hand_out
from hocvuso.assessment.sittings.records import read_line, take_records
from hocvuso.kernel import clock
from hocvuso.people.public import Capability, Person, owner_mark, person_of, turn_away

P = ParamSpec("P")
MOST_BYTES = 2 * 1024 * 1024


class PhoneSignedOut(SignedOut):
    message = _("You are signed out. What you recorded is still on this phone. Sign in and it is sent by itself.")


def for_assessor(
    view: Callable[Concatenate[HttpRequest, Person, P], JsonResponse],
) -> Callable[Concatenate[HttpRequest, P], JsonResponse]:
    """Signed in with a mandate to assess, from a page of ours (a header that a foreign page cannot send)."""

    @wraps(view)
    def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> JsonResponse:
        person = person_of(request)
        if person is None:
            raise PhoneSignedOut
        origin = request.headers.get("Origin")
        if request.headers.get("X-Hocvuso") != "1" or (origin and urlsplit(origin).netloc != request.get_host()):
            raise RecordsUnreadable
        if turn_away(request, Capability.ASSESS) is not None:
            raise PhoneSignedOut
        answer = view(request, person, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        return answer

    return inner


@csrf_exempt
@require_GET
@for_assessor
def mine(request: HttpRequest, person: Person) -> JsonResponse:
    """The open sittings this person runs."""
    rows = [
        {"id": str(row.pk), "code": row.code, "mode": row.mode, "title": row.policy.title, "place": row.place}
        for row in queries.open_sittings_of(person)
    ]
    return JsonResponse({"owner": owner_mark(person), "sittings": rows})


@csrf_exempt
@require_POST
@for_assessor
def pack(request: HttpRequest, person: Person, sitting_id: uuid.UUID) -> JsonResponse:
    """Hand the questions of one sitting out to this phone."""
    sitting = policies.get_sitting(person, sitting_id, clock.today())
    handed = hand_out(actor=person, sitting=sitting, at=clock.now())
    return JsonResponse({"owner": owner_mark(person), "pack": handed})


@csrf_exempt
@require_POST
@for_assessor
def records(request: HttpRequest, person: Person, sitting_id: uuid.UUID) -> JsonResponse:
    """Take what the phone recorded. Body: `{"device", "sent_at", "records": [{"line", "mark"}]}`; idempotent."""
    body = _body(request)
    try:
        sent_at = clock.parse_moment(body["sent_at"])
        lines = [read_line(raw) for raw in body["records"]]
        device = str(body["device"])
    except (KeyError, TypeError, ValueError) as error:
        raise RecordsUnreadable from error
    if sent_at is None:
        raise RecordsUnreadable
    sitting = policies.get_sitting(person, sitting_id, clock.today())
    taken = take_records(actor=person, sitting=sitting, device=device, lines=lines, sent_at=sent_at, at=clock.now())
    sitting.refresh_from_db(fields=["state"])
    return JsonResponse(
        {
            "results": [
                {"id": str(one.id), "status": one.status, "problem": one.problem, "passed": one.passed}
                for one in taken.replies
            ],
            "open": sitting.is_open,
            "clock_off_minutes": round(taken.clock_off.total_seconds() / 60) if taken.clock_off is not None else None,
        }
    )


def _body(request: HttpRequest) -> dict[str, Any]:
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        raise RecordsUnreadable
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise RecordsUnreadable from error
    if not isinstance(body, dict):
        raise RecordsUnreadable
    return body
