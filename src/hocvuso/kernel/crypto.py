"""Keyed hashes, encrypted fields and signing keys. Keys come from the settings and never from the database."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


def keyed_hash(purpose: str, value: str) -> str:
    """64 hex digits of HMAC-SHA-256 over value, keyed for one purpose; used for look-ups that must not reveal the value."""
    key = hashlib.sha256(f"{purpose}\0{settings.LEDGER_KEY}".encode()).digest()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def _field_key(secret: str) -> AESGCM:
    return AESGCM(hashlib.sha256(secret.encode()).digest())


def encrypt(text: str, *, bound_to: str) -> str:
    """AES-256-GCM of text, readable only together with `bound_to` (say, the row's id). Base64."""
    nonce = os.urandom(12)
    sealed = _field_key(settings.FIELD_KEY).encrypt(nonce, text.encode(), bound_to.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def decrypt(sealed: str, *, bound_to: str) -> str:
    """The text behind `encrypt`. Raises cryptography.exceptions.InvalidTag if it was changed or moved to another row."""
    raw = base64.urlsafe_b64decode(sealed)
    return _field_key(settings.FIELD_KEY).decrypt(raw[:12], raw[12:], bound_to.encode()).decode()


def signing_key(name: str) -> Ed25519PrivateKey:
    """The Ed25519 key called name, made on first use and kept in the signing folder (mode 0600)."""
    return _signing_key(Path(settings.SIGNING_KEYS), name)


@lru_cache(maxsize=32)
def _signing_key(folder: Path, name: str) -> Ed25519PrivateKey:
    path = folder / f"{name}.pem"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(pem)
        except FileExistsError:
            pass
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} does not hold an Ed25519 key")
    return key
