"""How people get in: accounts opened by a proven phone or e-mail, or with a password."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from hocvuso.kernel.clock import local_date
from hocvuso.kernel.crypto import decrypt, encrypt
from hocvuso.kernel.vietnamese import composed
from hocvuso.people import rules
from hocvuso.people.choices import Purpose
from hocvuso.people.consents import TEXTS
from hocvuso.people.errors import (
    AlreadyKnown,
    LearningConsentNeeded,
    RepresentativeNeeded,
)
from hocvuso.people.models import (
    Account,
    IdentityKey,
    Person,
)
from hocvuso.people.queries import key_digest
from hocvuso.people.services.consents import record_consent
from hocvuso.people.services.registration import (
    _add_group_of_age,
    claim_identity,
    is_same_name,
    register_person,
    set_identity,
)
from hocvuso.people.studio import sync_author


def new_username() -> str:
    """A handle nobody types; says nothing about its owner."""
    return f"u{secrets.token_hex(8)}"


@transaction.atomic
def create_account_with_password(
    person: Person, email: str, password: str, at: datetime, demo: bool = False
) -> Account:
    """Give a person an account with an e-mail address (taken as verified) and a password: officers, demo people.

    demo: on a demo installation this account needs no authenticator app. Raises BadEmail, AlreadyKnown.
    """
    address = rules.normal_email(email)
    set_identity(person=person, kind=IdentityKey.Kind.EMAIL, value=address, at=at)
    if EmailAddress.objects.filter(email=address).exists() or Account.objects.filter(person=person).exists():
        raise AlreadyKnown
    account = Account(username=new_username(), email=address, person=person, demo=demo, date_joined=at)
    account.set_password(password)
    account.save(force_insert=True)
    EmailAddress.objects.create(user=account, email=address, verified=True, primary=True)
    return account


STALE_ACCOUNT_HOURS = 24


STALE_ACCOUNTS_AT_ONCE = 50


def begin_account(*, at: datetime, phone: str = "", email: str = "") -> Account:
    """The account of somebody who asks for a code with an unknown phone (E.164) or e-mail: empty until they prove it.

    Also sweeps a few accounts that never proved theirs. The same phone or e-mail asked twice gives one account.
    """
    stale = Account.objects.filter(
        person=None,
        last_login=None,
        is_staff=False,
        is_superuser=False,
        date_joined__lt=at - timedelta(hours=STALE_ACCOUNT_HOURS),
    ).values("pk")[:STALE_ACCOUNTS_AT_ONCE]
    Account.objects.filter(pk__in=[row["pk"] for row in stale]).delete()
    account = Account(username=new_username(), date_joined=at)
    account.set_unusable_password()
    try:
        with transaction.atomic():
            if phone:
                _seal_phone(account, phone)
            account.save(force_insert=True)
            if email:
                EmailAddress.objects.create(user=account, email=email, primary=True, verified=False)
    except IntegrityError:
        return Account.objects.get(phone_digest=key_digest(IdentityKey.Kind.PHONE, phone))
    return account


def account_by_email(email: str) -> Account | None:
    """The account that has proved this address, or one begun with it. An address somebody only typed in is not theirs:
    whoever can read its letters must not land in that account.
    """
    addresses = EmailAddress.objects.filter(email=email).filter(Q(verified=True) | Q(user__person=None))
    address = addresses.select_related("user").order_by("-verified", "pk").first()
    return address.user if address else None


def _seal_phone(account: Account, phone: str) -> None:
    digest = key_digest(IdentityKey.Kind.PHONE, phone)
    account.phone_digest = digest
    account.phone_sealed = encrypt(phone, bound_to=digest)
    account.phone_masked = rules.masked_phone(phone)


@transaction.atomic
def prove_phone(*, account: Account, phone: str, at: datetime) -> None:
    """Note that the account's owner has read a code sent to a phone: it is theirs now, whoever had it before."""
    digest = key_digest(IdentityKey.Kind.PHONE, phone)
    Account.objects.filter(phone_digest=digest).exclude(pk=account.pk).update(
        phone_digest=None, phone_sealed="", phone_masked="", phone_verified=False
    )
    _seal_phone(account, phone)
    account.phone_verified = True
    account.save(update_fields=["phone_digest", "phone_sealed", "phone_masked", "phone_verified"])
    if account.person is not None:
        claim_identity(person=account.person, kind=IdentityKey.Kind.PHONE, value=phone, at=at)


def proven_keys(account: Account) -> list[tuple[str, str]]:
    """The phone and e-mail an account's owner has proved: pairs of kind and value."""
    keys: list[tuple[str, str]] = []
    if account.phone_verified and account.phone_digest:
        keys.append((IdentityKey.Kind.PHONE, decrypt(account.phone_sealed, bound_to=account.phone_digest)))
    for email in EmailAddress.objects.filter(user=account, verified=True).values_list("email", flat=True):
        keys.append((IdentityKey.Kind.EMAIL, email))
    return keys


def known_owner(account: Account) -> Person | None:
    """Somebody without an account who was registered with the phone or e-mail this account has proved."""
    digests = [key_digest(kind, value) for kind, value in proven_keys(account)]
    key = (
        IdentityKey.objects.filter(digest__in=digests, person__account=None)
        .select_related("person")
        .order_by("created_at")
        .first()
    )
    return key.person if key else None


@transaction.atomic
def open_account(
    *,
    account: Account,
    full_name: str,
    birth_year: int | None,
    learning_consent: bool,
    at: datetime,
    representative_name: str = "",
) -> Person:
    """The first steps are done: give the account its person and keep the yes to LEARNING.

    Somebody registered earlier with the proven phone or e-mail is the same person when the name agrees (without tone marks);
    otherwise a new person begins and the phone moves to them. For a child the representative's name is needed and the consent is
    theirs. Raises LearningConsentNeeded, RepresentativeNeeded, NameMissing, BadBirthYear.
    """
    if not learning_consent:
        raise LearningConsentNeeded
    day = local_date(at)
    birth_year = rules.checked_birth_year(birth_year, on=day)
    child = rules.is_child(birth_year, on=day)
    if child and not composed(representative_name):
        raise RepresentativeNeeded
    known = known_owner(account)
    if known is not None and is_same_name(known, full_name):
        person = known
        if birth_year and not person.birth_year:
            person.birth_year = birth_year
        person.representative_name = composed(representative_name)[:120] or person.representative_name
        person.save(update_fields=["birth_year", "representative_name"])
        _add_group_of_age(person, day)
    else:
        person = register_person(
            actor=None,
            full_name=full_name,
            birth_year=birth_year,
            representative_name=representative_name if child else "",
            at=at,
        )
    account.person = person
    account.save(update_fields=["person"])
    for kind, value in proven_keys(account):
        claim_identity(person=person, kind=kind, value=value, at=at)
    record_consent(
        actor=person,
        person=person,
        purpose=Purpose.LEARNING,
        given=True,
        text_version=TEXTS[Purpose.LEARNING].version,
        how="representative" if child else "web",
        at=at,
    )
    sync_author(person, on=day)
    return person


def end_sessions(*, account: Account) -> None:
    """Sign an account out on every device."""
    Account.objects.filter(pk=account.pk).update(sessions_from=F("sessions_from") + 1)
