"""Write the demo city: units, people and months of evidence, batch by batch.

Units come in through the same import that officers use; evidence goes into the ledger by its fast path, whose result
`evidence rebuild --check` accepts. One transaction a batch, so a run that was cut off goes on where it stopped; memory does not
grow with the city.
"""

from __future__ import annotations

import csv
import io
import uuid
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import accumulate, islice
from random import Random
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hocvuso.credentials.public import load_history
from hocvuso.curriculum.public import lesson_requirements, published_paths
from hocvuso.evidence.public import NewEvidence, record_histories
from hocvuso.indicators.public import give_denominators, load_definitions
from hocvuso.kernel.bulk import insert_rows
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.models import AuditEntry, record_audit
from hocvuso.kernel.vietnamese import folded
from hocvuso.people.public import (
    Consent,
    Group,
    Mandate,
    Membership,
    NameKey,
    Person,
    PersonGroup,
    PersonSnapshot,
    Purpose,
    Role,
    name_keys,
)
from hocvuso.programme.demo import city, story
from hocvuso.programme.demo.accounts import WARD, make_accounts
from hocvuso.programme.demo.certificates import Officers, demo_officers, past_result, results_by_policy
from hocvuso.programme.demo.city import Resident, Ward
from hocvuso.programme.demo.names import full_name
from hocvuso.units.choices import Kind, Line
from hocvuso.units.public import Unit, ancestor_ids, apply_import, children, find_unit, load_territory, try_import

SOURCE = "demo"
SINCE = date(2026, 1, 1)
COUNTED_ON = date(2026, 6, 30)
# Above this many people one lesson stands for all: a city of a million still fits on a laptop.
LEAN_ABOVE = 50_000
BATCH = 2_000
ADULT_AGE, SENIOR_AGE = 18, 60
STARTED, FINISHED = "programme.demo.started", "programme.demo.finished"
Progress = Callable[[int, int], None]
_REGISTERED = int(datetime(2026, 1, 2, 1, tzinfo=UTC).timestamp())


class NothingToLearn(HocVuSoError):
    code = "programme.nothing_to_learn"
    message = _("There are no published lessons yet. Run “hocvuso curriculum load” first. Nothing was changed.")


@dataclass
class Seeded:
    """What was made. `existed`: the city was there already. `residents`: people by the unit they are in directly and group."""

    people: int = 0
    entries: int = 0
    existed: bool = False
    residents: Counter[tuple[int, str]] = field(default_factory=Counter)


def seed_city(*, people: int, seed: int, until: datetime, progress: Progress) -> Seeded:
    """Make the city, or go on making one that was cut off (with the size, seed and last day it was begun with).

    until: aware; nothing happens later. progress is told how many people of how many are done. A city that is there already is
    left as it is. Raises NothingToLearn without published lessons.
    """
    if AuditEntry.objects.filter(action=FINISHED).exists():
        return Seeded(existed=True)
    paths = paths_by_group()
    if Group.ADULT not in paths:
        raise NothingToLearn
    people, seed, until = _begin(people, seed, until)
    load_definitions()
    wards = _wards(seed)
    bodies = city.bodies(wards)
    _make_units(wards, bodies)
    accounts = make_accounts() if settings.DEMO else 0
    unit_ids = _unit_ids()
    officers = _make_officers(seed, wards, unit_ids)
    codes = frozenset(body.code for body in bodies)
    maker = _Maker(seed, codes, unit_ids, paths, people > LEAN_ABOVE, until, officers)
    seeded = Seeded()
    drawn = maker.everybody(wards, city.share_out(people, city.weights(wards, people)))
    while batch := list(islice(drawn, BATCH)):
        seeded.entries += maker.write(batch)
        seeded.people += len(batch)
        for one in batch:
            for unit_id in one.snapshot.unit_ids:
                for group in one.snapshot.groups:
                    seeded.residents[unit_id, group] += 1
        progress(seeded.people, people)
    with transaction.atomic():
        _state_denominators(seeded.residents, wards, bodies)
        _note(FINISHED, until, {"people": people, "seed": seed, "entries": seeded.entries, "accounts": accounts})
    return seeded


