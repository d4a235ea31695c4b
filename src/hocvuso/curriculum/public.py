"""The face of the curriculum. Other rooms import from here and from `signals` only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hocvuso.curriculum import practice, presenting, queries
from hocvuso.curriculum.care import WEAK_QUESTION, CareRow, Key, beyond, register_care
from hocvuso.curriculum.choices import QuestionKind, ReleaseKind, Service
from hocvuso.curriculum.errors import LessonNotFound, PathNotFound, ReleaseNotFound
from hocvuso.curriculum.links import keep_links
from hocvuso.curriculum.meetings import MeetingsHeld, meetings_held
from hocvuso.curriculum.models import Release
from hocvuso.curriculum.practice import ReplayResult
from hocvuso.curriculum.presenting import Weight
from hocvuso.curriculum.queries import CourseCard, LessonCard, LessonRequirements, PathCard
from hocvuso.curriculum.question_numbers import Numbers, register_numbers
from hocvuso.curriculum.scheduling import carry_out_due

__all__ = [
    "WEAK_QUESTION",
    "CareRow",
    "CourseCard",
    "Key",
    "LessonCard",
    "LessonNotFound",
    "LessonRequirements",
    "MeetingsHeld",
    "Numbers",
    "PathCard",
    "PathNotFound",
    "QuestionKind",
    "Release",
    "ReleaseKind",
    "ReleaseNotFound",
    "ReplayResult",
    "Service",
    "Weight",
    "beyond",
    "carry_out_due",
    "catalogue",
    "courses",
    "current_release",
    "find_lessons",
    "graded_questions",
    "keep_links",
    "lesson_content",
    "lesson_requirements",
    "lesson_weight",
    "lessons_of_path",
    "meetings_held",
    "policies",
    "practice_definition",
    "presented_lesson",
    "published_paths",
    "register_care",
    "register_numbers",
    "release_by_digest",
    "replay_practice",
    "skill_titles",
]


def current_release(kind: str, slug: str) -> Release | None:
    """The release of a lesson, practice or path (`kind`) that people get today."""
    return queries.find_current_release(kind, slug)


def release_by_digest(digest: str) -> Release | None:
    """Any release ever made, current or not."""
    return Release.objects.filter(digest=digest).first()


def lesson_content(digest: str) -> dict[str, Any]:
    """What a lesson's release holds; read-only. Raises ReleaseNotFound."""
    return queries.content_of(digest)


def presented_lesson(slug: str) -> dict[str, Any]:
    """What the pages of a published lesson show: `lesson` (its release), `digest`, `practices` for curriculum/_practice.html.

    Raises LessonNotFound.
    """
    digest = queries.current_digest(ReleaseKind.LESSON, slug)
    if digest is None:
        raise LessonNotFound
    return presenting.lesson_page(queries.content_of(digest), digest)


def practice_definition(digest: str) -> dict[str, Any]:
    """The practice of a release; read-only, kept in memory. Raises ReleaseNotFound."""
    return queries.definition_of(digest)


def replay_practice(digest: str, trace: object) -> ReplayResult:
    """Replay a recorded trace on the release it names. Never raises for a trace; an unknown digest is `wrong_release`."""
    try:
        definition = queries.definition_of(digest)
    except ReleaseNotFound:
        return ReplayResult("wrong_release")
    return practice.replay(definition, trace, release=digest)


def catalogue(group: str | None = None) -> list[LessonCard]:
    """All published lessons (of a population group), in the order of the catalogue."""
    return queries.lesson_cards(group)


def courses(group: str | None = None) -> list[CourseCard]:
    """The catalogue by course."""
    return queries.course_cards(group)


def find_lessons(text: str) -> list[LessonCard]:
    """Search without regard to tone marks, the best first, at most 50."""
    return queries.found_lessons(text)


def lessons_of_path(slug: str) -> list[LessonCard]:
    """The published lessons of a path in its order. Raises PathNotFound."""
    return queries.path_lesson_cards(slug)


def published_paths() -> list[PathCard]:
    """All published paths."""
    return queries.path_cards()


def lesson_requirements(slug: str) -> LessonRequirements:
    """What finishing a lesson takes: step 1 read, every practice passed once on any skin, step 3 done. Raises LessonNotFound."""
    return queries.requirements_of(slug)


def graded_questions(skills: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """The question bank with keys and reasons, on the server only.

    Each: `id kind skill level text options[{id text right why}] lesson revision`; of `order` questions the options stand in the
    right order, without `right`. skills: codes, each with all below it; None is the whole bank.
    """
    return queries.graded_bank(skills)


def lesson_weight(slug: str, digest: str) -> Weight:
    """What keeping a lesson on a phone takes: addresses and bytes."""
    return presenting.weight_of(slug, digest)


def policies() -> list[dict[str, Any]]:
    """The newest version of every assessment policy, with the fields of docs/reference/content-format.md."""
    return queries.policy_seeds()


def skill_titles() -> dict[str, str]:
    """Code → title of every skill of every framework."""
    return queries.skill_titles()
