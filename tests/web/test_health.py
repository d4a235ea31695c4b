"""The health check is green only when everything is there."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from hocvuso.web.background import HEARTBEAT, beat
from tests.factories.spine import make_city


@pytest.fixture(autouse=True)
def quiet_worker(db):
    cache.delete(HEARTBEAT)
    yield
    cache.delete(HEARTBEAT)


def test_an_empty_system_says_what_is_missing(client):
    answer = client.get("/suc-khoe/")
    assert answer.status_code == 503
    assert answer.json()["missing"] == ["units", "content", "worker"]
    assert answer.json()["parts"]["migrations"] is True


def test_a_system_with_everything_is_ready(client, starter):
    make_city()
    beat()
    answer = client.get("/suc-khoe/")
    assert (answer.status_code, answer.json()["status"], answer.json()["missing"]) == (200, "ok", [])


def test_a_silent_worker_is_told(client, starter):
    make_city()
    answer = client.get("/suc-khoe/")
    assert (answer.status_code, answer.json()["missing"]) == (503, ["worker"])


def test_the_answer_is_never_kept(client):
    assert "no-store" in client.get("/suc-khoe/")["Cache-Control"]