def _begin(people: int, seed: int, until: datetime) -> tuple[int, int, datetime]:
    """Note what is being made, or find out what was being made when it was cut off."""
    begun = AuditEntry.objects.filter(action=STARTED).order_by("-at").first()
    if begun is not None:
        return begun.new["people"], begun.new["seed"], datetime.fromisoformat(begun.new["until"])
    _note(STARTED, until, {"people": people, "seed": seed, "until": until.isoformat()})
    return people, seed, until


def _note(action: str, at: datetime, values: dict[str, Any]) -> None:
    record_audit(at=at, action=action, object_type="demo", object_id="city", actor_name="system:seed", new=values)


def _wards(seed: int) -> list[Ward]:
    """The city's wards from the units, as they stand today."""
    place = find_unit(Line.TERRITORY, city.CITY_CODE)
    if place is None:
        load_territory(at=datetime(2026, 1, 1, 1, tzinfo=UTC))
        place = find_unit(Line.TERRITORY, city.CITY_CODE)
    if place is None:
        raise LookupError(city.CITY_CODE)
    return [city.make_ward(seed, unit.code, unit.name, unit.kind) for unit in children(place)]


def _make_units(wards: Sequence[Ward], bodies: Sequence[city.Body]) -> None:
    """Neighbourhoods and bodies, through the import that officers use; what is there already stays."""
    rows: dict[str, list[list[str]]] = {Line.TERRITORY.value: []}
    for ward in wards:
        for number, code in enumerate(ward.neighbourhood_codes(), start=1):
            name = f"{ward.neighbourhood_word} {number}"
            rows[Line.TERRITORY.value].append([code, name, Kind.NEIGHBOURHOOD.value, ward.code, city.OPENED, ""])
    for body in bodies:
        row = [body.code, body.name, str(body.kind), body.parent, city.OPENED, ";".join(body.covers)]
        rows.setdefault(str(body.line), []).append(row)
    at = datetime(2026, 1, 2, 1, tzinfo=UTC)
    for line, cells in rows.items():
        target = io.StringIO()
        writer = csv.writer(target)
        writer.writerow(["code", "name", "kind", "parent_code", "valid_from", "covers"])
        writer.writerows(cells)
        record = try_import(
            actor=None, line=line, file_name="thanh-pho-mau.csv", content=target.getvalue().encode(), roots=None, at=at
        )
        apply_import(actor=None, unit_import=record, roots=None, at=at)


def _unit_ids() -> dict[tuple[str, str], int]:
    """Ids of the open units by (line, code)."""
    rows = Unit.objects.filter(valid_to__isnull=True).order_by().values_list("line", "code", "pk")
    return {(line, code): pk for line, code, pk in rows}


def paths_by_group() -> dict[str, story.Path]:
    """For each group its published path that leads to an assessment, with the first practice and the service of each lesson."""
    found: dict[str, story.Path] = {}
    for card in published_paths():
        if not card.policy:
            continue
        lessons = []
        for slug in card.lessons:
            needed = lesson_requirements(slug)
            lessons.append(story.Lesson(slug, needed.practices[0] if needed.practices else "", needed.service))
        if lessons:
            found[card.group] = story.Path(card.slug, tuple(lessons), card.policy)
    return found


@dataclass(frozen=True)
class Drawn:
    """Somebody drawn from the seed, before anything is stored; all ids are drawn too."""

    resident: Resident
    snapshot: PersonSnapshot
    created: datetime
    entries: list[NewEvidence]
    memberships: list[tuple[Any, ...]]
    consents: list[tuple[Any, ...]]


