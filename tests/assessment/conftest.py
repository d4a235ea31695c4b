"""A learner who may take tests, and their signed-in client."""

from __future__ import annotations

import pytest
from django.test import Client

from hocvuso.assessment.models import Attempt
from hocvuso.assessment.services import answer, finish, load_policies, open_attempt
from hocvuso.curriculum.public import practice_definition
from hocvuso.kernel import clock
from hocvuso.people.public import Person, Purpose, Role, create_account_with_password, grant_mandate, record_consent
from tests.conftest import NOW
from tests.factories.spine import make_city, make_person
from tests.factories.traces import passing_trace

CODE = "pho-cap-nguoi-dan"


def right(question: dict) -> list[str]:
    """The option names that are the answer."""
    if question["kind"] == "order":
        return [option["name"] for option in sorted(question["options"], key=lambda option: option["rank"])]
    if question["kind"] == "match":
        return [f"{option['name']}:{option['partner']}" for option in question["options"]]
    if question["kind"] == "practice":
        return passing_trace(practice_definition(question["digest"]))
    return [option["name"] for option in question["options"] if option["right"]]


def wrong(question: dict) -> list[str]:
    """Option names that can be an answer and are not the right one."""
    chosen = right(question)
    if question["kind"] == "order":
        return chosen[::-1]
    if question["kind"] == "match":
        (first, one), (second, other) = (pair.split(":") for pair in chosen[:2])
        return [f"{first}:{other}", f"{second}:{one}", *chosen[2:]]
    return [option["name"] for option in question["options"] if option["name"] not in chosen][:1]


def fields(question: dict, names: list[str]) -> dict[str, object]:
    """An answer as the form sends it."""
    if question["kind"] == "order":
        return {f"rank-{name}": str(number) for number, name in enumerate(names, 1)}
    return {"answer": names}


def take(person: Person, *, correct: int, at=NOW) -> Attempt:
    """Answer `correct` questions rightly, the others wrongly, and hand in."""
    attempt = open_attempt(person=person, policy_code=CODE, at=at)
    for position, question in enumerate(attempt.paper, 1):
        chosen = right(question) if position <= correct else wrong(question)
        answer(person=person, attempt_id=attempt.id, position=position, chosen=chosen, at=at)
    return finish(person=person, attempt_id=attempt.id, at=at)


def agree(person: Person, *, given: bool = True) -> None:
    record_consent(
        actor=person, person=person, purpose=Purpose.LEARNING, given=given, text_version="1", how="web", at=NOW
    )


def client_of(person: Person) -> Client:
    account = create_account_with_password(
        person=person, email=f"{person.pk}@demo.invalid", password="chiếc-đèn-dầu-1945", at=NOW
    )
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def clock_at(monkeypatch):
    """`clock_at(moment)`: pages read this time from now on."""

    def put(moment) -> None:
        monkeypatch.setattr(clock.timezone, "now", lambda: moment)

    put(NOW)
    return put


@pytest.fixture
def city(starter):
    load_policies()
    return make_city()


@pytest.fixture
def learner(city) -> Person:
    person = make_person(city.khu_pho_1)
    agree(person)
    return person


@pytest.fixture
def browser(learner, clock_at) -> Client:
    return client_of(learner)


@pytest.fixture
def assessor(city):
    person = make_person(city.khu_pho_2, "Lê Minh Coi")
    agree(person)
    grant_mandate(actor=None, person=person, unit=city.binh_thanh, role=Role.ASSESSOR, at=NOW)
    return person
