"""Two wards of one city with an officer and a confirmer each, and a learner in the first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import pytest

from hocvuso.credentials import services
from hocvuso.credentials.models import Certificate, Confirmation
from hocvuso.credentials.services import AssessedResult
from hocvuso.people.public import (
    Group,
    IdentityKey,
    Person,
    Purpose,
    Role,
    grant_mandate,
    record_consent,
    register_person,
    set_identity,
)
from hocvuso.units.models import Unit

PASSED = AssessedResult(
    policy_code="pho-cap-nguoi-dan",
    policy_title="Kiểm tra kỹ năng số cơ bản cho người dân",
    policy_version="1",
    passed=True,
    score_ratio=Decimal("0.9333"),
    pass_ratio=Decimal("0.8"),
    skills=(("ndct-1", "Tìm kiếm, khai thác thông tin"), ("ndct-4", "An toàn")),
    provisional=True,
)


@dataclass
class Ward:
    """Everything a test of confirmations needs."""

    now: datetime
    city: Unit
    unit: Unit
    quarter: Unit
    other: Unit
    officer: Person
    confirmer: Person
    other_officer: Person
    other_confirmer: Person
    learner: Person
    numbers: int = field(default=0)

    def person(self, name: str, unit: Unit | None = None, *, number: bool = False, consent: bool = False) -> Person:
        person = register_person(
            actor=None,
            full_name=name,
            at=self.now,
            birth_year=1959,
            home_unit=unit or self.quarter,
            groups=[Group.ADULT],
        )
        if number:
            self.numbers += 1
            set_identity(person=person, kind=IdentityKey.Kind.NUMBER, value=f"079059{self.numbers:06d}", at=self.now)
        if consent:
            self.agree(person, Purpose.VNEID)
        return person

    def agree(self, person: Person, purpose: str, given: bool = True) -> None:
        record_consent(
            actor=person, person=person, purpose=purpose, given=given, text_version="v1", how="web", at=self.now
        )

    def certificate(self, person: Person | None = None) -> Certificate:
        return services.issue_certificate(
            person_id=(person or self.learner).pk, attempt_id=uuid.uuid4(), result=PASSED, at=self.now
        )

    def confirmation(self, person: Person | None = None, state: str = "ELIGIBLE") -> Confirmation:
        """A confirmation brought to a state by the real services."""
        someone = person or self.learner
        self.certificate(someone)
        row = Confirmation.objects.get(person_id=someone.pk)
        if state == "ELIGIBLE":
            return row
        row = services.propose_confirmation(actor=self.officer, confirmation=row, at=self.now)
        if state == "CONFIRMED":
            row = services.confirm(actor=self.confirmer, confirmation=row, at=self.now)
        elif state == "REFUSED":
            row = services.refuse(actor=self.confirmer, confirmation=row, reason="Sai tên", at=self.now)
        return row


@pytest.fixture
def ward(db, now) -> Ward:
    nation = Unit.add_root(line="TERRITORY", kind="NATION", code="VN", name="Việt Nam")
    city = nation.add_child(line="TERRITORY", kind="CITY", code="79", name="Thành phố Hồ Chí Minh")
    unit = city.add_child(line="TERRITORY", kind="WARD", code="26824", name="Phường Bình Thạnh")
    quarter = unit.add_child(line="TERRITORY", kind="NEIGHBOURHOOD", code="26824-01", name="Khu phố 1")
    other = city.add_child(line="TERRITORY", kind="WARD", code="26800", name="Phường Linh Xuân")

    def officer(name: str, role: str, place: Unit) -> Person:
        person = register_person(actor=None, full_name=name, at=now, birth_year=1985, home_unit=other)
        grant_mandate(actor=None, person=person, unit=place, role=role, at=now, title="Công chức")
        return person

    return Ward(
        now=now,
        city=city,
        unit=unit,
        quarter=quarter,
        other=other,
        officer=officer("Lê Văn Cường", Role.OFFICER, unit),
        confirmer=officer("Phạm Thị Dung", Role.CONFIRMER, unit),
        other_officer=officer("Võ Văn Em", Role.OFFICER, other),
        other_confirmer=officer("Bùi Thị Giang", Role.CONFIRMER, other),
        learner=register_person(
            actor=None, full_name="Nguyễn Thị Sáu", at=now, birth_year=1959, home_unit=quarter, groups=[Group.ADULT]
        ),
    )
