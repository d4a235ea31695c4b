"""`POST /api/v1/sync`: the one small call that is personal (design §6)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from hocvuso.kernel.clock import now, parse_moment
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.ids import parse_id
from hocvuso.learning.errors import BatchTooLarge, BatchUnreadable, ConsentMissing, ForeignPage, OtherOwner, SignedOut
from hocvuso.learning.queries import state_for_device
from hocvuso.learning.services import MAX_ITEMS, keep_bookmark, take_in
from hocvuso.people.public import Purpose, has_consent, owner_mark, person_of

MAX_BYTES = 1024 * 1024


def check_own_page(request: HttpRequest) -> None:
    """Instead of a form token, which a page that is the same for everybody cannot hold: JSON with our own header, which a
    foreign page cannot send without our leave, and an Origin that is ours. Raises ForeignPage."""
    origin = request.headers.get("Origin")
    if request.content_type != "application/json" or request.headers.get("X-Hocvuso") != "1":
        raise ForeignPage
    if origin and urlsplit(origin).netloc != request.get_host():
        raise ForeignPage


def _json(body: Any, status: int = 200) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(body), content_type="application/json", status=status)
    response["Cache-Control"] = "no-store"
    return response


def _refusal(error: HocVuSoError) -> HttpResponse:
    return _json({"error": error.code, "message": str(error)}, error.status)


@method_decorator(csrf_exempt, name="dispatch")
class Sync(View):
    """Takes a batch of activities from a device's outbox and answers per item, with the state the page needs.

    Body: `{"v": 1, "device": uuid, "owner": mark, "sent_at": iso, "activities": [{"id", "kind", "lesson", "at", "trace" | "steps" | "answers", "release"}]}`;
    bookmark (optional): `{who, goal, chosen_at, lesson, screen, opened_at}`, where the person stopped.
    owner (optional): whose batch it is, by the mark of `/api/v1/me`; another account's session refuses it.
    Answer: `{"v": 1, "results": [{"id", "status": stored|duplicate|rejected, "reason"}], "state": {…}}`.
    Idempotent; safe to retry; whatever is not answered stays in the outbox.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            return self._take(request)
        except HocVuSoError as error:
            return _refusal(error)

    def _take(self, request: HttpRequest) -> HttpResponse:
        check_own_page(request)
        person = person_of(request)
        if person is None:
            raise SignedOut
        if not has_consent(person, Purpose.LEARNING):
            raise ConsentMissing
        if int(request.headers.get("Content-Length") or 0) > MAX_BYTES:
            raise BatchTooLarge
        try:
            batch = msgspec.json.decode(request.body)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise BatchUnreadable from error
        items = batch.get("activities") if isinstance(batch, dict) and batch.get("v") == 1 else None
        if not isinstance(items, list):
            raise BatchUnreadable
        if len(items) > MAX_ITEMS:
            raise BatchTooLarge
        mark = owner_mark(person)
        if batch.get("owner", mark) != mark:
            raise OtherOwner
        at, sent_at = now(), parse_moment(batch.get("sent_at"))
        answers = take_in(person=person, device_id=parse_id(batch.get("device")), items=items, sent_at=sent_at, at=at)
        if "bookmark" in batch:
            keep_bookmark(person=person, told=batch["bookmark"], sent_at=sent_at, at=at)
        results = [{"id": answer.id, "status": str(answer.status), "reason": answer.reason} for answer in answers]
        return _json({"v": 1, "now": at.isoformat(), "results": results, "state": state_for_device(person)})
