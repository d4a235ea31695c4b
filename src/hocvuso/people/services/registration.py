"""Who people are: be registered, be found by a phone or number, live somewhere, belong to groups."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from hocvuso.kernel.clock import local_date
from hocvuso.kernel.crypto import encrypt
from hocvuso.kernel.models import record_audit
from hocvuso.kernel.vietnamese import composed, folded
from hocvuso.people import rules
from hocvuso.people.choices import Group
from hocvuso.people.errors import (
    AlreadyKnown,
    BadHome,
    NameMissing,
)
from hocvuso.people.models import (
    IdentityKey,
    Membership,
    Person,
    PersonGroup,
)
from hocvuso.people.queries import key_digest, normal_key
from hocvuso.people.signals import (
    HomeChanged,
    PersonRegistered,
    home_changed,
    person_registered,
)
from hocvuso.units.public import COMMUNE_KINDS, Kind, Line

if TYPE_CHECKING:
    from hocvuso.units.models import Unit

SYSTEM = "system:people"
_HOME_KINDS = (*COMMUNE_KINDS, Kind.NEIGHBOURHOOD)


@transaction.atomic
def register_person(
    *,
    actor: Person | None,
    full_name: str,
    at: datetime,
    birth_year: int | None = None,
    sex: str = "",
    home_unit: Unit | None = None,
    groups: Iterable[str] = (),
    memberships: Iterable[Unit] = (),
    phone: str = "",
    email: str = "",
    personal_number: str = "",
    representative_name: str = "",
) -> Person:
    """Register somebody who learns, helps or is counted; ADULT is added to the groups from the year they turn 18.

    actor: who registers (a helper, an officer), none when people register themselves or the system does. Whether the actor may
    is the caller's question: a helper's right comes from a team, an officer's from a mandate.
    home_unit: a unit of the territory line. memberships: units of other lines.
    Raises NameMissing, BadBirthYear, BadHome, BadPhone, BadEmail, BadPersonalNumber, AlreadyKnown. Sends person_registered
    after commit.
    """
    name = composed(full_name)[:120]
    if not name:
        raise NameMissing
    day = local_date(at)
    members = list(memberships)
    _check_home(home_unit, day)
    person = Person(
        full_name=name,
        birth_year=rules.checked_birth_year(birth_year, on=day),
        sex=sex,
        home_unit=home_unit,
        representative_name=composed(representative_name)[:120],
        created_at=at,
    )
    person.save(force_insert=True)
    PersonGroup.objects.bulk_create(
        PersonGroup(person=person, group=group, valid_from=day) for group in rules.groups_of(groups, birth_year, on=day)
    )
    Membership.objects.bulk_create(
        Membership(person=person, unit_id=unit_id, valid_from=day)
        for unit_id in dict.fromkeys(unit.pk for unit in members)
    )
    for kind, value in (
        (IdentityKey.Kind.PHONE, phone),
        (IdentityKey.Kind.EMAIL, email),
        (IdentityKey.Kind.NUMBER, personal_number),
    ):
        if value:
            set_identity(person=person, kind=kind, value=value, at=at)
    if actor is not None:
        record_audit(
            at=at,
            action="people.person.registered",
            object_type="person",
            object_id=person.pk,
            actor_id=actor.pk,
            unit_id=home_unit.pk if home_unit else None,
        )
    event = PersonRegistered(person_id=person.pk, home_unit_id=person.home_unit_id, at=at)
    transaction.on_commit(lambda: person_registered.send(sender=Person, event=event))
    return person


@transaction.atomic
def set_identity(*, person: Person, kind: str, value: str, at: datetime) -> IdentityKey:
    """Make a person findable by a phone, e-mail or personal number, in place of an earlier one of that kind.

    Raises the error of its kind (BadPhone, BadEmail, BadPersonalNumber), AlreadyKnown when it is somebody else's.
    """
    day = local_date(at)
    normal = normal_key(kind, value, on=day)
    if kind == IdentityKey.Kind.NUMBER:
        rules.checked_personal_number(normal, birth_year=person.birth_year, on=day)
    digest = key_digest(kind, normal)
    known = IdentityKey.objects.filter(digest=digest).first()
    if known is not None:
        if known.person_id != person.pk:
            raise AlreadyKnown
        return known
    IdentityKey.objects.filter(person=person, kind=kind).delete()
    masks = {
        IdentityKey.Kind.PHONE: rules.masked_phone,
        IdentityKey.Kind.EMAIL: rules.masked_email,
        IdentityKey.Kind.NUMBER: rules.masked_number,
    }
    try:
        with transaction.atomic():
            return IdentityKey.objects.create(
                digest=digest,
                kind=kind,
                person=person,
                sealed=encrypt(normal, bound_to=digest),
                masked=masks[IdentityKey.Kind(kind)](normal)[:40],
                created_at=at,
            )
    except IntegrityError as error:
        raise AlreadyKnown from error


@transaction.atomic
def claim_identity(*, person: Person, kind: str, value: str, at: datetime) -> None:
    """As set_identity, for a proven phone or e-mail: takes it from whoever was registered with it before. Writes that down."""
    digest = key_digest(kind, normal_key(kind, value, on=local_date(at)))
    for key in IdentityKey.objects.filter(digest=digest).exclude(person=person):
        record_audit(
            at=at,
            action="people.identity.moved",
            object_type="person",
            object_id=key.person_id,
            actor_id=person.pk,
            old={"kind": key.kind, "masked": key.masked, "person": str(key.person_id)},
            new={"person": str(person.pk)},
        )
        key.delete()
    set_identity(person=person, kind=kind, value=value, at=at)


def is_same_name(person: Person, full_name: str) -> bool:
    """Whether a name typed now is the registered one, without regard to tone marks and capitals."""
    return person.search_name == folded(full_name)


def _add_group_of_age(person: Person, day: date) -> None:
    if (
        Group.ADULT in rules.groups_of([], person.birth_year, on=day)
        and not PersonGroup.objects.on(day).filter(person=person, group=Group.ADULT).exists()
    ):
        PersonGroup.objects.create(person=person, group=Group.ADULT, valid_from=day)


@transaction.atomic
def change_profile(
    *,
    actor: Person,
    person: Person,
    at: datetime,
    full_name: str,
    birth_year: int | None,
    sex: str,
    groups: Iterable[str],
) -> Person:
    """Correct a person's own data and groups; groups left out end today, new ones begin. Writes an audit entry.

    Raises NameMissing, BadBirthYear.
    """
    day = local_date(at)
    name = composed(full_name)[:120]
    if not name:
        raise NameMissing
    old = {"name_changed": name != person.full_name, "birth_year": person.birth_year, "sex": person.sex}
    person.full_name = name
    person.birth_year = rules.checked_birth_year(birth_year, on=day)
    person.sex = sex
    person.save(update_fields=["full_name", "search_name", "birth_year", "sex"])
    set_groups(person=person, groups=groups, at=at)
    record_audit(
        at=at,
        action="people.person.changed",
        object_type="person",
        object_id=person.pk,
        actor_id=actor.pk,
        unit_id=person.home_unit_id,
        old=old,
        new={"birth_year": person.birth_year, "sex": sex, "groups": sorted(str(group) for group in groups)},
    )
    return person


@transaction.atomic
def set_groups(*, person: Person, groups: Iterable[str], at: datetime) -> None:
    """Let a person belong to exactly these groups from today (and to ADULT by age)."""
    day = local_date(at)
    wanted = set(rules.groups_of(groups, person.birth_year, on=day))
    held = set(PersonGroup.objects.filter(person=person, valid_to=None).values_list("group", flat=True))
    PersonGroup.objects.filter(person=person, valid_to=None, group__in=held - wanted).update(valid_to=day)
    PersonGroup.objects.bulk_create(
        PersonGroup(person=person, group=group, valid_from=day) for group in sorted(wanted - held)
    )


@transaction.atomic
def set_home(*, actor: Person, person: Person, unit: Unit | None, at: datetime) -> None:
    """Let a person live in a unit of the territory from now on; what they did before stays counted where it was.

    Raises BadHome. Writes an audit entry. Sends home_changed after commit.
    """
    _check_home(unit, local_date(at))
    old = person.home_unit_id
    person.home_unit = unit
    person.save(update_fields=["home_unit"])
    record_audit(
        at=at,
        action="people.person.moved",
        object_type="person",
        object_id=person.pk,
        actor_id=actor.pk,
        unit_id=unit.pk if unit else old,
        old={"home_unit": old},
        new={"home_unit": unit.pk if unit else None},
    )
    event = HomeChanged(person_id=person.pk, home_unit_id=unit.pk if unit else None, at=at)
    transaction.on_commit(lambda: home_changed.send(sender=Person, event=event))


def home_at(unit: Unit, day: date) -> Unit | None:
    """The unit, if people can live in it: a commune or below it, standing on that day; none otherwise."""
    closed = unit.valid_to is not None and unit.valid_to <= day
    return None if unit.line != Line.TERRITORY or unit.kind not in _HOME_KINDS or closed else unit


def _check_home(unit: Unit | None, day: date) -> None:
    """Raise BadHome unless people can live there; nobody has to say where."""
    if unit is not None and home_at(unit, day) is None:
        raise BadHome
