"""Units, people and evidence for tests: minimal and unsurprising."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hocvuso.evidence.public import Assurance, EvidenceKind, record_evidence
from hocvuso.people.models import Membership, Person, PersonGroup
from hocvuso.units.choices import Kind, Line
from hocvuso.units.models import Unit

MORNING = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)  # 09:00 in Viet Nam
LONG_AGO = date(2025, 7, 1)


@dataclass
class City:
    """A small city: two wards, one with two neighbourhoods, and a union beside the territory."""

    nation: Unit
    city: Unit
    binh_thanh: Unit
    an_khanh: Unit
    khu_pho_1: Unit
    khu_pho_2: Unit
    federation: Unit
    union: Unit


def make_city() -> City:
    """Units of a small city, with codes as they are written officially."""

    def unit(parent: Unit | None, line: str, kind: str, code: str, name: str) -> Unit:
        row = Unit(line=line, kind=kind, code=code, name=name, valid_from=LONG_AGO)
        if parent is None:
            return Unit.add_root(instance=row)
        return Unit.objects.get(pk=parent.pk).add_child(instance=row)

    nation = unit(None, Line.TERRITORY, Kind.NATION, "VN", "Việt Nam")
    city = unit(nation, Line.TERRITORY, Kind.CITY, "79", "Thành phố Hồ Chí Minh")
    binh_thanh = unit(city, Line.TERRITORY, Kind.WARD, "26929", "Phường Bình Thạnh")
    an_khanh = unit(city, Line.TERRITORY, Kind.WARD, "27094", "Phường An Khánh")
    khu_pho_1 = unit(binh_thanh, Line.TERRITORY, Kind.NEIGHBOURHOOD, "26929-KP01", "Khu phố 1")
    khu_pho_2 = unit(binh_thanh, Line.TERRITORY, Kind.NEIGHBOURHOOD, "26929-KP02", "Khu phố 2")
    federation = unit(None, Line.UNION, Kind.UNION_UPPER, "LDLD-79", "Liên đoàn Lao động Thành phố Hồ Chí Minh")
    union = unit(federation, Line.UNION, Kind.UNION_GRASSROOTS, "CD-26929", "Công đoàn phường Bình Thạnh")
    fresh = [
        Unit.objects.get(pk=row.pk)
        for row in (nation, city, binh_thanh, an_khanh, khu_pho_1, khu_pho_2, federation, union)
    ]
    return City(*fresh)


def make_person(
    home: Unit | None,
    full_name: str = "Nguyễn Thị Sáu",
    *,
    groups: Sequence[str] = ("ADULT",),
    unions: Sequence[Unit] = (),
    birth_year: int = 1980,
    sex: str = "F",
) -> Person:
    person = Person.objects.create(
        full_name=full_name, home_unit=home, birth_year=birth_year, sex=sex, created_at=MORNING
    )
    PersonGroup.objects.bulk_create([PersonGroup(person=person, group=group, valid_from=LONG_AGO) for group in groups])
    Membership.objects.bulk_create([Membership(person=person, unit=unit, valid_from=LONG_AGO) for unit in unions])
    return person


def record(
    person: Person,
    kind: str = EvidenceKind.ASSESSMENT_PASSED,
    *,
    at: datetime = MORNING,
    days: int = 0,
    id: uuid.UUID | None = None,
) -> uuid.UUID:
    """One entry in the ledger; answers its id."""
    moment = at + timedelta(days=days)
    row = record_evidence(
        person_id=person.id,
        kind=kind,
        subject="lesson:kich-hoat-vneid",
        assurance=Assurance.OBSERVED,
        source="app",
        occurred_at=moment,
        at=moment,
        id=id,
    )
    assert row is not None
    return row.id
