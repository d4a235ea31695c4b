"""Write what is in the database as the files of docs/reference/content-format.md, without loss: read back, it is the same.

What is published is written (drafts stay in the studio). Practices go out as their authors wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path as FilePath
from typing import Any

import yaml
from django.db.models import Prefetch

from hocvuso.curriculum.choices import Box
from hocvuso.curriculum.content import lesson_content
from hocvuso.curriculum.markdown import picture_line
from hocvuso.curriculum.models import (
    CoursePage,
    ExternalCourse,
    Framework,
    LessonPage,
    MeetingPack,
    Path,
    Picture,
    PictureFile,
    PolicySeed,
    Question,
    QuestionOption,
)
from hocvuso.curriculum.starter_pictures import file_name

AT_ONCE = 50  # pictures in memory


def export(folder: FilePath) -> int:
    """Write everything published under a folder; how many files were written."""
    return _Writer(folder).run()


def write_lesson(folder: FilePath, place: str, page: LessonPage, bank: list[Question]) -> None:
    """Write one lesson, draft or published, below a folder; bank: the questions that belong to it without standing in it."""
    _Writer(folder)._lesson(place, page, bank)


def write_yaml(folder: FilePath, name: str, data: dict[str, Any]) -> None:
    """Write one YAML file as everything here is written."""
    _Writer(folder)._yaml(name, data)


class _Writer:
    def __init__(self, folder: FilePath) -> None:
        self.folder, self.written = folder, 0
        self.shows: dict[str, str] = {}

    def run(self) -> int:
        for framework in Framework.objects.select_related("base").prefetch_related("skills__parent"):
            self._yaml(f"frameworks/{framework.slug}.yaml", framework_data(framework))
        self._pictures()
        for course in CoursePage.objects.live().order_by("path"):
            self._course(course)
        for path in Path.objects.filter(live=True).prefetch_related("path_lessons__lesson"):
            self._yaml(f"paths/{path.slug}.yaml", path_data(path))
        for policy in PolicySeed.objects.all():
            self._yaml(f"policies/{policy.code}-{policy.version}.yaml", policy.data)
        for pack in MeetingPack.objects.filter(live=True):
            self._yaml(f"meetings/{pack.slug}.yaml", meeting_data(pack))
        for external in ExternalCourse.objects.all():
            self._yaml(f"external/{external.slug}.yaml", external_data(external))
        return self.written

    def _pictures(self) -> None:
        pictures = list(Picture.objects.filter(live=True).order_by("slug"))
        for first in range(0, len(pictures), AT_ONCE):
            some = pictures[first : first + AT_ONCE]
            digests = [picture.digest for picture in some]
            bodies = dict(PictureFile.objects.filter(digest__in=digests).values_list("digest", "body"))
            for picture in some:
                self.shows[picture.slug] = picture.alt
                self._yaml(f"images/{picture.slug}.yaml", picture_data(picture))
                path = self.folder / file_name(picture.slug, picture.content_type)
                path.write_bytes(bytes(bodies[picture.digest]))
                self.written += 1

    def _course(self, course: CoursePage) -> None:
        pages = list(LessonPage.objects.live().child_of(course).order_by("path"))
        if not pages:
            return
        head = {
            "slug": course.slug,
            "title": course.title,
            "summary": course.summary,
            "groups": list(course.groups),
            "lessons": [page.slug for page in pages],
        }
        self._yaml(f"courses/{course.slug}/course.yaml", head)
        options = Prefetch("options", queryset=QuestionOption.objects.order_by("sort_order", "id"))
        questions = Question.objects.filter(live=True, lesson_slug__in=[page.slug for page in pages])
        bank: dict[str, list[Question]] = {}
        for question in questions.order_by("pk").prefetch_related(options):
            bank.setdefault(question.lesson_slug, []).append(question)
        for page in pages:
            self._lesson(f"courses/{course.slug}/{page.slug}", page, bank.get(page.slug, []))

    def _lesson(self, place: str, page: LessonPage, bank: list[Question]) -> None:
        content = lesson_content(page)
        head = {name: content[name] for name in HEAD}
        self._yaml(f"{place}/lesson.yaml", {**head, "sources": sources_data(content["sources"])})
        self._text(f"{place}/hieu.md", understand_markdown(content["understand"], self.shows))
        use = {name: content["use"][name] for name in ("intro", "steps", "link", "help", "service")}
        self._yaml(f"{place}/dung.yaml", {**use, "steps": [_full(step) for step in use["steps"]]})
        for part in page.lesson_practices.select_related("practice"):
            self._text(f"{place}/lam-{part.practice.slug}.yaml", part.practice.source)
        quick = [part.question for part in page.lesson_questions.select_related("question")]
        placed = {question.pk for question in quick}
        questions = [*quick, *(question for question in bank if question.pk not in placed)]
        self._yaml(f"{place}/cau-hoi.yaml", [question_data(question) for question in questions])
        self._text(f"{place}/giao-an.md", page.teaching_notes)
        self._text(f"{place}/loa.md", page.loudspeaker)
        self._yaml(f"{place}/to-roi.yaml", content["teach"]["handout"])
        for language, words in page.translations.items():
            self._language(f"{place}/{language}", words)

    def _language(self, place: str, words: dict[str, Any]) -> None:
        self._yaml(f"{place}/lesson.yaml", {"title": words["title"], "summary": words["summary"]})
        self._text(f"{place}/hieu.md", understand_markdown(words["understand"], {}))
        self._yaml(f"{place}/dung.yaml", {**words["use"], "steps": [_full(step) for step in words["use"]["steps"]]})
        questions = [
            _full({"id": code, **told, "options": list(told["options"].values())})
            for code, told in words["questions"].items()
        ]
        self._yaml(f"{place}/cau-hoi.yaml", questions)
        for slug, source in words["practices"].items():
            self._text(f"{place}/lam-{slug}.yaml", source)
        teach = words.get("teach") or {}
        self._text(f"{place}/giao-an.md", teach.get("notes") or "")
        self._text(f"{place}/loa.md", teach.get("loudspeaker") or "")
        self._yaml(f"{place}/to-roi.yaml", teach.get("handout"))

    def _yaml(self, name: str, data: Any) -> None:
        if data:
            kept = _full(data) if isinstance(data, dict) else data
            self._text(name, yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=110))

    def _text(self, name: str, text: str) -> None:
        if not text:
            return
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        self.written += 1


HEAD = (
    "slug", "title", "summary", "minutes", "icon", "groups", "skills", "services", "keywords", "clauses", "author",
    "licence", "checked_on", "next_check_on",
)  # fmt: skip


def _full(data: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty: files leave out what they do not say."""
    return {name: value for name, value in data.items() if value not in (None, "", [], {})}


