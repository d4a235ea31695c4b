"""Read what helps to teach: teaching notes, hand-outs, words for the loudspeaker, meeting packs, courses of others.

Source: docs/reference/content-format.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from hocvuso.curriculum.authored import AuthoredFile, Notebook, Place, as_list, prose
from hocvuso.curriculum.choices import Audience, QuestionKind
from hocvuso.curriculum.question_rules import question_findings
from hocvuso.people.choices import Group

HEADINGS = ("Bên bàn bếp", "Lớp 30 người", "Nỗi sợ thường gặp", "Lỗi hay gặp")
NOTES_WORDS = (120, 400)
LOUDSPEAKER_WORDS = (50, 140)
HANDOUT_LETTERS = 45
LINE_WORDS = 15
QUIZ_QUESTIONS = 3


def read_notes(reader: Notebook, path: Path) -> str:
    """Teaching notes: the four headings, each once, in this order."""
    text = prose(reader, path, _("The teaching notes (giao-an.md) are missing."))
    if not text:
        return ""
    name = path.relative_to(reader.folder).as_posix()
    headings = re.findall(r"^##\s+(.+?)\s*$", text, re.M)
    if tuple(headings) != HEADINGS:
        reader.note(
            name,
            1,
            _("The teaching notes have exactly these headings, in this order: %(headings)s.")
            % {"headings": ", ".join(f"## {one}" for one in HEADINGS)},
        )
    _length(reader, name, text, NOTES_WORDS)
    if re.search(r"<[a-zA-Z!/]", text):
        reader.note(name, 1, _("HTML is not allowed here. Write plain Markdown."))
    return text


def read_loudspeaker(reader: Notebook, path: Path) -> str:
    """What the loudspeaker reads: plain paragraphs, about a minute, nothing to spell out."""
    text = prose(reader, path, _("The words for the loudspeaker (loa.md) are missing."))
    if not text:
        return ""
    name = path.relative_to(reader.folder).as_posix()
    _length(reader, name, text, LOUDSPEAKER_WORDS)
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#"):
            reader.note(name, number, _("The loudspeaker reads no headings."))
        if re.search(r"https?://|www\.", line):
            reader.note(name, number, _("An address cannot be heard. Say where to find it instead."))
    return text


def _length(reader: Notebook, name: str, text: str, between: tuple[int, int]) -> None:
    words = len(re.sub(r"^#+ ", "", text, flags=re.M).split())
    if not between[0] <= words <= between[1]:
        reader.note(
            name,
            1,
            _("This text has %(words)s words; it should have %(least)s to %(most)s.")
            % {"words": words, "least": between[0], "most": between[1]},
        )


def read_handout(file: AuthoredFile, data: Mapping[str, Any], place: Place = ()) -> dict[str, Any] | None:
    """A hand-out: large type needs few words."""
    if not data or not file.need(data, ["title", "lines", "remember", "ask"], place):
        return None
    file.known(data, {"title", "lines", "remember", "ask"}, place)
    if len(str(data["title"])) > HANDOUT_LETTERS:
        file.wrong((*place, "title"), _("The title is too long for large type: at most 40 letters."))
    lines = as_list(data["lines"])
    if not 3 <= len(lines) <= 6:
        file.wrong((*place, "lines"), _("A hand-out has three to six lines."))
    for number, line in enumerate(lines):
        if len(str(line).split()) > LINE_WORDS:
            file.wrong((*place, "lines", number), _("This line is too long: at most 14 words."))
    return {
        "title": str(data["title"]),
        "lines": [str(line) for line in lines],
        "remember": str(data["remember"]),
        "ask": str(data["ask"]),
    }


def read_meeting(file: AuthoredFile, *, lessons: Collection[str], skills: Collection[str]) -> dict[str, Any] | None:
    """A meeting pack, checked; None where too much is missing to say more."""
    data = file.mapping()
    needed = [
        "slug", "title", "summary", "for", "minutes", "lessons", "skills", "groups", "script", "quiz", "handout",
        "sources", "checked_on", "next_check_on",
    ]  # fmt: skip
    if not data or not file.need(data, needed):
        return None
    file.known(data, {*needed, "prepare", "author", "licence"})
    file.code(data["slug"], ("slug",))
    file.words(data, "for", lambda word: word in Audience.values)
    file.words(data, "lessons", lambda word: word in lessons)
    file.words(data, "skills", lambda word: word in skills)
    file.words(data, "groups", lambda word: word in Group.values)
    file.words(data, "prepare")
    file.sources(data)
    minutes = file.whole(data, "minutes", 5, 60)
    script = _script(file, data, minutes)
    quiz = _quiz(file, data)
    handout = data["handout"]
    if not isinstance(handout, dict):
        file.wrong(("handout",), _("“%(field)s” is missing.") % {"field": "handout"})
        return None
    return {
        **data,
        "script": script,
        "quiz": quiz,
        "handout": read_handout(file, handout, ("handout",)),
        "checked_on": file.day(data, "checked_on"),
        "next_check_on": file.day(data, "next_check_on"),
    }


def _script(file: AuthoredFile, data: Mapping[str, Any], minutes: int) -> list[dict[str, Any]]:
    total, parts = 0, []
    for number, part in enumerate(as_list(data["script"])):
        place: Place = ("script", number)
        if not isinstance(part, dict) or not file.need(part, ["minutes", "title", "say"], place):
            continue
        file.known(part, {"minutes", "title", "say", "do", "quiz"}, place)
        total += file.whole(part, "minutes", 1, 60, place)
        parts.append({**part, "do": part.get("do") or "", "quiz": part.get("quiz") is True})
    if total != minutes:
        file.wrong(
            ("script",),
            _("The parts add up to %(total)s minutes instead of %(minutes)s.") % {"total": total, "minutes": minutes},
        )
    if not any(part["quiz"] for part in parts):
        file.wrong(("script",), _("One part of the script holds the quiz: quiz: true."))
    return parts


def _quiz(file: AuthoredFile, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    quiz = as_list(data["quiz"])
    if len(quiz) != QUIZ_QUESTIONS:
        file.wrong(("quiz",), _("The quiz has exactly three questions."))
    sound = []
    for number, question in enumerate(quiz):
        place: Place = ("quiz", number)
        if not isinstance(question, dict) or not file.need(question, ["text", "options"], place):
            continue
        file.known(question, {"text", "options", "kind"}, place)
        options = [one for one in as_list(question["options"]) if isinstance(one, dict)]
        for at, option in enumerate(options):
            file.need(option, ["id", "text", "why"], (*place, "options", at))
        for inside, sentence in question_findings({"kind": QuestionKind.ONE.value, "options": options}):
            file.wrong((*place, *inside), sentence)
        sound.append({"text": str(question["text"]), "options": options})
    return sound


def read_external(file: AuthoredFile, *, skills: Collection[str]) -> dict[str, Any] | None:
    """A course of somebody else; None where too much is missing."""
    data = file.mapping()
    needed = ["slug", "title", "provider", "url", "summary", "groups", "credit", "checked_on", "next_check_on"]
    if not data or not file.need(data, needed):
        return None
    file.known(data, {*needed, "skills"})
    file.code(data["slug"], ("slug",))
    file.words(data, "groups", lambda word: word in Group.values)
    file.words(data, "skills", lambda word: word in skills)
    if not str(data["url"]).startswith("https://"):
        file.wrong(("url",), _("An address begins with https://."))
    return {**data, "checked_on": file.day(data, "checked_on"), "next_check_on": file.day(data, "next_check_on")}
