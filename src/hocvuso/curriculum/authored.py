"""A file that an author wrote: read, and its mistakes told at the right line. No database."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import yaml
from django.utils.translation import gettext as _

from hocvuso.curriculum.practice.reading import PlainLoader
from hocvuso.kernel.vietnamese import composed

Place = tuple[str | int, ...]
Lines = Mapping[Place, int]
_CODE = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: `file` relative to the folder, `line` from 1, `sentence` in plain words."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


class Notebook(Protocol):
    """Who collects the mistakes of a folder."""

    folder: Path

    def note(self, file: str, line: int, sentence: str) -> None: ...


def read_yaml(text: str) -> tuple[Any, Lines]:
    """Parse YAML and remember on which line (from 1) each value stands. Raises yaml.YAMLError."""
    loader = PlainLoader(text)
    try:
        node = loader.get_single_node()
        lines: dict[Place, int] = {(): 1}
        if node is None:
            return None, lines
        _note_lines(node, (), lines)
        return _tidy(loader.construct_document(node)), lines
    finally:
        loader.dispose()


def _note_lines(node: yaml.Node, place: Place, lines: dict[Place, int]) -> None:
    if len(place) > 12:
        return
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _note_lines(value, (*place, str(key.value)), lines)
            lines[(*place, str(key.value))] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _note_lines(value, (*place, number), lines)


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        return composed(value)
    if isinstance(value, dict):
        return {str(key): _tidy(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [_tidy(inside) for inside in value]
    return value


class AuthoredFile:
    """One YAML file with helpers that note problems at the right line."""

    def __init__(self, reader: Notebook, path: Path) -> None:
        self.reader, self.path = reader, path
        self.name = path.relative_to(reader.folder).as_posix()
        self.text = ""
        self.data: Any = None
        self.lines: Lines = {(): 1}
        try:
            self.text = path.read_text(encoding="utf-8")
            self.data, self.lines = read_yaml(self.text)
        except UnicodeDecodeError:
            self.wrong((), _("The file is not UTF-8 text."))
        except yaml.MarkedYAMLError as error:
            # A quote or bracket left open is noticed lines later; its beginning is where to look.
            opened = error.context_mark if re.search("quoted|flow", error.context or "") else None
            mark = opened or error.problem_mark
            line = mark.line + 1 if mark else 1
            reader.note(
                self.name, line, _("This cannot be read. Look for a missing quote, colon or space at the start.")
            )
        except (yaml.YAMLError, RecursionError):
            self.wrong((), _("This cannot be read."))
        except OSError as error:
            reader.note(self.name, 1, _("The file cannot be opened: %(why)s.") % {"why": error.strerror})

    def wrong(self, place: Place, sentence: str) -> None:
        while place and place not in self.lines:
            place = place[:-1]
        self.reader.note(self.name, self.lines.get(place, 1), sentence)

    def mapping(self) -> dict[str, Any]:
        if isinstance(self.data, dict):
            return self.data
        if self.data is not None or self.text.strip() == "":
            self.wrong((), _("The file holds no named fields."))
        return {}

    def need(self, data: Mapping[str, Any], names: Iterable[str], place: Place = ()) -> bool:
        missing = [name for name in names if data.get(name) in (None, "", [])]
        for name in missing:
            self.wrong(place, _("“%(field)s” is missing.") % {"field": name})
        return not missing

    def known(self, data: Mapping[str, Any], names: set[str], place: Place = ()) -> None:
        for name in data:
            if name not in names:
                self.wrong((*place, name), _("“%(field)s” is not a field that we know.") % {"field": name})

    def words(self, data: Mapping[str, Any], name: str, allowed: Callable[[str], bool] | None = None) -> list[str]:
        value = data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong((name,), _("“%(field)s” is a list: [one, two].") % {"field": name})
            return []
        for number, word in enumerate(value):
            if allowed and not allowed(str(word)):
                self.wrong(
                    (name, number), _("“%(word)s” in “%(field)s” does not exist.") % {"word": word, "field": name}
                )
        return [str(word) for word in value]

    def whole(self, data: Mapping[str, Any], name: str, least: int, most: int, place: Place = ()) -> int:
        value = data.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(
                (*place, name),
                _("“%(field)s” is a whole number from %(least)s to %(most)s.")
                % {"field": name, "least": least, "most": most},
            )
            return least
        return value

    def day(self, data: Mapping[str, Any], name: str) -> str | None:
        value = data.get(name)
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            self.wrong((name,), _("“%(field)s” is a day written like 2026-11-21.") % {"field": name})
            return None

    def sources(self, data: Mapping[str, Any]) -> None:
        """Where it was read: at least one title, with an address where there is one."""
        for number, source in enumerate(as_list(data.get("sources"))):
            if not isinstance(source, dict) or not source.get("title"):
                self.wrong(("sources", number), _("Each source has a title and, where there is one, an address (url)."))
            elif source.get("url") and not str(source["url"]).startswith(("https://", "http://")):
                self.wrong(("sources", number), _("An address begins with https://."))

    def code(self, value: object, place: Place) -> str:
        if not isinstance(value, str) or not _CODE.fullmatch(value):
            self.wrong(place, _("A code is written in small letters without accents, joined by hyphens."))
        return str(value)


def composed_lines(text: str) -> str:
    """Text in NFC, line by line, so that line numbers stay."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def as_list(value: object) -> list[Any]:
    """The value if it is a list, else nothing."""
    return value if isinstance(value, list) else []


def digest_of(*parts: str) -> str:
    """SHA-256 of the parts, kept apart."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def prose(reader: Notebook, path: Path, missing: str) -> str:
    """The text of a Markdown file, in NFC; `missing` is noted where there is none."""
    name = path.relative_to(reader.folder).as_posix()
    try:
        text = composed_lines(path.read_text(encoding="utf-8")).strip()
    except (OSError, UnicodeDecodeError):
        text = ""
    if not text:
        reader.note(name, 1, missing)
    return text
