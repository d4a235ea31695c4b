"""Run beside a server: make a signed-in learner in its data folder and print the session cookie and the person's id."""

from __future__ import annotations

import os
import sys
import uuid

import django


def main(count: int) -> None:
    """Write one line a learner: the cookie and the person's id."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "hocvuso.config.settings"
    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from hocvuso.kernel.clock import now
    from hocvuso.people.public import Purpose, create_account_with_password, record_consent, register_person
    from hocvuso.units.public import find_unit

    for number in range(count):
        home = find_unit("TERRITORY", "26929")
        person = register_person(
            actor=None, full_name=f"Người học {number}", home_unit=home, groups=["ADULT"], at=now()
        )
        record_consent(
            actor=person, person=person, purpose=Purpose.LEARNING, given=True, text_version="1", how="web", at=now()
        )
        account = create_account_with_password(
            person=person, email=f"l{number}@example.vn", password=uuid.uuid4().hex, at=now()
        )
        session = SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.save()
        sys.stdout.write(f"{settings.SESSION_COOKIE_NAME}={session.session_key} {person.pk}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
