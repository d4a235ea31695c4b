"""The one byte sequence of a practice, and its hash: the `release` a trace must name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785


def canonical(definition: Mapping[str, Any]) -> bytes:
    """Canonical JSON (RFC 8785, UTF-8). Raises rfc8785.CanonicalizationError for what JSON cannot hold."""
    return rfc8785.dumps(dict(definition))


def release_of(definition: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON, 64 lower-case hex digits."""
    return hashlib.sha256(canonical(definition)).hexdigest()
