"""Who may do what over which unit and which person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hocvuso.kernel.errors import NotAllowed, NotFound
from hocvuso.kernel.models import AuditEntry
from hocvuso.people.choices import Role
from hocvuso.people.errors import CannotGrant, CannotGrantToSelf, MandateExists, OutOfReach
from hocvuso.people.models import Mandate
from hocvuso.people.policies import roles_grantable
from hocvuso.people.public import (
    CAPABILITIES,
    Capability,
    can,
    check_may,
    end_mandate,
    get_unit_within,
    get_visible_person,
    grant_mandate,
    register_person,
    units_with,
    visible_people,
)

DAY = date(2026, 11, 10)


@pytest.fixture
def somebody(city, now):
    def make(name, home=None, *members):
        return register_person(actor=None, full_name=name, home_unit=home, memberships=members, birth_year=1980, at=now)

    return make


@pytest.fixture
def holder(somebody, now):
    def make(name, unit, role):
        person = somebody(name)
        grant_mandate(actor=None, person=person, unit=unit, role=role, at=now)
        return person

    return make


def test_a_mandate_reaches_the_subtree_and_neither_siblings_nor_above(city, holder):
    officer = holder("Lê Minh", city.thu_duc, Role.OFFICER)
    reached = [
        unit.code
        for unit in (city.nation, city.city, city.thu_duc, city.quarter, city.linh_xuan, city.union)
        if can(officer, Capability.SEE_FIGURES, unit, DAY)
    ]
    assert reached == ["26824", "26824-01"]


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("capability", list(Capability))
def test_every_role_can_exactly_what_the_table_says(city, holder, role, capability):
    person = holder("Trần An", city.thu_duc, role)
    assert can(person, capability, city.quarter, DAY) == (capability in CAPABILITIES[role])


def test_who_proposes_does_not_confirm_and_who_writes_does_not_approve():
    for role, capabilities in CAPABILITIES.items():
        assert not {Capability.PROPOSE, Capability.CONFIRM} <= capabilities, role
        assert not {Capability.WRITE_REPORT, Capability.APPROVE_REPORT} <= capabilities, role
        assert not {Capability.MANAGE_PEOPLE, Capability.AUDIT} <= capabilities, role


def test_check_tells_a_stranger_apart_from_a_row_out_of_reach(city, holder, somebody):
    officer = holder("Lê Minh", city.thu_duc, Role.OFFICER)
    with pytest.raises(OutOfReach) as sibling:
        check_may(officer, Capability.SEE_PEOPLE, city.linh_xuan, DAY)
    assert sibling.value.status == 404
    with pytest.raises(NotAllowed) as stranger:
        check_may(somebody("Bà Sáu"), Capability.SEE_PEOPLE, city.linh_xuan, DAY)
    assert stranger.value.status == 403
    with pytest.raises(NotAllowed):
        check_may(None, Capability.SEE_PEOPLE, city.linh_xuan, DAY)
    with pytest.raises(OutOfReach):
        get_unit_within(officer, Capability.SEE_FIGURES, city.linh_xuan.pk, DAY)
    assert get_unit_within(officer, Capability.SEE_FIGURES, city.quarter.pk, DAY) == city.quarter


def test_a_mandate_holds_from_its_first_day_until_the_day_it_ends(city, somebody, now):
    person = somebody("Lê Minh")
    Mandate.objects.create(
        person=person,
        unit=city.thu_duc,
        role=Role.OFFICER,
        valid_from=DAY,
        valid_to=DAY + timedelta(days=30),
    )
    answers = [
        can(person, Capability.SEE_FIGURES, city.thu_duc, DAY + timedelta(days=days)) for days in (-1, 0, 29, 30)
    ]
    assert answers == [False, True, True, False]


def test_ending_a_mandate_takes_effect_the_same_day(city, holder, now):
    officer = holder("Lê Minh", city.thu_duc, Role.OFFICER)
    end_mandate(actor=None, mandate=officer.mandates.get(), at=now)
    assert not can(officer, Capability.SEE_FIGURES, city.thu_duc, DAY)
    grant_mandate(actor=None, person=officer, unit=city.thu_duc, role=Role.OFFICER, at=now)
    assert can(officer, Capability.SEE_FIGURES, city.thu_duc, DAY)


def test_visible_people_are_those_at_home_or_members_within_reach(city, holder, somebody):
    here = somebody("Nguyễn Thị Sáu", city.quarter)
    worker = somebody("Phạm Thợ", city.linh_xuan, city.grassroots)
    somebody("Không Nơi")
    ward = holder("Lê Minh", city.thu_duc, Role.OFFICER)
    union = holder("Công Đoàn", city.union, Role.OFFICER)
    whole = holder("Thành Phố", city.city, Role.OFFICER)
    leader = holder("Chủ Tịch", city.city, Role.LEADER)
    assert set(visible_people(ward, Capability.SEE_PEOPLE, DAY)) == {here}
    assert set(visible_people(union, Capability.SEE_PEOPLE, DAY)) == {worker}
    assert set(visible_people(whole, Capability.SEE_PEOPLE, DAY)) == {here, worker}
    assert set(visible_people(leader, Capability.SEE_PEOPLE, DAY)) == set()
    assert get_visible_person(ward, Capability.SEE_PEOPLE, here.pk, DAY) == here
    with pytest.raises(NotFound):
        get_visible_person(ward, Capability.SEE_PEOPLE, worker.pk, DAY)


def test_a_union_officer_reaches_the_union_and_not_the_wards_its_members_live_in(city, holder):
    officer = holder("Công Đoàn", city.union, Role.OFFICER)
    assert can(officer, Capability.SEE_FIGURES, city.grassroots, DAY)
    assert not can(officer, Capability.SEE_FIGURES, city.linh_xuan, DAY)


def test_roots_swallow_units_below_them(city, holder, now):
    person = holder("Lê Minh", city.quarter, Role.OFFICER)
    grant_mandate(actor=None, person=person, unit=city.city, role=Role.LEADER, at=now)
    grant_mandate(actor=None, person=person, unit=city.union, role=Role.OFFICER, at=now)
    assert units_with(person, Capability.SEE_FIGURES, DAY) == [city.city, city.union]
    assert units_with(person, Capability.SEE_PEOPLE, DAY) == [city.quarter, city.union]


def test_a_question_costs_one_query(city, holder, django_assert_num_queries, now):
    person = holder("Lê Minh", city.quarter, Role.OFFICER)
    for unit in (city.linh_xuan, city.grassroots):
        grant_mandate(actor=None, person=person, unit=unit, role=Role.OFFICER, at=now)
    with django_assert_num_queries(1):
        assert can(person, Capability.SEE_PEOPLE, city.linh_xuan, DAY)
    with django_assert_num_queries(2):
        list(visible_people(person, Capability.SEE_PEOPLE, DAY))


def test_a_manager_gives_roles_within_the_subtree_and_writes_it_down(city, holder, somebody, now):
    manager = holder("Quản Lý", city.city, Role.MANAGER)
    person = somebody("Lê Minh", city.quarter)
    mandate = grant_mandate(actor=manager, person=person, unit=city.thu_duc, role=Role.LEADER, title="Chủ tịch", at=now)
    entry = AuditEntry.objects.get(action="people.mandate.granted", object_id=str(mandate.pk))
    assert (entry.actor_id, entry.unit_id, entry.new["role"], entry.new["unit"]) == (
        manager.pk,
        city.thu_duc.pk,
        "LEADER",
        "26824",
    )
    end_mandate(actor=manager, mandate=mandate, at=now)
    assert AuditEntry.objects.filter(action="people.mandate.ended", actor_id=manager.pk).count() == 1


def test_a_manager_gives_nothing_outside_the_subtree_or_to_themself(city, holder, somebody, now):
    manager = holder("Quản Lý", city.thu_duc, Role.MANAGER)
    person = somebody("Lê Minh")
    with pytest.raises(OutOfReach):
        grant_mandate(actor=manager, person=person, unit=city.linh_xuan, role=Role.OFFICER, at=now)
    with pytest.raises(OutOfReach):
        grant_mandate(actor=manager, person=person, unit=city.city, role=Role.OFFICER, at=now)
    with pytest.raises(CannotGrantToSelf):
        grant_mandate(actor=manager, person=manager, unit=city.quarter, role=Role.CONFIRMER, at=now)
    assert not Mandate.objects.filter(person=person).exists()


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.MANAGER])
def test_those_who_lead_inspect_or_manage_a_unit_are_named_from_above(city, holder, somebody, now, role):
    manager = holder("Quản Lý", city.thu_duc, Role.MANAGER)
    with pytest.raises(CannotGrant):
        grant_mandate(actor=manager, person=somebody("Lê Minh"), unit=city.thu_duc, role=role, at=now)
    assert role not in roles_grantable(manager, city.thu_duc, DAY)
    assert role in roles_grantable(manager, city.quarter, DAY)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.CONFIRMER, Role.LEADER, Role.AUDITOR, Role.AUTHOR])
def test_other_roles_give_nothing(city, holder, somebody, now, role):
    actor = holder("Lê Minh", city.city, role)
    with pytest.raises(NotAllowed):
        grant_mandate(actor=actor, person=somebody("An"), unit=city.quarter, role=Role.OFFICER, at=now)


def test_the_same_role_is_not_given_twice(city, holder, now):
    person = holder("Lê Minh", city.thu_duc, Role.OFFICER)
    with pytest.raises(MandateExists):
        grant_mandate(actor=None, person=person, unit=city.thu_duc, role=Role.OFFICER, at=now)
