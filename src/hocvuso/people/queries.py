"""Reads that join, count or feed one screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from hocvuso.kernel import clock
from hocvuso.kernel.crypto import decrypt, keyed_hash
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.ids import parse_id
from hocvuso.kernel.models import AuditEntry
from hocvuso.kernel.vietnamese import folded
from hocvuso.people import rules
from hocvuso.people.choices import Purpose, RequestState
from hocvuso.people.models import (
    Account,
    Consent,
    IdentityKey,
    Mandate,
    Membership,
    NameKey,
    Person,
    PersonGroup,
    RightsRequest,
)
from hocvuso.people.policies import Reach
from hocvuso.units.public import COMMUNE_KINDS, Kind, Line, Unit, children

# SQLite takes at most 32,766 values in one statement.
BATCH = 10_000


@dataclass(frozen=True)
class PersonSnapshot:
    """How a person stands on a day: what evidence keeps of them.

    unit_ids: the home unit first (if any), then memberships in order of their ids. groups, traits: sorted codes.
    """

    person_id: UUID
    salt: str
    home_unit_id: int | None
    unit_ids: tuple[int, ...]
    groups: tuple[str, ...]
    traits: tuple[str, ...]


def _batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    rest = iter(dict.fromkeys(ids))
    while batch := list(islice(rest, BATCH)):
        yield batch


def groups_on(person: Person, on: date) -> set[str]:
    """The groups a person belongs to on a day. One query."""
    return set(PersonGroup.objects.on(on).filter(person=person).values_list("group", flat=True))


def snapshot(person_ids: Iterable[UUID], on: date) -> dict[UUID, PersonSnapshot]:
    """How people stand on a day, by id; unknown ids are left out. Three queries for every 10,000 ids."""
    found: dict[UUID, PersonSnapshot] = {}
    for batch in _batches(person_ids):
        groups: dict[UUID, list[str]] = {}
        for person_id, group in PersonGroup.objects.on(on).filter(person__in=batch).values_list("person_id", "group"):
            groups.setdefault(person_id, []).append(group)
        units: dict[UUID, list[int]] = {}
        for person_id, unit_id in (
            Membership.objects.on(on)
            .filter(person__in=batch)
            .order_by("person_id", "unit_id")
            .values_list("person_id", "unit_id")
        ):
            units.setdefault(person_id, []).append(unit_id)
        people = Person.objects.filter(pk__in=batch).values_list("id", "salt", "home_unit_id", "sex", "birth_year")
        for person_id, salt, home_unit_id, sex, birth_year in people:
            home = [] if home_unit_id is None else [home_unit_id]
            found[person_id] = PersonSnapshot(
                person_id=person_id,
                salt=salt,
                home_unit_id=home_unit_id,
                unit_ids=tuple(dict.fromkeys(home + units.get(person_id, []))),
                groups=tuple(rules.groups_of(groups.get(person_id, []), birth_year, on=on)),
                traits=tuple(rules.traits_of(sex, birth_year, on=on)),
            )
    return found


def owner_mark(person: Person) -> str:
    """Tells one account of a device from another there, and nothing else: 24 hex digits that no other mark or id leads to."""
    return keyed_hash("people.device-owner", str(person.pk))[:24]


def key_digest(kind: str, value: str) -> str:
    """The keyed hash under which a normalised phone, e-mail or personal number is found."""
    return keyed_hash(f"people.{kind}", value)


def normal_key(kind: str, value: str, *, on: date) -> str:
    """The one spelling of a phone, e-mail or personal number. Raises the error of its kind."""
    match kind:
        case IdentityKey.Kind.PHONE:
            return rules.normal_phone(value)
        case IdentityKey.Kind.EMAIL:
            return rules.normal_email(value)
        case IdentityKey.Kind.NUMBER:
            return rules.checked_personal_number(value, on=on)
    raise ValueError(kind)


def find_person_by(kind: str, value: str) -> Person | None:
    """The person with this phone, e-mail or personal number (IdentityKey.Kind), written in any usual way. One query."""
    try:
        normal = normal_key(kind, value, on=clock.today())
    except HocVuSoError:
        return None
    key = IdentityKey.objects.filter(digest=key_digest(kind, normal)).select_related("person").first()
    return key.person if key else None


def find_people_by(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Person]:
    """Whom each of many keys (kind, value as written) belongs to; keys of nobody, and unreadable ones, are left out.

    One query for every 10,000 keys.
    """
    digests: dict[str, list[tuple[str, str]]] = {}
    for kind, value in keys:
        try:
            digests.setdefault(key_digest(kind, normal_key(kind, value, on=clock.today())), []).append((kind, value))
        except HocVuSoError:
            continue
    found: dict[tuple[str, str], Person] = {}
    wanted = iter(digests)
    while part := list(islice(wanted, BATCH)):
        for row in IdentityKey.objects.filter(digest__in=part).select_related("person"):
            for key in digests[row.digest]:
                found[key] = row.person
    return found


def consents_of(person: Person) -> dict[str, Consent]:
    """The newest answer to each purpose. One query."""
    return {row.purpose: row for row in Consent.objects.filter(person=person).order_by("at", "id")}


def has_consent(person: Person, purpose: str) -> bool:
    """Whether the newest answer to a purpose is yes. Silence is no."""
    newest = Consent.objects.filter(person=person, purpose=purpose).order_by("-at", "-id").first()
    return newest is not None and newest.given


def with_consent(person_ids: Iterable[UUID], purpose: Purpose) -> set[UUID]:
    """Those of the people whose newest answer to a purpose is yes. One query for every 10,000 ids."""
    agreed: set[UUID] = set()
    for batch in _batches(person_ids):
        rows = Consent.objects.filter(person__in=batch, purpose=purpose).order_by("at", "id")
        newest = dict(rows.values_list("person_id", "given"))
        agreed.update(person_id for person_id, given in newest.items() if given)
    return agreed


@dataclass(frozen=True)
class HomeChoice:
    """A ward or neighbourhood somebody may live in."""

    unit_id: int
    name: str
    above: str


HOME_CHOICES = 20
NEIGHBOURHOOD_CHOICES = 200


def home_choices(text: str, *, within: int | None = None) -> list[HomeChoice]:
    """Open wards whose name or code matches text (none for no text), or the neighbourhoods of one ward. Two queries at most."""
    today = clock.today()
    if within is not None:
        ward = Unit.objects.filter(pk=within).first()
        if ward is None:
            return []
        below = children(ward, today).filter(kind=Kind.NEIGHBOURHOOD)[:NEIGHBOURHOOD_CHOICES]
        return [HomeChoice(unit.pk, unit.name, ward.name) for unit in below]
    if len(text.strip()) < 2:
        return []
    wards = list(
        Unit.objects.on(today)
        .in_line(Line.TERRITORY)
        .filter(kind__in=COMMUNE_KINDS)
        .search(text)
        .order_by("search_name", "path")[:HOME_CHOICES]
    )
    above = dict(
        Unit.objects.filter(path__in={ward.path[: -Unit.steplen] for ward in wards}).values_list("path", "name")
    )
    return [HomeChoice(ward.pk, ward.name, above.get(ward.path[: -Unit.steplen], "")) for ward in wards]


def home_name(person: Person) -> str:
    """`Khu phố 3, Phường Bình Thạnh`: numbers of neighbourhoods repeat, so the ward is said too. Empty where not told."""
    unit = person.home_unit
    if unit is None:
        return ""
    if unit.kind != Kind.NEIGHBOURHOOD:
        return unit.name
    above = Unit.objects.filter(path=unit.path[: -Unit.steplen]).values_list("name", flat=True).first()
    return f"{unit.name}, {above}" if above else unit.name


def data_of(person: Person) -> dict[str, Any]:
    """Everything this room keeps about a person, for themself: readable names, no internal keys."""
    account = Account.objects.filter(person=person).first()
    return {
        "person": {
            "id": str(person.pk),
            "full_name": person.full_name,
            "birth_year": person.birth_year,
            "sex": person.sex,
            "home": person.home_unit.name if person.home_unit else None,
            "representative": person.representative_name,
            "registered_at": person.created_at.isoformat(),
        },
        "contacts": [
            {"kind": key.kind, "value": decrypt(key.sealed, bound_to=key.digest), "since": key.created_at.isoformat()}
            for key in person.identity_keys.order_by("kind")
        ],
        "account": {
            "e_mail": account.email,
            "opened_at": account.date_joined.isoformat(),
            "last_sign_in": account.last_login.isoformat() if account.last_login else None,
        }
        if account
        else None,
        "groups": list(person.groups.order_by("valid_from", "group").values("group", "valid_from", "valid_to")),
        "memberships": list(
            person.memberships.order_by("valid_from", "id").values("unit__name", "valid_from", "valid_to")
        ),
        "mandates": list(
            person.mandates.order_by("valid_from", "id").values("role", "unit__name", "title", "valid_from", "valid_to")
        ),
        "consents": list(person.consents.order_by("at", "id").values("purpose", "given", "text_version", "how", "at")),
        "requests": list(
            person.rights_requests.order_by("at", "id").values("kind", "state", "note", "answer", "at", "answered_at")
        ),
    }


# --- officers' lists ----------------------------------------------------------------------------------------------

PAGE = 50
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows of one page and the key after which the next begins (empty on the last)."""

    rows: list[T]
    next: str