class _Maker:
    """Draws the people of the city one by one, and stores them in batches."""

    def __init__(
        self,
        seed: int,
        body_codes: frozenset[str],
        unit_ids: dict[tuple[str, str], int],
        paths: dict[str, story.Path],
        lean: bool,
        until: datetime,
        officers: dict[str, Officers],
    ) -> None:
        self.officers = officers
        self.seed, self.body_codes, self.unit_ids, self.paths, self.lean = seed, body_codes, unit_ids, paths, lean
        self.until = int(until.timestamp())
        self.at = until
        self.results = results_by_policy()
        self.demo_officers = demo_officers()

    def everybody(self, wards: Sequence[Ward], shares: Sequence[int]) -> Iterator[Drawn]:
        """All people, ward by ward."""
        for ward, share in zip(wards, shares, strict=True):
            rng = city.stream(self.seed, "people", ward.code)
            homes = ward.neighbourhood_codes()
            sums = list(accumulate(0.6 + rng.random() for _home in homes))
            for number in range(share):
                home = homes[min(bisect(sums, rng.random() * sums[-1]), len(homes) - 1)]
                # A stream of one's own: a later last day adds to a story and changes nobody else's.
                yield self._draw(city.stream(self.seed, "person", ward.code, str(number)), ward, home)

    def _draw(self, rng: Random, ward: Ward, home: str) -> Drawn:
        resident = city.resident(rng, ward, home, self.body_codes)
        age = story.YEAR - resident.birth_year
        home_id = self.unit_ids[Line.TERRITORY.value, home]
        groups = {*resident.groups, Group.ADULT.value} if age >= ADULT_AGE else set(resident.groups)
        traits = [*(["AGE60"] if age >= SENIOR_AGE else []), *(["FEMALE"] if resident.sex == "F" else [])]
        snapshot = PersonSnapshot(
            person_id=_uuid7(rng, _REGISTERED),
            salt=f"{rng.getrandbits(128):032x}",
            home_unit_id=home_id,
            unit_ids=(home_id, *sorted(self.unit_ids[body] for body in resident.bodies)),
            groups=tuple(sorted(groups)),
            traits=tuple(traits),
        )
        person_id = snapshot.person_id
        memberships = [(_uuid7(rng, _REGISTERED), person_id, unit_id, SINCE, None) for unit_id in snapshot.unit_ids[1:]]
        consent_ids = [_uuid7(rng, _REGISTERED) for _purpose in _PURPOSES]
        happenings = story.happenings(
            rng,
            groups=resident.groups,
            age=age,
            reach=ward.reach,
            speed=ward.speed,
            path=self.paths.get(resident.groups[0] if resident.groups else "ADULT") or self.paths["ADULT"],
            lean=self.lean,
            until=self.until,
        )
        created = _moment(happenings[0].at - 60 if happenings else _REGISTERED)
        consents = [
            (consent_id, person_id, purpose, True, "demo", "demo", None, created)
            for consent_id, purpose in zip(consent_ids, _PURPOSES if happenings else (), strict=False)
        ]
        entries = [self._entry(happening, snapshot, rng) for happening in happenings]
        return Drawn(resident, snapshot, created, entries, memberships, consents)

    def _entry(self, happening: story.Happening, snapshot: PersonSnapshot, rng: Random) -> NewEvidence:
        return NewEvidence(
            person_id=snapshot.person_id,
            kind=happening.kind,
            subject=happening.subject,
            assurance=happening.assurance,
            source=SOURCE,
            occurred_at=_moment(happening.at),
            id=_uuid7(rng, happening.at),
            details=happening.details,
            snapshot=snapshot,
            recorded_at=_moment(happening.recorded),
        )

    def write(self, batch: Sequence[Drawn]) -> int:
        """Store a batch in one transaction; answers how many entries. A batch that is stored already is passed over."""
        entries = [entry for one in batch for entry in one.entries]
        if Person.objects.filter(pk=batch[0].snapshot.person_id).exists():
            return len(entries)
        with transaction.atomic():
            rows = [_person_row(one) for one in batch]
            insert_rows(Person, _PERSON, rows)
            insert_rows(NameKey, ("person", "key"), _name_rows(rows))
            insert_rows(
                PersonGroup,
                ("person", "group", "valid_from", "valid_to"),
                ((one.snapshot.person_id, group, SINCE, None) for one in batch for group in one.snapshot.groups),
            )
            insert_rows(
                Membership,
                ("id", "person", "unit", "valid_from", "valid_to"),
                (row for one in batch for row in one.memberships),
            )
            insert_rows(
                Consent,
                ("id", "person", "purpose", "given", "text_version", "how", "recorded_by", "at"),
                (row for one in batch for row in one.consents),
            )
            record_histories(entries, at=self.at)
            self._certify(batch)
        return len(entries)

    def _certify(self, batch: Sequence[Drawn]) -> None:
        """The certificates that the entries speak of."""
        rng = city.stream(self.seed, "certificates", str(batch[0].snapshot.person_id))
        found = (
            past_result(
                rng,
                full_name=one.resident.full_name,
                home_unit_id=one.snapshot.home_unit_id,
                entries=one.entries,
                results=self.results,
                officers=self._officers(one.resident.home.partition("-")[0]),
                until=self.at,
            )
            for one in batch
        )
        load_history(
            [past for past in found if past],
            at=self.at,
            make_id=lambda moment: _uuid7(rng, int(moment.timestamp())),
        )

    def _officers(self, ward_code: str) -> Officers:
        """Who proposes and who confirms in a ward: the people with demo accounts in one of them."""
        if ward_code == WARD and self.demo_officers:
            return self.demo_officers
        return self.officers[ward_code]


