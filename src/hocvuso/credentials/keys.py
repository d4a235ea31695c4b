"""The keys that sign credentials. Each is named by the day it was made; the newest signs, all stay published.

Keys lie in the signing folder (HOCVUSO_SIGNING_KEYS) as `credentials-2026-11-10.pem`. Taking a new one (`rotate`) never removes an
old one, so that credentials signed earlier can still be checked.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from hocvuso.credentials.openbadges import did_document, did_of, multikey
from hocvuso.kernel.clock import VIETNAM
from hocvuso.kernel.crypto import signing_key

PREFIX = "credentials-"


@dataclass(frozen=True)
class SigningKey:
    """name: `credentials-2026-11-10`; method: its address in the DID document; made_at: the start of its day."""

    name: str
    method: str
    made_at: datetime
    private: Ed25519PrivateKey


def issuer_did() -> str:
    return did_of(settings.PUBLIC_URL)


def key_names() -> list[str]:
    """Names of all keys, oldest first."""
    return sorted(path.stem for path in Path(settings.SIGNING_KEYS).glob(f"{PREFIX}????-??-??.pem"))


def current_key(day: date) -> SigningKey:
    """The newest key; on the very first use one named by the day is made."""
    names = key_names()
    return _key(names[-1] if names else _name(day))


def rotate(day: date) -> SigningKey:
    """From now on a key named by the day signs. Twice on one day changes nothing."""
    return _key(_name(day))


def published_did(day: date) -> dict[str, Any]:
    """The DID document with every key."""
    names = key_names() or [current_key(day).name]
    return did_document(issuer_did(), {name: signing_key(name).public_key() for name in names})


def find_public_key(method: str) -> Ed25519PublicKey | None:
    """The public key at an address of our DID document, none when it is not ours."""
    did, _, name = method.partition("#")
    if did != issuer_did() or name not in key_names():
        return None
    return signing_key(name).public_key()


def short_name(name: str) -> str:
    """`credentials-2026-11-10` → `2026-11-10`, as QR codes name it."""
    return name.removeprefix(PREFIX)


def key_by_short_name(short: str) -> Ed25519PublicKey | None:
    """The public key a QR code names, none when it is not ours."""
    name = f"{PREFIX}{short}"
    return signing_key(name).public_key() if name in key_names() else None


def public_keys(day: date) -> dict[str, str]:
    """Every key that ever signed here, by its short name: 32 bytes in base64url, as browsers take them."""
    names = key_names() or [current_key(day).name]
    return {short_name(name): _base64url(signing_key(name).public_key().public_bytes_raw()) for name in names}


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def multikey_of(name: str) -> str:
    """The public half of a key, as a Multikey."""
    return multikey(signing_key(name).public_key())


def _name(day: date) -> str:
    return f"{PREFIX}{day.isoformat()}"


def _key(name: str) -> SigningKey:
    made_on = date.fromisoformat(name.removeprefix(PREFIX))
    made_at = datetime.combine(made_on, time(), VIETNAM).astimezone(UTC)
    return SigningKey(name, f"{issuer_did()}#{name}", made_at, signing_key(name))
