"""Reads of classes: a constant number of queries, whatever the size of the class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from hocvuso.curriculum.public import LessonCard, catalogue, published_paths
from hocvuso.learning.choices import TaskKind
from hocvuso.learning.models import (
    Activity,
    Bookmark,
    ClassMember,
    ClassTask,
    LessonProgress,
    PathProgress,
    SchoolClass,
)
from hocvuso.people.public import Person

PAGE = 50


@dataclass(frozen=True)
class TaskLine:
    """A task as lists show it. `lessons`: the published lessons it asks for, in order; `late`: its day is over."""

    id: int
    kind: str
    slug: str
    title: str
    due_on: date | None
    lessons: tuple[LessonCard, ...]
    late: bool


@dataclass(frozen=True)
class Mark:
    """How far somebody is in a lesson of the class: `lit` lamps of three, `on` the day it was finished, or none."""

    lesson: LessonCard
    lit: int
    on: datetime | None


@dataclass(frozen=True)
class MemberLine:
    """A name of the list with what they have done; `marks` is empty for names without a person."""

    member: ClassMember
    marks: tuple[Mark, ...]
    finished: int
    last_at: datetime | None


@dataclass(frozen=True)
class ClassPage:
    tasks: list[TaskLine]
    lessons: list[LessonCard]
    members: list[MemberLine]
    joined: int
    total: int
    next_after: int | None


def tasks_of(classes: Iterable[SchoolClass], today: date) -> dict[Any, list[TaskLine]]:
    """The tasks of classes by class, the nearest day first. Four queries."""
    cards = {card.slug: card for card in catalogue()}
    paths = {path.slug: path for path in published_paths()}
    found: dict[Any, list[TaskLine]] = {}
    for task in ClassTask.objects.filter(school_class__in=list(classes)).order_by(
        F("due_on").asc(nulls_last=True), "created_at", "pk"
    ):
        if task.kind == TaskKind.PATH:
            path = paths.get(task.slug)
            title = path.title if path else task.slug
            lessons = tuple(cards[slug] for slug in (path.lessons if path else ()) if slug in cards)
        else:
            title = cards[task.slug].title if task.slug in cards else task.slug
            lessons = (cards[task.slug],) if task.slug in cards else ()
        late = task.due_on is not None and task.due_on < today
        found.setdefault(task.school_class_id, []).append(
            TaskLine(task.pk, task.kind, task.slug, title, task.due_on, lessons, late)
        )
    return found


def _lessons(tasks: Iterable[TaskLine]) -> list[LessonCard]:
    """Every lesson that is asked for, once, in the order of the tasks."""
    return list({card.slug: card for task in tasks for card in task.lessons}.values())


def _marks(person_ids: Sequence[Any], lessons: Sequence[LessonCard]) -> dict[Any, dict[str, LessonProgress]]:
    """Progress of people in lessons; one query."""
    rows = LessonProgress.objects.filter(person_id__in=person_ids, lesson__in=[card.slug for card in lessons])
    found: dict[Any, dict[str, LessonProgress]] = {}
    for row in rows:
        found.setdefault(row.person_id, {})[row.lesson] = row
    return found


def _mark(card: LessonCard, row: LessonProgress | None) -> Mark:
    if row is None:
        return Mark(card, 0, None)
    if row.completed_at:
        return Mark(card, 3, row.completed_at)
    return Mark(card, bool(row.understood_at) + bool(row.practised) + bool(row.used_at), None)


def class_page(school_class: SchoolClass, *, today: date, after: int = 0, size: int = PAGE) -> ClassPage:
    """One page of a class for its teacher: names after a number, with how far they are. Seven queries."""
    tasks = tasks_of([school_class], today).get(school_class.pk, [])
    lessons = _lessons(tasks)
    rows = list(ClassMember.objects.filter(school_class=school_class, number__gt=after).order_by("number")[: size + 1])
    shown = rows[:size]
    progress = _marks([row.person_id for row in shown if row.person_id], lessons)
    members = []
    for row in shown:
        known = progress.get(row.person_id, {}) if row.person_id else {}
        marks = tuple(_mark(card, known.get(card.slug)) for card in lessons) if row.person_id else ()
        touched = [one.touched_at for one in known.values() if one.touched_at]
        members.append(MemberLine(row, marks, sum(mark.lit == 3 for mark in marks), max(touched, default=None)))
    everybody = ClassMember.objects.filter(school_class=school_class)
    return ClassPage(
        tasks=tasks,
        lessons=lessons,
        members=members,
        joined=everybody.filter(person__isnull=False).count(),
        total=everybody.count(),
        next_after=shown[-1].number if len(rows) > size else None,
    )


@dataclass(frozen=True)
class MyClass:
    """A class as one of its learners sees it: nobody else in it, only their own tasks."""

    member: ClassMember
    tasks: list[tuple[TaskLine, list[Mark]]]


def classes_joined(person: Person, today: date) -> list[MyClass]:
    """The classes a person has joined, with their tasks and how far they are. Six queries."""
    members = list(
        ClassMember.objects.filter(person=person)
        .select_related("school_class", "school_class__teacher")
        .order_by("-joined_at", "pk")
    )
    tasks = tasks_of([member.school_class for member in members], today) if members else {}
    known = _marks([person.pk], _lessons(task for lines in tasks.values() for task in lines)).get(person.pk, {})
    return [
        MyClass(
            member,
            [
                (task, [_mark(card, known.get(card.slug)) for card in task.lessons])
                for task in tasks.get(member.school_class_id, [])
            ],
        )
        for member in members
    ]


def classes_taught(person: Person) -> list[SchoolClass]:
    """The classes a person teaches, the newest first; one query (there are at most 50)."""
    return list(SchoolClass.objects.filter(teacher=person).order_by("-created_at", "pk"))


def things_to_assign() -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be assigned, for a select: paths first, then lessons. Two queries and the catalogue's."""
    paths = [(f"{TaskKind.PATH}:{path.slug}", path.title) for path in published_paths()]
    lessons = [(f"{TaskKind.LESSON}:{card.slug}", card.title) for card in catalogue()]
    return [(_("Paths"), paths), (_("Lessons"), lessons)]


