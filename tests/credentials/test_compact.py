"""The signed short form of a certificate: short, genuine or refused; and the vendored libraries are what they say."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.staticfiles import finders

from hocvuso.credentials.compact import CompactFacts, NotGenuine, read_compact, write_compact

KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
FACTS = CompactFacts("HVS-7K3M-9QXT", "Nguyễn Thị Sáu", "pho-cap-nguoi-dan", "1", date(2026, 11, 10), 93, 1_234_567)


def keys(short: str):
    return {"2026-11-10": KEY.public_key()}.get(short)


def test_signed_text_says_what_was_put_in_and_fits_a_square_for_cheap_phones() -> None:
    text = write_compact(FACTS, key=KEY, key_id="2026-11-10")
    assert read_compact(text, find_key=keys) == FACTS
    assert len(text) < 320  # with the address a QR code of version 12, 65 squares a side
    nameless = replace(FACTS, per_cent=None)
    assert read_compact(write_compact(nameless, key=KEY, key_id="2026-11-10"), find_key=keys) == nameless


@pytest.mark.parametrize("damage", ["", "eyJ.a.b", "khác hẳn"])
def test_damaged_text_is_not_genuine(damage) -> None:
    with pytest.raises(NotGenuine):
        read_compact(damage, find_key=keys)


def test_changed_foreign_and_unsigned_texts_are_not_genuine() -> None:
    head, _, tail = write_compact(FACTS, key=KEY, key_id="2026-11-10").split(".")
    _, body, _ = write_compact(replace(FACTS, name="Trần Văn Bảy"), key=KEY, key_id="2026-11-10").split(".")
    for text in (
        f"{head}.{body}.{tail}",
        f"{head}.{body}.",
        write_compact(FACTS, key=OTHER, key_id="2026-11-10"),
        write_compact(FACTS, key=KEY, key_id="2025-01-01"),
    ):
        with pytest.raises(NotGenuine):
            read_compact(text, find_key=keys)


def test_vendored_libraries_are_the_bytes_their_list_names() -> None:
    folder = Path(str(finders.find("credentials/vendor/README.md"))).parent
    named = dict(re.findall(r"^([0-9a-f]{64})  (\S+)$", (folder / "README.md").read_text(), re.M))
    found = {hashlib.sha256(path.read_bytes()).hexdigest(): path.name for path in folder.glob("*.js")}
    assert found == named
