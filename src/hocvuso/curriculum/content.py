"""What goes into a release: a lesson, a practice or a path as one plain dictionary.

Graded questions never enter here; `lesson_content` refuses them even where one slipped into a lesson.
Source: docs/reference/content-format.md; R-03.
"""

from __future__ import annotations

from typing import Any

from hocvuso.curriculum import practice as engine
from hocvuso.curriculum.choices import Box
from hocvuso.curriculum.markdown import clean, notes_html
from hocvuso.curriculum.models import LessonPage, Path, Picture
from hocvuso.curriculum.models.kits import handout_of, lines_of


def lesson_content(page: LessonPage) -> dict[str, Any]:
    """The lesson as learners get it. Works on drafts too; practices are named by the digest of their present text."""
    course = page.get_parent() if page.depth else None
    return {
        "v": 1,
        "kind": "lesson",
        "slug": page.slug,
        "course": course.slug if course else "",
        "title": page.title,
        "summary": page.summary,
        "minutes": page.minutes,
        "icon": page.icon,
        "groups": list(page.groups),
        "skills": list(page.skills),
        "services": list(page.services),
        "keywords": list(page.keywords),
        "clauses": list(page.clauses),
        "author": page.author,
        "licence": page.licence,
        "checked_on": page.checked_on.isoformat() if page.checked_on else None,
        "next_check_on": page.next_check_on.isoformat() if page.next_check_on else None,
        "sources": [{"title": block.value["title"], "url": block.value.get("url") or ""} for block in page.sources],
        "understand": understand_content(page),
        "practices": [practice_head(place.practice.definition) for place in page.lesson_practices.all()],
        "use": use_content(page),
        "questions": [place.question.as_dict() for place in page.lesson_questions.all() if not place.question.graded],
        "teach": teach_content(page),
        **({"translations": translations_content(page)} if page.translations else {}),
    }


def translations_content(page: LessonPage) -> dict[str, Any]:
    """The lesson in other languages: the same codes, other words; practices are named by the digest of their own release."""
    pictures = (
        {one.slug: one for one in Picture.objects.filter(slug__in=named)} if (named := pictures_named(page)) else {}
    )
    return {
        language: {
            **{name: value for name, value in words.items() if name not in {"seen", "open", "teach"}},
            **({"partial": True} if _open_for_learners(words) else {}),
            **({"teach": translated_teaching(words["teach"])} if words.get("teach") else {}),
            "understand": [
                section for one in words["understand"] if (section := _translated_section(one, pictures)) is not None
            ],
            "practices": {slug: practice_head(definition) for slug, definition in translated_practices(words)},
        }
        for language, words in page.translations.items()
    }


def _open_for_learners(words: dict[str, Any]) -> bool:
    """Whether something that learners read is still in the lesson's own language; what is for teachers says so on its own page."""
    return any(not key.startswith("teach.") for key in words.get("open") or ())


def translated_teaching(teach: dict[str, Any]) -> dict[str, Any]:
    """What helps to teach in another language: only what was translated, in the form of `teach_content`."""
    found: dict[str, Any] = {}
    if teach.get("notes"):
        found["notes"] = notes_html(teach["notes"])
    if teach.get("loudspeaker"):
        found["loudspeaker"] = lines_of(teach["loudspeaker"])
    if teach.get("handout"):
        found["handout"] = teach["handout"]
    return found


