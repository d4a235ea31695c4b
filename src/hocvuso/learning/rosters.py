"""Read a list of names for a class: CSV as offices write it, or XLSX. No database."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from hocvuso.kernel.spreadsheets import NotASheet, check_xlsx
from hocvuso.kernel.vietnamese import composed, folded
from hocvuso.learning.errors import BadRoster

MOST_BYTES = 1024 * 1024
MOST_ROWS = 200
NAME = ("ho va ten", "ho ten", "ten", "ho va ten hoc sinh", "ten hoc sinh", "full name", "name")
REFERENCE = ("ma", "ma hoc sinh", "ma so", "ma dinh danh", "reference", "code", "id")


@dataclass(frozen=True)
class RosterRow:
    """One name of a file. `line`: the line in the file; `problem`: why it is left out, or empty."""

    line: int
    full_name: str
    reference: str
    problem: str = ""


def read_roster(file_name: str, content: bytes, known: Sequence[str] = ()) -> list[RosterRow]:
    """The names of a file with what is wrong with each. known: names that are on the list already. Raises BadRoster."""
    if len(content) > MOST_BYTES:
        raise BadRoster(_("This file is larger than 1 MB: that is no list of a class. Nothing was changed."))
    table = _xlsx(content) if content.startswith(b"PK") else _csv(content)
    lines = [(number, cells) for number, cells in table if any(cells)]
    if not lines:
        raise BadRoster(_("This file is empty. Nothing was changed."))
    header = [folded(cell) for cell in lines[0][1]]
    name_at = next((at for at, cell in enumerate(header) if cell in NAME), None)
    reference_at = next((at for at, cell in enumerate(header) if cell in REFERENCE), None)
    body = lines if name_at is None and len(header) == 1 else lines[1:]
    if name_at is None:
        if len(header) > 1:
            raise BadRoster(_("The first row must name the columns: “Họ và tên”, and “Mã” if there is one."))
        name_at = 0  # a bare list of names
    if len(body) > MOST_ROWS:
        raise BadRoster(_("This list has more than 200 names. Split it over several classes."))
    return _checked(body, name_at, reference_at, known)


def _checked(
    body: Sequence[tuple[int, list[str]]], name_at: int, reference_at: int | None, known: Sequence[str]
) -> list[RosterRow]:
    seen = {folded(name) for name in known}
    rows = []
    for line, cells in body:
        name = cells[name_at] if name_at < len(cells) else ""
        reference = cells[reference_at] if reference_at is not None and reference_at < len(cells) else ""
        key = folded(f"{name} {reference}") if reference else folded(name)
        problem = ""
        if not name:
            problem = str(_("no name in this row"))
        elif len(name) > 120 or len(reference) > 40:
            problem = str(_("too long"))
        elif not any(sign.isalpha() for sign in name):
            problem = str(_("this is no name"))
        elif key in seen or (folded(name) in seen and not reference):
            problem = str(_("on the list already; add a code if these are two people"))
        else:
            seen.add(key)
        rows.append(RosterRow(line, name[:120], reference[:40], problem))
    return rows


def _csv(content: bytes) -> list[tuple[int, list[str]]]:
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "cp1258"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadRoster
    if "\0" in text:
        raise BadRoster
    separator = max(",;\t", key=text.split("\n", 1)[0].count)
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise BadRoster from error
    return [(number, [composed(cell) for cell in cells]) for number, cells in enumerate(table, start=1)]


def _xlsx(content: bytes) -> list[tuple[int, list[str]]]:
    try:
        check_xlsx(content)
        rows = (
            CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
        )
    except (NotASheet, CalamineError, ValueError, IndexError, OSError) as error:
        raise BadRoster from error
    return [(number, [_cell(value) for value in row]) for number, row in enumerate(rows, start=1)]


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return composed(str(value)) if value is not None else ""
