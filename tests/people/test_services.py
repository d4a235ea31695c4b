"""Registering people, finding them, snapshots, consents, erasure."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from hocvuso.kernel.crypto import decrypt
from hocvuso.kernel.models import AuditEntry
from hocvuso.people import services
from hocvuso.people.errors import AlreadyKnown, BadBirthYear, BadHome, NameMissing, NumberDoesNotMatchBirthYear
from hocvuso.people.models import Account, Consent, IdentityKey, Person
from hocvuso.people.public import (
    create_account_with_password,
    erase_person,
    find_person_by,
    has_consent,
    on_erase,
    record_consent,
    register_person,
    snapshot,
    with_consent,
)
from hocvuso.people.services.erasure import _erasers
from hocvuso.people.signals import person_erased, person_registered

DAY = date(2026, 11, 10)


def test_a_registered_adult_counts_as_adult_and_in_the_stated_groups(city, now):
    person = register_person(
        actor=None,
        full_name="  Nguyễn  Thị Sáu ",
        birth_year=1959,
        sex="F",
        groups=["WORKER"],
        home_unit=city.quarter,
        at=now,
    )
    assert person.full_name == "Nguyễn Thị Sáu"
    assert sorted(person.groups.values_list("group", flat=True)) == ["ADULT", "WORKER"]
    assert person.groups.get(group="ADULT").valid_from == DAY


def test_a_child_is_not_an_adult_and_becomes_one_the_year_they_turn_18(city, now):
    pupil = register_person(actor=None, full_name="Bé Na", birth_year=2010, groups=["PUPIL"], at=now)
    assert snapshot([pupil.pk], DAY)[pupil.pk].groups == ("PUPIL",)
    assert snapshot([pupil.pk], date(2028, 1, 1))[pupil.pk].groups == ("ADULT", "PUPIL")


def test_snapshot_tells_units_groups_and_traits(city, now):
    person = register_person(
        actor=None,
        full_name="Nguyễn Thị Sáu",
        birth_year=1959,
        sex="F",
        home_unit=city.quarter,
        memberships=[city.grassroots],
        at=now,
    )
    shot = snapshot([person.pk, uuid4()], DAY)
    assert list(shot) == [person.pk]
    assert shot[person.pk].unit_ids == (city.quarter.pk, city.grassroots.pk)
    assert shot[person.pk].groups == ("ADULT",)
    assert shot[person.pk].traits == ("AGE60", "FEMALE")
    person.memberships.update(valid_to=DAY)
    assert snapshot([person.pk], DAY)[person.pk].unit_ids == (city.quarter.pk,)


def test_snapshot_costs_three_queries_for_one_or_many(city, now, django_assert_num_queries):
    ids = [
        register_person(actor=None, full_name=f"Người {n}", home_unit=city.quarter, memberships=[city.union], at=now).pk
        for n in range(3)
    ]
    with django_assert_num_queries(3):
        snapshot(ids[:1], DAY)
    with django_assert_num_queries(3):
        assert len(snapshot(ids + [uuid4() for _ in range(5000)], DAY)) == 3


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"full_name": "  "}, NameMissing),
        ({"full_name": "An", "birth_year": 1899}, BadBirthYear),
        ({"full_name": "An", "birth_year": 2027}, BadBirthYear),
        ({"full_name": "An", "birth_year": 1988, "personal_number": "079159001234"}, NumberDoesNotMatchBirthYear),
    ],
)
def test_register_refuses(db, now, values, error):
    with pytest.raises(error):
        register_person(actor=None, at=now, **values)
    assert Person.objects.count() == 0


def test_home_is_a_commune_or_below_it_that_stands_today(city, now):
    closed = city.linh_xuan
    closed.valid_to = DAY
    for unit in (city.union, city.nation, city.city, closed):
        with pytest.raises(BadHome):
            register_person(actor=None, full_name="An", home_unit=unit, at=now)
    person = register_person(actor=None, full_name="An", home_unit=city.quarter, at=now)
    with pytest.raises(BadHome):
        services.set_home(actor=person, person=person, unit=closed, at=now)
    assert Person.objects.get(pk=person.pk).home_unit_id == city.quarter.pk


def test_a_person_is_found_by_any_spelling_and_no_value_is_stored_readable(city, now):
    person = register_person(
        actor=None,
        full_name="An",
        birth_year=1988,
        phone="0908 123 412",
        email="An.Nguyen@Thuduc.gov.vn",
        personal_number="079 188 001 234",
        at=now,
    )
    for kind, spelling in (
        ("PHONE", "+84 908123412"),
        ("PHONE", "0908.123.412"),
        ("EMAIL", "an.nguyen@thuduc.gov.vn "),
        ("NUMBER", "079188001234"),
    ):
        assert find_person_by(kind, spelling) == person
    assert find_person_by("PHONE", "không phải số") is None
    assert find_person_by("PHONE", "0908123413") is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest, sealed, masked FROM people_identitykey")
        stored = repr(cursor.fetchall())
    for secret in ("908123412", "079188001234", "an.nguyen"):
        assert secret not in stored
    assert sorted(person.identity_keys.values_list("masked", flat=True)) == [
        "079*****1234",
        "09x xxx x412",
        "a…@thuduc.gov.vn",
    ]
    key = person.identity_keys.get(kind=IdentityKey.Kind.PHONE)
    assert decrypt(key.sealed, bound_to=key.digest) == "+84908123412"


def test_two_people_do_not_share_a_number(city, now):
    register_person(actor=None, full_name="An", phone="0908123412", at=now)
    with pytest.raises(AlreadyKnown):
        register_person(actor=None, full_name="Bình", phone="+84908123412", at=now)
    assert Person.objects.count() == 1


def test_registering_is_announced_after_commit(city, now, django_capture_on_commit_callbacks):
    heard = []
    person_registered.connect(lambda event, **_: heard.append(event), weak=False, dispatch_uid="test")
    try:
        with django_capture_on_commit_callbacks(execute=True):
            person = register_person(actor=None, full_name="An", home_unit=city.quarter, at=now)
            assert heard == []
    finally:
        person_registered.disconnect(dispatch_uid="test")
    assert [(event.person_id, event.home_unit_id) for event in heard] == [(person.pk, city.quarter.pk)]


@pytest.mark.clause("R-05")
def test_a_consent_is_provable_and_can_be_taken_back(city, now):
    person = register_person(actor=None, full_name="An", at=now)
    assert not has_consent(person, "REPORTING")
    record_consent(
        actor=person, person=person, purpose="REPORTING", given=True, text_version="2026-11", how="web", at=now
    )
    assert has_consent(person, "REPORTING")
    assert not has_consent(person, "VNEID")
    later = now + timedelta(hours=1)
    record_consent(
        actor=person, person=person, purpose="REPORTING", given=False, text_version="2026-11", how="web", at=later
    )
    assert not has_consent(person, "REPORTING")
    history = Consent.objects.filter(person=person).order_by("at").values_list("given", "text_version", "how", "at")
    assert list(history) == [(True, "2026-11", "web", now), (False, "2026-11", "web", later)]


def test_consents_of_many_people_are_one_query(city, now, django_assert_num_queries):
    people = [register_person(actor=None, full_name=f"Người {n}", at=now) for n in range(3)]
    for person in people[:2]:
        record_consent(actor=None, person=person, purpose="REPORTING", given=True, text_version="1", how="demo", at=now)
    with django_assert_num_queries(1):
        assert with_consent([person.pk for person in people], "REPORTING") == {person.pk for person in people[:2]}


def test_erasing_removes_every_personal_row_and_calls_the_rooms_inside_the_transaction(
    city, now, django_capture_on_commit_callbacks
):
    person = register_person(actor=None, full_name="An", phone="0908123412", home_unit=city.quarter, at=now)
    create_account_with_password(person, "an@thuduc.gov.vn", "mat-khau-dai-12", now)
    record_consent(actor=person, person=person, purpose="LEARNING", given=True, text_version="1", how="web", at=now)
    seen, heard = [], []

    def eraser(person_id, at):
        seen.append((person_id, at, connection.in_atomic_block, Person.objects.filter(pk=person_id).exists()))

    on_erase(eraser)
    on_erase(eraser)
    person_erased.connect(lambda event, **_: heard.append(event.person_id), weak=False, dispatch_uid="test")
    person_id = person.pk
    try:
        with django_capture_on_commit_callbacks(execute=True):
            erase_person(actor=None, person=person, at=now)
    finally:
        _erasers.remove(eraser)
        person_erased.disconnect(dispatch_uid="test")
    assert seen == [(person_id, now, True, True)]
    assert heard == [person_id]
    assert (Person.objects.count(), Account.objects.count(), Consent.objects.count(), IdentityKey.objects.count()) == (
        0,
        0,
        0,
        0,
    )
    assert AuditEntry.objects.get(action="people.person.erased").object_id == str(person_id)


def test_a_room_that_fails_keeps_the_whole_person(city, now):
    person = register_person(actor=None, full_name="An", at=now)

    def eraser(person_id, at):
        raise RuntimeError("the ledger is busy")

    on_erase(eraser)
    try:
        with pytest.raises(RuntimeError):
            erase_person(actor=None, person=Person.objects.get(pk=person.pk), at=now)
    finally:
        _erasers.remove(eraser)
    assert Person.objects.filter(pk=person.pk).exists()


def test_an_account_with_password_belongs_to_one_person(city, now):
    person = register_person(actor=None, full_name="An", at=now)
    account = create_account_with_password(person, "An@Thuduc.gov.vn", "mat-khau-dai-12", now, demo=True)
    assert account.check_password("mat-khau-dai-12")
    assert (account.email, account.demo, account.person) == ("an@thuduc.gov.vn", True, person)
    other = register_person(actor=None, full_name="Bình", at=now)
    with pytest.raises(AlreadyKnown):
        create_account_with_password(other, "an@thuduc.gov.vn", "mat-khau-dai-12", now)


def test_erasing_leaves_nothing_of_what_people_wrote_in_their_requests(db, now):
    from hocvuso.people.models import RightsRequest

    person = register_person(actor=None, full_name="An", at=now)
    for kind in ("RECTIFY", "ERASE"):
        services.ask_right(person=person, kind=kind, note="Tôi là An, 0908 123 412", at=now)
    officer = register_person(actor=None, full_name="Bình", at=now)
    rectify, erase = RightsRequest.objects.order_by("at", "id")
    services.answer_right(actor=officer, request=rectify, state="DONE", answer="Đã sửa tên An", at=now)
    services.answer_right(actor=officer, request=erase, state="DONE", answer="Đã xóa An", at=now)
    assert list(RightsRequest.objects.values_list("note", "answer", "state")) == [("", "", "DONE")] * 2
