"""Denominators, targets, officers and many people at once, for tests of figures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from hocvuso.evidence.public import EvidenceKind, project_all
from hocvuso.indicators.models import Denominator, Target
from hocvuso.people.choices import Role
from hocvuso.people.models import Account, Mandate, Person
from hocvuso.units.models import Unit
from tests.factories.spine import LONG_AGO, MORNING, make_person, record


def give_denominator(
    unit: Unit, people: int, group: str = "ADULT", *, on: date = date(2026, 6, 30), source: str = "Công an phường"
) -> Denominator:
    return Denominator.objects.create(
        unit=unit, group=group, on=on, people=people, source=source, source_on=on, approved_at=MORNING
    )


def set_target(
    unit: Unit | None,
    code: str = "R-10c",
    *,
    ratio: str | None = None,
    people: int | None = None,
    due_on: date = date(2026, 12, 31),
    kind: str = "ASSIGNED",
    at: datetime = MORNING,
) -> Target:
    return Target.objects.create(
        unit=unit,
        indicator_code=code,
        due_on=due_on,
        kind=kind,
        ratio=None if ratio is None else Decimal(ratio),
        people=people,
        at=at,
    )


def make_passed(
    home: Unit,
    count: int,
    *,
    days: int = 0,
    kind: str = EvidenceKind.ASSESSMENT_PASSED,
    name: str = "Trần Văn",
    **person,
) -> list[Person]:
    """People at home in a unit who passed, all on the day `days` after MORNING (3/11/2026), and counted."""
    ordinals = ("An", "Bình", "Chi", "Dũng", "Em", "Giang", "Hạnh", "Khôi", "Lan", "Minh")
    made = [make_person(home, f"{name} {ordinals[index % 10]}", **person) for index in range(count)]
    for one in made:
        record(one, kind, at=MORNING + timedelta(days=days))
    project_all()
    return made


def make_officer(unit: Unit, role: str = Role.OFFICER, full_name: str = "Lê Thị Cán Bộ") -> Account:
    """An officer with an account that skips the second step on demo installations."""
    person = Person.objects.create(full_name=full_name, home_unit=None, created_at=MORNING)
    Mandate.objects.create(person=person, unit=unit, role=role, valid_from=LONG_AGO)
    return Account.objects.create(username=f"officer-{person.pk}", person=person, demo=True)
