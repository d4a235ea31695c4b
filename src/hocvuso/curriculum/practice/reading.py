"""Read a practice from YAML the way authors mean it.

YAML 1.1 turns the key `on` into true, `0123` into 83 and `9:41` into 581. Practices are full of exactly these, so the
reader here knows null, true, false and plain whole numbers only; everything else is text. Texts become NFC and lose
white space at their ends, so that the same words always give the same release.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import yaml

_NUMBERS = frozenset({"max", "length"})
MAX_DEPTH = 12


class TooDeepError(ValueError):
    """A file nested deeper than any practice is."""


# The parser in C reads the same language about ten times as fast; where PyYAML was built without it, the other one serves.
_Safe: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PlainLoader(_Safe):  # type: ignore[valid-type, misc]
    """SafeLoader with the YAML 1.2 idea of what is not text."""


PlainLoader.yaml_implicit_resolvers = {}
PlainLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^(?:0|-?[1-9][0-9]{0,14})$"), list("-0123456789")
)


def read_practice(text: str) -> Any:
    """Parse the YAML of one practice. Raises yaml.YAMLError, or TooDeepError."""
    return normalise(yaml.load(text, Loader=PlainLoader))  # noqa: S506 - PlainLoader is a SafeLoader


def normalise(value: Any, *, key: str = "", depth: int = 0) -> Any:
    """Bring a definition from YAML or a form into the one shape that is hashed: NFC text, numbers only where numbers belong."""
    if depth > MAX_DEPTH:
        raise TooDeepError
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip()
    if isinstance(value, dict):
        named = ((("on" if name is True else str(name)), inside) for name, inside in value.items())
        return {
            unicodedata.normalize("NFC", name): normalise(inside, key=name, depth=depth + 1) for name, inside in named
        }
    if isinstance(value, list | tuple):
        return [normalise(inside, key=key, depth=depth + 1) for inside in value]
    if isinstance(value, int) and not isinstance(value, bool) and key not in _NUMBERS:
        return str(value)
    return value
