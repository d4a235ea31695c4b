"""Read the same lesson in another language: a folder named by its code (`en/`) inside the lesson's.

Everything keeps its codes, so that progress made in one language counts in all. Source: docs/reference/content-format.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from hocvuso.curriculum import practice as engine
from hocvuso.curriculum.authored import AuthoredFile, Notebook, Place, as_list, prose
from hocvuso.curriculum.markdown import Section
from hocvuso.curriculum.starter_kits import read_handout

LANGUAGES = ("en",)
ReadUnderstand = Callable[[Path], tuple[list[Section], str]]


def read_language(
    reader: Notebook,
    folder: Path,
    *,
    practices: Sequence[str],
    quick: Mapping[str, Mapping[str, Any]],
    use: Mapping[str, Any],
    understand: ReadUnderstand,
) -> tuple[dict[str, Any], str]:
    """The texts of a lesson in another language, and all that was read, for the digest.

    practices, quick, use: of the lesson itself, whose codes a translation keeps.
    """
    head = AuthoredFile(reader, folder / "lesson.yaml")
    data = head.mapping()
    head.need(data, ["title", "summary"])
    head.known(data, {"title", "summary"})
    sections, read = understand(folder / "hieu.md")
    for section in sections:
        if section.picture and not section.alt:
            name = (folder / "hieu.md").relative_to(reader.folder).as_posix()
            reader.note(
                name,
                section.line,
                _("Say what the picture shows in this language: ![…](hinh:%(slug)s).") % {"slug": section.picture},
            )
    use_data, use_text = _use(AuthoredFile(reader, folder / "dung.yaml"), use)
    questions, questions_text = _questions(AuthoredFile(reader, folder / "cau-hoi.yaml"), quick)
    teach, teach_texts = _teaching(reader, folder)
    drills, texts = {}, [head.text, read, use_text, questions_text]
    for path in sorted(folder.glob("lam-*.yaml")):
        file = AuthoredFile(reader, path)
        texts.append(file.text)
        if (definition := _practice(file, practices)) is not None:
            drills[str(definition["slug"])] = file.text
    return {
        "title": data.get("title") or "",
        "summary": data.get("summary") or "",
        "understand": [
            {
                "kind": section.kind,
                "html": section.html,
                **({"picture": section.picture, "alt": section.alt} if section.picture else {}),
            }
            for section in sections
        ],
        "use": use_data,
        "questions": questions,
        "practices": drills,
        **({"teach": teach} if teach else {}),
    }, "\x1f".join([*texts, *teach_texts])


def _teaching(reader: Notebook, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """What helps to teach, where it is translated: notes, words for the loudspeaker, hand-out; each may be missing."""
    found: dict[str, Any] = {}
    texts = []
    for name, path in (("notes", folder / "giao-an.md"), ("loudspeaker", folder / "loa.md")):
        if path.exists():
            found[name] = prose(reader, path, _("This text is empty."))
            texts.append(found[name])
            if re.search(r"<[a-zA-Z!/]", found[name]):
                place = path.relative_to(reader.folder).as_posix()
                reader.note(place, 1, _("HTML is not allowed here. Write plain Markdown."))
    if (folder / "to-roi.yaml").exists():
        file = AuthoredFile(reader, folder / "to-roi.yaml")
        texts.append(file.text)
        if (handout := read_handout(file, file.mapping())) is not None:
            found["handout"] = handout
    return found, texts


def _use(file: AuthoredFile, use: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    data = file.mapping()
    file.need(data, ["intro", "steps", "help"])
    file.known(data, {"intro", "steps", "link", "help"})
    steps = [step for step in as_list(data.get("steps")) if isinstance(step, dict)]
    wanted = [step["id"] for step in as_list(use.get("steps")) if isinstance(step, dict)]
    if [step.get("id") for step in steps] != wanted:
        file.wrong(
            ("steps",),
            _("A translation has the same steps with the same codes: %(codes)s.") % {"codes": ", ".join(wanted)},
        )
    return {
        "intro": data.get("intro") or "",
        "steps": [
            {"id": step.get("id"), "text": step.get("text") or "", "note": step.get("note") or ""} for step in steps
        ],
        "link": data.get("link"),
        "help": data.get("help") or "",
    }, file.text


def _questions(file: AuthoredFile, quick: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Any], str]:
    """Quick questions by code: text, and by answer its text, reason and partner."""
    found: dict[str, Any] = {}
    for number, question in enumerate(as_list(file.data)):
        place: Place = (number,)
        if not isinstance(question, dict) or not file.need(question, ["id", "text", "options"], place):
            continue
        file.known(question, {"id", "text", "story", "options"}, place)
        original = quick.get(str(question["id"]))
        options = [option for option in as_list(question["options"]) if isinstance(option, dict)]
        if original is None:
            file.wrong(place, _("There is no quick question “%(slug)s” in this lesson.") % {"slug": question["id"]})
            continue
        if {str(option.get("id")) for option in options} != {str(option["id"]) for option in original["options"]}:
            file.wrong(place, _("A translated question has the same answers with the same letters."))
            continue
        for at, option in enumerate(options):
            file.need(option, ["id", "text", "why"], (*place, "options", at))
            file.known(option, {"id", "text", "why", "pair"}, (*place, "options", at))
        found[str(question["id"])] = {
            "text": question["text"],
            "story": question.get("story") or "",
            "options": {str(option["id"]): option for option in options},
        }
    for code in quick.keys() - found.keys():
        file.wrong((), _("The quick question “%(slug)s” is not translated.") % {"slug": code})
    return found, file.text


def _practice(file: AuthoredFile, practices: Sequence[str]) -> dict[str, Any] | None:
    try:
        definition = engine.read_practice(file.text)
    except (yaml.YAMLError, ValueError):
        file.wrong((), _("This text cannot be read as a practice."))
        return None
    found = engine.problems(definition)
    for problem in found:
        template, screen = getattr(problem, "template", ""), getattr(problem, "screen", "")
        place: Place = ("screens", screen) if screen else ()
        file.wrong(place, _(template) % getattr(problem, "params", {}) if template else str(problem))
    if found or not isinstance(definition, dict):
        return None
    if definition["slug"] not in practices:
        file.wrong(
            ("slug",), _("A translated practice keeps its code, one of: %(codes)s.") % {"codes": ", ".join(practices)}
        )
        return None
    return definition
