"""Style sheets put together from one file a component, so that a phone fetches one file.

A static files finder like any other: `collectstatic` writes the bundles, and development serves them fresh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SOURCE = Path(__file__).resolve().parent / "static" / "web"
LEARNER = [
    "header",
    "footer",
    "button",
    "card",
    "row",
    "lamps",
    "notice",
    "field",
    "breadcrumb",
    "tag",
    "search",
    "empty",
    "dialog",
    "tabs",
    "pagination",
    "states",
    "listen",
    "table",
    "start",
]
OFFICER = [*LEARNER, "figure", "filter", "officer"]
BUNDLES = {"web/learner.css": LEARNER, "web/officer.css": OFFICER}
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_LINES = re.compile(r"\s*\n\s*")


def parts(bundle: str) -> list[Path]:
    """The files of a bundle, in their order."""
    return [SOURCE / "tokens.css", SOURCE / "base.css", *(SOURCE / "components" / f"{n}.css" for n in BUNDLES[bundle])]


def text_of(bundle: str) -> str:
    whole = "\n".join(path.read_text(encoding="utf-8") for path in parts(bundle))
    return _LINES.sub("\n", _COMMENT.sub("", whole)).strip() + "\n"


def written(bundle: str) -> Path:
    """The bundle as a file in the data folder, written again when a part is newer."""
    target = settings.DATA / "bundles" / bundle
    if not target.exists() or any(path.stat().st_mtime > target.stat().st_mtime for path in parts(bundle)):
        target.parent.mkdir(parents=True, exist_ok=True)
        whole = target.with_suffix(".part")
        whole.write_text(text_of(bundle), encoding="utf-8")
        whole.replace(target)
    return target


class BundleFinder(BaseFinder):
    """Finds `web/learner.css` and `web/officer.css`."""

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in BUNDLES:
            return []
        found = str(written(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for bundle in BUNDLES:
            written(bundle)
            yield bundle, FileSystemStorage(location=settings.DATA / "bundles")
