"""What each person of the city does during 2026, and when: lessons, practices, assessment, confirmation, VNeID.

The whole story is drawn to the end of the year and then cut at the day asked for, so that a later day only adds to it. Plain
values in and out; times are seconds since the epoch.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from math import exp
from random import Random
from typing import Any

from hocvuso.evidence.choices import Assurance, EvidenceKind
from hocvuso.kernel.clock import VIETNAM

FIRST_DAY = date(2026, 1, 5)
LAST_DAY = date(2026, 12, 31)
YEAR = 2026
FESTIVAL = date(2026, 10, 10)  # national digital transformation day
NEW_YEAR = (date(2026, 2, 14), date(2026, 2, 22))  # Tết Bính Ngọ
DAY, HOUR, MINUTE = 86_400, 3_600, 60

# How far people of a group get: reached by the end of the year, finish, pass, are confirmed, are accepted on VNeID.
CHANCES: Mapping[str, tuple[float, float, float, float, float]] = {
    "PUBLIC": (1.0, 0.995, 0.995, 0.98, 0.96),
    "PUPIL": (0.99, 0.985, 0.97, 0.94, 0.5),
    "STUDENT": (0.99, 0.98, 0.97, 0.93, 0.9),
    "WORKER": (0.98, 0.96, 0.975, 0.95, 0.93),
    "ADULT": (0.975, 0.95, 0.97, 0.95, 0.93),
}
# Offices and schools begin early and reach everybody they have on their list; the streets take longer.
HEAD_START: Mapping[str, float] = {"PUBLIC": 3.2, "PUPIL": 1.4, "STUDENT": 1.4, "WORKER": 1.1}


@dataclass(frozen=True)
class Lesson:
    """A lesson, the practice in it and the service it leads to; empty where it has none."""

    slug: str
    practice: str = ""
    service: str = ""


@dataclass(frozen=True)
class Path:
    """What people of a group learn: the path, its lessons, the policy of the assessment."""

    slug: str
    lessons: tuple[Lesson, ...]
    policy: str


@dataclass(frozen=True)
class Happening:
    """One entry for the ledger. `at`, `recorded`: seconds since the epoch."""

    kind: str
    subject: str
    assurance: int
    at: int
    recorded: int
    details: dict[str, Any]


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=VIETNAM).timestamp())


_START = _midnight(FIRST_DAY)
_DAYS = (LAST_DAY - FIRST_DAY).days + 1


def day_weight(day: date) -> float:
    """How many people begin on a day, relatively: slow at first, fast in late summer and autumn, still at Tết, a peak on 10/10."""
    passed = (day - FIRST_DAY).days
    growth = exp(-(((passed - 262) / 80) ** 2)) + 0.1
    if NEW_YEAR[0] <= day <= NEW_YEAR[1]:
        growth *= 0.12
    growth *= (0.95, 0.9, 0.95, 0.95, 1.0, 1.35, 1.3)[day.weekday()]
    if date(2026, 9, 5) <= day <= date(2026, 9, 12):
        growth *= 1.5  # the school year begins
    if date(2026, 10, 5) <= day <= date(2026, 10, 11):
        growth *= 1.6
    return growth * (5.0 if day == FESTIVAL else 1.0)


# 24 weights, from midnight on: before work, lunch, evening.
WORKDAY_HOURS = (1, 0, 0, 0, 0, 2, 6, 9, 8, 9, 9, 14, 16, 10, 9, 9, 10, 12, 18, 34, 40, 30, 12, 4)
WEEKEND_HOURS = (1, 0, 0, 0, 0, 2, 6, 14, 24, 30, 30, 20, 12, 12, 18, 24, 24, 18, 18, 28, 32, 24, 12, 4)
FESTIVAL_HOURS = (0, 0, 0, 0, 0, 1, 6, 30, 60, 70, 60, 30, 20, 30, 50, 60, 50, 40, 40, 36, 20, 10, 4, 1)
OFFICE_HOURS = (0, 0, 0, 0, 0, 0, 0, 6, 24, 28, 24, 8, 0, 10, 26, 28, 18, 4, 0, 0, 0, 0, 0, 0)

_DAY_SUMS = tuple(accumulate(day_weight(FIRST_DAY + timedelta(days=number)) for number in range(_DAYS)))
_WORKDAY, _WEEKEND, _FESTIVAL, _OFFICE = (
    tuple(accumulate(hours)) for hours in (WORKDAY_HOURS, WEEKEND_HOURS, FESTIVAL_HOURS, OFFICE_HOURS)
)
_FESTIVAL_NUMBER = (FESTIVAL - FIRST_DAY).days


def _moment(rng: Random, number: int, hours: Sequence[int]) -> int:
    """A moment of the day with this number, by the weights of its hours."""
    hour = bisect(hours, rng.random() * hours[-1])
    return _START + number * DAY + min(hour, 23) * HOUR + int(rng.random() * HOUR)


def _free_time(rng: Random, number: int) -> int:
    """A moment at which people learn."""
    if number == _FESTIVAL_NUMBER:
        return _moment(rng, number, _FESTIVAL)
    return _moment(rng, number, _WEEKEND if number % 7 >= 5 else _WORKDAY)  # the first day is a Monday


def _office_time(rng: Random, number: int) -> int:
    """A moment at which offices work, on the next working day if need be."""
    weekday = number % 7
    if weekday >= 5:
        number += 7 - weekday
    return _moment(rng, number, _OFFICE)


def chances_of(groups: Sequence[str], age: int) -> tuple[float, float, float, float, float]:
    """The chances of somebody's first group, less for the old."""
    reached, finish, passed, confirmed, vneid = CHANCES[groups[0] if groups else "ADULT"]
    if age >= 60:
        reached, finish = reached * 0.82, finish * 0.92
    return reached, finish, passed, confirmed, vneid