# So many people may be named by their ids in one statement; more are met soon enough on any walk through a list.
NAMED_BY_ID = 1000


def _begins(field: str, text: str) -> Q:
    """A condition that an index answers on both databases: PostgreSQL has one for LIKE, SQLite's knows ranges only."""
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": text, f"{field}__lt": text[:-1] + chr(ord(text[-1]) + 1)})
    return Q(**{f"{field}__startswith": text})


def named(text: str, person: str = "") -> Q:
    """A condition on people, or on rows that reach them through person (`person__`): the name holds text from the beginning of
    one of its words, without regard to tone marks. Everybody when text is empty. One query, quick among millions of names.
    """
    wanted = folded(text)
    if not wanted:
        return Q()
    ids = list(NameKey.objects.filter(_begins("key", wanted)).values_list("person_id", flat=True)[: NAMED_BY_ID + 1])
    if len(ids) <= NAMED_BY_ID:
        return Q(**{f"{person}pk__in": ids})
    name = f"{person}search_name"
    return Q(**{f"{name}__startswith": wanted}) | Q(**{f"{name}__contains": f" {wanted}"})


def people_named(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Those of the people whose name holds text, in order of name."""
    return people.filter(named(text)).order_by("search_name", "pk")


def _split(key: str, parts: int) -> list[str]:
    pieces = key.split("~")
    return pieces if len(pieces) == parts else []


def _day(text: str) -> date | None:
    """A day as keys write it; none for `2026-13-45`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def mandates_page(reach: Reach, *, text: str, role: str, after: str) -> Page[Mandate]:
    """Mandates open today within reach, in tree order. Two queries."""
    rows = Mandate.objects.on(clock.today()).filter(reach.paths("unit__path")).select_related("person", "unit")
    rows = rows.filter(named(text, "person__"))
    if role:
        rows = rows.filter(role=role)
    if key := _split(after, 2):
        mandate_id = parse_id(key[1])
        if mandate_id is not None:
            rows = rows.filter(Q(unit__path__gt=key[0]) | Q(unit__path=key[0], pk__gt=mandate_id))
    found = list(rows.order_by("unit__path", "pk")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], f"{last.unit.path}~{last.pk}" if last else "")


