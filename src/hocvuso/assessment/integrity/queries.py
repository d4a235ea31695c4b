"""Reads for the officers who look again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from hocvuso.assessment.models import Attempt, Case, CaseMember, RetestDraw, RetestEntry, Trace
from hocvuso.people.public import Capability, Person, reach_of

PAGE_SIZE = 50
MOST_MEMBERS = 200


@dataclass(frozen=True)
class Member:
    """A person of a case with the test it touches."""

    person: Person
    attempt: Attempt | None
    trace: Trace | None
    minutes: int | None


def cases_within(person: Person, on: date) -> QuerySet[Case]:
    reach = reach_of(person, Capability.AUDIT, on)
    return Case.objects.select_related("rule", "unit").filter(reach.paths("unit__path"))


def page_of_cases(person: Person, on: date, state: str, after: uuid.UUID | None) -> list[Case]:
    """Newest first; one more than a page when there are more."""
    rows = cases_within(person, on).filter(state=state)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-pk")[: PAGE_SIZE + 1])


def counts(person: Person, on: date) -> dict[str, int]:
    rows = cases_within(person, on).order_by().values("state").annotate(number=Count("id"))
    return {row["state"]: row["number"] for row in rows}


def members_of(case: Case) -> list[Member]:
    """Everybody a case touches, at most 200. Three queries."""
    rows = list(
        CaseMember.objects.select_related("person")
        .filter(case=case)
        .order_by("person__search_name", "attempt_id")[:MOST_MEMBERS]
    )
    people, ids = [row.person_id for row in rows], [row.attempt_id for row in rows]
    attempts = {one.id: one for one in Attempt.objects.defer("paper").filter(person_id__in=people, id__in=ids)}
    traces = {one.attempt_id: one for one in Trace.objects.filter(person_id__in=people, attempt_id__in=ids)}
    found = []
    for row in rows:
        attempt = attempts.get(row.attempt_id)
        minutes = None
        if attempt and attempt.graded_at:
            minutes = max(1, round((attempt.graded_at - attempt.started_at).total_seconds() / 60))
        found.append(Member(row.person, attempt, traces.get(row.attempt_id), minutes))
    return found


def draws_within(person: Person, on: date) -> QuerySet[RetestDraw]:
    """Draws of the units within reach, newest first."""
    reach = reach_of(person, Capability.AUDIT, on)
    return RetestDraw.objects.select_related("unit").filter(reach.paths("unit__path")).order_by("-pk")


def list_of(draw: RetestDraw) -> Iterator[tuple[str, bool]]:
    """The published list: code and whether it was picked, in the order of the codes."""
    rows = RetestEntry.objects.filter(draw=draw).order_by("code").values_list("code", "picked")
    yield from rows.iterator(chunk_size=1000)


def picked_people(draw: RetestDraw) -> list[RetestEntry]:
    """Who was drawn, by name: for the officers who invite them."""
    rows = RetestEntry.objects.select_related("person", "person__home_unit").filter(draw=draw, picked=True)
    return list(rows.order_by("person__search_name", "code")[:500])