def _make_officers(seed: int, wards: Sequence[Ward], unit_ids: dict[tuple[str, str], int]) -> dict[str, Officers]:
    """For each ward, the officer who proposes and the one who confirms; made where they are not there yet."""
    found: dict[str, Officers] = {}
    people: list[tuple[Any, ...]] = []
    mandates: list[tuple[Any, ...]] = []
    for ward in wards:
        rng = city.stream(seed, "officers", ward.code)
        unit_id = unit_ids[Line.TERRITORY.value, ward.code]
        pair = []
        for role, title in (
            (Role.OFFICER, "Chuyên viên Phòng Văn hóa – Xã hội"),
            (Role.CONFIRMER, "Trưởng phòng Văn hóa – Xã hội"),
        ):
            person_id, sex, year = _uuid7(rng, _REGISTERED), "FM"[rng.getrandbits(1)], 1972 + int(rng.random() * 24)
            name, salt = full_name(rng, sex, year), f"{rng.getrandbits(128):032x}"
            pair.append(person_id)
            people.append((person_id, name, folded(name), year, sex, None, "", salt, _moment(_REGISTERED)))
            mandates.append((_uuid7(rng, _REGISTERED), person_id, unit_id, role.value, title, SINCE, None, None))
        found[ward.code] = (pair[0], pair[1])
    if not Person.objects.filter(pk=people[0][0]).exists():
        with transaction.atomic():
            insert_rows(Person, _PERSON, people)
            insert_rows(NameKey, ("person", "key"), _name_rows(people))
            insert_rows(
                Mandate,
                ("id", "person", "unit", "role", "title", "valid_from", "valid_to", "granted_by"),
                mandates,
            )
    return found


_PURPOSES = (Purpose.LEARNING.value, Purpose.REPORTING.value, Purpose.VNEID.value)
_PERSON = (
    "id",
    "full_name",
    "search_name",
    "birth_year",
    "sex",
    "home_unit",
    "representative_name",
    "salt",
    "created_at",
)


def _person_row(one: Drawn) -> tuple[Any, ...]:
    resident, snapshot = one.resident, one.snapshot
    return (
        snapshot.person_id,
        resident.full_name,
        folded(resident.full_name),
        resident.birth_year,
        resident.sex,
        snapshot.home_unit_id,
        "",
        snapshot.salt,
        one.created,
    )


def _name_rows(people: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for person_id, _full_name, search_name, *_rest in people:
        for key in name_keys(search_name):
            yield person_id, key


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _uuid7(rng: Random, moment: int) -> uuid.UUID:
    """A UUIDv7 of a moment (seconds), its random part drawn from the city's own numbers."""
    bits = rng.getrandbits(74)
    value = (moment * 1000 << 80) | (0x7 << 76) | ((bits >> 62) << 64) | (0b10 << 62) | (bits & ((1 << 62) - 1))
    return uuid.UUID(int=value)


def _state_denominators(
    residents: Counter[tuple[int, str]], wards: Sequence[Ward], bodies: Sequence[city.Body]
) -> None:
    """State how many people of each group every unit of the city answers for: those that were made."""
    unit_ids = _unit_ids()
    units = [unit_ids[Line.TERRITORY.value, city.CITY_CODE]]
    for ward in wards:
        units += [unit_ids[Line.TERRITORY.value, code] for code in (ward.code, *ward.neighbourhood_codes())]
    units += [unit_ids[str(body.line), body.code] for body in bodies]
    chains = ancestor_ids(units)
    wholes: Counter[tuple[int, str]] = Counter()
    for (unit_id, group), people in residents.items():
        for above in chains[unit_id]:
            wholes[above, group] += people
    give_denominators(
        rows=[(unit_id, group, wholes[unit_id, group]) for unit_id in units for group in Group.values],
        on=COUNTED_ON,
        source="Dữ liệu mẫu: số người của thành phố mẫu",
        source_on=COUNTED_ON,
        at=datetime(2026, 7, 1, 2, tzinfo=UTC),
    )
