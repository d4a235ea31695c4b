"""A lesson and its words in another language, side by side: cut into parts, put together again, parts whose source changed flagged.

A translation lives inside the lesson's drafts (`LessonPage.translations`), so it is reviewed and published as the lesson is and its
releases are as final. `seen` keeps, part by part, a digest of the source that was translated; `open` names the parts still in the
language of the lesson. Neither enters a release, but for the mark that something is open.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hocvuso.curriculum import practice as engine
from hocvuso.curriculum.content import understand_content, use_content
from hocvuso.curriculum.exporting import markdown_of
from hocvuso.curriculum.markdown import MarkdownProblem, sections
from hocvuso.curriculum.models import LessonPage
from hocvuso.curriculum.models.kits import lines_of
from hocvuso.curriculum.models.practices import problem_sentences, read_source
from hocvuso.curriculum.starter_kits import HANDOUT_LETTERS
from hocvuso.kernel.vietnamese import composed

LINE, TEXT, PLAIN, CODE = "line", "text", "plain", "code"
LANGUAGES = {"en": "English"}


@dataclass(slots=True)
class Part:
    """One text on both sides. `state`: new (nothing yet), changed (the source moved on), done."""

    key: str
    label: str
    source: str
    kind: str = LINE
    words: str = ""
    state: str = "new"
    errors: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        longest = max(self.source, self.words, key=len)
        return min(30, max(2, longest.count("\n") + len(longest) // 70 + 1))


def parts_of(page: LessonPage) -> list[Part]:
    """Everything of a lesson that is translated, in the order of its page; sources only."""
    found = [Part("title", _("Title"), page.title), Part("summary", _("Summary"), page.summary)]
    for number, section in enumerate(understand_content(page)):
        if "picture" in section:
            label = _("1. Understand, what the picture “%(title)s” shows") % {"title": section["picture"]["title"]}
            found.append(Part(f"understand.{number}", label, section["picture"]["alt"]))
            continue
        label = _("1. Understand, part %(number)s") % {"number": number + 1}
        found.append(Part(f"understand.{number}", label, markdown_of(section["html"]), TEXT))
    for place in page.lesson_practices.all():
        label = _("2. Practise: %(title)s") % {"title": place.practice.title}
        found.append(Part(f"practice.{place.practice.slug}", label, place.practice.source.rstrip("\n"), CODE))
    use = use_content(page)
    found.append(Part("use.intro", _("3. Use: opening sentence"), use["intro"]))
    for number, step in enumerate(use["steps"], start=1):
        found.append(Part(f"step.{step['id']}.text", _("Step %(number)s") % {"number": number}, step["text"]))
        found.append(Part(f"step.{step['id']}.note", _("Hint of step %(number)s") % {"number": number}, step["note"]))
    if use["link"]:
        found.append(Part("use.link", _("Words of the link"), use["link"]["label"]))
    found.append(Part("use.help", _("Who can help"), use["help"]))
    for place in page.lesson_questions.all():
        question = place.question.as_dict()
        if not place.question.graded:
            found += _question_parts(question)
    return [part for part in (*found, *_teaching_parts(page)) if part.source]


def _teaching_parts(page: LessonPage) -> list[Part]:
    """What is for teachers; it stands last, for learners do without it."""
    return [
        Part("teach.notes", _("Teaching notes"), page.teaching_notes.strip(), PLAIN),
        Part("teach.loudspeaker", _("For the loudspeaker"), page.loudspeaker.strip(), PLAIN),
        Part("teach.handout.title", _("Hand-out: title"), page.handout_title),
        Part("teach.handout.lines", _("Hand-out: one action a line"), "\n".join(lines_of(page.handout_lines)), PLAIN),
        Part("teach.handout.remember", _("Hand-out: one sentence to remember"), page.handout_remember),
        Part("teach.handout.ask", _("Hand-out: whom to ask"), page.handout_ask),
    ]


def _question_parts(question: Mapping[str, Any]) -> list[Part]:
    code = question["id"]
    found = [
        Part(f"question.{code}.story", _("Situation of the question"), question.get("story") or ""),
        Part(f"question.{code}.text", _("Question"), question["text"]),
    ]
    for option in question["options"]:
        at = f"option.{code}.{option['id']}"
        told = {"letter": option["id"]}
        found.append(Part(f"{at}.text", _("Answer %(letter)s") % told, option["text"]))
        found.append(Part(f"{at}.pair", _("Partner of %(letter)s") % told, option.get("pair") or ""))
        found.append(Part(f"{at}.why", _("Reason of %(letter)s") % told, option.get("why") or ""))
    return found


def side_by_side(page: LessonPage, language: str) -> list[Part]:
    """The parts with their words in a language and what has become of each."""
    words = page.translations.get(language) or {}
    texts, seen, still_open = (
        _texts_of(words) | _understood(page, words),
        words.get("seen") or {},
        set(words.get("open") or ()),
    )
    parts = parts_of(page)
    for part in parts:
        if part.key in still_open or not texts.get(part.key):
            continue
        part.words = texts[part.key]
        part.state = "done" if seen.get(part.key, mark(part.source)) == mark(part.source) else "changed"
    return parts


def _texts_of(words: Mapping[str, Any]) -> dict[str, str]:
    if not words:
        return {}
    use = words.get("use") or {}
    texts = {
        "title": words.get("title") or "",
        "summary": words.get("summary") or "",
        "use.intro": use.get("intro") or "",
        "use.help": use.get("help") or "",
        "use.link": (use.get("link") or {}).get("label") or "",
    }
    for step in use.get("steps") or ():
        texts[f"step.{step['id']}.text"], texts[f"step.{step['id']}.note"] = step["text"], step.get("note") or ""
    teach = words.get("teach") or {}
    handout = teach.get("handout") or {}
    texts["teach.notes"] = (teach.get("notes") or "").strip()
    texts["teach.loudspeaker"] = (teach.get("loudspeaker") or "").strip()
    texts["teach.handout.lines"] = "\n".join(handout.get("lines") or ())
    for name in ("title", "remember", "ask"):
        texts[f"teach.handout.{name}"] = handout.get(name) or ""
    for slug, source in (words.get("practices") or {}).items():
        texts[f"practice.{slug}"] = source.rstrip("\n")
    for code, question in (words.get("questions") or {}).items():
        texts[f"question.{code}.text"], texts[f"question.{code}.story"] = question["text"], question.get("story") or ""
        for letter, option in question["options"].items():
            for name in ("text", "pair", "why"):
                texts[f"option.{code}.{letter}.{name}"] = option.get(name) or ""
    return texts


def _understood(page: LessonPage, words: Mapping[str, Any]) -> dict[str, str]:
    """Step 1 by the lesson's own parts: text to text, box to box of the same kind, in their order."""
    waiting: dict[str, list[str]] = {}
    for section in words.get("understand") or ():
        told = section["alt"] if "picture" in section else markdown_of(section["html"])
        waiting.setdefault(section["kind"], []).append(told)
    return {
        f"understand.{number}": waiting[section["kind"]].pop(0)
        for number, section in enumerate(understand_content(page))
        if waiting.get(section["kind"])
    }


