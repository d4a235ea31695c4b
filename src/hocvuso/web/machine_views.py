"""Answers for machines: health, service worker, manifest, robots, who is signed in, what to keep offline."""

from __future__ import annotations

import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hocvuso import __version__
from hocvuso.people.public import owner_mark, person_of
from hocvuso.web import health as readiness
from hocvuso.web import navigation, offline

WORKER = Path(__file__).resolve().parent / "static" / "web" / "sw.js"
CLOSED_TO_ROBOTS = (
    "/api/",
    "/dieu-hanh/",
    "/kiem-tra/",
    "/lop/",
    "/quan-tri/",
    "/soan/",
    "/tai-khoan/",
    "/thanh-phan/",
    "/thu-nghiem/",
    "/vao/",
)


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when every part is ready, 503 with what is missing otherwise."""
    parts = readiness.report()
    missing = [name for name, ready in parts.items() if not ready]
    body = {"status": "missing" if missing else "ok", "parts": parts, "missing": missing, "version": __version__}
    return JsonResponse(body, status=503 if missing else 200)


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, told which shell it keeps. Served from the root so that it reaches every page."""
    told = f"const VERSION = {json.dumps(offline.shell_version())};\nconst SHELL = {json.dumps(offline.shell_addresses())};\n"
    answer = HttpResponse(told + WORKER.read_text(encoding="utf-8"), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone shows when the site stands on its first screen."""
    body = {
        "name": "Học Vụ Số",
        "short_name": "Học Vụ Số",
        "description": gettext("Learn digital skills in five minutes, practise on a pretend phone, use them today."),
        "lang": "vi",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#FBF7EE",
        "theme_color": "#FBF7EE",
        "icons": [
            {"src": static("web/icons/mark-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("web/icons/mark-512.png"), "sizes": "512x512", "type": "image/png"},
            {
                "src": static("web/icons/mark-maskable-512.png"),
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
            {"src": static("web/icons/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
    }
    answer = JsonResponse(body, content_type="application/manifest+json")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def me(request: HttpRequest) -> JsonResponse:
    """Who is signed in, for pages that are the same for everybody."""
    person = person_of(request)
    if person is None:
        return JsonResponse({"signed_in": False})
    return JsonResponse(
        {
            "signed_in": True,
            "owner": owner_mark(person),
            "name": person.full_name,
            "account_url": navigation.address_of(["people:account"]),
            "desk_url": navigation.home_of(navigation.open_mandates(person)),
        }
    )


@require_safe
def offline_list(request: HttpRequest) -> JsonResponse:
    """Lesson pages worth keeping on a phone, and a version that changes when any of them does."""
    version, addresses = offline.lesson_addresses()
    answer = JsonResponse({"version": version, "urls": addresses})
    answer["Cache-Control"] = "public, max-age=300"
    return answer
