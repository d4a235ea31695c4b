"""Read a folder of starter content and say everything that is wrong with it, by file and line. No database.

Source: docs/reference/content-format.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from hocvuso.curriculum import practice as engine
from hocvuso.curriculum.authored import (
    AuthoredFile,
    Place,
    Problem,
    as_list,
    composed_lines,
    digest_of,
)
from hocvuso.curriculum.choices import Service
from hocvuso.curriculum.markdown import MarkdownProblem, Section, sections
from hocvuso.curriculum.question_rules import habit_findings, question_findings
from hocvuso.curriculum.rules import LESSON_BYTES, WRITTEN, weight_at_most
from hocvuso.curriculum.starter_kits import (
    read_external,
    read_handout,
    read_loudspeaker,
    read_meeting,
    read_notes,
)
from hocvuso.curriculum.starter_languages import LANGUAGES, read_language
from hocvuso.curriculum.starter_pictures import files_without_words, picture_files, read_picture
from hocvuso.people.choices import Group


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to load. `digest` is the SHA-256 of its source, so that an unchanged file is left alone."""

    kind: str
    slug: str
    data: dict[str, Any]
    digest: str


@dataclass(slots=True)
class Starter:
    """A folder as read. Load only when `problems` is empty."""

    frameworks: list[Item] = field(default_factory=list)
    courses: list[Item] = field(default_factory=list)
    lessons: list[Item] = field(default_factory=list)
    practices: list[Item] = field(default_factory=list)
    questions: list[Item] = field(default_factory=list)
    paths: list[Item] = field(default_factory=list)
    policies: list[Item] = field(default_factory=list)
    meetings: list[Item] = field(default_factory=list)
    externals: list[Item] = field(default_factory=list)
    pictures: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def items(self) -> list[Item]:
        return [
            *self.frameworks,
            *self.pictures,
            *self.practices,
            *self.questions,
            *self.courses,
            *self.lessons,
            *self.paths,
            *self.policies,
            *self.meetings,
            *self.externals,
        ]


def read_folder(folder: Path) -> Starter:
    """Read and check everything under `folder`. Never raises for what authors wrote."""
    return _Reader(folder).read()


