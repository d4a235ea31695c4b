"""Step 1 in Markdown (hieu.md) ↔ the sections a lesson is made of. Pure: text in, text out.

Source: docs/reference/content-format.md, `hieu.md`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import nh3
from markdown_it import MarkdownIt

from hocvuso.curriculum.choices import Box

_OPEN = re.compile(r"^:::\s*([a-z-]+)\s*$")
_CLOSE = re.compile(r"^:::\s*$")
# A picture stands on a line of its own: ![what it shows](hinh:its-code)
_PICTURE = re.compile(r"^!\[((?:\\.|[^\[\]\\])*)\]\(hinh:([a-z0-9]+(?:-[a-z0-9]+)*)\)\s*$")
_ANY_PICTURE = re.compile(r"(?<!\\)!\[(?:\\.|[^\[\]\\])*\]\(([^)]*)\)")
_TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "br"}
_KEY = re.compile(r"\s+")
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(
    ["image", "link", "code", "fence", "hr"]
)
_BOXES = {Box.REMEMBER.value, Box.DANGER.value, Box.STORY.value}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of step 1: `kind` is a Box, `html` clean. A picture has its code and, where the lesson says it in other words, `alt`."""

    kind: str
    html: str
    picture: str = ""
    alt: str = ""
    line: int = field(default=0, compare=False)


class MarkdownProblem(ValueError):
    """`line` (from 1) of hieu.md where the writing cannot be taken; `code` is `unknown_box`, `not_closed`, `nested`, `html`,
    `picture_place` or `picture_address`."""

    def __init__(self, code: str, line: int, word: str = "") -> None:
        super().__init__(code)
        self.code, self.line, self.word = code, line, word


def sections(text: str) -> list[Section]:
    """Cut hieu.md into sections. Raises MarkdownProblem."""
    found: list[Section] = []
    kind, opened_at, lines = Box.TEXT.value, 0, []  # type: str, int, list[str]
    for number, line in enumerate(text.splitlines(), start=1):
        if re.search(r"<[a-zA-Z!/]", line):
            raise MarkdownProblem("html", number)
        if picture := _PICTURE.match(line):
            if kind != Box.TEXT.value:
                raise MarkdownProblem("picture_place", number, picture[2])
            _add(found, kind, lines)
            lines = []
            alt = _KEY.sub(" ", re.sub(r"\\(.)", r"\1", picture[1])).strip()
            found.append(Section(Box.PICTURE.value, "", picture[2], alt, number))
        elif mentioned := _ANY_PICTURE.search(line):
            code = "picture_place" if mentioned[1].startswith("hinh:") else "picture_address"
            raise MarkdownProblem(code, number, mentioned[1].removeprefix("hinh:"))
        elif opening := _OPEN.match(line):
            if kind != Box.TEXT.value:
                raise MarkdownProblem("nested", number, opening[1])
            if opening[1] not in _BOXES:
                raise MarkdownProblem("unknown_box", number, opening[1])
            _add(found, kind, lines)
            kind, opened_at, lines = opening[1], number, []
        elif _CLOSE.match(line) and kind != Box.TEXT.value:
            _add(found, kind, lines)
            kind, lines = Box.TEXT.value, []
        else:
            lines.append(line)
    if kind != Box.TEXT.value:
        raise MarkdownProblem("not_closed", opened_at, kind)
    _add(found, kind, lines)
    return found


def notes_html(text: str) -> str:
    """Teaching notes as clean HTML; boxes are not known here."""
    return clean(_MARKDOWN.render(text))


def clean(html: str) -> str:
    """Keep the few tags of a lesson, without any attribute; `<b>` and `<i>` become `<strong>` and `<em>`."""
    html = re.sub(r"<(/?)b(?=[\s>])", r"<\1strong", html)
    html = re.sub(r"<(/?)i(?=[\s>])", r"<\1em", html)
    kept = nh3.clean(html, tags=_TAGS, attributes={}, link_rel=None)
    kept = re.sub(r"<p>\s*(?:<br>)?\s*</p>", "", kept)
    return re.sub(r"<br>\s+", "<br>", re.sub(r">\s+<", "><", kept)).strip()


def picture_line(code: str, alt: str = "") -> str:
    """The line of hieu.md that shows a picture."""
    words = re.sub(r"([\\\[\]])", r"\\\1", alt)
    return f"![{words}](hinh:{code})"


def plain(html: str) -> str:
    """The words alone."""
    return _KEY.sub(" ", nh3.clean(re.sub(r"<(?:/p|/li|/h\d|br)>", " ", html), tags=set())).strip()


def _add(found: list[Section], kind: str, lines: list[str]) -> None:
    html = clean(_MARKDOWN.render("\n".join(lines)))
    if html:
        found.append(Section(kind, html))