def exported(person_id: Any) -> dict[str, Any]:
    """What this room holds about a person, for "my data"."""

    def iso(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    return {
        "lessons": [
            {
                "lesson": row.lesson,
                "understood_at": iso(row.understood_at),
                "practised": row.practised,
                "used_at": iso(row.used_at),
                "known_at": iso(row.known_at),
                "completed_at": iso(row.completed_at),
            }
            for row in LessonProgress.objects.filter(person_id=person_id).order_by("lesson")
        ],
        "paths": [
            {"path": row.path, "completed_at": iso(row.completed_at)}
            for row in PathProgress.objects.filter(person_id=person_id).order_by("path")
        ],
        "activities": [
            {
                "id": str(row.id),
                "kind": row.kind,
                "lesson": row.lesson,
                "practice": row.practice,
                "passed": row.passed,
                "occurred_at": iso(row.occurred_at),
                "received_at": iso(row.received_at),
            }
            for row in Activity.objects.filter(person_id=person_id).order_by("occurred_at", "id")
        ],
        "bookmark": next(
            (
                {"who": row.who, "goal": row.goal, "lesson": row.lesson, "screen": row.screen}
                for row in Bookmark.objects.filter(person_id=person_id)
            ),
            None,
        ),
        "classes_joined": [
            {"class": row.school_class.name, "name": row.full_name, "joined_at": iso(row.joined_at)}
            for row in ClassMember.objects.filter(person_id=person_id).select_related("school_class").order_by("pk")
        ],
        "classes_taught": [
            {"class": row.name, "created_at": iso(row.created_at)}
            for row in SchoolClass.objects.filter(teacher_id=person_id).order_by("created_at")
        ],
    }
