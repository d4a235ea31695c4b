"""Two versions of a text side by side, in words: lessons part by part, practices screen by screen, questions answer by answer.

Everything is compared in the form in which it is released, so that a draft, an old version and a release can stand side by side. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvuso.curriculum import practice as engine
from hocvuso.curriculum.choices import Audience, Level, QuestionKind, SceneKind, Service, ThingKind
from hocvuso.curriculum.drawing import BLOCK_NAMES, FIELD_NAMES, KIND_NAMES, VALUE_NAMES
from hocvuso.curriculum.exporting import markdown_of
from hocvuso.people.choices import Group

SAME, CHANGED, NEW, GONE = "same", "changed", "new", "gone"
_WORDS = re.compile(r"\S+\s*|\s+")
# Longer texts are shown whole on both sides, without the words that differ: marking them would take too long.
MOST_WORDS = 6000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is said. `key` stays the same from version to version."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """What belongs together: a step of a lesson, a screen of a practice."""

    key: str
    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words; `mark` is `gone` (before only), `new` (after only) or empty."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was said on one side or both."""

    label: str
    state: str
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()


@dataclass(slots=True)
class SectionChange:
    """What changed in a section; `same` counts what did not."""

    name: str
    state: str
    rows: list[Row] = field(default_factory=list)
    same: int = 0


def compared(before: Sequence[Section], after: Sequence[Section]) -> list[SectionChange]:
    """The sections that differ, in the order of the newer version; sections that are gone stand where they stood."""
    old = {section.key: section for section in before}
    new = {section.key: section for section in after}
    found = []
    for key in _merged(list(old), list(new)):
        change = _section_change(old.get(key), new.get(key))
        if change.rows:
            found.append(change)
    return found


def _section_change(before: Section | None, after: Section | None) -> SectionChange:
    name = (after or before).name  # type: ignore[union-attr]
    change = SectionChange(name, NEW if before is None else GONE if after is None else CHANGED)
    old = {entry.key: entry for entry in before.entries} if before else {}
    new = {entry.key: entry for entry in after.entries} if after else {}
    for key in _merged(list(old), list(new)):
        row = _row(old.get(key), new.get(key))
        if row.state == SAME:
            change.same += 1
        else:
            change.rows.append(row)
    if change.state == CHANGED and list(old) != list(new) and sorted(old) == sorted(new) and not change.rows:
        change.rows.append(
            Row(_("Order"), CHANGED, *(_plain(" · ".join(one.label for one in side.values())) for side in (old, new)))
        )
    return change


def _row(before: Entry | None, after: Entry | None) -> Row:
    if before is None and after is not None:
        return Row(after.label, NEW, (), _plain(after.text, NEW))
    if after is None and before is not None:
        return Row(before.label, GONE, _plain(before.text, GONE), ())
    if before is None or after is None:
        raise ValueError("a row stands on one side at least")
    if before.text == after.text and before.label == after.label:
        return Row(after.label, SAME)
    return Row(after.label, CHANGED, *marked(_labelled(before, after), _labelled(after, before)))


def _labelled(entry: Entry, other: Entry) -> str:
    return entry.text if entry.label == other.label else f"{entry.label}: {entry.text}"


def _plain(text: str, mark: str = "") -> tuple[Piece, ...]:
    return (Piece(text, mark),) if text else ()


