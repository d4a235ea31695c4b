"""Reads of progress."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hocvuso.curriculum.public import lesson_weight, lessons_of_path, presented_lesson
from hocvuso.kernel.clock import today
from hocvuso.learning.goals import LIKELY
from hocvuso.learning.models import Bookmark, LessonProgress, PathProgress
from hocvuso.learning.rules import shuffled
from hocvuso.people.public import Person, groups_on


@dataclass(frozen=True)
class PathState:
    """How far a person is on a path."""

    lessons: int
    finished: int
    completed_at: datetime | None


def progress_of(person: Person) -> list[LessonProgress]:
    """A person's lessons, the one touched last is not known: by slug. One query."""
    return list(LessonProgress.objects.filter(person=person).order_by("lesson"))


def path_state(person: Person, path: str) -> PathState:
    """How far a person is on a path. Three queries."""
    slugs = [lesson.slug for lesson in lessons_of_path(path)]
    finished = LessonProgress.objects.filter(person=person, lesson__in=slugs, completed_at__isnull=False).count()
    row = PathProgress.objects.filter(person=person, path=path).first()
    return PathState(len(slugs), finished, row.completed_at if row else None)


def state_for_device(person: Person) -> dict[str, Any]:
    """What a page on the device needs to light its lamps and to go on where another stopped: small JSON. Four queries at most."""
    mark = Bookmark.objects.filter(person=person).first()
    paths = dict(PathProgress.objects.filter(person=person).values_list("path", "completed_at"))
    return {
        "lessons": {
            row.lesson: {
                "understood": row.understood_at is not None,
                "practised": sorted(row.practised),
                "used": row.used_at is not None,
                "done": row.completed_at is not None,
                "at": round(row.touched_at.timestamp() * 1000) if row.touched_at else 0,
            }
            for row in progress_of(person)
        },
        "paths": {path: moment.isoformat() for path, moment in paths.items()},
        "bookmark": _bookmark(mark),
        "likely": "" if mark is not None and mark.chosen_at else _likely(person),
    }


def _likely(person: Person) -> str:
    """Who somebody who has not said so most likely is, by their groups; the device offers it first. One query."""
    groups = groups_on(person, on=today())
    return next((who for group, who in LIKELY.items() if group in groups), "")


def _bookmark(row: Bookmark | None) -> dict[str, Any] | None:
    """Moments in milliseconds, as devices count."""
    if row is None:
        return None
    return {
        "who": row.who,
        "goal": row.goal,
        "chosen_at": round(row.chosen_at.timestamp() * 1000) if row.chosen_at else 0,
        "lesson": row.lesson,
        "screen": row.screen,
        "opened_at": round(row.opened_at.timestamp() * 1000) if row.opened_at else 0,
    }


def known_page(slug: str) -> dict[str, Any]:
    """What the page "I know this already" shows: the lesson, its quick questions ready to be asked, its practices.

    Raises LessonNotFound.
    """
    page = presented_lesson(slug)
    questions = [_asked(question) for question in page["lesson"]["questions"]]
    practices = page["practices"]
    for number, practice in enumerate(practices, start=1):
        practice["next"] = f"#{practices[number]['place']}" if number < len(practices) else "#xong"
    after = f"#{practices[0]['place']}" if practices else "#xong"
    return {**page, "questions": questions, "after": after}


def _asked(question: dict[str, Any]) -> dict[str, Any]:
    """A question as a form: `control` is radio, checkbox or select; options in the order they are shown in."""
    options = question["options"]
    if question["kind"] == "order":
        places = [{"value": str(number), "text": str(number)} for number in range(1, len(options) + 1)]
        rows = [{**option, "answer": str(number)} for number, option in enumerate(options, start=1)]
        return {**question, "control": "select", "options": shuffled(rows, question["id"]), "choices": places}
    if question["kind"] == "match":
        partners = shuffled(options, f"{question['id']}:pair")
        choices = [{"value": option["id"], "text": option["pair"]} for option in partners]
        return {
            **question,
            "control": "select",
            "options": [{**option, "answer": option["id"]} for option in options],
            "choices": choices,
        }
    control = "checkbox" if question["kind"] in {"many", "spot"} else "radio"
    fixed = question["kind"] == "spot"
    return {**question, "control": control, "options": options if fixed else shuffled(options, question["id"])}


def path_to_keep(slug: str) -> dict[str, Any]:
    """What a phone needs to save a path: lessons with their addresses and the bytes that travel. Raises PathNotFound."""
    lessons = []
    for card in lessons_of_path(slug):
        weight = lesson_weight(card.slug, card.digest)
        lessons.append({"slug": card.slug, "title": card.title, "urls": weight.urls, "bytes": weight.sent})
    return {"v": 1, "path": slug, "lessons": lessons, "bytes": sum(lesson["bytes"] for lesson in lessons)}
