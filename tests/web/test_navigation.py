"""What stands in the officers' bar, and where people go after signing in."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import resolve

from hocvuso.people.choices import Role
from hocvuso.people.models import Account, Mandate
from hocvuso.people.public import CAPABILITIES, Capability
from hocvuso.web import navigation
from tests.factories.spine import make_city, make_person

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def officer(*roles: str) -> Account:
    city = make_city()
    person = make_person(city.binh_thanh, "Trần Thị Mai")
    for role in roles:
        Mandate.objects.create(person=person, unit=city.binh_thanh, role=role, valid_from=date(2025, 7, 1))
    return Account.objects.create(username="mai", person=person)


@pytest.fixture
def every_place(monkeypatch):
    """All places exist: each answers at its own address."""
    monkeypatch.setattr(navigation, "address_of", lambda names, **_: f"/dieu-hanh/{names[0]}/")


@pytest.mark.parametrize("role", Role.values)
def test_each_role_sees_the_places_its_capabilities_open(role, every_place):
    seen = {entry.address for entry in navigation.entries_for(CAPABILITIES[role])}
    expected = {
        f"/dieu-hanh/{place.names[0]}/" for place in navigation.PLACES if place.capabilities & CAPABILITIES[role]
    }
    assert seen == expected
    assert seen


def test_an_author_does_not_see_people_or_figures(every_place):
    labels = [str(entry.label) for entry in navigation.entries_for(CAPABILITIES[Role.AUTHOR])]
    assert labels == ["Bài học", "Câu hỏi"]


def test_the_longest_matching_place_is_the_current_one(monkeypatch):
    monkeypatch.setattr(
        navigation,
        "PLACES",
        (
            navigation.Place("a", ["short"], {Capability.AUDIT}),
            navigation.Place("b", ["long"], {Capability.AUDIT}),
        ),
    )
    monkeypatch.setattr(navigation, "address_of", lambda names, **_: {"short": "/x/", "long": "/x/y/"}[names[0]])
    entries = navigation.entries_for(frozenset({Capability.AUDIT}), "/x/y/z/")
    assert [entry.current for entry in entries] == [False, True]


def test_every_place_that_exists_can_be_opened():
    for place in navigation.PLACES:
        address = navigation.address_of(place.names)
        if address:
            assert resolve(address)


def test_a_visitor_is_sent_to_the_door(client):
    answer = client.get("/vao/")
    assert answer.status_code == 302
    assert "next=/vao/" in answer["Location"] or answer["Location"] == "/"


def test_a_learner_goes_home(client):
    city = make_city()
    account = Account.objects.create(username="sau", person=make_person(city.binh_thanh))
    client.force_login(account, backend=BACKEND)
    assert client.get("/vao/")["Location"] == "/"


def test_an_author_goes_to_the_lessons(client):
    client.force_login(officer(Role.AUTHOR), backend=BACKEND)
    assert client.get("/vao/")["Location"] == "/soan/"


def test_me_says_who_and_where_the_desk_is(client):
    client.force_login(officer(Role.AUTHOR), backend=BACKEND)
    answer = client.get("/api/v1/me").json()
    assert (answer["signed_in"], answer["name"], answer["desk_url"]) == (True, "Trần Thị Mai", "/soan/")


def test_an_ended_mandate_opens_nothing(client):
    account = officer(Role.AUTHOR)
    Mandate.objects.update(valid_to=date(2026, 1, 1))
    client.force_login(account, backend=BACKEND)
    assert client.get("/vao/")["Location"] == "/"
