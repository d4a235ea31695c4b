"""What a report says at a moment, as plain JSON that can be kept, checked and read again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from hocvuso.programme.models import ReportEdition
from hocvuso.programme.rules import IndicatorLine

_DAYS = ("whole_on", "target_due_on")


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical form: keys in order, no spaces, letters as they are."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_intact(edition: ReportEdition) -> bool:
    """Whether an edition still is what was handed in."""
    return digest_of(edition.content) == edition.digest


def plain_line(line: IndicatorLine) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(line).items()}


def read_line(values: dict[str, Any]) -> IndicatorLine:
    days = {name: date.fromisoformat(values[name]) for name in _DAYS if values.get(name)}
    return IndicatorLine(**{**values, **days})


def lines_of(edition: ReportEdition) -> tuple[IndicatorLine, ...]:
    """The figures as they were handed in."""
    return tuple(read_line(values) for values in edition.content["lines"])
