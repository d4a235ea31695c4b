"""Files of denominators: CSV or XLSX, columns by name, units by official code."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from hocvuso.indicators.errors import FileNotReadable
from hocvuso.indicators.models import Denominator
from hocvuso.kernel.spreadsheets import check_xlsx
from hocvuso.kernel.vietnamese import composed, folded
from hocvuso.people.choices import Group
from hocvuso.units.public import Line, Unit

# Field: the headings that name it, compared without case, tone marks and underscores.
COLUMNS = {
    "line": {"tuyen", "line"},
    "code": {"ma", "ma don vi", "code", "unit code"},
    "group": {"nhom", "group"},
    "people": {"so nguoi", "people"},
    "on": {"tinh den", "tinh den ngay", "on", "counted on"},
    "source": {"nguon", "source"},
    "source_on": {"ngay nguon", "ngay so lieu", "source on", "source date"},
}
REQUIRED = ("code", "group", "people", "on", "source")
TEMPLATE_HEADINGS = ("tuyen", "ma", "nhom", "so_nguoi", "tinh_den", "nguon", "ngay_nguon")
GROUP_WORDS = {
    "can bo cong chuc vien chuc": Group.PUBLIC,
    "hoc sinh": Group.PUPIL,
    "sinh vien": Group.STUDENT,
    "nguoi truong thanh": Group.ADULT,
    "nguoi lao dong": Group.WORKER,
    **{folded(code): Group(code) for code in Group.values},
}
MOST_ROWS = 20_000


@dataclass
class Reading:
    """Rows ready to store, and what is wrong: each error names its row in the file (2 is the first below the headings)."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, row: int, message: str) -> None:
        self.errors.append({"row": row, "message": message})


@dataclass(frozen=True)
class Parsed:
    row: int
    line: str
    code: str
    group: str
    people: int
    on: date
    source: str
    source_on: date


class BadCell(Exception):
    """Says what is wrong with a cell."""


def read_rows(content: bytes, reach: Sequence[Unit]) -> Reading:
    """Read a file and match its units within the subtrees of `reach`. Raises FileNotReadable."""
    reading = Reading()
    parsed: list[Parsed] = []
    table = _table(content)
    columns = _columns(next(table, []))
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise FileNotReadable
    for number, cells in enumerate(table, start=2):
        values = {name: cells[index] if index < len(cells) else "" for name, index in columns.items()}
        if not any(str(value).strip() for value in values.values()):
            continue
        if number > MOST_ROWS + 1:
            reading.refuse(number, _("The file is too long: send at most 20,000 rows at a time."))
            break
        try:
            parsed.append(_parse(number, values))
        except BadCell as problem:
            reading.refuse(number, str(problem))
    _match(parsed, reach, reading)
    if not parsed and not reading.errors:
        reading.refuse(1, _("The file has no rows below its headings."))
    reading.errors.sort(key=lambda error: error["row"])
    return reading


def _table(content: bytes) -> Iterator[list[Any]]:
    if content.startswith(b"PK"):
        try:
            check_xlsx(content)
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        except (CalamineError, IndexError, OSError, ValueError) as problem:
            raise FileNotReadable from problem
        yield from sheet.to_python(skip_empty_area=False)
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise FileNotReadable from problem
    if "\0" in text:
        raise FileNotReadable
    first_line = text.split("\n", 1)[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else "\t" if "\t" in first_line else ","
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter)
    except csv.Error as problem:
        raise FileNotReadable from problem


def _columns(headings: Sequence[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, heading in enumerate(headings):
        words = folded(str(heading).replace("_", " "))
        for name, names in COLUMNS.items():
            if words in names:
                found.setdefault(name, index)
    return found


def _parse(row: int, values: dict[str, Any]) -> Parsed:
    code = _text(values["code"])
    if not code:
        raise BadCell(_("The unit code is missing."))
    line = _text(values.get("line", "")).upper() or Line.TERRITORY
    if line not in Line.values:
        raise BadCell(
            _("There is no line “%(line)s”. Use one of: %(known)s.") % {"line": line, "known": ", ".join(Line.values)}
        )
    group = GROUP_WORDS.get(folded(_text(values["group"]).replace(",", "")))
    if group is None:
        raise BadCell(
            _("There is no group “%(group)s”. Use one of: %(known)s.")
            % {"group": _text(values["group"]), "known": ", ".join(Group.values)}
        )
    on = _date(values["on"])
    source = composed(_text(values["source"]))[:200]
    if not source:
        raise BadCell(_("Say where the number comes from."))
    source_on = _date(values["source_on"]) if _text(values.get("source_on", "")) else on
    return Parsed(row, line, code, group, _people(values["people"]), on, source, source_on)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _people(value: Any) -> int:
    text = _text(value)
    digits = text.replace(".", "").replace(" ", "").replace("\u00a0", "")
    if not text:
        raise BadCell(
            _("The number of people is missing. Leave the row out if it is not known; write 0 only if there is nobody.")
        )
    is_part = isinstance(value, float) and not value.is_integer()  # 1234.5 of a sheet is not 12345 people
    if is_part or not digits.isascii() or not digits.isdigit() or len(digits) > 12 or int(digits) > 2_000_000_000:
        raise BadCell(_("“%(text)s” is not a number of people.") % {"text": text})
    return int(digits)


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y"):
        try:
            return datetime.strptime(_text(value), form).date()
        except ValueError:
            continue
    raise BadCell(_("“%(text)s” is not a date. Write it as 30/06/2026.") % {"text": _text(value)})


def _match(parsed: Sequence[Parsed], reach: Sequence[Unit], reading: Reading) -> None:
    """Find each row's unit by line and code within reach, and mark rows that are stored already."""
    within = Q(pk__in=[])
    for root in reach:
        within |= Q(path__range=(root.path, root.path + "Z" * 20))
    codes = sorted({row.code for row in parsed})
    known: dict[tuple[str, str], Unit] = {}
    stored: set[tuple[int, str, str, int, str]] = set()
    for start in range(0, len(codes), 5000):
        part = codes[start : start + 5000]
        for unit in Unit.objects.filter(within, code__in=part, valid_to__isnull=True):
            known[unit.line, unit.code] = unit
    ids = [unit.pk for unit in known.values()]
    for start in range(0, len(ids), 5000):
        for kept in Denominator.objects.filter(unit__in=ids[start : start + 5000]):
            stored.add((kept.unit_id, kept.group, kept.on.isoformat(), kept.people, kept.source))
    seen: dict[tuple[int, str, date], int] = {}
    for row in parsed:
        unit = known.get((row.line, row.code))
        if unit is None:
            reading.refuse(
                row.row,
                _("No unit with the code “%(code)s” in the line %(line)s within your reach.")
                % {"code": row.code, "line": row.line},
            )
            continue
        twin = seen.setdefault((unit.pk, row.group, row.on), row.row)
        if twin != row.row:
            reading.refuse(row.row, _("This unit, group and date stand in row %(row)s already.") % {"row": twin})
            continue
        on = row.on.isoformat()
        reading.rows.append(
            {
                "row": row.row,
                "unit_id": unit.pk,
                "code": row.code,
                "name": unit.name,
                "group": row.group,
                "people": row.people,
                "on": on,
                "source": row.source,
                "source_on": row.source_on.isoformat(),
                "same": (unit.pk, row.group, on, row.people, row.source) in stored,
            }
        )
