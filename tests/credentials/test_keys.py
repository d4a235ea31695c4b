"""Signing keys: the newest signs, all stay published."""

from __future__ import annotations

from datetime import date

import pytest

from hocvuso.credentials import keys


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.SIGNING_KEYS = tmp_path / "signing"
    settings.PUBLIC_URL = "https://hocvuso.example"


def test_first_use_makes_a_key_named_by_the_day() -> None:
    key = keys.current_key(date(2026, 11, 10))
    assert key.name == "credentials-2026-11-10"
    assert key.method == "did:web:hocvuso.example#credentials-2026-11-10"
    assert keys.current_key(date(2026, 12, 31)).name == key.name


def test_rotation_signs_with_the_new_key_and_keeps_the_old_one_published() -> None:
    old = keys.current_key(date(2026, 11, 10))
    new = keys.rotate(date(2027, 1, 1))
    assert keys.current_key(date(2027, 1, 2)).name == new.name == "credentials-2027-01-01"
    assert keys.published_did(date(2027, 1, 2))["assertionMethod"] == [new.method, old.method]
    assert keys.find_public_key(old.method) == old.private.public_key()


def test_rotation_twice_on_a_day_keeps_the_key() -> None:
    first = keys.rotate(date(2027, 1, 1))
    assert keys.rotate(date(2027, 1, 1)).private.public_key() == first.private.public_key()


@pytest.mark.parametrize("method", ["did:web:attacker.example#credentials-2026-11-10", "did:web:hocvuso.example#other"])
def test_foreign_keys_are_not_ours(method) -> None:
    keys.current_key(date(2026, 11, 10))
    assert keys.find_public_key(method) is None
