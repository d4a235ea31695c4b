"""Read the pictures of a folder: `images/<slug>.svg` (or a photo) and what is said of it, `images/<slug>.yaml`. No database.

Source: docs/reference/content-format.md, images.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from hocvuso.curriculum.authored import AuthoredFile
from hocvuso.curriculum.choices import PictureLicence
from hocvuso.curriculum.picture_files import ENDINGS, prepare
from hocvuso.kernel.errors import HocVuSoError

BROUGHT = {".svg", ".webp", ".png", ".jpg", ".jpeg"}
LONGEST = {"title": 120, "alt": 300, "author": 200, "licence_text": 300, "source": 300}
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def picture_files(folder: Path) -> list[Path]:
    """The files that say what pictures show."""
    return sorted(folder.glob("images/*.yaml"))


def files_without_words(folder: Path) -> list[str]:
    """Pictures of which nothing is said."""
    return [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.glob("images/*"))
        if path.suffix.lower() in BROUGHT and not path.with_suffix(".yaml").exists()
    ]


def read_picture(file: AuthoredFile) -> dict[str, Any] | None:
    """What is said of a picture, and the picture made ready: `body`, `digest`, `content_type`, `width`, `height`, `bytes`."""
    data = file.mapping()
    if not data or not file.need(data, ["title", "alt", "author", "licence", "source", "checked_on"]):
        return None
    file.known(data, {*LONGEST, "licence", "checked_on"})
    if not _NAME.fullmatch(file.path.stem) or len(file.path.stem) > 80:
        file.wrong((), _("A code is written in small letters without accents, joined by hyphens."))
    for name, longest in LONGEST.items():
        if len(str(data.get(name) or "")) > longest:
            file.wrong((name,), _("“%(field)s” is too long.") % {"field": name})
    if data["licence"] not in PictureLicence.values:
        file.wrong(
            ("licence",),
            _("The licence of a picture is one of: %(words)s.") % {"words": " · ".join(PictureLicence.values)},
        )
    elif (data["licence"] == PictureLicence.OWN) != bool(data.get("licence_text")):
        file.wrong(
            ("licence",), _("“licence_text” says what a licence of its own (RIENG) allows, and stands only with it.")
        )
    day = file.day(data, "checked_on")
    brought = [path for path in sorted(file.path.parent.glob(f"{file.path.stem}.*")) if path.suffix.lower() in BROUGHT]
    if len(brought) != 1:
        file.wrong((), _("Beside this file stands one picture of the same name: .svg, .webp, .png or .jpg."))
        return None
    try:
        ready = prepare(brought[0].read_bytes())
    except (HocVuSoError, OSError) as problem:
        name = brought[0].relative_to(file.reader.folder).as_posix()
        file.reader.note(name, 1, str(getattr(problem, "message", problem)))
        return None
    return {
        **{name: str(data.get(name) or "") for name in LONGEST},
        "licence": str(data["licence"]),
        "checked_on": day,
        "digest": ready.digest,
        "content_type": ready.content_type,
        "width": ready.width,
        "height": ready.height,
        "bytes": len(ready.body),
        "body": ready.body,
    }


def file_name(slug: str, content_type: str) -> str:
    """Where the picture of a code lies."""
    return f"images/{slug}.{ENDINGS[content_type]}"
