"""Answers sealed on the assessor's phone: readable by the server alone, also not by the phone that wrote them.

P-256 with a fresh key an answer, SHA-256 of the shared secret and both public keys, AES-256-GCM: what old phones' browsers can do.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from hocvuso.kernel.crypto import decrypt, encrypt

_CURVE = ec.SECP256R1()
_POINT, _NONCE = 65, 12


class SealBroken(Exception):
    """Sealed for another sitting, or changed on the way."""


def new_lock(bound_to: str) -> tuple[str, str]:
    """A new pair: the key that opens (encrypted, readable only for this sitting) and the one that seals (base64)."""
    private = ec.generate_private_key(_CURVE)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return encrypt(pem, bound_to=bound_to), _told(_raw(private.public_key()))


def seal(public: str, value: Any) -> str:
    """What a phone does, for tests and for devices without a page of ours."""
    theirs_raw = base64.b64decode(public)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, theirs_raw)
    ours = ec.generate_private_key(_CURVE)
    ours_raw = _raw(ours.public_key())
    nonce = os.urandom(_NONCE)
    key = _key(ours.exchange(ec.ECDH(), theirs), ours_raw, theirs_raw)
    return _told(ours_raw + nonce + AESGCM(key).encrypt(nonce, json.dumps(value).encode(), None))


def unseal(lock_key: str, bound_to: str, sealed: str) -> Any:
    """What was sealed. Raises SealBroken."""
    private = load_pem_private_key(decrypt(lock_key, bound_to=bound_to).encode(), password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise SealBroken
    try:
        raw = base64.b64decode(sealed, validate=True)
        theirs_raw, nonce, body = raw[:_POINT], raw[_POINT : _POINT + _NONCE], raw[_POINT + _NONCE :]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, theirs_raw)
        key = _key(private.exchange(ec.ECDH(), theirs), theirs_raw, _raw(private.public_key()))
        return json.loads(AESGCM(key).decrypt(nonce, body, None))
    except (ValueError, InvalidTag) as error:
        raise SealBroken from error


def _raw(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _key(shared: bytes, sender: bytes, receiver: bytes) -> bytes:
    return hashlib.sha256(shared + sender + receiver).digest()


def _told(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
