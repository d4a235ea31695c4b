"""Identifiers that sort by time, so that tables and indexes grow at one end."""

from __future__ import annotations

import uuid

import uuid_utils


def new_id() -> uuid.UUID:
    """A fresh UUIDv7 (RFC 9562)."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


def parse_id(value: object) -> uuid.UUID | None:
    """The UUID written in value, or none if it is not one."""
    if isinstance(value, uuid.UUID):
        return value
    if not isinstance(value, str) or len(value) != 36:
        return None
    try:
        return uuid.UUID(value)
    except ValueError:
        return None