def translated_practices(words: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The practices of a translation as data, by code."""
    return [(slug, engine.read_practice(source)) for slug, source in words["practices"].items()]


def in_language(content: dict[str, Any], language: str) -> dict[str, Any]:
    """The content of a lesson with the words of a language where it has them; `language` says which it is in. Pure."""
    words = content.get("translations", {}).get(language)
    if words is None:
        return {**content, "language": "vi", "teach_in": {}}
    return {
        **content,
        "language": language,
        "title": words["title"],
        "summary": words["summary"],
        "understand": words["understand"],
        "partial": words.get("partial", False),
        "teach": {**content["teach"], **words.get("teach", {})},
        "teach_in": dict.fromkeys(words.get("teach", {}), language),
        "use": _use_in(content["use"], words["use"]),
        "practices": [words["practices"].get(head["slug"], head) for head in content["practices"]],
        "questions": [_question_in(question, words["questions"]) for question in content["questions"]],
    }


def _use_in(use: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    # The things to do are those of the lesson as it is now; a code that is not translated keeps its own words.
    told = {step["id"]: step for step in words["steps"]}
    steps = [{**step, **told.get(step["id"], {})} for step in use["steps"]]
    return {**use, **{name: words[name] for name in ("intro", "link", "help")}, "steps": steps}


def _question_in(question: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    told = words.get(question["id"])
    if told is None:
        return question
    options = [
        {**option, **{name: words for name, words in told["options"].get(option["id"], {}).items() if name in option}}
        for option in question["options"]
    ]
    return {**question, "text": told["text"], "options": options} | ({"story": told["story"]} if told["story"] else {})


def teach_content(page: LessonPage) -> dict[str, Any]:
    """What helps to teach the lesson: notes as clean HTML, the words for the loudspeaker by paragraph, the hand-out."""
    return {
        "notes": notes_html(page.teaching_notes),
        "loudspeaker": lines_of(page.loudspeaker),
        "handout": handout_of(page),
    }


def understand_content(page: LessonPage) -> list[dict[str, Any]]:
    """Step 1 as sections of clean HTML: `{kind, html}`; a picture is a section of its own, `{kind: hinh, picture}`."""
    found = [_section(block.block_type.replace("_", "-"), block.value) for block in page.understand]
    return [section for section in found if section and section["kind"] in Box.values]


def _section(kind: str, value: Any) -> dict[str, Any] | None:
    if kind != Box.PICTURE:
        html = clean(str(value.source))
        return {"kind": kind, "html": html} if html else None
    picture = value.get("picture")
    if picture is None:
        return None  # chosen and then taken away: it leaves nothing behind
    return {"kind": kind, "html": "", "picture": picture.as_it_goes_out().as_dict(value.get("alt") or "")}


def pictures_named(page: LessonPage) -> set[str]:
    """Codes of pictures that the translations of a lesson show."""
    return {
        section["picture"]
        for words in page.translations.values()
        for section in words["understand"]
        if section["kind"] == Box.PICTURE
    }


def _translated_section(section: dict[str, Any], pictures: dict[str, Picture]) -> dict[str, Any] | None:
    if section["kind"] != Box.PICTURE:
        return {"kind": section["kind"], "html": clean(section["html"])}
    picture = pictures.get(section["picture"])
    if picture is None:
        return None
    return {"kind": section["kind"], "html": "", "picture": picture.as_it_goes_out().as_dict(section.get("alt") or "")}


def practice_head(definition: dict[str, Any]) -> dict[str, Any]:
    """What a lesson says about a practice; `digest` names the release that holds the whole."""
    return {
        "slug": definition["slug"],
        "title": definition["title"],
        "goal": definition["goal"],
        "scam": definition.get("scam", False) is True,
        "digest": engine.release_of(definition),
    }


def use_content(page: LessonPage) -> dict[str, Any]:
    """Step 3."""
    return {
        "intro": page.use_intro,
        "steps": [
            {"id": block.value["code"], "text": block.value["text"], "note": block.value.get("note") or ""}
            for block in page.use_steps
        ],
        "link": {"label": page.use_link_label or page.use_link_url, "url": page.use_link_url}
        if page.use_link_url
        else None,
        "help": page.use_help,
        "service": page.use_service,
    }


def pictures_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The pictures of a lesson's release in all its languages, each once. Pure."""
    spoken = [content["understand"], *(words["understand"] for words in content.get("translations", {}).values())]
    found = {
        section["picture"]["digest"]: section["picture"]
        for sections in spoken
        for section in sections
        if "picture" in section
    }
    return list(found.values())


def path_content(path: Path) -> dict[str, Any]:
    """A path: the codes of its lessons in order."""
    return {
        "v": 1,
        "kind": "path",
        "slug": path.slug,
        "title": path.title,
        "group": path.group,
        "policy": path.policy,
        "lessons": [place.lesson.slug for place in path.path_lessons.all()],
    }
