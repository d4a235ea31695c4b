"""The short signed form of a certificate that its QR code carries, so that a phone can check it without a network.

A compact JWS (RFC 7515, Ed25519 by RFC 9864) with one-letter names, for every sign makes the QR code finer:
`v` 1 · `c` code · `n` name · `p` policy · `w` its version · `d` day issued (ISO) · `s` per cent · `i` serial in the status lists.
The header's `kid` is the day of the signing key (`credentials-2026-11-10` → `2026-11-10`). Pure: no database, no clock.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ALGORITHM = "Ed25519"  # RFC 9864


@dataclass(frozen=True)
class CompactFacts:
    """What the QR code says. per_cent: 0–100 or none; serial: the certificate's place in the status lists."""

    code: str
    name: str
    policy: str
    version: str
    issued_on: date
    per_cent: int | None
    serial: int


class NotGenuine(Exception):
    """The text is no certificate of ours, or was changed."""


def write_compact(facts: CompactFacts, *, key: Ed25519PrivateKey, key_id: str) -> str:
    """The signed text. The same facts and key give the same text."""
    claims: dict[str, object] = {
        "v": 1,
        "c": facts.code,
        "n": facts.name,
        "p": facts.policy,
        "w": facts.version,
        "d": facts.issued_on.isoformat(),
        "i": facts.serial,
    }
    if facts.per_cent is not None:
        claims["s"] = facts.per_cent
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return jws.serialize_compact(
        {"alg": ALGORITHM, "kid": key_id},
        json.dumps(claims, ensure_ascii=False, separators=(",", ":")),
        OKPKey.import_key(pem),
        algorithms=[ALGORITHM],
    )


def read_compact(text: str, *, find_key: Callable[[str], Ed25519PublicKey | None]) -> CompactFacts:
    """The facts behind a signed text; NotGenuine when its signature does not hold. Says nothing about revocation."""
    try:
        unchecked = jws.extract_compact(text.encode())
        public = find_key(str(unchecked.headers().get("kid", "")))
        if public is None:
            raise NotGenuine
        pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        checked = jws.deserialize_compact(text.encode(), OKPKey.import_key(pem), algorithms=[ALGORITHM])
        claims = json.loads(checked.payload)
        return CompactFacts(
            code=str(claims["c"]),
            name=str(claims["n"]),
            policy=str(claims["p"]),
            version=str(claims["w"]),
            issued_on=date.fromisoformat(claims["d"]),
            per_cent=claims.get("s"),
            serial=int(claims["i"]),
        )
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NotGenuine from error