def marked(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces; words on one side only are marked."""
    left, right = _WORDS.findall(before), _WORDS.findall(after)
    if len(left) + len(right) > MOST_WORDS:
        return _plain(before, GONE), _plain(after, NEW)
    old: list[Piece] = []
    new: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        old += _plain("".join(left[a:b]), "" if tag == "equal" else GONE)
        new += _plain("".join(right[c:d]), "" if tag == "equal" else NEW)
    return tuple(old), tuple(new)


def _merged(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Keys of both in one order: the newer's, with the older's own put behind what stood before them."""
    found: list[str] = list(new)
    known = set(new)
    place = 0
    for key in old:
        if key in known:
            place = found.index(key) + 1
        else:
            found.insert(place, key)
            place += 1
    return found


# --- what each kind says -----------------------------------------------------------------------------------------------


def told(
    kind: str, content: Mapping[str, Any], practices: Mapping[str, Mapping[str, Any]] | None = None
) -> list[Section]:
    """A text as sections of sentences, from the form in which it is released.

    practices: digest → definition, for lessons whose practices are told screen by screen too.
    """
    tellers = {
        ThingKind.LESSON: lambda: list(_lesson(content, practices or {})),
        ThingKind.PRACTICE: lambda: list(_practice(content)),
        ThingKind.QUESTION: lambda: [_question(content)],
        ThingKind.PATH: lambda: [_path(content)],
        ThingKind.MEETING: lambda: list(_meeting(content)),
    }
    return tellers[ThingKind(kind)]()


def _section(key: str, name: str, entries: Iterator[Entry] | Sequence[Entry]) -> Section:
    return Section(key, name, tuple(entry for entry in entries if entry.text))


def _names(words: Sequence[str], choices: Any = None) -> str:
    if choices is None:
        return ", ".join(words)
    names = dict(choices.choices)
    return ", ".join(str(names.get(word, word)) for word in words)


def _lesson(content: Mapping[str, Any], practices: Mapping[str, Mapping[str, Any]]) -> Iterator[Section]:
    yield _section(
        "head",
        _("Lesson"),
        [
            Entry("title", _("Title"), content["title"]),
            Entry("summary", _("Summary"), content["summary"]),
            Entry("course", _("Course"), content.get("course") or ""),
            Entry("minutes", _("Minutes"), str(content["minutes"])),
            Entry("icon", _("Picture"), content.get("icon") or ""),
            Entry("groups", _("For"), _names(content["groups"], Group)),
            Entry("keywords", _("words people search by"), _names(content["keywords"])),
        ],
    )
    yield _section("understand", _("1. Understand"), _understood(content["understand"]))
    for head in content["practices"]:
        name = _("2. Practise: %(title)s") % {"title": head["title"]}
        definition = practices.get(head["digest"])
        if definition is None:
            # Without its screens at hand, that they are others must still be said.
            yield _section(
                f"practice.{head['slug']}",
                name,
                [
                    Entry("goal", _("What the learner knows afterwards"), head["goal"]),
                    Entry(
                        "digest", _("Text of the practice"), _("version %(digest)s") % {"digest": head["digest"][:8]}
                    ),
                ],
            )
        else:
            entries = [
                Entry(f"{part.key}.{entry.key}", f"{part.name} – {entry.label}", entry.text)
                for part in _practice(definition)
                for entry in part.entries
            ]
            yield _section(f"practice.{head['slug']}", name, entries)
    yield _section("use", _("3. Use"), _use(content["use"]))
    for question in content["questions"]:
        yield _question(question)
    yield from _teaching("teach", "", content.get("teach") or {})
    yield _section(
        "sources",
        _("Sources and skills"),
        [
            Entry("skills", _("Skills"), _names(content["skills"])),
            Entry("services", _("Services it leads to"), _names(content["services"], Service)),
            *(
                Entry(
                    f"source.{one['url'] or one['title']}",
                    _("Source"),
                    " ".join(filter(None, [one["title"], one["url"]])),
                )
                for one in content["sources"]
            ),
            Entry("checked", _("checked on"), content.get("checked_on") or ""),
            Entry("next", _("to be checked again on"), content.get("next_check_on") or ""),
            Entry("author", _("author"), content["author"]),
            Entry("licence", _("licence"), content["licence"]),
            Entry("clauses", _("clauses"), _names(content["clauses"])),
        ],
    )
    for language, words in sorted((content.get("translations") or {}).items()):
        yield from _translation(language, words)


def _understood(sections: Sequence[Mapping[str, Any]]) -> Iterator[Entry]:
    boxes = {"nho": _("To remember"), "canh-bao": _("Danger"), "chuyen": _("A story")}
    for number, section in enumerate(sections, start=1):
        told_kind = boxes.get(section["kind"], _("Text"))
        picture = section.get("picture")
        if picture:
            text = f"{picture['title']}: {picture['alt']} ({picture['digest'][:8]})"
            yield Entry(f"part.{number}", f"{number}. {_('Picture')}", text)
            continue
        text = markdown_of(section["html"])
        yield Entry(f"part.{number}", f"{number}. {told_kind}", text)


def _use(use: Mapping[str, Any]) -> Iterator[Entry]:
    yield Entry("intro", _("opening sentence"), use.get("intro") or "")
    for number, step in enumerate(use.get("steps") or (), start=1):
        text = " – ".join(filter(None, [step.get("text"), step.get("note")]))
        yield Entry(f"step.{step['id']}", _("Step %(number)s") % {"number": number}, text)
    link = use.get("link")
    if link:
        yield Entry("link", _("Words of the link"), f"{link['label']} ({link['url']})")
    yield Entry("help", _("who can help"), use.get("help") or "")
    yield Entry("service", _("finishing all of it means: I now use"), _names([use.get("service") or ""], Service))


def _teaching(key: str, language: str, teach: Mapping[str, Any]) -> Iterator[Section]:
    handout = teach.get("handout") or {}
    notes = teach.get("notes") or ""
    name = _("For teachers")
    yield _section(
        key,
        f"{name} ({language})" if language else name,
        [
            Entry("notes", _("Teaching notes"), markdown_of(notes)),
            Entry("loudspeaker", _("For the loudspeaker"), "\n\n".join(teach.get("loudspeaker") or ())),
            Entry("handout.title", _("title of the hand-out"), handout.get("title") or ""),
            *(
                Entry(f"handout.{number}", _("Line %(number)s of the hand-out") % {"number": number}, line)
                for number, line in enumerate(handout.get("lines") or (), start=1)
            ),
            Entry("handout.remember", _("one sentence to remember"), handout.get("remember") or ""),
            Entry("handout.ask", _("whom to ask"), handout.get("ask") or ""),
        ],
    )


def _translation(language: str, words: Mapping[str, Any]) -> Iterator[Section]:
    def entries() -> Iterator[Entry]:
        yield Entry("title", _("Title"), words["title"])
        yield Entry("summary", _("Summary"), words["summary"])
        yield from _understood(words["understand"])
        yield from _use(words["use"])
        for code, question in sorted(words["questions"].items()):
            yield Entry(
                f"question.{code}", _("Question"), " ".join(filter(None, [question.get("story"), question["text"]]))
            )
            for letter, option in sorted(question["options"].items()):
                text = " – ".join(filter(None, [option["text"], option.get("pair"), option.get("why")]))
                yield Entry(f"option.{code}.{letter}", _("Answer %(letter)s") % {"letter": letter}, text)
        for slug, head in sorted(words["practices"].items()):
            text = f"{head['title']} ({head['digest'][:8]})" if isinstance(head, Mapping) else str(head)
            yield Entry(f"practice.{slug}", _("2. Practise: %(title)s") % {"title": slug}, text)
        if words.get("partial"):
            yield Entry("partial", _("Fallback"), _("parts of it stand in Vietnamese"))

    yield _section(f"language.{language}", _("In the language “%(code)s”") % {"code": language}, list(entries()))
    if words.get("teach"):
        yield from _teaching(f"language.{language}.teach", language, words["teach"])


# --- a question --------------------------------------------------------------------------------------------------------


def _question(question: Mapping[str, Any]) -> Section:
    kind = question["kind"]
    scene = question.get("scene") or {}
    graded = question.get("graded")
    entries = [
        Entry("kind", _("kind"), str(dict(QuestionKind.choices).get(kind, kind))),
        Entry("story", _("story"), question.get("story") or ""),
        Entry("scene", _("looks like"), str(dict(SceneKind.choices).get(str(scene.get("kind")), "")) if scene else ""),
        Entry("from", _("sent by"), scene.get("from") or ""),
        Entry("text", _("Question"), question["text"]),
        *(
            Entry(f"option.{option['id']}", _("Answer %(letter)s") % {"letter": option["id"]}, _answer(kind, option))
            for option in question["options"]
        ),
        Entry("level", _("how hard"), str(dict(Level.choices).get(question.get("level") or 0, ""))),
        Entry("skill", _("skill"), question["skill"]),
        Entry("graded", _("Use"), "" if graded is None else str(_("assessment") if graded else _("lesson"))),
    ]
    return _section(f"question.{question['id']}", _("Question %(code)s") % {"code": question["id"]}, entries)


def _answer(kind: str, option: Mapping[str, Any]) -> str:
    parts = [option["text"]]
    if option.get("pair"):
        parts.append(f"↔ {option['pair']}")
    if "right" in option:
        parts.append(_("(right)") if option["right"] else _("(wrong)"))
    return " ".join(parts) + (f" – {option['why']}" if option.get("why") else "")


# --- a practice, screen by screen --------------------------------------------------------------------------------------


def _practice(definition: Mapping[str, Any]) -> Iterator[Section]:
    yield _section(
        "whole",
        _("The whole practice"),
        [
            Entry("title", _("Title"), str(definition.get("title") or "")),
            Entry("goal", _("What the learner knows afterwards"), str(definition.get("goal") or "")),
            Entry(
                "scam",
                _("This is a scam drill"),
                _("yes, it is") if definition.get("scam") is True else _("no, it is not"),
            ),
            Entry("start", _("First screen"), str(definition.get("start") or "")),
            Entry("skins", _("Phones"), ", ".join(_on_phone(one) for one in definition.get("skins") or ())),
        ],
    )
    screens = definition.get("screens")
    for code, screen in screens.items() if isinstance(screens, Mapping) else ():
        if isinstance(screen, Mapping):
            name = _("Screen “%(code)s”") % {"code": code}
            yield _section(f"screen.{code}", name, list(_screen(screen)))


def _screen(screen: Mapping[str, Any]) -> Iterator[Entry]:
    yield Entry("say", _("What the coach says (two short sentences at most)"), _shown(screen.get("say")))
    app = screen.get("app")
    if isinstance(app, Mapping):
        yield Entry(
            "app",
            _("Name of the app"),
            f"{_shown(app.get('title'))} ({KIND_NAMES.get(str(app.get('kind')), app.get('kind'))})",
        )
    yield Entry("hint", _("Hint for somebody who is stuck"), _shown(screen.get("hint")))
    used: dict[str, int] = {}
    labels: dict[str, str] = {}
    for block in screen.get("blocks") or ():
        if not isinstance(block, Mapping):
            continue
        kind = str(block.get("type"))
        key = str(block.get("id") or kind)
        used[key] = used.get(key, 0) + 1
        labels[key] = _shown(block.get("label") or block.get("name") or key)
        yield Entry(f"block.{key}.{used[key]}", str(BLOCK_NAMES.get(kind, kind)), _block(block))
    turns: dict[str, int] = {}
    for move in screen.get("moves") or ():
        if isinstance(move, Mapping):
            key = f"{move.get('on')}.{move.get('id', '')}.{move.get('option', '')}"
            turns[key] = turns.get(key, 0) + 1
            yield Entry(f"move.{key}.{turns[key]}", _act(move, labels), _outcome(move))
    ends = {"pass": _("yes: done"), "fail": _("yes: not done, back to the start")}
    yield Entry("end", _("Does the practice end here?"), ends.get(str(screen.get("end")), ""))


def _block(block: Mapping[str, Any]) -> str:
    said: list[str] = []
    for name, value in block.items():
        if name in {"type", "id"} or value in (None, ""):
            continue
        if name in {"text", "label"}:
            said.insert(0, f"“{_shown(value)}”")
        else:
            said.append(f"{FIELD_NAMES.get(name, name)}: {_value(value)}")
    return " · ".join(said) or "–"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes, it is") if value else _("no, it is not")
    if isinstance(value, list):
        return "; ".join(_row_of(one) for one in value)
    if isinstance(value, str):
        return str(VALUE_NAMES.get(value, value))
    return _shown(value)


def _row_of(row: Any) -> str:
    if not isinstance(row, Mapping):
        return _shown(row)
    if "label" in row:
        other = row.get("value", row.get("id", ""))
        return f"{_shown(row['label'])} = {_shown(other)}"
    return ", ".join(f"{name} = {_shown(value)}" for name, value in row.items())


def _shown(value: Any) -> str:
    """Words that are the same on both phones, or each phone's own."""
    if isinstance(value, Mapping):
        return " / ".join(f"{_on_phone(str(skin))}: {_shown(words)}" for skin, words in value.items())
    return "" if value is None else str(value)


def _on_phone(skin: str) -> str:
    return {"android": "Android", "iphone": "iPhone"}.get(skin, skin)


_ACTS = {
    "tap": gettext_lazy("Taps “%(block)s”"),
    "type": gettext_lazy("Types into “%(block)s”"),
    "choose": gettext_lazy("Chooses in “%(block)s”"),
    "back": gettext_lazy("Goes back"),
}


def _act(move: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    block = str(move.get("id") or "")
    said = str(_ACTS.get(str(move.get("on")), "%(block)s")) % {"block": labels.get(block, block)}
    return f"{said}: {move['option']}" if move.get("option") else said


def _outcome(move: Mapping[str, Any]) -> str:
    said = []
    if move.get("is"):
        said.append(_("when it is %(answers)s") % {"answers": " / ".join(_shown(one) for one in move["is"])})
    if move.get("like"):
        said.append(_("when it looks like %(pattern)s") % {"pattern": _shown(move["like"])})
    if move.get("only"):
        said.append(_("only on %(phone)s") % {"phone": _on_phone(str(move["only"]))})
    if isinstance(move.get("if"), Mapping):
        said.append(_("only when %(conditions)s") % {"conditions": _pairs(move["if"])})
    if move.get("wrong"):
        said.append(_("wrong turn: %(words)s") % {"words": _shown(move["wrong"])})
    if move.get("ok"):
        said.append(_("praise: %(words)s") % {"words": _shown(move["ok"])})
    if isinstance(move.get("set"), Mapping):
        said.append(_("remembers %(values)s") % {"values": _pairs(move["set"])})
    if move.get("go"):
        said.append(_("goes to screen “%(screen)s”") % {"screen": move["go"]})
    return "; ".join(said) or _("stays here")


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {_value(value)}" for name, value in values.items())


# --- paths and packs ---------------------------------------------------------------------------------------------------


def _path(content: Mapping[str, Any]) -> Section:
    lessons = " → ".join(content["lessons"])
    return _section(
        "path",
        _("Path"),
        [
            Entry("title", _("Title"), content["title"]),
            Entry("group", _("For"), _names([content["group"]], Group)),
            Entry("lessons", _("Lessons, in the order we advise"), lessons),
            Entry("policy", _("assessment that follows"), content.get("policy") or ""),
        ],
    )


def _meeting(content: Mapping[str, Any]) -> Iterator[Section]:
    yield _section(
        "head",
        _("Meeting pack"),
        [
            Entry("title", _("Title"), content["title"]),
            Entry("summary", _("Summary"), content["summary"]),
            Entry("for", _("For meetings of"), _names(content["for"], Audience)),
            Entry("minutes", _("Minutes"), str(content["minutes"])),
            Entry("lessons", _("lessons it belongs to"), _names(content["lessons"])),
            Entry("prepare", _("to prepare"), " · ".join(content["prepare"])),
        ],
    )
    parts = [
        Entry(
            f"part.{number}",
            f"{number}. {part['title']} ({part['minutes']})",
            " – ".join(filter(None, [part["say"], part["do"]])),
        )
        for number, part in enumerate(content["script"], start=1)
    ]
    yield _section("script", _("script"), parts)
    quiz = []
    for number, question in enumerate(content["quiz"], start=1):
        quiz.append(Entry(f"quiz.{number}", _("Question"), question["text"]))
        for option in question["options"]:
            label = _("Answer %(letter)s") % {"letter": option["id"]}
            quiz.append(Entry(f"quiz.{number}.{option['id']}", label, _answer(QuestionKind.ONE, option)))
    yield _section("quiz", _("quiz by show of hands"), quiz)
    yield from _teaching("handout", "", {"handout": content["handout"]})


def definition_in(source: str) -> dict[str, Any]:
    """The practice in a YAML text; empty where it cannot be read (a draft may be broken)."""
    try:
        found = engine.read_practice(source)
    except (yaml.YAMLError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
