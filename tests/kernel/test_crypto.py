"""Keyed hashes, sealed fields, Merkle roots, ids."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.kernel import crypto, ids, merkle


def test_a_sealed_field_opens_only_in_its_own_row():
    sealed = crypto.encrypt("079123456789", bound_to="person-1")
    assert "079123456789" not in sealed
    assert crypto.decrypt(sealed, bound_to="person-1") == "079123456789"
    with pytest.raises(InvalidTag):
        crypto.decrypt(sealed, bound_to="person-2")


def test_a_keyed_hash_depends_on_purpose_and_value():
    hashes = {crypto.keyed_hash(purpose, value) for purpose in ("phone", "email") for value in ("1", "2")}
    assert len(hashes) == 4
    assert crypto.keyed_hash("phone", "1") == crypto.keyed_hash("phone", "1")


def test_a_signing_key_is_made_once(tmp_path, settings):
    settings.SIGNING_KEYS = tmp_path
    assert crypto.signing_key("a").sign(b"x") == crypto.signing_key("a").sign(b"x")
    assert (tmp_path / "a.pem").stat().st_mode & 0o777 == 0o600


def _plain_root(leaves: list[str]) -> bytes:
    """RFC 6962 section 2.1, written as it stands there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + bytes.fromhex(leaves[0])).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + _plain_root(leaves[:half]) + _plain_root(leaves[half:])).digest()


@given(st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), max_size=40))
def test_the_merkle_root_is_that_of_rfc_6962(leaves):
    assert merkle.merkle_root(leaves) == _plain_root(leaves).hex()


def test_ids_sort_by_time_and_are_never_the_same():
    made = [ids.new_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert made == sorted(made)
    assert all(one.version == 7 for one in made)
