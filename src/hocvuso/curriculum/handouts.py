"""Hand-outs of lessons and meeting packs as PDF: A5, large type, a QR code that opens the page. Pure drawing over a release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from hocvuso.curriculum import queries
from hocvuso.curriculum.content import in_language
from hocvuso.kernel.documents import compile_pdf, qr_svg
from hocvuso.kernel.vietnamese import short_date

TEMPLATE = Path(__file__).resolve().parent / "documents" / "handout.typ"


@lru_cache(maxsize=64)
def handout_pdf(digest: str, language: str = "vi") -> bytes | None:
    """The hand-out of a release, in a language where it has it; None where it has none. The same release gives the same bytes."""
    content = queries.content_of(digest)
    if content["kind"] == "lesson":
        content = in_language(content, language)
    handout = content["handout"] if content["kind"] == "meeting" else content["teach"]["handout"]
    return draw(content, handout) if handout else None


def draw(content: Mapping[str, Any], handout: Mapping[str, Any]) -> bytes:
    """A hand-out; content: the release it belongs to, for address, author and day."""
    folder = "sinh-hoat" if content["kind"] == "meeting" else "bai"
    address = f"{settings.PUBLIC_URL}/{folder}/{content['slug']}/"
    checked = content["checked_on"]
    data = {
        **handout,
        "scan": _scan(folder, content.get("teach_in", {}).get("handout", "vi")),
        "address": address.split("://", 1)[-1].rstrip("/"),
        "author": content["author"],
        "licence": content["licence"],
        "checked": f" · Đã xem lại {short_date(date.fromisoformat(checked))}" if checked else "",
    }
    return compile_pdf(TEMPLATE, data, files={"qr.svg": qr_svg(address, dark="#0C3566", border=0)})


def _scan(folder: str, language: str) -> str:
    # The words of a printed sheet follow the sheet, not the page that asked for it.
    if language != "vi":
        return "Scan to learn this lesson:"
    return "Quét mã để học bài này:" if folder == "bai" else "Quét mã để mở lại:"