def mark(source: str) -> str:
    """A short digest of a source, to see later whether it moved on."""
    return hashlib.sha256(composed(source).encode()).hexdigest()[:16]


def noted(page: LessonPage) -> dict[str, Any]:
    """The translations of a lesson with the marks of the sources as they are now: what comes with the lesson was made for it."""
    if not page.translations:
        return {}
    marks = {part.key: mark(part.source) for part in parts_of(page)}
    return {language: {**words, "seen": marks} for language, words in page.translations.items()}


def put_together(page: LessonPage, language: str, texts: Mapping[str, str]) -> tuple[dict[str, Any], list[Part]]:
    """The words of a language as the lesson keeps them, and the parts with what is wrong (`errors`).

    texts: part → words as typed; an empty part stays in the language of the lesson and is marked open. A part whose words did not
    change although its source did stays flagged, until it is among `confirmed` (keys ending in `!`).
    """
    before = {part.key: part for part in side_by_side(page, language)}
    old = (page.translations.get(language) or {}).get("seen") or {}
    parts = parts_of(page)
    seen: dict[str, str] = {}
    for part in parts:
        typed = texts.get(part.key, "").replace("\r\n", "\n").strip()
        part.words = composed(typed) if part.kind == LINE else typed
        if not part.words:
            continue
        untouched = before[part.key].state == "changed" and part.words == before[part.key].words.strip()
        keeps_flag = untouched and f"{part.key}!" not in texts
        seen[part.key] = old.get(part.key, "") if keeps_flag else mark(part.source)
        part.state = "changed" if keeps_flag else "done"
        part.errors = _wrong(part)
    told = {part.key: part.words or part.source for part in parts}
    still_open = [part.key for part in parts if not part.words]
    if any(part.errors for part in parts):
        return {}, parts
    teach = _teaching(told, {part.key for part in parts if part.words})
    return {**_built(page, told), **({"teach": teach} if teach else {}), "seen": seen, "open": still_open}, parts


