"""What stands behind a figure: the people it counts, and the entries of the ledger behind one person."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from hocvuso.assessment.public import Policy
from hocvuso.curriculum.public import Release, ReleaseKind, Service
from hocvuso.evidence.choices import ALL, Assurance, Milestone
from hocvuso.evidence.public import Evidence, Seal, Standing, StandingUnit, kind_definition
from hocvuso.indicators import words
from hocvuso.indicators.models import Indicator
from hocvuso.kernel.ids import parse_id
from hocvuso.people.public import Capability, Person, visible_people
from hocvuso.units.public import Unit

PAGE = 50
# Up to this many people a unit's own list is gathered first and then sorted; above, the newest standings are walked through
# until a page is full. Either way a page costs about as much as it shows.
GATHER_UP_TO = 20_000


@dataclass(frozen=True)
class PersonBehind:
    """One person that a figure counts. `name` is masked to initials unless the viewer may see people there."""

    person_id: uuid.UUID
    name: str
    may_open: bool
    erased: bool
    unit: Unit | None
    reached_on: date
    assurance: Assurance

    @property
    def place(self) -> str:
        """Where the list goes on after this person."""
        return f"{self.reached_on.isoformat()}_{self.person_id}"


@dataclass(frozen=True)
class Entry:
    """One entry of the ledger as people read it. sealed_on: the day whose seal holds it, none while that day is open."""

    id: uuid.UUID
    kind: str
    subject: str  # the lesson, practice, path or service in words; empty when `label` says all there is to say
    assurance: Assurance
    source: str  # in words
    occurred_at: datetime
    recorded_at: datetime
    recorded_on: date
    sealed: bool
    revoked: bool

    @property
    def label(self) -> str:
        """What happened, in words."""
        definition = kind_definition(self.kind)
        return str(definition.label) if definition else self.kind


@dataclass(frozen=True)
class WholeState:
    """One of the four states as a figure of its own: everybody who reached it, of whatever group."""

    milestone: Milestone
    groups: tuple[str, ...] = (ALL,)
    assurance_note: str = ""

    @property
    def title(self) -> str:
        return str(self.milestone.label)

    @property
    def short_title(self) -> str:
        return str(self.milestone.label)


def standings_behind(unit: Unit, indicator: Indicator | WholeState, on: date) -> QuerySet[Standing]:
    """The standings that a figure counts, newest first. Their number is the figure.

    A person who counts in several units below counts once.
    """
    rows = Standing.objects.filter(milestone=indicator.milestone, reached_on__lte=on)
    if ALL not in indicator.groups:
        # JSON kept as text is searched alike on both databases; codes hold no letter that JSON writes differently.
        rows = rows.annotate(groups_text=Cast("groups", TextField()))
        condition = Q()
        for group in indicator.groups:
            condition |= Q(groups_text__contains=f'"{group}"')
        rows = rows.filter(condition)
    return rows.order_by("-reached_on", "-person_id")


def people_behind(
    *,
    viewer: Person,
    unit: Unit,
    indicator: Indicator | WholeState,
    on: date,
    people: int,
    after: str = "",
    limit: int = PAGE,
) -> tuple[list[PersonBehind], str]:
    """A page of the people whom the figure of a unit counts, newest first, and where the next page begins (empty at the end).

    people: the figure itself, which tells the cheaper way. after: `place` of the last person of the page before.
    """
    here = StandingUnit.objects.filter(
        milestone=indicator.milestone, unit__path__range=(unit.path, unit.path + "Z" * 20)
    )
    rows = standings_behind(unit, indicator, on)
    if people <= GATHER_UP_TO:
        rows = rows.filter(person__in=here.values("person_id"))
    else:
        rows = rows.filter(Exists(here.filter(person_id=OuterRef("person_id"))))
    place = _place(after)
    if place:
        rows = rows.filter(Q(reached_on__lt=place[0]) | Q(reached_on=place[0], person_id__lt=place[1]))
    found = list(rows[: limit + 1])
    page = found[:limit]
    behind = _told(viewer, page, here)
    return behind, behind[-1].place if len(found) > limit else ""


def _place(after: str) -> tuple[date, uuid.UUID] | None:
    day, _, person = after.partition("_")
    person_id = parse_id(person)
    try:
        return (date.fromisoformat(day), person_id) if person_id else None
    except ValueError:
        return None


def _told(viewer: Person, page: Sequence[Standing], here: QuerySet[StandingUnit]) -> list[PersonBehind]:
    """Names, places and what the viewer may open. Three queries for any page."""
    ids = [row.person_id for row in page]
    people = Person.objects.in_bulk(ids)
    seen = set(visible_people(viewer, Capability.SEE_PEOPLE).filter(pk__in=ids).values_list("pk", flat=True))
    unit_of = {
        row.person_id: row.unit
        for row in here.filter(person_id__in=ids).select_related("unit").order_by("person_id", "-unit_id")
    }
    told = []
    for row in page:
        person = people.get(row.person_id)
        visible = row.person_id in seen
        told.append(
            PersonBehind(
                person_id=row.person_id,
                name="" if person is None else person.full_name if visible else initials(person.full_name),
                may_open=visible,
                erased=person is None,
                unit=unit_of.get(row.person_id),
                reached_on=row.reached_on,
                assurance=Assurance(row.assurance),
            )
        )
    return told


def initials(full_name: str) -> str:
    """`Đặng Thị Sáu` → `Đ. T. S.`"""
    return " ".join(f"{word[0].upper()}." for word in full_name.split() if word)


def evidence_behind(person_id: uuid.UUID) -> list[Entry]:
    """A person's entries in the ledger, newest first, with the state of their seals. Four queries."""
    last_sealed = Seal.objects.aggregate(last=Max("day"))["last"]
    rows = list(Evidence.objects.filter(person_id=person_id).order_by("-occurred_at", "-id"))
    revoked = {row.revokes for row in rows if row.revokes}
    subjects = subject_words({row.subject for row in rows})
    return [
        Entry(
            id=row.id,
            kind=row.kind,
            subject=subjects[row.subject],
            assurance=Assurance(row.assurance),
            source=words.source_word(row.source, row.kind),
            occurred_at=row.occurred_at,
            recorded_at=row.recorded_at,
            recorded_on=row.recorded_on,
            sealed=last_sealed is not None and row.recorded_on <= last_sealed,
            revoked=row.id in revoked,
        )
        for row in rows
    ]


