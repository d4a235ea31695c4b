"""Gateways for text messages and the one function that sends.

Waiting messages lie sealed in the task table, for they hold a phone number and a code.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import requests
from django.conf import settings
from django_tasks import task

from hocvuso.kernel import clock
from hocvuso.kernel.crypto import decrypt, encrypt
from hocvuso.people.models import TextMessage

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5
# A code lives five minutes: later tries would bring a dead one.
RETRY_AFTER_SECONDS = (5, 20, 60)
OUTBOX_HOURS = 24
SEALED_AS = "people.sms"


class GatewayFailed(Exception):
    """The provider did not take the message; it may be tried again."""


class Gateway(Protocol):
    """Takes one message for one phone."""

    def send(self, phone: str, text: str) -> None:
        """Hand over a message. phone: E.164. Raises GatewayFailed."""


class Outbox:
    """Rows in a table, shown on a page of a demo installation."""

    def send(self, phone: str, text: str) -> None:
        now = clock.now()
        TextMessage.objects.filter(at__lt=now - timedelta(hours=OUTBOX_HOURS)).delete()
        TextMessage.objects.create(recipient=phone, text=text[:500], at=now)


@dataclass(frozen=True)
class HttpsGateway:
    """Any provider that takes a JSON POST with a bearer token.

    fields: the provider's names for recipient, text and sender, in this order.
    """

    url: str
    token: str
    sender: str
    fields: tuple[str, str, str]

    def send(self, phone: str, text: str) -> None:
        to, body, sender = self.fields
        content = {to: phone, body: text}
        if self.sender:
            content[sender] = self.sender
        try:
            answer = requests.post(
                self.url,
                json=content,
                headers={"Authorization": f"Bearer {self.token}"} if self.token else {},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise GatewayFailed(type(error).__name__) from error
        if not 200 <= answer.status_code < 300:
            raise GatewayFailed(f"HTTP {answer.status_code}")


def gateway() -> Gateway:
    """The gateway of this installation. GatewayFailed when there is none."""
    if settings.SMS_URL:
        to, text, sender = settings.SMS_FIELDS
        return HttpsGateway(settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_SENDER, (to, text, sender))
    if settings.DEMO:
        return Outbox()
    raise GatewayFailed("HOCVUSO_SMS_URL is not set")


def send_text(phone: str, text: str) -> None:
    """Send a message soon: into the outbox at once, through a provider by a task that tries up to four times."""
    if not settings.SMS_URL:
        try:
            gateway().send(phone, text)
        except GatewayFailed as failure:
            log.error("text message not sent: %s", failure)
        return
    hand_over.enqueue(encrypt(json.dumps([phone, text]), bound_to=SEALED_AS), 0)


@task()
def hand_over(sealed: str, tries: int) -> None:
    """Try once; on failure come back a little later, and give up after the last wait."""
    phone, text = json.loads(decrypt(sealed, bound_to=SEALED_AS))
    try:
        gateway().send(phone, text)
    except GatewayFailed as failure:
        if tries >= len(RETRY_AFTER_SECONDS):
            log.error("text message given up after %d tries: %s", tries + 1, failure)
            return
        wait = timedelta(seconds=RETRY_AFTER_SECONDS[tries])
        hand_over.using(run_after=clock.now() + wait).enqueue(sealed, tries + 1)
