"""A login is locked for a while after failures."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from hocvuso.kernel.crypto import keyed_hash
from hocvuso.people import rules
from hocvuso.people.errors import (
    BadPhone,
)
from hocvuso.people.models import (
    SignInLock,
)

FAILURES_BEFORE_LOCK = 5  # domain.md §7


LOCK_MINUTES = 30


def lock_key(login: str) -> str:
    """One key for one person's login, however it is spelled: `0908…` and `+84908…` are the same phone."""
    text = login.strip().lower()
    with suppress(BadPhone):
        text = rules.normal_phone(text)
    return keyed_hash("people.sign-in", text)


def locked_until(*, login: str, at: datetime) -> datetime | None:
    """Until when a login may not be tried, if it is locked now."""
    lock = SignInLock.objects.filter(digest=lock_key(login)).first()
    return lock.locked_until if lock and lock.locked_until and lock.locked_until > at else None


@transaction.atomic
def note_failure(*, login: str, at: datetime) -> datetime | None:
    """Count a wrong password; returns until when the login is locked, if this was the fifth within 30 minutes."""
    SignInLock.objects.get_or_create(digest=lock_key(login), defaults={"last_failure_at": at})
    lock = SignInLock.objects.select_for_update().get(digest=lock_key(login))
    if at - lock.last_failure_at > timedelta(minutes=LOCK_MINUTES) or (lock.locked_until and lock.locked_until <= at):
        lock.failures = 0
    lock.failures += 1
    lock.last_failure_at = at
    lock.locked_until = at + timedelta(minutes=LOCK_MINUTES) if lock.failures >= FAILURES_BEFORE_LOCK else None
    lock.save()
    return lock.locked_until


def forget_failures(*, login: str) -> None:
    SignInLock.objects.filter(digest=lock_key(login)).delete()
