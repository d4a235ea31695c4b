"""Read a file of units: CSV in the encodings and separators offices use, or XLSX. No database."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from hocvuso.kernel.spreadsheets import check_xlsx
from hocvuso.kernel.vietnamese import composed, folded
from hocvuso.units.errors import BadFile

MOST_ROWS = 10_000
MOST_BYTES = 5 * 1024 * 1024

# Column: its header names, folded (no tone marks, lower case, `_` as space).
COLUMNS = {
    "code": ("code", "ma", "ma don vi", "ma so"),
    "name": ("name", "ten", "ten don vi", "ten goi"),
    "kind": ("kind", "type", "loai", "loai don vi", "loai hinh"),
    "parent_code": ("parent code", "parent", "ma cap tren", "ma don vi cap tren", "ma cha", "cap tren", "truc thuoc"),
    "valid_from": ("valid from", "from", "tu ngay", "ngay hieu luc", "hieu luc tu", "co hieu luc tu", "ngay thanh lap"),
    "covers": ("covers", "phu trach", "phu trach dia ban", "dia ban", "dia ban phu trach", "ma dia ban"),
}
REQUIRED = ("code", "name", "kind", "parent_code")


@dataclass(frozen=True)
class Row:
    """One line of a file as it was written: `number` is the line in the file, the header being 1. Empty text where nothing stands."""

    number: int
    code: str
    name: str
    kind: str
    parent_code: str
    valid_from: str
    covers: str

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def read_rows(file_name: str, content: bytes) -> list[Row]:
    """The rows of a CSV or XLSX file. Raises BadFile with what to do about it."""
    if len(content) > MOST_BYTES:
        raise BadFile(_("This file is larger than 5 MB. Split it and import the parts one after the other."))
    table = _xlsx(content) if content.startswith(b"PK") else _csv(file_name, content)
    table = [(number, cells) for number, cells in table if any(cells)]
    if not table:
        raise BadFile(_("This file is empty."))
    columns = _columns(table[0][1])
    body = table[1:]
    if not body:
        raise BadFile(_("This file has a header but no rows."))
    if len(body) > MOST_ROWS:
        raise BadFile(
            _(
                "This file has %(rows)s rows; one file may have 10,000. Split it and import the parts, upper units first."
            ),
            rows=f"{len(body):,}",
        )
    return [
        Row(number, **{name: cells[at] if at is not None and at < len(cells) else "" for name, at in columns.items()})
        for number, cells in body
    ]


def _columns(header: Sequence[str]) -> dict[str, int | None]:
    names = [folded(cell.replace("_", " ").replace("*", "")) for cell in header]
    columns = {
        column: next((at for at, name in enumerate(names) if name in aliases), None)
        for column, aliases in COLUMNS.items()
    }
    missing = [column for column in REQUIRED if columns[column] is None]
    if missing:
        raise BadFile(
            _(
                "The first row must name the columns. Missing: %(columns)s. Write the header as: code, name, kind, parent_code, "
                "valid_from, covers."
            ),
            columns=", ".join(missing),
        )
    return columns


def decode(content: bytes) -> str:
    """Text of a CSV file: UTF-8 with or without a byte order mark, UTF-16 (Excel's "Unicode text"), else Windows-1258."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        # Windows-1258 writes tone marks after their letters; they are composed cell by cell.
        return content.decode("cp1258")
    except UnicodeDecodeError as error:
        raise BadFile(_("The letters of this file cannot be read. Save it as XLSX or as CSV in UTF-8.")) from error


def _csv(file_name: str, content: bytes) -> list[tuple[int, list[str]]]:
    if not file_name.lower().endswith((".csv", ".txt", ".tsv")):
        raise BadFile(_("Only XLSX and CSV files can be read. Save the sheet in one of them and try again."))
    try:
        text = decode(content)
    except UnicodeDecodeError as error:
        raise BadFile from error
    if "\0" in text:
        raise BadFile
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        return [
            (number, [composed(cell) for cell in cells])
            for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1)
        ]
    except csv.Error as error:
        raise BadFile from error


def _xlsx(content: bytes) -> list[tuple[int, list[str]]]:
    try:
        check_xlsx(content)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, ValueError, IndexError, OSError) as error:
        raise BadFile from error
    return [(number, [_cell(value) for value in row]) for number, row in enumerate(rows, start=1)]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return composed(str(value))
