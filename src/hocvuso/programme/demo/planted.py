"""A small planted set of irregular tests in the demo city, with honest ones around it that look a little like them.

Who was planted is written to a file beside the database, never into it: `hocvuso assessment integrity --report` compares.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hocvuso.assessment.public import PastAttempt, Policy, current_policy, load_attempts, past_papers
from hocvuso.kernel.clock import VIETNAM
from hocvuso.people.public import Person
from hocvuso.programme.demo import city
from hocvuso.units.choices import Line
from hocvuso.units.public import find_unit

POLICY = "pho-cap-nguoi-dan"
LABELS = "planted-labels.json"
HONEST = 900
FAST, DEVICES, ON_ONE_DEVICE, KEYS, WITH_ONE_KEY, NIGHTS, AT_NIGHT = 8, 3, 9, 2, 10, 2, 12
# One assessor who passes everybody many times, and one with so few results that luck is as good an explanation.
BY_ODD_ASSESSORS = (90, 35)
BATCH = 200


@dataclass(frozen=True)
class Planted:
    """How many tests were made, how many of them irregular."""

    tests: int
    irregular: int


class _Maker:
    """Draws tests: who, when, how fast, how well, on which phone."""

    def __init__(self, seed: int, until: datetime, policy: Policy) -> None:
        self.rng = city.stream(seed, "planted")
        self.until = until
        self.papers = past_papers(policy, self.rng)
        self.made: list[PastAttempt] = []

    def phone(self) -> str:
        return f"{self.rng.getrandbits(128):032x}"

    def day(self) -> datetime:
        """Midnight in Viet Nam of one of the last 25 days."""
        local = self.until.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
        return local - timedelta(days=1 + self.rng.randrange(25))

    def by_day(self) -> datetime:
        """A moment people are awake, some of them late."""
        return self.day() + timedelta(hours=6 + 16.5 * self.rng.random())

    def test(
        self,
        person_id: uuid.UUID,
        started_at: datetime,
        *,
        skill: float,
        pace: float,
        device: str = "",
        assessor_id: uuid.UUID | None = None,
        key: dict[str, str] | None = None,
    ) -> None:
        """One test. skill: share of right answers; pace: seconds an answer; key: the answer by question of a key passed around."""
        paper, moment = next(self.papers), started_at
        answers = {}
        for position, question in enumerate(paper, 1):
            moment += timedelta(seconds=pace * self.rng.lognormvariate(0, 0.45))
            answers[position] = (self._chosen(question, skill, key), moment)
        self.made.append(
            PastAttempt(
                person_id=person_id,
                id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
                paper=paper,
                answers=answers,
                started_at=started_at,
                graded_at=moment,
                device=device,
                assessor_id=assessor_id,
            )
        )

    def _chosen(self, question: dict[str, Any], skill: float, key: dict[str, str] | None) -> list[str]:
        options = question["options"]
        if question["kind"] == "order":
            names = [one["name"] for one in sorted(options, key=lambda one: one["rank"])]
            return names if self.rng.random() < skill else names[::-1]
        right = [one["name"] for one in options if one["right"]]
        wrong = sorted((one for one in options if not one["right"]), key=lambda one: one["text"])
        if key is not None and wrong:
            told = key.setdefault(question["id"], self.rng.choice(wrong)["text"] if self.rng.random() < 0.25 else "")
            return [one["name"] for one in wrong if one["text"] == told] or right
        if self.rng.random() < skill or not wrong:
            return right
        # One wrong answer tempts more than the others, as in life.
        return [wrong[0]["name"] if self.rng.random() < 0.6 else self.rng.choice(wrong)["name"]]


def plant(*, seed: int, until: datetime, folder: Path) -> Planted:
    """Put the planted set in and write the labels into the folder. Doing it again changes nothing."""
    target = folder / LABELS
    if target.exists():
        return Planted(0, 0)
    place = find_unit(Line.TERRITORY, city.CITY_CODE)
    if place is None:
        raise LookupError(city.CITY_CODE)
    policy = current_policy(POLICY)
    maker = _Maker(seed, until, policy)
    homes = _people_by_home(place.path, HONEST + 400)
    labels = _irregular(maker, homes)
    _honest(maker, homes)
    for start in range(0, len(maker.made), BATCH):
        load_attempts(maker.made[start : start + BATCH], policy=policy)
    told = {kind: sorted(str(one) for one in ids) for kind, ids in labels.items()}
    target.write_text(json.dumps(told, indent=1), encoding="utf-8")
    return Planted(len(maker.made), sum(map(len, labels.values())))


def _people_by_home(path: str, most: int) -> list[list[uuid.UUID]]:
    """People by neighbourhood, the fullest neighbourhoods first."""
    rows = Person.objects.filter(home_unit__path__startswith=path).order_by("home_unit_id", "id")
    homes: dict[int | None, list[uuid.UUID]] = {}
    for home, person in rows.values_list("home_unit_id", "pk")[: most * 4].iterator():
        homes.setdefault(home, []).append(person)
    return sorted(homes.values(), key=len, reverse=True)


def _take(homes: list[list[uuid.UUID]], number: int) -> list[uuid.UUID]:
    """People of one neighbourhood, or of two where one is too small."""
    taken: list[uuid.UUID] = []
    for home in homes:
        while home and len(taken) < number:
            taken.append(home.pop())
        if len(taken) == number:
            break
    homes.sort(key=len, reverse=True)
    return taken


def _irregular(maker: _Maker, homes: list[list[uuid.UUID]]) -> dict[str, set[uuid.UUID]]:
    rng = maker.rng
    labels: dict[str, set[uuid.UUID]] = {}
    for _number in range(NIGHTS):
        group, first = _take(homes, AT_NIGHT), maker.day() + timedelta(hours=1 + 2 * rng.random())
        for place, person in enumerate(group):
            maker.test(person, first + timedelta(minutes=7 * place), skill=0.97, pace=12, device=maker.phone())
        labels.setdefault("NIGHT_BATCH", set()).update(group)
    for _number in range(KEYS):
        group, day = _take(homes, WITH_ONE_KEY), maker.day() + timedelta(hours=8)
        key: dict[str, str] = {}
        for person in group:
            moment = day + timedelta(hours=9 * rng.random())
            maker.test(person, moment, skill=1, pace=14, device=maker.phone(), key=key)
        labels.setdefault("SHARED_ANSWERS", set()).update(group)
    for _number in range(DEVICES):
        group, device, first = _take(homes, ON_ONE_DEVICE), maker.phone(), maker.by_day()
        for place, person in enumerate(group):
            maker.test(person, first + timedelta(minutes=15 * place), skill=0.95, pace=13, device=device)
        labels.setdefault("SAME_DEVICE", set()).update(group)
    group = _take(homes, FAST)
    for person in group:
        maker.test(person, maker.by_day(), skill=0.99, pace=1.8, device=maker.phone())
    labels["TOO_FAST"] = set(group)
    for results in BY_ODD_ASSESSORS:
        odd = uuid.UUID(int=rng.getrandbits(128), version=4)
        for person in _take(homes, results):
            maker.test(person, maker.by_day(), skill=0.995, pace=16, assessor_id=odd)
        labels.setdefault("ODD_ASSESSOR", set()).add(odd)
    return labels


def _honest(maker: _Maker, homes: list[list[uuid.UUID]]) -> None:
    """Households on one phone, people who work at night, quick young people, honest assessors, and everybody else."""
    rng, people = maker.rng, iter([person for home in homes for person in home])

    def skill() -> float:
        return min(0.98, max(0.45, rng.gauss(0.82, 0.1)))

    for number in range(30):
        device, evening = maker.phone(), maker.by_day()
        for place, person in enumerate(_some(people, 2 + number % 4)):
            maker.test(person, evening + timedelta(minutes=25 * place), skill=skill(), pace=18, device=device)
    for _number in range(3):
        night = maker.day() + timedelta(hours=2)
        for place, person in enumerate(_some(people, 5)):
            maker.test(person, night + timedelta(minutes=20 * place), skill=skill(), pace=17, device=maker.phone())
    for person in _some(people, 40):
        maker.test(person, maker.by_day(), skill=0.9, pace=6.5, device=maker.phone())
    for number in range(6):
        assessor = uuid.UUID(int=rng.getrandbits(128), version=4)
        prepared = 0.92 if number == 0 else 0.84  # one class came well prepared
        for person in _some(people, 35):
            maker.test(person, maker.by_day(), skill=rng.gauss(prepared, 0.05), pace=17, assessor_id=assessor)
    for person in people:
        if len(maker.made) >= HONEST + 150:
            break
        maker.test(person, maker.by_day(), skill=skill(), pace=rng.uniform(9, 30), device=maker.phone())


def _some(people: Iterator[uuid.UUID], number: int) -> list[uuid.UUID]:
    return [person for person, _place in zip(people, range(number), strict=False)]
