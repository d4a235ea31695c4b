"""Text messages: the outbox of a demo, a provider's endpoint, failures."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django_tasks_db.models import DBTaskResult

from hocvuso.people.models import TextMessage
from hocvuso.people.sms import GatewayFailed, HttpsGateway, Outbox, gateway, send_text
from hocvuso.people.sms.gateway import RETRY_AFTER_SECONDS, hand_over

PHONE = "+84908123412"


@pytest.fixture
def provider() -> Iterator[ThreadingHTTPServer]:
    """A provider on this machine that keeps what it gets and answers as told."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.heard.append((self.headers.get("Authorization"), json.loads(body)))
            self.send_response(server.answer)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.heard, server.answer = [], 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()


@pytest.fixture
def configured(provider, settings) -> ThreadingHTTPServer:
    settings.SMS_URL = f"http://127.0.0.1:{provider.server_port}/send"
    settings.SMS_TOKEN, settings.SMS_SENDER, settings.SMS_FIELDS = "secret", "HOCVUSO", ["so", "noidung", "brand"]
    return provider


def test_a_demo_keeps_messages_in_its_outbox(db):
    send_text(PHONE, "Xin chào")
    assert list(TextMessage.objects.values_list("recipient", "text")) == [(PHONE, "Xin chào")]


def test_without_a_provider_nothing_is_kept_outside_a_demo(db, settings, caplog):
    settings.DEMO = False
    send_text(PHONE, "Mã 123456")
    assert not TextMessage.objects.exists()
    assert "123456" not in caplog.text and "HOCVUSO_SMS_URL" in caplog.text
    with pytest.raises(GatewayFailed):
        gateway()


def test_a_provider_gets_its_own_field_names_and_the_token(configured):
    gateway().send(PHONE, "Mã 123456")
    assert configured.heard == [("Bearer secret", {"so": PHONE, "noidung": "Mã 123456", "brand": "HOCVUSO"})]


@pytest.mark.parametrize("status", [302, 400, 500])
def test_anything_but_a_yes_is_a_failure(configured, status):
    configured.answer = status
    with pytest.raises(GatewayFailed, match=str(status)):
        gateway().send(PHONE, "x")


def test_a_provider_that_is_away_is_a_failure():
    with pytest.raises(GatewayFailed):
        HttpsGateway("http://127.0.0.1:9/", "", "", ("to", "text", "sender")).send(PHONE, "x")


def test_a_waiting_message_is_stored_sealed(configured, db):
    send_text(PHONE, "Mã 123456")
    stored = str(DBTaskResult.objects.get().args_kwargs)
    assert PHONE not in stored and "123456" not in stored


def test_a_failed_message_is_tried_again_and_then_given_up(configured, db, caplog):
    configured.answer = 503
    send_text(PHONE, "Mã 123456")
    tries = 0
    while tries < 10 and (waiting := DBTaskResult.objects.filter(status="READY").first()):
        sealed, count = waiting.args_kwargs["args"]
        assert count == tries
        waiting.delete()
        hand_over.func(sealed, count)
        tries += 1
    assert tries == len(configured.heard) == 1 + len(RETRY_AFTER_SECONDS)
    assert "given up" in caplog.text and "123456" not in caplog.text


def test_the_outbox_forgets_after_a_day(db, monkeypatch):
    from datetime import timedelta

    from hocvuso.kernel import clock

    moment = clock.now()
    Outbox().send(PHONE, "old")
    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(hours=25))
    Outbox().send(PHONE, "new")
    assert list(TextMessage.objects.values_list("text", flat=True)) == ["new"]