def happenings(
    rng: Random, *, groups: Sequence[str], age: int, reach: float, speed: float, path: Path, lean: bool, until: int
) -> list[Happening]:
    """One person's story up to a moment, in order of time; empty if nobody reached them. lean: one lesson, for very large cities."""
    reached, finish, passes, confirmed, vneid = chances_of(groups, age)
    group = groups[0] if groups else "ADULT"
    if rng.random() >= reached * (reach if group in ("ADULT", "WORKER") else reach**0.25):
        return []
    early = rng.random() ** (speed * HEAD_START.get(group, 1.0))
    number = min(bisect(_DAY_SUMS, early * _DAY_SUMS[-1]), _DAYS - 1)
    at_festival = number == _FESTIVAL_NUMBER
    begins = _free_time(rng, number)
    if begins > until:
        return []
    story = _learn(rng, begins, path, assisted=age >= 60 and rng.random() < 0.6, at_festival=at_festival, lean=lean)
    if rng.random() < finish:
        ends = story[-1].at + MINUTE
        story.append(_entry(EvidenceKind.PATH_COMPLETED, f"path:{path.slug}", Assurance.OBSERVED, ends))
        if rng.random() < passes:
            story += _assess(rng, ends, path, at_once=at_festival)
            if rng.random() < confirmed:
                story += _confirm(rng, story[-1].at, path, on_vneid=rng.random() < vneid)
    return [happening for happening in story if happening.recorded <= until]


def _entry(
    kind: EvidenceKind,
    subject: str,
    assurance: Assurance,
    at: int,
    wait: int = 1,
    details: dict[str, Any] | None = None,
) -> Happening:
    return Happening(kind.value, subject, assurance.value, at, at + wait, details or {})


def _number(moment: int) -> int:
    """Which day of the story a moment falls on."""
    return (moment - _START) // DAY


def _learn(rng: Random, begins: int, path: Path, *, assisted: bool, at_festival: bool, lean: bool) -> list[Happening]:
    """Lessons with their practices, a few days apart or all on the day of the festival; some use a service for real."""
    story: list[Happening] = []
    at = begins
    by = Assurance.ATTESTED if assisted else Assurance.OBSERVED
    lessons = path.lessons[:1] if lean else path.lessons
    for lesson in lessons:
        # Some learn without signal: the phone sends it hours later.
        wait = int(rng.random() * 5 * HOUR) if rng.random() < 0.12 else 2
        if lesson.practice:
            story.append(_entry(EvidenceKind.PRACTICE_PASSED, f"practice:{lesson.practice}", by, at, wait))
        story.append(_entry(EvidenceKind.LESSON_COMPLETED, f"lesson:{lesson.slug}", by, at + MINUTE, wait))
        if at_festival:
            at += int((6 + rng.random() * 12) * MINUTE)
        else:
            at = max(at + 9 * MINUTE, _free_time(rng, _number(at) + int(rng.expovariate(0.28))))
    services = [lesson.service for lesson in lessons if lesson.service]
    if services and rng.random() < 0.72:
        service = services[int(rng.random() * len(services))]
        using = Assurance.ATTESTED if assisted or rng.random() < 0.2 else Assurance.DECLARED
        story.append(_entry(EvidenceKind.SERVICE_USED, f"service:{service}", using, story[-1].at + 20 * MINUTE))
    return story


def _assess(rng: Random, learned: int, path: Path, *, at_once: bool) -> list[Happening]:
    """The assessment some days later, and the certificate right after it."""
    later = 0 if at_once else int(rng.expovariate(0.35))
    at = max(learned + 15 * MINUTE, _free_time(rng, _number(learned) + later))
    details = {"policy": path.policy, "score_ratio": (12 + int(rng.random() * 4)) / 15}
    assurance = Assurance.SUPERVISED if rng.random() < 0.3 else Assurance.OBSERVED
    return [
        _entry(EvidenceKind.ASSESSMENT_PASSED, f"policy:{path.policy}", assurance, at, details=details),
        _entry(EvidenceKind.CERTIFICATE_ISSUED, f"certificate:{path.policy}", Assurance.OBSERVED, at + 2),
    ]


def _confirm(rng: Random, passed: int, path: Path, *, on_vneid: bool) -> list[Happening]:
    """A second person confirms within some weeks, in office hours; VNeID answers some days after that."""
    at = _office_time(rng, _number(passed) + 2 + int(rng.expovariate(0.16)))
    subject = f"confirmation:{path.policy}"
    story = [_entry(EvidenceKind.CONFIRMED, subject, Assurance.CONFIRMED, at)]
    if on_vneid:
        answered = _office_time(rng, _number(at) + 1 + int(rng.random() * 5))
        story.append(_entry(EvidenceKind.VNEID_ACCEPTED, subject, Assurance.VNEID, answered))
    return story
