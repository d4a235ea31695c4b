"""What needs care: broken links, check dates that have passed or come soon, and what other rooms add; the most urgent first.

Each source gives its part of the list from a key onward, so a page takes the same few queries however long the list is.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _

from hocvuso.curriculum.choices import LinkProblem, ReleaseKind
from hocvuso.curriculum.models import (
    CoursePage,
    ExternalCourse,
    LessonPage,
    Link,
    LinkPlace,
    MeetingPack,
    Recording,
    Release,
)
from hocvuso.curriculum.queries import contents_of
from hocvuso.curriculum.sound import digest_of, text_of
from hocvuso.kernel.vietnamese import short_date

ROWS = 40
MOST_PLACES = 5
SOON = timedelta(days=30)
BROKEN, DATED, STALE_VOICE, UNDATED, WEAK_QUESTION, NO_VOICE = range(6)
Key = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class CareRow:
    """One thing to look after. `urgency`: 0 first; `day`: since when or until when (ISO); `kind` and `code` name the thing."""

    urgency: int
    day: str
    kind: str
    code: str
    title: str
    sentence: str
    address: str = ""
    late: bool = False
    # Where it is used: address and name of each place, at most MOST_PLACES; `more`: how many others.
    places: tuple[tuple[str, str], ...] = ()
    more: int = 0

    @property
    def key(self) -> Key:
        return (self.urgency, self.day, self.kind, self.code)


# A source answers: rows after the key (None: from the beginning), in the order of keys, at most `limit`; lessons: codes of the chosen
# course as a query, or None for everything.
CareSource = Callable[["QuerySet[Any] | None", "Key | None", int], list[CareRow]]
_others: list[CareSource] = []


def register_care(source: CareSource) -> None:
    """Let a higher room add what needs care. Call when the room starts."""
    if source not in _others:
        _others.append(source)


def care_page(
    *, on: date, course: str = "", after: Key | None = None, rows: int = ROWS
) -> tuple[list[CareRow], Key | None]:
    """A page of the list and the key of the next one (None on the last)."""
    lessons = None
    if course:
        page = CoursePage.objects.filter(slug=course).first()
        lessons = LessonPage.objects.filter(path__startswith=page.path if page else "-").order_by().values("slug")
    found = [
        source(lessons, after, rows + 1)
        for source in (broken_links, *_dated(on), stale_voices, undated_lessons, *_others, voiceless_lessons)
    ]
    merged = list(heapq.merge(*found, key=lambda row: row.key))[: rows + 1]
    return merged[:rows], merged[rows - 1].key if len(merged) > rows else None


def beyond(after: Key | None, urgency: int, kind: str, *, day: str, code: str) -> Q | None:
    """The condition for rows of one urgency and kind that come after a key; None when none do. day, code: names of the columns."""
    if after is None or after[0] < urgency:
        return Q()
    if after[0] > urgency:
        return None
    same_day = Q(**{day: after[1]})
    if kind < after[2]:
        same_day &= Q(pk__in=[])
    elif kind == after[2]:
        same_day &= Q(**{f"{code}__gt": after[3]})
    return Q(**{f"{day}__gt": after[1]}) | same_day


def broken_links(lessons: QuerySet[Any] | None, after: Key | None, limit: int) -> list[CareRow]:
    """Addresses that no longer answer, the longest broken first."""
    rows = Link.objects.filter(broken_since__isnull=False)
    condition = beyond(after, BROKEN, "link", day="broken_since", code="url")
    if condition is None:
        return []
    if lessons is not None:
        rows = rows.filter(Exists(LinkPlace.objects.filter(link=OuterRef("pk"), kind="lesson", slug__in=lessons)))
    found = list(rows.filter(condition).order_by("broken_since", "url")[:limit])
    places = _places_of([link.pk for link in found])
    return [
        CareRow(
            BROKEN,
            link.broken_since.isoformat() if link.broken_since else "",
            "link",
            link.url,
            link.url,
            _("Broken since %(day)s: %(why)s.")
            % {
                "day": short_date(link.broken_since) if link.broken_since else "",
                "why": LinkProblem(link.problem).label if link.problem else "",
            },
            places[link.pk][0][0] if places[link.pk] else "",
            late=True,
            places=tuple(places[link.pk][:MOST_PLACES]),
            more=max(0, len(places[link.pk]) - MOST_PLACES),
        )
        for link in found
    ]


def _places_of(links: list[int]) -> dict[int, list[tuple[str, str]]]:
    """Link → where it is used: address and title of each place. Four queries at most, none without links."""
    found: dict[int, list[tuple[str, str]]] = {pk: [] for pk in links}
    if not links:
        return found
    rows = list(LinkPlace.objects.filter(link__in=links).order_by("kind", "slug").values_list("link", "kind", "slug"))
    models: dict[str, Any] = {"lesson": LessonPage, "meeting": MeetingPack, "external": ExternalCourse}
    titles = {
        (kind, slug): title
        for kind, model in models.items()
        if (wanted := {slug for _link, of_kind, slug in rows if of_kind == kind})
        for slug, title in model.objects.filter(slug__in=wanted).values_list("slug", "title")
    }
    for link, kind, slug in rows:
        found[link].append((_edit_address(kind, slug), titles.get((kind, slug), slug)))
    return found


def _dated(on: date) -> list[CareSource]:
    """Things whose day of checking has passed or comes within a month."""

    def source(kind: str, rows: QuerySet[Any], of_lessons: bool) -> CareSource:
        def give(lessons: QuerySet[Any] | None, after: Key | None, limit: int) -> list[CareRow]:
            condition = beyond(after, DATED, kind, day="next_check_on", code="slug")
            if condition is None or (lessons is not None and not of_lessons):
                return []
            chosen = rows.filter(condition, next_check_on__lte=on + SOON)
            if lessons is not None:
                chosen = chosen.filter(slug__in=lessons)
            return [
                CareRow(
                    DATED, day.isoformat(), kind, slug, title, _due(day, on), _edit_address(kind, slug), late=day < on
                )
                for slug, title, day in chosen.order_by("next_check_on", "slug").values_list(
                    "slug", "title", "next_check_on"
                )[:limit]
            ]

        return give

    return [
        source("external", ExternalCourse.objects.all(), False),
        source("lesson", LessonPage.objects.live(), True),
        source("meeting", MeetingPack.objects.filter(live=True), False),
    ]


def _due(day: date, on: date) -> str:
    if day < on:
        return _("Should have been checked again on %(day)s.") % {"day": short_date(day)}
    return _("To be checked again by %(day)s.") % {"day": short_date(day)}


def undated_lessons(lessons: QuerySet[Any] | None, after: Key | None, limit: int) -> list[CareRow]:
    """Published lessons that nobody is going to check again: without a day."""
    rows = LessonPage.objects.live().filter(next_check_on__isnull=True).annotate(no_day=Value(""))
    condition = beyond(after, UNDATED, "lesson", day="no_day", code="slug")
    if condition is None:
        return []
    if lessons is not None:
        rows = rows.filter(slug__in=lessons)
    return [
        CareRow(
            UNDATED, "", "lesson", slug, title, _("No day is set for checking it again."), _edit_address("lesson", slug)
        )
        for slug, title in rows.filter(condition).order_by("slug").values_list("slug", "title")[:limit]
    ]


def stale_voices(lessons: QuerySet[Any] | None, after: Key | None, limit: int) -> list[CareRow]:
    """Recordings that read a text which has changed since; three queries, and recorded lessons only are looked at."""
    if after is not None and (after[0] > STALE_VOICE or (after[0] == STALE_VOICE and after[2] > "sound")):
        return []
    recordings = Recording.objects.order_by("lesson", "part")
    if lessons is not None:
        recordings = recordings.filter(lesson__in=lessons)
    if after is not None and after[0] == STALE_VOICE:
        recordings = recordings.filter(lesson__gte=after[3].partition(" ")[0])
    rows = list(recordings.values_list("lesson", "part", "text_digest"))
    current = dict(
        Release.objects.filter(
            kind=ReleaseKind.LESSON, is_current=True, slug__in={lesson for lesson, _part, _text in rows}
        ).values_list("slug", "digest")
    )
    contents = contents_of(set(current.values()))
    found = []
    for lesson, part, text in rows:
        content = contents.get(current.get(lesson, ""))
        if content is None or digest_of(text_of(content, part)) == text:
            continue
        row = CareRow(
            STALE_VOICE,
            "",
            "sound",
            f"{lesson} {part}",
            content["title"],
            _("The recorded voice reads an older text. Record this part again."),
            f"sound/{lesson}",
            late=True,
        )
        if after is None or row.key > after:
            found.append(row)
    return found[:limit]


def voiceless_lessons(lessons: QuerySet[Any] | None, after: Key | None, limit: int) -> list[CareRow]:
    """Published lessons without any recorded voice: phones read them with their own."""
    rows = LessonPage.objects.live().filter(~Exists(Recording.objects.filter(lesson=OuterRef("slug"))))
    condition = beyond(after, NO_VOICE, "sound", day="no_day", code="slug")
    if condition is None:
        return []
    if lessons is not None:
        rows = rows.filter(slug__in=lessons)
    rows = rows.annotate(no_day=Value("")).filter(condition).order_by("slug")
    return [
        CareRow(NO_VOICE, "", "sound", slug, title, _("No recorded voice yet."), f"sound/{slug}")
        for slug, title in rows.values_list("slug", "title")[:limit]
    ]


def _edit_address(kind: str | None, slug: str | None) -> str:
    # The page that finds the thing by its code; a list needs no number of each row.
    return f"{kind}/{slug}" if kind and slug else ""


def courses_for_filter() -> list[tuple[str, str]]:
    """Code and title of every course; one query."""
    return list(CoursePage.objects.live().order_by("path").values_list("slug", F("title")))