def subject_words(subjects: set[str]) -> dict[str, str]:
    """What ledger subjects (`lesson:kich-hoat-vneid`) are called today. Two queries."""
    parts = {subject: subject.partition(":") for subject in subjects}
    slugs = {slug for kind, _, slug in parts.values() if kind in ReleaseKind.values}
    titles = {
        (kind, slug): json.loads(bytes(body)).get("title", slug)
        for kind, slug, body in Release.objects.filter(slug__in=slugs, is_current=True).values_list(
            "kind", "slug", "body"
        )
    }
    policies = {code for kind, _, code in parts.values() if kind in BY_POLICY}
    rows = Policy.objects.filter(code__in=policies).order_by("version").values_list("code", "title")
    policy_titles = dict(rows)  # the newest version comes last and stays
    found = {}
    for subject, (kind, _, slug) in parts.items():
        if kind == "service":
            found[subject] = str(Service(slug).label) if slug in Service.values else slug
        elif kind in BY_POLICY:
            # A policy of before, or of another platform, is known by its code alone, which is for machines.
            found[subject] = policy_titles.get(slug, "")
        else:
            found[subject] = titles.get((kind, slug), slug)
    return found


# After the colon stands the code of the policy the person was assessed by.
BY_POLICY = {"policy", "assessment", "certificate", "confirmation"}
FOUR_STATES = (Milestone.LEARNED, Milestone.PASSED, Milestone.CONFIRMED, Milestone.ON_VNEID)


def four_states(person_id: uuid.UUID) -> list[tuple[Milestone, Any]]:
    """Learned, passed, confirmed, on VNeID: each with the person's standing, none while not reached. One query."""
    rows = {row.milestone: row for row in Standing.objects.filter(person_id=person_id)}
    return [(milestone, rows.get(milestone)) for milestone in FOUR_STATES]
