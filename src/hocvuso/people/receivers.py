"""Answers to what allauth announces."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from django.http import HttpRequest

from hocvuso.kernel import clock
from hocvuso.people import services
from hocvuso.people.models import Account, IdentityKey
from hocvuso.people.policies import is_officer
from hocvuso.people.presence import OFFICER, SEEN_AT


def signed_in(sender: Any, request: HttpRequest, user: Account, **kwargs: Any) -> None:
    """Mark officers' sessions, and take phone and e-mail out of the session's notes on how they signed in.

    Somebody who signed in this moment need not prove it again to set up the second step.
    """
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {**{key: value for key, value in record.items() if key not in {"phone", "email"}}, "reauthenticated": True}
        for record in request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    ]
    if is_officer(user.person):
        request.session[OFFICER] = True
        request.session[SEEN_AT] = clock.now().timestamp()


def email_confirmed(sender: Any, request: HttpRequest, email_address: EmailAddress, **kwargs: Any) -> None:
    """A proven address finds its person from now on."""
    account = Account.objects.select_related("person").get(pk=email_address.user_id)
    if account.person is not None:
        services.claim_identity(
            person=account.person, kind=IdentityKey.Kind.EMAIL, value=email_address.email, at=clock.now()
        )