def people_page(people: QuerySet[Person], *, text: str, after: str) -> Page[Person]:
    """People in order of their folded names, with where they live. Two queries."""
    rows = people.select_related("home_unit").filter(named(text))
    if key := _split(after, 2):
        person_id = parse_id(key[1])
        if person_id is not None:
            rows = rows.filter(Q(search_name__gt=key[0]) | Q(search_name=key[0], pk__gt=person_id))
    found = list(rows.order_by("search_name", "pk")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], f"{last.search_name}~{last.pk}" if last else "")


def units_to_choose(reach: Reach, text: str) -> QuerySet[Unit]:
    """Open units within reach: those that match text, or the roots and what is right below them."""
    units = Unit.objects.on(clock.today()).filter(reach.units())
    if len(text.strip()) >= 2:
        return units.search(text).order_by("path")
    near = Q(pk__in=[root.pk for root in reach.roots])
    for root in reach.roots:
        near |= Q(path__startswith=root.path, depth=root.depth + 1)
    return units.filter(near).order_by("path")


def _reaches_top(reach: Reach) -> bool:
    return any(root.is_root() for root in reach.roots)


def _rights_within(reach: Reach) -> QuerySet[RightsRequest]:
    """Requests of people at home within reach; of people without a home, for those who reach the whole tree."""
    condition = reach.paths("person__home_unit__path")
    if _reaches_top(reach):
        condition |= Q(person__home_unit=None)
    return RightsRequest.objects.filter(condition).select_related("person", "person__home_unit")


