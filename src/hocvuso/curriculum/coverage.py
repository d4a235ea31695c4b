"""Which skill of which framework has which lessons, practices and questions; a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count

from hocvuso.curriculum.models import Framework, LessonPage, LessonPractice, Question, Skill


@dataclass(frozen=True, slots=True)
class Covered:
    """A skill with what teaches, practises and asks it. `is_family`: it has skills below it, whose lessons count for it too."""

    code: str
    title: str
    is_family: bool
    lessons: tuple[tuple[str, str], ...]
    practices: int
    quick: int
    graded: int

    @property
    def is_bare(self) -> bool:
        return not self.lessons


def frameworks_shown() -> list[Framework]:
    """All frameworks, the ones without locality first."""
    return list(Framework.objects.select_related("base").order_by("locality", "slug"))


def equivalents(skills: Iterable[tuple[str, str | None, Iterable[str]]]) -> dict[str, set[str]]:
    """Code → every code whose lessons count for it: itself, what lies below, and what either side calls the same.

    skills: (code, code of the skill above or None, codes it corresponds to). Pure.
    """
    rows = list(skills)
    below: dict[str, set[str]] = defaultdict(set)
    same: dict[str, set[str]] = defaultdict(set)
    above = {code: parent for code, parent, _ in rows}
    for code, _parent, twins in rows:
        at: str | None = code
        while at is not None:
            below[at].add(code)
            at = above.get(at)
        for twin in twins:
            same[code].add(twin)
            same[twin].add(code)
    counted = {}
    for code, _parent, _twins in rows:
        found = set(below[code])
        for inside in list(found):
            for twin in same[inside]:
                found |= below.get(twin, set()) | {twin}
        counted[code] = found
    return counted


def coverage_of(framework: Framework) -> list[Covered]:
    """The skills of a framework in its order; five queries."""
    rows = list(Skill.objects.select_related("parent").order_by("framework_id", "position", "code"))
    counted = equivalents((row.code, row.parent.code if row.parent else None, row.same_as) for row in rows)
    parents = {row.parent.code for row in rows if row.parent}
    lessons = list(LessonPage.objects.live().order_by("path").values("pk", "slug", "title", "skills"))
    practices = dict(
        LessonPractice.objects.values_list("page_id").annotate(number=Count("pk")).values_list("page_id", "number")
    )
    asked = _asked()
    found = []
    for row in (row for row in rows if row.framework_id == framework.pk):
        codes = counted[row.code]
        fitting = [lesson for lesson in lessons if codes & set(lesson["skills"])]
        found.append(
            Covered(
                code=row.code,
                title=row.title,
                is_family=row.code in parents,
                lessons=tuple((lesson["slug"], lesson["title"]) for lesson in fitting),
                practices=sum(practices.get(lesson["pk"], 0) for lesson in fitting),
                quick=sum(asked.get((code, False), 0) for code in codes),
                graded=sum(asked.get((code, True), 0) for code in codes),
            )
        )
    return found


def _asked() -> Mapping[tuple[str, bool], int]:
    rows = Question.objects.filter(live=True).order_by().values("skill_id", "graded").annotate(number=Count("pk"))
    return {(row["skill_id"], row["graded"]): row["number"] for row in rows}
