"""Reads of the curriculum: each a constant number of queries, whatever the number of lessons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Length

from hocvuso.curriculum import rules, search
from hocvuso.curriculum.choices import ReleaseKind
from hocvuso.curriculum.errors import LessonNotFound, PathNotFound, ReleaseNotFound
from hocvuso.curriculum.models import (
    CoursePage,
    ExternalCourse,
    LessonPage,
    MeetingPack,
    PictureFile,
    PolicySeed,
    Question,
    QuestionOption,
    Release,
    Skill,
)


@dataclass(frozen=True, slots=True)
class LessonCard:
    """A published lesson as lists show it. `digest`: its current release; `minutes`: the author's estimate."""

    slug: str
    title: str
    summary: str
    minutes: int
    icon: str
    groups: tuple[str, ...]
    skills: tuple[str, ...]
    services: tuple[str, ...]
    course: str
    digest: str


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course with its published lessons, in the advised order."""

    slug: str
    title: str
    summary: str
    lessons: tuple[LessonCard, ...]


@dataclass(frozen=True, slots=True)
class PathCard:
    """A published path. `lessons`: codes in the advised order; `policy`: code of the assessment that follows, or empty."""

    slug: str
    title: str
    group: str
    policy: str
    lessons: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class LessonRequirements:
    """What finishing a lesson takes: step 1 read, every practice passed once on any skin, step 3 done.

    practices: codes of practices; a pass on an older release of the same code counts. practice_digests: code → current digest.
    steps: codes of the things to do in step 3; service: what doing them all declares, or empty.
    """

    slug: str
    digest: str
    practices: tuple[str, ...]
    practice_digests: dict[str, str]
    steps: tuple[str, ...]
    service: str


def find_current_release(kind: str, slug: str) -> Release | None:
    return Release.objects.filter(kind=kind, slug=slug, is_current=True).first()


def current_digest(kind: str, slug: str) -> str | None:
    """The digest of the current release; one small query."""
    return Release.objects.filter(kind=kind, slug=slug, is_current=True).values_list("digest", flat=True).first()


def packed_release(digest: str) -> rules.Packed | None:
    """The bytes of a release with their compressed twins."""
    row = Release.objects.filter(digest=digest).values_list("body", "body_br", "body_gz").first()
    return rules.Packed(*(bytes(part) for part in row)) if row else None


def kept_picture(digest: str, content_type: str) -> rules.Packed | None:
    """The bytes of a picture with their compressed twins (none of a photo)."""
    row = (
        PictureFile.objects.filter(pk=digest, content_type=content_type)
        .values_list("body", "body_br", "body_gz")
        .first()
    )
    return rules.Packed(*(bytes(part) for part in row)) if row else None


def picture_sizes(digests: Iterable[str]) -> list[tuple[int, int]]:
    """Of each picture the bytes that travel and the bytes unpacked; one query."""
    rows = PictureFile.objects.filter(pk__in=set(digests)).values_list(Length("body_br"), Length("body"))
    return [(sent or plain, plain) for sent, plain in rows]


@lru_cache(maxsize=256)
def _content(digest: str) -> dict[str, Any]:
    # Safe to keep: the bytes of a digest never change.
    body = Release.objects.filter(digest=digest).values_list("body", flat=True).first()
    if body is None:
        raise ReleaseNotFound
    content: dict[str, Any] = json.loads(bytes(body))
    return content


def content_of(digest: str) -> dict[str, Any]:
    """What a release holds; treat as read-only. Raises ReleaseNotFound."""
    return _content(digest)


def contents_of(digests: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What several releases hold, by digest; one query. Digests that do not exist are left out."""
    rows = Release.objects.filter(digest__in=set(digests)).values_list("digest", "body")
    return {digest: json.loads(bytes(body)) for digest, body in rows}


def definition_of(digest: str) -> dict[str, Any]:
    """The practice in a release. Raises ReleaseNotFound, also for a digest of something else."""
    content = _content(digest)
    if "screens" not in content:
        raise ReleaseNotFound
    return content


def lesson_cards(group: str | None = None, slugs: Sequence[str] | None = None) -> list[LessonCard]:
    """Published lessons in the order of the catalogue; one query."""
    pages = LessonPage.objects.live()
    if group:
        pages = pages.filter(groups__contains=f"|{group}|")
    if slugs is not None:
        pages = pages.filter(slug__in=slugs)
    return _cards(pages.order_by("path"))


def _cards(pages: Any) -> list[LessonCard]:
    current = Release.objects.filter(kind=ReleaseKind.LESSON, slug=OuterRef("slug"), is_current=True)
    # A course is the parent in the tree: its path is the lesson's without the last step.
    pages = pages.annotate(digest=Subquery(current.values("digest")[:1]))
    rows = list(
        pages.values("path", "slug", "title", "summary", "minutes", "icon", "groups", "skills", "services", "digest")
    )
    parents = {row["path"][: -LessonPage.steplen] for row in rows}
    courses = dict(CoursePage.objects.filter(path__in=parents).values_list("path", "slug")) if parents else {}
    return [
        LessonCard(
            slug=row["slug"],
            title=row["title"],
            summary=row["summary"],
            minutes=row["minutes"],
            icon=row["icon"],
            groups=tuple(row["groups"]),
            skills=tuple(row["skills"]),
            services=tuple(row["services"]),
            course=courses.get(row["path"][: -LessonPage.steplen], ""),
            digest=row["digest"],
        )
        for row in rows
        if row["digest"]
    ]


