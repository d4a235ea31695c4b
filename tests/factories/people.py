"""People for tests: minimal and unsurprising."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hocvuso.people.models import Account, Person
from hocvuso.people.public import create_account_with_password, grant_mandate, register_person

AT = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
PASSWORD = "nhà máy cà phê xanh"


def make_person(name: str = "Nguyễn Thị Sáu", **values: Any) -> Person:
    return register_person(actor=None, full_name=name, at=AT, **values)


def make_account(person: Person, email: str = "sau@thuduc.test", *, demo: bool = True) -> Account:
    return create_account_with_password(person, email, PASSWORD, AT, demo=demo)


def make_officer(name: str, unit: Any, role: str, email: str, *, demo: bool = True) -> Account:
    """Somebody with a mandate over a unit and an account."""
    person = make_person(name)
    account = make_account(person, email, demo=demo)
    grant_mandate(actor=None, person=person, unit=unit, role=role, at=AT)
    return account
