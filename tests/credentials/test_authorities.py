"""Who confirms whose result: by group, as the data says."""

from __future__ import annotations

from datetime import date

import pytest

from hocvuso.assessment.public import Policy
from hocvuso.credentials import authorities, services
from hocvuso.credentials.models import Confirmation
from hocvuso.people.public import OutOfReach, Role, grant_mandate, register_person, set_home
from hocvuso.units.models import Unit


@pytest.fixture
def school(ward) -> Unit:
    return Unit.add_root(line="EDUCATION", kind="SCHOOL", code="TH-1", name="Trường Tiểu học Mẫu")


def policy(group: str, version: int = 1, confirmed_by: str = "") -> None:
    Policy.objects.create(
        code="pho-cap-nguoi-dan",
        version=version,
        confirmed_by=confirmed_by,
        title="Mẫu",
        group=group,
        questions=1,
        minutes=1,
        pass_ratio=1,
        blueprint=[],
    )


def pupil(ward, school):
    return register_person(
        actor=None, full_name="Lê Bé Mẫu", at=ward.now, birth_year=2016, home_unit=ward.quarter, memberships=[school]
    )


@pytest.mark.clause("R-10b", "R-27")
def test_school_confirms_its_pupils_and_the_ward_does_not(ward, school) -> None:
    policy("PUPIL")
    teacher = ward.person("Cô Giáo Mẫu", unit=ward.other)
    grant_mandate(actor=None, person=teacher, unit=school, role=Role.OFFICER, at=ward.now)
    row = ward.confirmation(pupil(ward, school))
    assert row.unit == school
    with pytest.raises(OutOfReach):
        services.propose_confirmation(actor=ward.officer, confirmation=row, at=ward.now)
    assert services.propose_confirmation(actor=teacher, confirmation=row, at=ward.now).unit_id == school.pk


@pytest.mark.parametrize(
    ("group", "with_school", "expected"), [("PUPIL", False, "quarter"), ("ADULT", True, "quarter")]
)
def test_ward_confirms_who_belongs_nowhere_else_and_every_adult(ward, school, group, with_school, expected) -> None:
    policy(group)
    person = pupil(ward, school) if with_school else ward.person("Trần Bé Mẫu")
    assert ward.confirmation(person).unit == getattr(ward, expected)


def test_moving_house_moves_only_what_the_ward_confirms(ward, school, django_capture_on_commit_callbacks) -> None:
    policy("PUPIL")
    at_school, at_home = pupil(ward, school), ward.person("Trần Bé Mẫu")
    for person in (at_school, at_home):
        ward.confirmation(person)
        with django_capture_on_commit_callbacks(execute=True):
            set_home(actor=person, person=person, unit=ward.other, at=ward.now)
    assert Confirmation.objects.get(person_id=at_school.pk).unit == school
    assert Confirmation.objects.get(person_id=at_home.pk).unit == ward.other


def test_data_names_every_group_and_ends_in_the_territory() -> None:
    for group in ("PUBLIC", "PUPIL", "STUDENT", "WORKER", "ADULT"):
        assert authorities.lines_for(group, date(2026, 11, 10))[-1] == "TERRITORY"
    assert authorities.lines_for("WORKER", date(2020, 1, 1)) == ("TERRITORY",)


@pytest.mark.clause("R-27")
def test_policy_of_the_attempt_decides_who_confirms_and_a_later_version_does_not(ward, school) -> None:
    policy("ADULT", confirmed_by="EDUCATION")
    policy("PUPIL", version=2, confirmed_by="TERRITORY")
    at_school = ward.confirmation(pupil(ward, school))
    assert at_school.unit == school
    authorities_now = authorities.authority_of(at_school.person, "pho-cap-nguoi-dan", "2", ward.now.date())
    assert authorities_now == ward.quarter
    assert ward.confirmation(ward.person("Trần Văn Mẫu")).unit == ward.quarter
    services.follow_authority(at_school.person_id, ward.now)
    at_school.refresh_from_db()
    assert at_school.unit == school


def test_many_take_a_constant_number_of_queries(ward, school, django_assert_num_queries) -> None:
    policy("PUPIL")
    wanted = [(pupil(ward, school).pk, ward.quarter, "pho-cap-nguoi-dan", "1") for _ in range(3)]
    for count in (1, 3):
        with django_assert_num_queries(2):
            assert authorities.authorities_of(wanted[:count], ward.now.date()) == [school] * count