def course_cards(group: str | None = None) -> list[CourseCard]:
    """Courses that have published lessons, with them; a constant number of queries."""
    lessons: dict[str, list[LessonCard]] = {}
    for card in lesson_cards(group):
        lessons.setdefault(card.course, []).append(card)
    courses = CoursePage.objects.live().order_by("path").values("slug", "title", "summary")
    return [
        CourseCard(row["slug"], row["title"], row["summary"], tuple(lessons[row["slug"]]))
        for row in courses
        if row["slug"] in lessons
    ]


def found_lessons(text: str) -> list[LessonCard]:
    """Lessons that fit the words, the best first, at most 50; empty for an empty search (search.py says what fits)."""
    slugs = search.found_slugs(text)
    cards = {card.slug: card for card in lesson_cards(slugs=slugs)} if slugs else {}
    return [cards[slug] for slug in slugs if slug in cards]


def search_list() -> list[dict[str, Any]]:
    """What a phone needs to search without a network: short names, for it is kept on every phone. Two queries."""
    words = dict(LessonPage.objects.live().values_list("slug", "keywords"))
    return [
        {"s": card.slug, "t": card.title, "d": card.summary, "m": card.minutes, "k": list(words.get(card.slug, ()))}
        for card in lesson_cards()
    ]


def path_cards() -> list[PathCard]:
    """Published paths; one query."""
    found = []
    releases = Release.objects.filter(kind=ReleaseKind.PATH, is_current=True).order_by("slug")
    for digest, body in releases.values_list("digest", "body"):
        content = json.loads(bytes(body))
        found.append(
            PathCard(
                slug=content["slug"],
                title=content["title"],
                group=content["group"],
                policy=content["policy"],
                lessons=tuple(content["lessons"]),
                digest=digest,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class PackCard:
    """A published meeting pack as lists show it."""

    slug: str
    title: str
    summary: str
    minutes: int
    audiences: tuple[str, ...]
    lessons: tuple[str, ...]


def pack_cards() -> list[PackCard]:
    """Published meeting packs by title; one query."""
    rows = MeetingPack.objects.filter(live=True).order_by("title", "slug")
    return [
        PackCard(row.slug, row.title, row.summary, row.minutes, tuple(row.audiences), tuple(row.lessons))
        for row in rows.only("slug", "title", "summary", "minutes", "audiences", "lessons")
    ]


def packs_of_lesson(slug: str) -> list[PackCard]:
    """Published meeting packs that belong to a lesson."""
    return [card for card in pack_cards() if slug in card.lessons]


def external_courses(group: str | None = None) -> list[ExternalCourse]:
    """Courses of others (for a population group), by title; one query."""
    courses = ExternalCourse.objects.order_by("title", "slug")
    return list(courses.filter(groups__contains=f"|{group}|") if group else courses)


def get_path(slug: str) -> PathCard:
    """Raises PathNotFound."""
    for path in path_cards():
        if path.slug == slug:
            return path
    raise PathNotFound


def path_lesson_cards(slug: str) -> list[LessonCard]:
    """The published lessons of a path in its order. Raises PathNotFound."""
    path = get_path(slug)
    cards = {card.slug: card for card in lesson_cards(slugs=list(path.lessons))}
    return [cards[lesson] for lesson in path.lessons if lesson in cards]


def requirements_of(slug: str) -> LessonRequirements:
    """Raises LessonNotFound for a lesson without a current release."""
    digest = current_digest(ReleaseKind.LESSON, slug)
    if digest is None:
        raise LessonNotFound
    content = content_of(digest)
    return LessonRequirements(
        slug=slug,
        digest=digest,
        practices=tuple(practice["slug"] for practice in content["practices"]),
        practice_digests={practice["slug"]: practice["digest"] for practice in content["practices"]},
        steps=tuple(step["id"] for step in content["use"]["steps"]),
        service=content["use"]["service"],
    )


def graded_bank(skills: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Published graded questions with keys and reasons; two queries. Never send this to a browser.

    skills: codes; a code takes everything below it (`ndct-4` takes `ndct-4.2`). None: the whole bank.
    """
    questions = Question.objects.filter(graded=True, live=True)
    if skills is not None:
        wanted = Q(pk__in=[])
        for code in skills:
            wanted |= Q(skill__code=code) | Q(skill__code__startswith=f"{code}.")
        questions = questions.filter(wanted)
    questions = questions.order_by("code").prefetch_related(
        Prefetch("options", queryset=QuestionOption.objects.order_by("sort_order", "id"))
    )
    return [
        {**question.as_dict(), "lesson": question.lesson_slug, "revision": question.live_revision_id or 0}
        for question in questions
    ]


def policy_seeds() -> list[dict[str, Any]]:
    """The newest version of every policy; one query."""
    newest: dict[str, dict[str, Any]] = {}
    for code, data in PolicySeed.objects.order_by("code", "version").values_list("code", "data"):
        newest[code] = data
    return list(newest.values())


def skill_titles() -> dict[str, str]:
    """Code → title of every skill; one query."""
    return dict(Skill.objects.values_list("code", "title"))
