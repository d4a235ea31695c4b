"""Answers that are the same bytes for everybody: compressed once, kept a while, named by an ETag."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from hocvuso.curriculum.rules import Packed, choose_encoding, pack

FOR_EVER = "public, max-age=31536000, immutable"
A_MINUTE = "public, max-age=60, stale-while-revalidate=86400"


class PackedCache:
    """The most recently asked pages of this process, ready to send. A release never changes, so nothing grows stale."""

    def __init__(self, size: int = 256) -> None:
        self.size = size
        self.kept: OrderedDict[tuple[str, ...], Packed] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: tuple[str, ...], make: Callable[[], bytes]) -> Packed:
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        packed = pack(make())
        # In development templates change under a running process.
        if not settings.DEBUG:
            with self.lock:
                self.kept[key] = packed
                while len(self.kept) > self.size:
                    self.kept.popitem(last=False)
        return packed

    def clear(self) -> None:
        with self.lock:
            self.kept.clear()


pages = PackedCache()


def everybody(path: str) -> HttpRequest:
    """A request of nobody in particular: a page drawn with it holds nothing personal, not even by mistake."""
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = path
    scheme, _, host = settings.PUBLIC_URL.partition("://")
    request.META = {
        "SERVER_NAME": host.partition("/")[0].partition(":")[0],
        "SERVER_PORT": "443" if scheme == "https" else "80",
    }
    request.user = AnonymousUser()
    return request


def drawn(template: str, context: dict[str, Any], *, path: str, language: str) -> bytes:
    """A page for everybody, in a language."""
    with translation.override(language):
        return render_to_string(template, context, request=everybody(path)).encode()


def answer(
    request: HttpRequest,
    packed: Packed,
    *,
    content_type: str,
    cache_control: str,
    status: int = 200,
    plain: bool = False,
) -> HttpResponse:
    """Send packed bytes in the best coding the browser takes, or 304 when it has them. plain: bytes that are packed in themselves."""
    encoding = "" if plain else choose_encoding(request.headers.get("Accept-Encoding", ""))
    etag = f'W/"{packed.digest[:32]}"'
    if etag in {tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")}:
        response = HttpResponse(status=304)
    else:
        body = {"br": packed.br, "gzip": packed.gz}.get(encoding, packed.body)
        response = HttpResponse(body, content_type=content_type, status=status)
        if encoding:
            response.headers["Content-Encoding"] = encoding
        response.headers["Content-Length"] = str(len(body))
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = cache_control
    response.same_for_everybody = True  # type: ignore[attr-defined]
    return response
