"""Whose result it is: by personal number, phone or e-mail, and never by name alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hocvuso.credentials.choices import QueueReason
from hocvuso.credentials.outside.files import GivenResult
from hocvuso.kernel.vietnamese import folded
from hocvuso.people.public import IdentityKey, Person, find_people_by

Kind = IdentityKey.Kind


@dataclass(frozen=True)
class Match:
    """Whose a result is, or why a person has to look: then `person` is the one its keys point to, if there is one."""

    person: Person | None
    why: QueueReason | None


def keys_of(given: GivenResult) -> list[tuple[str, str]]:
    """The identity keys a result carries, strongest first."""
    pairs = [(Kind.NUMBER, given.number), (Kind.PHONE, given.phone), (Kind.EMAIL, given.email)]
    return [(kind.value, value) for kind, value in pairs if value]


def match_all(results: Sequence[GivenResult]) -> list[Match]:
    """Whose each result is. A constant number of queries."""
    owners = find_people_by({key for given in results for key in keys_of(given)})
    return [_match(given, owners) for given in results]


def _match(given: GivenResult, owners: dict[tuple[str, str], Person]) -> Match:
    keys = keys_of(given)
    if not keys:
        return Match(None, QueueReason.NO_KEY)
    people = {owners[key].pk: owners[key] for key in keys if key in owners}
    if not people:
        return Match(None, QueueReason.NOBODY)
    if len(people) > 1:
        return Match(None, QueueReason.TWO_PEOPLE)
    person = next(iter(people.values()))
    # A phone is shared in a family and a number is mistyped: the name must agree besides.
    if folded(person.full_name) != folded(given.name):
        return Match(person, QueueReason.OTHER_NAME)
    if given.birth_year and person.birth_year and given.birth_year != person.birth_year:
        return Match(person, QueueReason.OTHER_YEAR)
    return Match(person, None)
