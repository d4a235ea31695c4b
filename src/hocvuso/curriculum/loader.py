"""Put starter content into the database and publish it: idempotent, and polite to what people edited in the studio.

The files are checked as a whole first (starter.py); nothing is loaded while anything is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path as FilePath
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.functional import cached_property
from wagtail.models import Revision
from wagtail.rich_text import RichText

from hocvuso.curriculum import services
from hocvuso.curriculum.markdown import Section
from hocvuso.curriculum.models import (
    CoursePage,
    CurriculumIndexPage,
    ExternalCourse,
    Framework,
    LessonPage,
    LessonPractice,
    LessonQuestion,
    Loaded,
    MeetingPack,
    Path,
    PathLesson,
    Picture,
    PolicySeed,
    Practice,
    Question,
    QuestionOption,
    Skill,
)
from hocvuso.curriculum.models.pictures import keep_file
from hocvuso.curriculum.picture_files import Prepared
from hocvuso.curriculum.starter import Item, Starter
from hocvuso.curriculum.translating import noted
from hocvuso.kernel.clock import today


@dataclass(slots=True)
class LoadReport:
    """What a load did. `kept`: edited or deleted in the studio, and therefore left as they are."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated)


def starter_folder() -> FilePath:
    """Where the starter content lies: `curriculum/` of the source tree, or inside the installed package."""
    in_tree = FilePath(settings.ROOT) / "curriculum"
    return in_tree if (in_tree / "frameworks").is_dir() else FilePath(settings.PACKAGE) / "starter" / "curriculum"


def load(*, starter: Starter, at: datetime, force: bool = False) -> LoadReport:
    """Load what changed since the last load and publish it.

    starter: read without problems (ValueError otherwise). force: also overwrite what was edited in the studio.
    """
    if starter.problems:
        raise ValueError("the starter content has problems")
    return _Loader(starter, at, force).run()