def read_lesson(folder: Path, lesson: Path, *, skills: set[str], pictures: dict[str, int]) -> list[Problem]:
    """What is wrong with one lesson's files; skills: the codes that exist; pictures: code → bytes. Never raises for what authors wrote."""
    reader = _Reader(folder)
    reader.skills = skills
    reader.picture_names = set(pictures)
    reader.pictures = {code: Item("picture", code, {"bytes": size}, "") for code, size in pictures.items()}
    reader._lesson(lesson, "", 0)
    return reader.starter.problems


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.starter = Starter()
        self.skills: set[str] = set()
        self.seen: dict[tuple[str, str], str] = {}
        self.twins: list[tuple[AuthoredFile, Place, str]] = []
        self.pictures: dict[str, Item] = {}
        self.picture_names: set[str] = set()

    def note(self, file: str, line: int, sentence: str) -> None:
        self.starter.problems.append(Problem(file, line, sentence))

    def once(self, kind: str, slug: str, file: AuthoredFile, place: Place) -> None:
        earlier = self.seen.setdefault((kind, slug), file.name)
        if earlier != file.name:
            file.wrong(place, _("The code “%(slug)s” is already used in %(file)s.") % {"slug": slug, "file": earlier})

    def read(self) -> Starter:
        if not self.folder.is_dir():
            self.note(str(self.folder), 1, _("There is no such folder."))
            return self.starter
        for path in sorted(self.folder.glob("frameworks/*.yaml")):
            self._framework(AuthoredFile(self, path))
        self._pictures()
        for path in sorted(self.folder.glob("courses/*/course.yaml")):
            self._course(AuthoredFile(self, path))
        for path in sorted(self.folder.glob("policies/*.yaml")):
            self._policy(AuthoredFile(self, path))
        for path in sorted(self.folder.glob("paths/*.yaml")):
            self._path(AuthoredFile(self, path))
        self._kits()
        self._twins()
        if not self.starter.items() and not self.starter.problems:
            self.note(str(self.folder), 1, _("There is no content in this folder."))
        return self.starter

    def _framework(self, file: AuthoredFile) -> None:
        data = file.mapping()
        if not data or not file.need(data, ["slug", "title", "version", "skills"]):
            return
        self.once("framework", file.code(data["slug"], ("slug",)), file, ("slug",))
        for number, skill in enumerate(as_list(data["skills"])):
            place: Place = ("skills", number)
            if not isinstance(skill, dict) or not file.need(skill, ["code", "title"], place):
                continue
            code = file.code(skill["code"], place)
            if code in self.skills:
                file.wrong(place, _("The skill “%(slug)s” stands here twice.") % {"slug": code})
            if skill.get("parent") and skill["parent"] not in self.skills:
                file.wrong(
                    place, _("“%(word)s” must stand above the skills that are part of it.") % {"word": skill["parent"]}
                )
            for word in as_list(skill.get("same_as")):
                self.twins.append((file, place, str(word)))
            self.skills.add(code)
        known = {item.slug for item in self.starter.frameworks}
        if data.get("base") and data["base"] not in known:
            file.wrong(("base",), _("There is no framework “%(slug)s” to be a variant of.") % {"slug": data["base"]})
        self.starter.frameworks.append(Item("framework", data["slug"], data, digest_of(file.text)))

    def _pictures(self) -> None:
        """Pictures and what is said of them; lessons name them."""
        for path in picture_files(self.folder):
            file = AuthoredFile(self, path)
            self.picture_names.add(path.stem)
            if (data := read_picture(file)) is not None:
                item = Item("picture", path.stem, data, digest_of(file.text, data["digest"]))
                self.starter.pictures.append(item)
                self.pictures[item.slug] = item
        for name in files_without_words(self.folder):
            self.note(name, 1, _("What the picture shows and whose it is (a .yaml file of the same name) is missing."))

    def _twins(self) -> None:
        """Skills said to be the same exist, in whichever file."""
        for file, place, word in self.twins:
            if word not in self.skills:
                file.wrong(place, _("The skill “%(slug)s” does not exist.") % {"slug": word})

    def _kits(self) -> None:
        """Meeting packs and courses of others."""
        lessons = {item.slug for item in self.starter.lessons}
        for path in sorted(self.folder.glob("meetings/*.yaml")):
            file = AuthoredFile(self, path)
            if (data := read_meeting(file, lessons=lessons, skills=self.skills)) is not None:
                self.once("meeting", data["slug"], file, ("slug",))
                self.starter.meetings.append(Item("meeting", data["slug"], data, digest_of(file.text)))
        for path in sorted(self.folder.glob("external/*.yaml")):
            file = AuthoredFile(self, path)
            if (data := read_external(file, skills=self.skills)) is not None:
                self.once("external", data["slug"], file, ("slug",))
                self.starter.externals.append(Item("external", data["slug"], data, digest_of(file.text)))

    def _course(self, file: AuthoredFile) -> None:
        data = file.mapping()
        if not data or not file.need(data, ["slug", "title", "lessons"]):
            return
        file.known(data, {"slug", "title", "summary", "groups", "lessons"})
        slug = file.code(data["slug"], ("slug",))
        if slug != file.path.parent.name:
            file.wrong(
                ("slug",),
                _("The code must be the name of the folder, “%(folder)s”.") % {"folder": file.path.parent.name},
            )
        file.words(data, "groups", lambda word: word in Group.values)
        lessons = file.words(data, "lessons")
        folders = sorted(path.parent for path in file.path.parent.glob("*/lesson.yaml"))
        for number, lesson in enumerate(lessons):
            if lesson not in {path.name for path in folders}:
                file.wrong(("lessons", number), _("There is no lesson “%(slug)s” in this course.") % {"slug": lesson})
        # In the advised order: pages made in it need not be moved afterwards.
        folders.sort(key=lambda path: lessons.index(path.name) if path.name in lessons else len(lessons))
        for folder in folders:
            if folder.name not in lessons:
                file.wrong(("lessons",), _("The lesson “%(slug)s” is not in the list.") % {"slug": folder.name})
            self._lesson(folder, slug, lessons.index(folder.name) if folder.name in lessons else len(lessons))
        self.starter.courses.append(Item("course", slug, data, digest_of(file.text)))

    def _lesson(self, folder: Path, course: str, position: int) -> None:
        file = AuthoredFile(self, folder / "lesson.yaml")
        data = file.mapping()
        if not data or not file.need(
            data,
            ["slug", "title", "summary", "minutes", "groups", "skills", "sources", "checked_on", "next_check_on"],
        ):
            return
        file.known(
            data,
            {
                "slug", "title", "summary", "minutes", "icon", "groups", "skills", "services", "keywords", "clauses",
                "author", "licence", "checked_on", "next_check_on", "sources",
            },
        )  # fmt: skip
        slug = file.code(data["slug"], ("slug",))
        if slug != folder.name:
            file.wrong(("slug",), _("The code must be the name of the folder, “%(folder)s”.") % {"folder": folder.name})
        self.once("lesson", slug, file, ("slug",))
        file.whole(data, "minutes", 1, 60)
        for name in ("title", "summary"):
            if len(str(data[name])) > {"title": 120, "summary": 300}[name]:
                file.wrong((name,), _("“%(field)s” is too long.") % {"field": name})
        file.words(data, "groups", lambda word: word in Group.values)
        file.words(data, "skills", lambda word: word in self.skills)
        file.words(data, "services", lambda word: word in Service.values)
        for name in ("keywords", "clauses"):
            file.words(data, name)
        head = {name: data.get(name) for name in data}
        head["checked_on"], head["next_check_on"] = file.day(data, "checked_on"), file.day(data, "next_check_on")
        if head["checked_on"] and head["next_check_on"] and head["checked_on"] >= head["next_check_on"]:
            file.wrong(("next_check_on",), _("The next check comes after “checked_on”."))
        file.sources(data)
        understand, understand_text = self._understand(folder / "hieu.md")
        use, use_text = self._use(folder / "dung.yaml")
        practices = [self._practice(path) for path in sorted(folder.glob("lam-*.yaml"))]
        quick = self._questions(folder / "cau-hoi.yaml", slug)
        notes = read_notes(self, folder / "giao-an.md")
        loudspeaker = read_loudspeaker(self, folder / "loa.md")
        handout, handout_text = self._handout(folder / "to-roi.yaml")
        translations, translated_text = self._translations(folder, practices, slug, use)
        spoken = [one.picture for one in understand]
        spoken += [one.get("picture") for words in translations.values() for one in words["understand"]]
        shown = [self.pictures[code] for code in dict.fromkeys(spoken) if code in self.pictures]
        self._weigh(folder, shown)
        lesson: dict[str, Any] = {
            **head,
            "course": course,
            "position": position,
            "understand": understand,
            "use": use,
            "practices": [one for one in practices if one],
            "questions": quick,
            "notes": notes,
            "loudspeaker": loudspeaker,
            "handout": handout,
            "translations": translations,
        }
        digest = digest_of(
            file.text,
            understand_text,
            use_text,
            notes,
            loudspeaker,
            handout_text,
            " ".join(lesson["practices"]),
            " ".join(quick),
            course,
            str(position),
            *([translated_text] if translated_text else []),
            # A picture that was drawn anew is a new lesson.
            *(f"{item.slug} {item.digest}" for item in shown),
        )
        self.starter.lessons.append(Item("lesson", slug, lesson, digest))

    def _understand(self, path: Path) -> tuple[list[Section], str]:
        name = path.relative_to(self.folder).as_posix()
        try:
            text = composed_lines(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            self.note(name, 1, _("Step 1 (hieu.md) is missing or not UTF-8 text."))
            return [], ""
        try:
            found = sections(text)
        except MarkdownProblem as problem:
            self.note(name, problem.line, _markdown_sentence(problem))
            return [], text
        if not found:
            self.note(name, 1, _("Step 1 is empty."))
        for section in found:
            if section.picture and section.picture not in self.picture_names:
                self.note(
                    name, section.line, _("There is no picture “%(slug)s” in images/.") % {"slug": section.picture}
                )
        return found, text

    def _weigh(self, folder: Path, pictures: list[Item]) -> None:
        """A lesson with its pictures stays under 300 KB; the heaviest picture is named."""
        written = sum(
            path.stat().st_size for path in folder.iterdir() if path.name in WRITTEN or path.match("lam-*.yaml")
        )
        total = weight_at_most(written, sum(item.data["bytes"] for item in pictures))
        if pictures and total > LESSON_BYTES:
            heaviest = max(pictures, key=lambda item: item.data["bytes"])
            self.note(
                (folder / "hieu.md").relative_to(self.folder).as_posix(),
                1,
                _(
                    "With its pictures this lesson weighs about %(total)s KB; 300 KB is the most. The heaviest is “%(slug)s” with %(weight)s KB."
                )
                % {
                    "total": total // 1000,
                    "slug": heaviest.slug,
                    "weight": heaviest.data["bytes"] // 1000,
                },
            )

    def _use(self, path: Path) -> tuple[dict[str, Any], str]:
        if not path.exists():
            self.note(path.relative_to(self.folder).as_posix(), 1, _("Step 3 (dung.yaml) is missing."))
            return {}, ""
        file = AuthoredFile(self, path)
        data = file.mapping()
        if not data:
            return {}, file.text
        file.need(data, ["intro", "steps", "help"])
        file.known(data, {"intro", "steps", "link", "help", "service"})
        ids = set()
        for number, step in enumerate(as_list(data.get("steps"))):
            place: Place = ("steps", number)
            if not isinstance(step, dict) or not file.need(step, ["id", "text"], place):
                continue
            file.known(step, {"id", "text", "note"}, place)
            if file.code(step["id"], place) in ids:
                file.wrong(place, _("Two steps have the code “%(slug)s”.") % {"slug": step["id"]})
            ids.add(step["id"])
        link = data.get("link")
        if link is not None and not (isinstance(link, dict) and link.get("label") and link.get("url")):
            file.wrong(("link",), _("A link has words (label) and an address (url)."))
        return data, file.text

    def _translations(
        self, folder: Path, practices: list[str], slug: str, use: dict[str, Any]
    ) -> tuple[dict[str, Any], str]:
        quick = {
            item.slug: item.data
            for item in self.starter.questions
            if item.data["lesson"] == slug and not item.data.get("graded")
        }
        found, texts = {}, []
        for language in LANGUAGES:
            if (folder / language).is_dir():
                found[language], text = read_language(
                    self,
                    folder / language,
                    practices=practices,
                    quick=quick,
                    use=use,
                    understand=self._understand,
                )
                texts.append(text)
        return found, "\x1f".join(texts)

    def _handout(self, path: Path) -> tuple[dict[str, Any] | None, str]:
        if not path.exists():
            self.note(path.relative_to(self.folder).as_posix(), 1, _("The hand-out (to-roi.yaml) is missing."))
            return None, ""
        file = AuthoredFile(self, path)
        return read_handout(file, file.mapping()), file.text

    def _practice(self, path: Path) -> str:
        file = AuthoredFile(self, path)
        if file.data is None:
            return ""
        try:
            definition = engine.read_practice(file.text)
        except (yaml.YAMLError, ValueError):
            file.wrong((), _("This text cannot be read as a practice."))
            return ""
        found = engine.problems(definition)
        for problem in found:
            screen = getattr(problem, "screen", "")
            place: Place = ("screens", screen) if screen else ()
            template = getattr(problem, "template", "")
            file.wrong(place, _(template) % getattr(problem, "params", {}) if template else str(problem))
        if found or not isinstance(definition, dict):
            return ""
        slug = str(definition["slug"])
        if path.name != f"lam-{slug}.yaml":
            file.wrong(("slug",), _("The file must be called lam-%(slug)s.yaml.") % {"slug": slug})
        self.once("practice", slug, file, ("slug",))
        self.starter.practices.append(
            Item("practice", slug, {"source": file.text, "definition": definition}, engine.release_of(definition))
        )
        return slug

    def _questions(self, path: Path, lesson: str) -> list[str]:
        """Read the questions of a lesson; the codes of the quick ones."""
        if not path.exists():
            self.note(path.relative_to(self.folder).as_posix(), 1, _("The questions (cau-hoi.yaml) are missing."))
            return []
        file = AuthoredFile(self, path)
        if not isinstance(file.data, list):
            if file.data is not None:
                file.wrong((), _("The file is a list of questions."))
            return []
        sound: list[dict[str, Any]] = []
        for number, question in enumerate(file.data):
            place: Place = (number,)
            if not isinstance(question, dict) or not file.need(
                question, ["id", "kind", "skill", "text", "options"], place
            ):
                continue
            if self._question(file, question, place):
                code = str(question["id"])
                if any(one["id"] == code for one in sound):
                    file.wrong(place, _("Two questions have the code “%(slug)s”.") % {"slug": code})
                self.once("question", code, file, place)
                self.starter.questions.append(
                    Item("question", code, {**question, "lesson": lesson}, digest_of(repr(question), lesson))
                )
                sound.append(question)
        for sentence in habit_findings(sound):
            file.wrong((), sentence)
        return [str(question["id"]) for question in sound if not question.get("graded")]

    def _question(self, file: AuthoredFile, question: dict[str, Any], place: Place) -> bool:
        before = len(self.starter.problems)
        file.known(question, {"id", "kind", "skill", "level", "story", "scene", "text", "options", "graded"}, place)
        file.code(question["id"], place)
        if question["skill"] not in self.skills:
            file.wrong((*place, "skill"), _("The skill “%(slug)s” does not exist.") % {"slug": question["skill"]})
        file.whole(question, "level", 1, 3, place)
        if not isinstance(question.get("graded", False), bool):
            file.wrong((*place, "graded"), _("“graded” is true or false."))
        options = question["options"]
        if not isinstance(options, list) or len(options) < 2 or not all(isinstance(one, dict) for one in options):
            file.wrong((*place, "options"), _("A question needs at least two answers."))
            return False
        for number, option in enumerate(options):
            file.need(option, ["id", "text", "why"], (*place, "options", number))
            file.known(option, {"id", "text", "right", "pair", "why"}, (*place, "options", number))
        if len({str(option.get("id")) for option in options}) != len(options):
            file.wrong((*place, "options"), _("Two answers have the same letter."))
        for inside, sentence in question_findings(question):
            file.wrong((*place, *inside), sentence)
        return len(self.starter.problems) == before

    def _path(self, file: AuthoredFile) -> None:
        data = file.mapping()
        if not data or not file.need(data, ["slug", "title", "group", "lessons"]):
            return
        file.known(data, {"slug", "title", "group", "lessons", "policy"})
        self.once("path", file.code(data["slug"], ("slug",)), file, ("slug",))
        if data["group"] not in Group.values:
            file.wrong(("group",), _("The group “%(word)s” does not exist.") % {"word": data["group"]})
        lessons = {item.slug for item in self.starter.lessons}
        file.words(data, "lessons", lambda word: word in lessons)
        if data.get("policy") and data["policy"] not in {item.data["code"] for item in self.starter.policies}:
            file.wrong(("policy",), _("There is no assessment policy “%(slug)s”.") % {"slug": data["policy"]})
        self.starter.paths.append(Item("path", data["slug"], data, digest_of(file.text)))

    def _policy(self, file: AuthoredFile) -> None:
        data = file.mapping()
        if not data or not file.need(
            data, ["code", "version", "title", "group", "questions", "minutes", "pass_ratio", "blueprint"]
        ):
            return
        before = len(self.starter.problems)
        code = file.code(data["code"], ("code",))
        version = file.whole(data, "version", 1, 9999)
        file.whole(data, "questions", 1, 200)
        file.whole(data, "minutes", 1, 600)
        if data["group"] not in Group.values:
            file.wrong(("group",), _("The group “%(word)s” does not exist.") % {"word": data["group"]})
        ratio = _ratio(data["pass_ratio"])
        if ratio is None:
            file.wrong(("pass_ratio",), _("“pass_ratio” is a share between 0 and 1, such as 0.8."))
        hours = data.get("retry_after_hours", 0)
        total = 0
        for number, row in enumerate(as_list(data["blueprint"])):
            place: Place = ("blueprint", number)
            if not isinstance(row, dict) or not file.need(row, ["skills", "count"], place):
                continue
            total += file.whole(row, "count", 1, 200, place)
            for skill in as_list(row["skills"]):
                if skill not in self.skills:
                    file.wrong(place, _("The skill “%(slug)s” does not exist.") % {"slug": skill})
        if total != data["questions"]:
            file.wrong(
                ("blueprint",),
                _("The blueprint adds up to %(total)s questions instead of %(questions)s.")
                % {"total": total, "questions": data["questions"]},
            )
        if len(self.starter.problems) == before:
            policy = {**data, "pass_ratio": ratio, "retry_after_hours": int(hours or 0)}
            policy["provisional"] = data.get("provisional") is True
            policy["note"] = str(data.get("note") or "")
            self.starter.policies.append(Item("policy", f"{code}-{version}", policy, digest_of(file.text)))


def _ratio(value: object) -> float | None:
    try:
        ratio = float(str(value))
    except ValueError:
        return None
    return ratio if 0 < ratio <= 1 else None


def _markdown_sentence(problem: MarkdownProblem) -> str:
    sentences = {
        "unknown_box": _("“::: %(word)s” is not a box. The boxes are nho, canh-bao and chuyen."),
        "not_closed": _("The box “::: %(word)s” is opened here and never closed with “:::”."),
        "nested": _("The box “::: %(word)s” begins inside another box. Close that one first."),
        "html": _("HTML is not allowed here. Write plain Markdown."),
        "picture_place": _("The picture “%(word)s” stands on a line of its own, outside the boxes."),
        "picture_address": _(
            "A picture by its address is not allowed. Put it into images/ and write ![](hinh:its-name)."
        ),
    }
    return sentences[problem.code] % {"word": problem.word}
