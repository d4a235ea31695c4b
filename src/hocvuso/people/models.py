"""People and what ties them to accounts, groups, units and mandates."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.ids import new_id
from hocvuso.kernel.vietnamese import composed, folded
from hocvuso.people.choices import Group, Purpose, RequestState, Right, Role, Sex
from hocvuso.people.rules import name_keys


def new_salt() -> str:
    return secrets.token_hex(16)


class Person(models.Model):
    """Somebody who learns, helps, decides or is counted. May have no phone, no account, no ID number.

    `full_name` is written as the person writes it. `salt` hides the person's id in the ledger's digests and dies with the
    person. Holds personal data (basic).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    full_name = models.CharField(_("full name"), max_length=120)
    search_name = models.CharField(max_length=120, editable=False)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, blank=True)
    representative_name = models.CharField(_("parent or guardian"), max_length=120, blank=True)
    home_unit = models.ForeignKey(
        "units.Unit",
        verbose_name=_("where you live"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="residents",
    )
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["home_unit", "search_name", "id"], name="person_home_name"),
            models.Index(fields=["search_name"], name="person_name"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_name = composed(self.full_name)
        self.search_name = folded(self.full_name)
        is_new, only = self._state.adding, kwargs.get("update_fields")
        with transaction.atomic():
            super().save(*args, **kwargs)
            if only is None or "search_name" in only:
                self._keep_name_keys(is_new)

    def _keep_name_keys(self, is_new: bool) -> None:
        wanted = set(name_keys(self.search_name))
        stored = set() if is_new else set(self.name_keys.values_list("key", flat=True))
        if stored - wanted:
            self.name_keys.filter(key__in=stored - wanted).delete()
        NameKey.objects.bulk_create([NameKey(person=self, key=key) for key in sorted(wanted - stored)])


class NameKey(models.Model):
    """A folded name from one of its words on: `nguyen thi sau`, `thi sau` and `sau` all find the same person.

    So part of a name is a range of one index, on every database and at any size. Follows `Person.search_name`; who writes people
    in bulk writes these too (`rules.name_keys`). Holds personal data.
    """

    pk = models.CompositePrimaryKey("person_id", "key")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="name_keys", db_index=False)
    key = models.CharField(max_length=120)

    class Meta:
        indexes = [
            # Ordered by byte on PostgreSQL too, for it is asked for prefixes only; SQLite knows no classes and does so anyway.
            models.Index(
                fields=["key", "person"], name="name_key_person", opclasses=["varchar_pattern_ops", "uuid_ops"]
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Account(AbstractUser):
    """A way to sign in. Belongs to one person; a person may have none. `username` is a random handle nobody types.

    The phone is found by its keyed hash, read with the field key and shown masked. An account without a person has begun to
    sign in and has not finished the first steps. Holds personal data.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.OneToOneField(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="account")
    phone_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    phone_sealed = models.CharField(max_length=200, blank=True, editable=False)
    phone_masked = models.CharField(max_length=40, blank=True, editable=False)
    phone_verified = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="vi")
    sessions_from = models.PositiveIntegerField(default=0, editable=False)  # raised to end every session
    demo = models.BooleanField(default=False, editable=False)  # on a demo installation: needs no authenticator app

    def __str__(self) -> str:
        return self.person.full_name if self.person else self.username

    def get_full_name(self) -> str:
        """How the studio and the operators' admin call the account."""
        return self.person.full_name if self.person else ""

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        # Most accounts have no password whose change would end their other sessions.
        return salted_hmac(
            "people.Account.session", f"{self.password}:{self.sessions_from}", secret=secret, algorithm="sha256"
        ).hexdigest()


class IdentityKey(models.Model):
    """Finds a person by phone, e-mail or personal number without storing it readable: the key is a keyed hash.

    `sealed` is encrypted and bound to the digest; `masked` is what screens show. Holds personal data.
    """

    class Kind(models.TextChoices):
        PHONE = "PHONE", _("Phone number")
        EMAIL = "EMAIL", _("E-mail address")
        NUMBER = "NUMBER", _("Personal number")

    digest = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identity_keys")
    sealed = models.CharField(max_length=200, blank=True)
    masked = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "kind"], name="identity_person_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.masked}"


class PeriodQuerySet(models.QuerySet[Any]):
    """Rows that hold from `valid_from` (inclusive) to `valid_to` (exclusive, empty while open)."""

    def on(self, day: date) -> PeriodQuerySet:
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))


class PersonGroup(models.Model):
    """A person belongs to a population group during a time."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="groups")
    group = models.CharField(max_length=10, choices=Group.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "group"], condition=Q(valid_to__isnull=True), name="group_once_while_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.group}"


class Membership(models.Model):
    """A person belongs to a unit of a line other than the territory: a union, a school, an enterprise, an office."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="memberships")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit"], condition=Q(valid_to__isnull=True), name="membership_once_while_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.unit_id}"


class Mandate(models.Model):
    """A person holds a role over a unit; it reaches the unit's subtree, never its siblings."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mandates")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="mandates")
    role = models.CharField(max_length=12, choices=Role.choices)
    title = models.CharField(max_length=120, blank=True)  # as printed: "Trưởng phòng Văn hóa – Xã hội"
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    granted_by = models.UUIDField(null=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "role"], condition=Q(valid_to__isnull=True), name="mandate_once_while_open"
            )
        ]
        indexes = [models.Index(fields=["unit", "role"], name="mandate_unit_role")]

    def __str__(self) -> str:
        return f"{self.role} over {self.unit_id}"


class Consent(models.Model):
    """A person said yes to one purpose, or took it back. Insert-only: the newest row for a purpose counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    given = models.BooleanField()
    text_version = models.CharField(max_length=40)  # which sentence the person read
    how = models.CharField(max_length=40)  # "web", "helper", "paper"
    recorded_by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "purpose", "at"], name="consent_person_purpose")]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.given}"


class RightsRequest(models.Model):
    """Somebody asked for a right the data law gives: to see, correct, withdraw, object, be erased.

    The clocks are in rules.CLOCKS. `person` empties when the person is erased; the row stays as proof that it was answered.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="rights_requests")
    kind = models.CharField(max_length=10, choices=Right.choices)
    note = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    at = models.DateTimeField()
    acknowledge_by = models.DateField()
    answer_by = models.DateField()
    acknowledged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "answer_by", "id"], name="rights_open_due")]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"


class SignInLock(models.Model):
    """Failed tries to sign in with a password, under the keyed hash of what was typed, known or not."""

    digest = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveSmallIntegerField(default=0)
    last_failure_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.failures}"


class TextMessage(models.Model):
    """A text message on a demo installation, shown on a page in place of a phone. Removed after a day.

    Holds personal data: never filled outside a demo.
    """

    recipient = models.CharField(max_length=200)  # a phone number or an e-mail address
    text = models.CharField(max_length=500)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text


__all__ = [
    "Account",
    "Consent",
    "IdentityKey",
    "Mandate",
    "Membership",
    "NameKey",
    "Person",
    "PersonGroup",
    "RightsRequest",
    "SignInLock",
    "TextMessage",
]