def _teaching(told: Mapping[str, str], translated: set[str]) -> dict[str, Any]:
    """What is for teachers, as far as it was translated; a hand-out is whole or not there, its open lines in the lesson's language."""
    found: dict[str, Any] = {
        name: told[f"teach.{name}"] for name in ("notes", "loudspeaker") if f"teach.{name}" in translated
    }
    if any(key.startswith("teach.handout.") for key in translated):
        found["handout"] = {
            "title": told.get("teach.handout.title", ""),
            "lines": lines_of(told.get("teach.handout.lines", "")),
            "remember": told.get("teach.handout.remember", ""),
            "ask": told.get("teach.handout.ask", ""),
        }
    return found


def _wrong(part: Part) -> list[str]:
    if part.kind == TEXT:
        try:
            found = sections(part.words)
        except MarkdownProblem:
            return [
                _(
                    "This cannot be taken. Write plain Markdown without HTML and without ::: boxes; the box stays by itself."
                )
            ]
        if len(found) != 1 or found[0].kind != "text":
            return [_("Write the text of this one part only; boxes (:::) stay by themselves.")]
    if part.key.startswith("teach."):
        return _wrong_for_teachers(part)
    if part.kind == CODE:
        try:
            definition = engine.read_practice(part.words)
        except (yaml.YAMLError, ValueError):
            return [_("This text cannot be read as a practice.")]
        if not isinstance(definition, dict) or definition.get("slug") != part.key.partition(".")[2]:
            return [_("A translated practice keeps its code: %(code)s.") % {"code": part.key.partition(".")[2]}]
        return problem_sentences(definition)
    return []


def _wrong_for_teachers(part: Part) -> list[str]:
    if re.search(r"<[a-zA-Z!/]", part.words):
        return [_("HTML is not allowed here. Write plain Markdown.")]
    if part.key == "teach.loudspeaker" and re.search(r"^#|https?://|www\.", part.words, re.M):
        return [_("The loudspeaker reads no headings and no addresses.")]
    if part.key == "teach.handout.title" and len(part.words) > HANDOUT_LETTERS:
        return [_("The title is too long for large type: at most 40 letters.")]
    if part.key == "teach.handout.lines" and not 3 <= len(lines_of(part.words)) <= 6:
        return [_("A hand-out has three to six lines.")]
    return []


def _built(page: LessonPage, told: Mapping[str, str]) -> dict[str, Any]:
    use = use_content(page)
    quick = [place.question.as_dict() for place in page.lesson_questions.all() if not place.question.graded]
    return {
        "title": told["title"],
        "summary": told.get("summary", ""),
        "understand": [
            _section(section, told.get(f"understand.{number}", ""))
            for number, section in enumerate(understand_content(page))
        ],
        "use": {
            "intro": told.get("use.intro", ""),
            "steps": [
                {
                    "id": step["id"],
                    "text": told.get(f"step.{step['id']}.text", ""),
                    "note": told.get(f"step.{step['id']}.note", ""),
                }
                for step in use["steps"]
            ],
            "link": {"label": told["use.link"], "url": use["link"]["url"]} if use["link"] else None,
            "help": told.get("use.help", ""),
        },
        "questions": {question["id"]: _question(question, told) for question in quick},
        "practices": {
            place.practice.slug: f"{told[f'practice.{place.practice.slug}']}\n"
            for place in page.lesson_practices.all()
            if told.get(f"practice.{place.practice.slug}")
        },
    }


def _section(section: Mapping[str, Any], told: str) -> dict[str, Any]:
    if "picture" in section:
        return {"kind": section["kind"], "html": "", "picture": section["picture"]["slug"], "alt": told}
    return {"kind": section["kind"], "html": "".join(one.html for one in sections(told))}


def _question(question: Mapping[str, Any], told: Mapping[str, str]) -> dict[str, Any]:
    code = question["id"]
    return {
        "text": told[f"question.{code}.text"],
        "story": told.get(f"question.{code}.story", ""),
        "options": {
            option["id"]: {
                "id": option["id"],
                "text": told[f"option.{code}.{option['id']}.text"],
                "why": told.get(f"option.{code}.{option['id']}.why", ""),
                **({"pair": told[f"option.{code}.{option['id']}.pair"]} if option.get("pair") else {}),
            }
            for option in question["options"]
        },
    }


def played(source: str) -> tuple[dict[str, Any], list[str]]:
    """A practice being translated, as the phone plays it, and what is wrong with it."""
    try:
        definition = read_source(source)
    except ValidationError as error:
        return {}, list(error.messages)
    return definition, problem_sentences(definition)
