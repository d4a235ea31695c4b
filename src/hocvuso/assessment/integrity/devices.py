"""Notes the phone a test is begun on, without a word about it in the pages of the test."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from hocvuso.assessment.devices import device_mark, keep_device
from hocvuso.assessment.integrity.sweep import note_device
from hocvuso.people.public import person_of


def with_device(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of a question: a new phone gets its cookie, and with the first answer it is written down. One statement a test."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mark = device_mark(request)
        response = view(request, *args, **kwargs)
        person = person_of(request)
        if person is None:
            return response
        if request.method == "POST" and kwargs.get("position") == 1 and response.status_code < 400:
            note_device(person.pk, kwargs["attempt_id"], mark)
        return keep_device(request, response)

    return inner
