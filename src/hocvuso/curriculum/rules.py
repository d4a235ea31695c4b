"""Arithmetic of releases: bytes, names, compressed twins. No database."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import brotli
import rfc8785

# A lesson with its pictures, voices apart, as it lies unpacked on a phone.
LESSON_BYTES = 300_000
# The files whose words stand in a lesson's page and its practices.
WRITTEN = ("lesson.yaml", "hieu.md", "dung.yaml", "cau-hoi.yaml")


def weight_at_most(written: int, pictures: int) -> int:
    """The most bytes a lesson can weigh: the frame of every page and the drawings of practices (80 KB), every sentence four times
    (steps, words for two phones, release), and its pictures."""
    return 80_000 + 4 * written + pictures


@dataclass(frozen=True, slots=True)
class Packed:
    """Bytes ready to send: plain, Brotli, gzip."""

    body: bytes
    br: bytes
    gz: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the plain bytes, 64 lower-case hex digits."""
        return hashlib.sha256(self.body).hexdigest()


def canonical(content: Mapping[str, Any]) -> bytes:
    """Canonical JSON (RFC 8785): the same content gives the same bytes on every machine."""
    return rfc8785.dumps(dict(content))


def pack(body: bytes, *, quickly: bool = False) -> Packed:
    """Compress as hard as possible, for what is done once and sent many times; quickly for a page made for one answer."""
    return Packed(
        body,
        brotli.compress(body, quality=5 if quickly else 11),
        gzip.compress(body, compresslevel=6 if quickly else 9, mtime=0),
    )


def choose_encoding(accept_encoding: str) -> str:
    """`br`, `gzip` or `` for an Accept-Encoding header; a coding with q=0 is refused."""
    accepted = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        accepted[name.strip()] = parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    for name in ("br", "gzip"):
        if accepted.get(name):
            return name
    return ""