def sources_data(sources: list[dict[str, str]]) -> list[dict[str, str]]:
    return [_full(source) for source in sources]


def framework_data(framework: Framework) -> dict[str, Any]:
    """A framework with its skills in their order."""
    return {
        "slug": framework.slug,
        "title": framework.title,
        "version": framework.version,
        "provisional": framework.provisional,
        "base": framework.base.slug if framework.base else None,
        "locality": framework.locality,
        "note": framework.note,
        "source": _full({"title": framework.source_title, "url": framework.source_url}),
        "skills": [
            _full(
                {
                    "code": skill.code,
                    "title": skill.title,
                    "parent": skill.parent.code if skill.parent else None,
                    "same_as": list(skill.same_as),
                }
            )
            for skill in sorted(framework.skills.all(), key=lambda one: (one.position, one.code))
        ],
    }


def path_data(path: Path) -> dict[str, Any]:
    lessons = [place.lesson.slug for place in path.path_lessons.all()]
    return {"slug": path.slug, "title": path.title, "group": path.group, "lessons": lessons, "policy": path.policy}


def question_data(question: Question) -> dict[str, Any]:
    """A question as authors write it."""
    data = question.as_dict()
    if "scene" in data:
        data["scene"] = _full(data["scene"])
    return {**data, "graded": question.graded}


def picture_data(picture: Picture) -> dict[str, Any]:
    """What is said of a picture."""
    names = ("title", "alt", "author", "licence", "licence_text", "source")
    return {**{name: getattr(picture, name) for name in names}, "checked_on": picture.checked_on.isoformat()}


