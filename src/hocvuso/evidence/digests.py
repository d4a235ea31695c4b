"""Keyed digests of the ledger's rows: whoever holds only the database cannot make one that fits."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from django.conf import settings

from hocvuso.evidence.rules import Entry, canonical

_FIELDS = tuple(Entry.__dataclass_fields__)


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hashlib.sha256(f"evidence\0{secret}".encode()).digest()


def keyed(text: str) -> str:
    """64 hex digits."""
    return hmac.new(_key(settings.LEDGER_KEY), text.encode(), hashlib.sha256).hexdigest()


def digest_of(entry: Entry) -> str:
    """The digest of an entry, 64 hex digits."""
    return keyed(canonical(entry))


def entry_of(row: Any) -> Entry:
    """What a stored row says."""
    return Entry(**{name: getattr(row, name) for name in _FIELDS})