def rights_page(reach: Reach, *, closed: bool, after: str) -> Page[RightsRequest]:
    """Open requests, the one due first on top; or those answered, the newest on top. One query."""
    ended = [RequestState.DONE, RequestState.REFUSED]
    rows = _rights_within(reach)
    rows = rows.filter(state__in=ended) if closed else rows.exclude(state__in=ended)
    order = ["-answer_by", "-pk"] if closed else ["answer_by", "pk"]
    if key := _split(after, 2):
        day, request_id = _day(key[0]), parse_id(key[1])
        if day is not None and request_id is not None:
            side = "lt" if closed else "gt"
            rows = rows.filter(Q(**{f"answer_by__{side}": day}) | Q(answer_by=day, **{f"pk__{side}": request_id}))
    found = list(rows.order_by(*order)[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], f"{last.answer_by.isoformat()}~{last.pk}" if last else "")


def find_right(reach: Reach, request_id: UUID) -> RightsRequest | None:
    """A request within reach."""
    return _rights_within(reach).filter(pk=request_id).first()


@dataclass(frozen=True)
class AuditLine:
    """One entry with the names it needs."""

    entry: AuditEntry
    actor: str
    unit: str


def audit_page(reach: Reach, *, area: str, first: date | None, last: date | None, after: str) -> Page[AuditLine]:
    """Entries about units within reach, the newest first; those about no unit for who reaches a whole tree. Three queries."""
    condition = Q(unit_id__in=Unit.objects.filter(reach.units()).order_by().values("pk"))
    if _reaches_top(reach):
        condition |= Q(unit_id=None)
    rows = AuditEntry.objects.filter(condition)
    if area:
        rows = rows.filter(action__startswith=area)
    if first:
        rows = rows.filter(at__gte=clock.day_start(first))
    if last:
        rows = rows.filter(at__lt=clock.day_end(last))
    if key := _split(after, 2):
        moment, entry_id = clock.parse_moment(key[0]), parse_id(key[1])
        if moment is not None and entry_id is not None:
            rows = rows.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=entry_id))
    found = list(rows.order_by("-at", "-pk")[: PAGE + 1])
    shown = found[:PAGE]
    names = dict(
        Person.objects.filter(pk__in={row.actor_id for row in shown if row.actor_id}).values_list("pk", "full_name")
    )
    units = dict(Unit.objects.filter(pk__in={row.unit_id for row in shown if row.unit_id}).values_list("pk", "name"))
    lines = [
        AuditLine(
            row,
            names.get(row.actor_id, "") if row.actor_id else gettext("The system"),
            units.get(row.unit_id, "") if row.unit_id else "",
        )
        for row in shown
    ]
    final = shown[-1] if len(found) > PAGE else None
    return Page(lines, f"{final.at.isoformat()}~{final.pk}" if final else "")