class _Loader:
    def __init__(self, starter: Starter, at: datetime, force: bool) -> None:
        self.starter, self.at, self.force = starter, at, force
        self.report = LoadReport()
        self.just_made: set[tuple[str, str]] = set()
        self.loaded = {(row.kind, row.slug): row for row in Loaded.objects.all()}
        self.index: CurriculumIndexPage = services.prepare_studio()

    @transaction.atomic
    def run(self) -> LoadReport:
        """All or nothing: one transaction is also many times as fast as one for each item."""
        for item in self.starter.frameworks:
            self._plain(item, self._framework)
        practices = self._new_in_bulk(self.starter.practices, Practice, "slug", self._new_practice)
        for practice in practices:
            services.release_practice(practice=practice, at=self.at)
        self._revised(self.starter.practices, Practice, "slug", self._practice)
        self._new_in_bulk(self.starter.questions, Question, "code", self._new_question)
        self._revised(self.starter.questions, Question, "code", self._question)
        self._new_in_bulk(self.starter.pictures, Picture, "slug", self._new_picture)
        self._revised(self.starter.pictures, Picture, "slug", self._picture)
        self._revised(self.starter.courses, CoursePage, "slug", self._course)
        self._revised(self.starter.lessons, LessonPage, "slug", self._lesson)
        self._order_lessons()
        self._revised(self.starter.paths, Path, "slug", self._path)
        for item in self.starter.policies:
            self._plain(item, self._policy)
        self._revised(self.starter.meetings, MeetingPack, "slug", self._meeting)
        for item in self.starter.externals:
            self._plain(item, self._external)
        return self.report

    def _new_in_bulk(self, items: Iterable[Item], model: Any, code: str, write: Callable[[Item], Any]) -> list[Any]:
        """Practices and questions that nobody has seen yet: hundreds at once, published, each with its first revision."""
        fresh = [item for item in items if (item.kind, item.slug) not in self.loaded]
        present = set(
            model.objects.filter(**{f"{code}__in": [item.slug for item in fresh]}).values_list(code, flat=True)
        )
        fresh = [item for item in fresh if item.slug not in present]
        if not fresh:
            return []
        things = [write(item) for item in fresh]
        for thing in things:
            thing.live, thing.has_unpublished_changes = True, False
            thing.first_published_at = thing.last_published_at = self.at
        model.objects.bulk_create(things)
        if model is Question:
            QuestionOption.objects.bulk_create([option for thing in things for option in self._placed(thing)])
        kind = ContentType.objects.get_for_model(model)
        revisions = Revision.objects.bulk_create(
            Revision(
                content_type=kind,
                base_content_type=kind,
                object_id=str(thing.pk),
                object_str=str(thing)[:200],
                created_at=self.at,
                content=thing.serializable_data(),
            )
            for thing in things
        )
        for thing, revision in zip(things, revisions, strict=True):
            thing.latest_revision = thing.live_revision = revision
        model.objects.bulk_update(things, ["latest_revision", "live_revision"])
        rows = Loaded.objects.bulk_create(
            Loaded(
                kind=item.kind,
                slug=item.slug,
                source_digest=item.digest,
                revision_id=revision.pk,
                loaded_at=self.at,
            )
            for item, revision in zip(fresh, revisions, strict=True)
        )
        self.loaded.update({(row.kind, row.slug): row for row in rows})
        self.report.created += [f"{item.kind} {item.slug}" for item in fresh]
        self.just_made |= {(item.kind, item.slug) for item in fresh}
        return things

    @staticmethod
    def _placed(question: Question) -> list[QuestionOption]:
        options = list(question.options.all())
        for option in options:
            option.question = question
        return options

    def _plain(self, item: Item, write: Any) -> None:
        """Things without revisions: written whenever the source changed."""
        before = self.loaded.get((item.kind, item.slug))
        if before is not None and before.source_digest == item.digest:
            self.report.unchanged.append(f"{item.kind} {item.slug}")
            return
        with transaction.atomic():
            write(item)
            self._remember(item, 0)
        self._tell(item, before is None)

    def _revised(self, items: Iterable[Item], model: Any, code: str, write: Any) -> None:
        """Things with drafts: a new revision, published, unless somebody worked on them since the last load."""
        items = [item for item in items if (item.kind, item.slug) not in self.just_made]
        present = {
            getattr(row, code): row for row in model.objects.filter(**{f"{code}__in": [item.slug for item in items]})
        }
        for item in items:
            before, existing = self.loaded.get((item.kind, item.slug)), present.get(item.slug)
            if before is not None and before.source_digest == item.digest and not self.force:
                self.report.unchanged.append(f"{item.kind} {item.slug}")
                continue
            if not self.force and self._worked_on(before, existing):
                self.report.kept.append(f"{item.kind} {item.slug}")
                continue
            if self.force and before and before.source_digest == item.digest and not self._worked_on(before, existing):
                self.report.unchanged.append(f"{item.kind} {item.slug}")
                continue
            with transaction.atomic():
                thing = write(item, existing)
                revision = thing.save_revision(changed=existing is not None)
                revision.publish()
                self._remember(item, revision.pk)
            self._tell(item, existing is None)

    @staticmethod
    def _worked_on(before: Loaded | None, existing: Any) -> bool:
        if before is None:
            return existing is not None
        return existing is None or existing.latest_revision_id != before.revision_id

    def _remember(self, item: Item, revision_id: int) -> None:
        Loaded.objects.update_or_create(
            kind=item.kind,
            slug=item.slug,
            defaults={"source_digest": item.digest, "revision_id": revision_id, "loaded_at": self.at},
        )

    def _tell(self, item: Item, new: bool) -> None:
        (self.report.created if new else self.report.updated).append(f"{item.kind} {item.slug}")

    def _framework(self, item: Item) -> None:
        data = item.data
        source = data.get("source") or {}
        framework, _made = Framework.objects.update_or_create(
            slug=item.slug,
            defaults={
                "title": data["title"],
                "version": str(data["version"]),
                "provisional": data.get("provisional") is True,
                "base": Framework.objects.get(slug=data["base"]) if data.get("base") else None,
                "locality": data.get("locality") or "",
                "note": data.get("note") or "",
                "source_title": source.get("title") or "",
                "source_url": source.get("url") or "",
            },
        )
        by_code: dict[str, Skill] = {}
        for position, row in enumerate(data["skills"]):
            # Lists go through a dictionary: the columns keep them as text.
            values: dict[str, Any] = {
                "framework": framework,
                "title": row["title"],
                "parent": by_code.get(row.get("parent") or ""),
                "position": position,
                "same_as": [str(code) for code in row.get("same_as") or []],
            }
            by_code[row["code"]], _made = Skill.objects.update_or_create(code=row["code"], defaults=values)

    def _new_practice(self, item: Item) -> Practice:
        practice = Practice(source=item.data["source"])
        practice.follow_source()
        return practice

    def _practice(self, item: Item, existing: Practice | None) -> Practice:
        practice = existing or Practice(live=False)
        practice.source = item.data["source"]
        if existing is None:
            practice.save()
        return practice

    def _new_picture(self, item: Item) -> Picture:
        data, picture = item.data, Picture(slug=item.slug)
        self._fill_picture(picture, data)
        return picture

    def _picture(self, item: Item, existing: Picture | None) -> Picture:
        picture = existing or Picture(slug=item.slug, live=False)
        self._fill_picture(picture, item.data)
        if existing is None:
            picture.save()
        return picture

    @staticmethod
    def _fill_picture(picture: Picture, data: dict[str, Any]) -> None:
        for name in ("title", "alt", "author", "licence", "licence_text", "source"):
            setattr(picture, name, data[name])
        picture.checked_on = _day(data["checked_on"]) or today()
        prepared = Prepared(data["content_type"], data["body"], data["width"], data["height"])
        keep_file(prepared)
        picture.take(prepared)

    @cached_property
    def pictures(self) -> dict[str, Picture]:
        return {picture.slug: picture for picture in Picture.objects.all()}

    def _understood(self, section: Section) -> tuple[str, Any]:
        if section.picture:
            return section.kind, {"picture": self.pictures[section.picture], "alt": section.alt}
        # Names of blocks in the editor cannot hold a hyphen.
        return section.kind.replace("-", "_"), RichText(_for_the_editor(section.html))

    def _new_question(self, item: Item) -> Question:
        return self._filled(Question(code=item.slug), item.data)

    def _question(self, item: Item, existing: Question | None) -> Question:
        question = self._filled(existing or Question(code=item.slug, live=False), item.data)
        if existing is None:
            question.save()
        return question

    def _filled(self, question: Question, data: dict[str, Any]) -> Question:
        scene = data.get("scene") or {}
        question.kind, question.level, question.text = data["kind"], data["level"], data["text"]
        question.story = data.get("story") or ""
        question.scene_kind, question.scene_from = scene.get("kind") or "", scene.get("from") or ""
        question.skill = self.skills[data["skill"]]
        question.graded, question.lesson_slug = data.get("graded") is True, data["lesson"]
        question.options = [
            QuestionOption(
                code=option["id"],
                text=option["text"],
                pair=option.get("pair") or "",
                right=option.get("right") is True,
                why=option.get("why") or "",
                sort_order=position,
            )
            for position, option in enumerate(data["options"])
        ]
        return question

    @cached_property
    def skills(self) -> dict[str, Skill]:
        return {skill.code: skill for skill in Skill.objects.all()}

    def _course(self, item: Item, existing: CoursePage | None) -> CoursePage:
        data = item.data
        course = existing or CoursePage(slug=item.slug, live=False)
        course.title, course.draft_title = data["title"], data["title"]
        course.summary = data.get("summary") or ""
        setattr(course, "groups", data.get("groups") or [])  # noqa: B010 - a list, which the column keeps as text
        return course if existing else self.index.add_child(instance=course)

    def _lesson(self, item: Item, existing: LessonPage | None) -> LessonPage:
        data, use = item.data, item.data["use"]
        page = existing or LessonPage(slug=item.slug, live=False)
        page.title, page.draft_title, page.summary = data["title"], data["title"], data["summary"]
        page.minutes, page.icon = data["minutes"], data.get("icon") or "book"
        for name in ("groups", "skills", "services", "keywords", "clauses"):
            setattr(page, name, [str(word) for word in data.get(name) or []])
        page.author, page.licence = data.get("author") or "Học Vụ Số", data.get("licence") or "CC BY 4.0"
        page.checked_on, page.next_check_on = _day(data["checked_on"]), _day(data["next_check_on"])
        page.sources = [
            ("source", {"title": source["title"], "url": source.get("url") or ""}) for source in data["sources"]
        ]
        page.understand = [self._understood(section) for section in data["understand"]]
        link = use.get("link") or {}
        page.use_intro, page.use_help = use["intro"], use["help"]
        page.use_link_label, page.use_link_url = link.get("label") or "", link.get("url") or ""
        page.use_service = use.get("service") or ""
        page.use_steps = [
            ("step", {"code": step["id"], "text": step["text"], "note": step.get("note") or ""})
            for step in use["steps"]
        ]
        page.teaching_notes, page.loudspeaker = data["notes"], data["loudspeaker"]
        _set_handout(page, data["handout"])
        page.translations = data["translations"]
        practices = {row.slug: row for row in Practice.objects.filter(slug__in=data["practices"])}
        page.lesson_practices = [
            LessonPractice(practice=practices[slug], sort_order=position)
            for position, slug in enumerate(data["practices"])
        ]
        questions = {row.code: row for row in Question.objects.filter(code__in=data["questions"])}
        page.lesson_questions = [
            LessonQuestion(question=questions[code], sort_order=position)
            for position, code in enumerate(data["questions"])
        ]
        page.translations = noted(page)
        return page if existing else CoursePage.objects.get(slug=data["course"]).add_child(instance=page)

    def _order_lessons(self) -> None:
        """Bring the lessons of a course whose file changed into the order of the file."""
        changed = {
            name for name in (*self.report.created, *self.report.updated) if name.startswith(("course", "lesson"))
        }
        for item in self.starter.courses:
            wanted = item.data["lessons"]
            if not changed & {f"course {item.slug}", *(f"lesson {slug}" for slug in wanted)}:
                continue
            course = CoursePage.objects.filter(slug=item.slug).first()
            if course is None:
                continue
            there = [page.slug for page in course.get_children() if page.slug in wanted]
            if there == [slug for slug in wanted if slug in there]:
                continue
            for slug in wanted:
                page = LessonPage.objects.child_of(course).filter(slug=slug).first()
                if page is not None:
                    page.move(course, pos="last-child")
                    course.refresh_from_db()

    def _path(self, item: Item, existing: Path | None) -> Path:
        data = item.data
        path = existing or Path(slug=item.slug, live=False)
        path.title, path.group, path.policy = data["title"], data["group"], data.get("policy") or ""
        lessons = {page.slug: page for page in LessonPage.objects.filter(slug__in=data["lessons"])}
        path.path_lessons = [
            PathLesson(lesson=lessons[slug], sort_order=position)
            for position, slug in enumerate(data["lessons"])
            if slug in lessons
        ]
        if existing is None:
            path.save()
        return path

    def _policy(self, item: Item) -> None:
        PolicySeed.objects.update_or_create(
            code=item.data["code"], version=item.data["version"], defaults={"data": item.data}
        )

    def _meeting(self, item: Item, existing: MeetingPack | None) -> MeetingPack:
        data = item.data
        pack = existing or MeetingPack(slug=item.slug, live=False)
        for name in ("title", "summary", "minutes"):
            setattr(pack, name, data[name])
        for name, words in (("audiences", "for"), ("lessons", "lessons"), ("skills", "skills"), ("groups", "groups")):
            setattr(pack, name, [str(word) for word in data.get(words) or []])
        pack.prepare = "\n".join(str(line) for line in data.get("prepare") or [])
        pack.script = [("part", part) for part in data["script"]]
        pack.quiz = [
            (
                "question",
                {
                    "text": question["text"],
                    "options": [
                        {
                            "code": str(option["id"]),
                            "text": option["text"],
                            "right": option["right"],
                            "why": option["why"],
                        }
                        for option in question["options"]
                    ],
                },
            )
            for question in data["quiz"]
        ]
        _set_handout(pack, data["handout"])
        pack.author, pack.licence = data.get("author") or "Học Vụ Số", data.get("licence") or "CC BY 4.0"
        pack.checked_on, pack.next_check_on = _day(data["checked_on"]), _day(data["next_check_on"])
        pack.sources = [("source", {"title": one["title"], "url": one.get("url") or ""}) for one in data["sources"]]
        if existing is None:
            pack.save()
        return pack

    def _external(self, item: Item) -> None:
        data = item.data
        values: dict[str, Any] = {
            **{name: str(data[name]) for name in ("title", "provider", "url", "summary", "credit")},
            "groups": [str(word) for word in data["groups"]],
            "skills": [str(word) for word in data.get("skills") or []],
            "checked_on": _day(data["checked_on"]),
            "next_check_on": _day(data["next_check_on"]),
        }
        ExternalCourse.objects.update_or_create(slug=item.slug, defaults=values)


def _set_handout(thing: LessonPage | MeetingPack, handout: dict[str, Any] | None) -> None:
    data = handout or {"title": "", "lines": [], "remember": "", "ask": ""}
    thing.handout_title, thing.handout_lines = data["title"], "\n".join(data["lines"])
    thing.handout_remember, thing.handout_ask = data["remember"], data["ask"]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _for_the_editor(html: str) -> str:
    """The studio's editor writes bold as `<b>`."""
    return html.replace("<strong>", "<b>").replace("</strong>", "</b>").replace("<em>", "").replace("</em>", "")