def meeting_data(pack: MeetingPack) -> dict[str, Any]:
    data = pack.as_dict()
    data.pop("v")
    data.pop("kind")
    return {**data, "script": [_full({**part, "quiz": part["quiz"] or None}) for part in data["script"]]} | {
        "sources": sources_data(data["sources"])
    }


def external_data(course: ExternalCourse) -> dict[str, Any]:
    return {
        **{name: getattr(course, name) for name in ("slug", "title", "provider", "url", "summary")},
        "groups": list(course.groups),
        "skills": list(course.skills),
        "credit": course.credit,
        "checked_on": course.checked_on.isoformat(),
        "next_check_on": course.next_check_on.isoformat() if course.next_check_on else None,
    }


# --- step 1 as Markdown ----------------------------------------------------------------------------------------------


def understand_markdown(sections: list[dict[str, Any]], shows: Mapping[str, str]) -> str:
    """The sections of step 1 as hieu.md. shows: what each picture says it shows; a lesson writes only other words."""
    parts = []
    for section in sections:
        if section["kind"] == Box.PICTURE:
            shown = section["picture"]
            # In a release the picture stands whole, in a translation by its code.
            code, alt = (shown["slug"], shown["alt"]) if isinstance(shown, dict) else (shown, section["alt"])
            parts.append(picture_line(code, "" if alt == shows.get(code) else alt))
            continue
        text = markdown_of(section["html"])
        parts.append(text if section["kind"] == "text" else f"::: {section['kind']}\n{text}\n:::")
    return "\n\n".join(parts) + "\n"


def markdown_of(html: str) -> str:
    """Clean HTML of a lesson (p, h2, h3, ul, ol, li, strong, em, br) as Markdown that gives the same HTML again."""
    writer = _Markdown()
    writer.feed(html)
    writer.close()
    return "".join(writer.parts).strip()


def _at_start(line: str) -> str:
    """A line whose first sign would mean something, made plain."""
    return re.sub(r"^(\s*\d+)([.)])(?=\s)", r"\1\\\2", re.sub(r"^(\s*)([#+>~=-]|:::)", r"\1\\\2", line))


class _Markdown(HTMLParser):
    """One pass over the tags; lists remember how deep they are, line breaks wait until something follows them."""

    MARKS = {"strong": "**", "em": "*"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.lists: list[int | None] = []
        self.waiting = 0  # line breaks to write before the next words
        self.fresh = True  # at the beginning of a line, where signs mean something
        self.marker = False  # right behind the sign of a list item

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.MARKS:
            self._put(self.MARKS[tag])
        elif tag in {"h2", "h3"}:
            self._break(2)
            self._put("## " if tag == "h2" else "### ")
        elif tag == "p" and not self.marker:
            self._break(2)
        elif tag in {"ul", "ol"}:
            self._break(1 if self.lists else 2)
            self.lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._break(1)
            number = self.lists[-1]
            self._put("- " if number is None else f"{number}. ", margin=len(self.lists) - 1)
            self.lists[-1] = None if number is None else number + 1
            self.fresh = self.marker = True
        elif tag == "br":
            self._put("\\\n" + "   " * len(self.lists))
            self.fresh = True

    def handle_endtag(self, tag: str) -> None:
        if tag in self.MARKS:
            self._put(self.MARKS[tag])
        elif tag in {"ul", "ol"}:
            self.lists.pop()
            self._break(1 if self.lists else 2)
        elif tag in {"p", "h2", "h3"}:
            self._break(2)

    def handle_data(self, data: str) -> None:
        text = re.sub(r"\s*\n\s*", "\n" + "   " * len(self.lists), data)
        text = re.sub(r"([\\`*_\[\]])", r"\\\1", text).replace("&", "&amp;").replace("<", "&lt;")
        first, *others = text.split("\n")
        lines = [_at_start(first) if self.fresh else first, *(_at_start(line) for line in others)]
        self._put("\n".join(lines))

    def _put(self, text: str, *, margin: int | None = None) -> None:
        if self.waiting and self.parts:
            self.parts.append("\n" * self.waiting + "   " * (len(self.lists) if margin is None else margin))
        self.waiting = 0
        self.parts.append(text)
        self.fresh = self.marker = False

    def _break(self, lines: int) -> None:
        self.waiting = max(self.waiting, lines)
        self.fresh = True
