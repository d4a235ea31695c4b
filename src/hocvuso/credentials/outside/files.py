"""Read results of another platform: CSV or XLSX by column names, or one JSON item. No database."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from hocvuso.credentials.errors import BadOutsideFile
from hocvuso.kernel.spreadsheets import NotASheet, check_xlsx
from hocvuso.kernel.vietnamese import composed, folded

MOST_ROWS = 5000
MOST_BYTES = 4 * 1024 * 1024
FIRST_YEAR = 2000

# Field: the names a column may have, folded; the first is also the name of the field in JSON, with `_` for spaces.
COLUMNS = {
    "id": ("ma ket qua", "ma", "id", "result id"),
    "name": ("ho ten", "ho va ten", "name", "full name"),
    "birth_year": ("nam sinh", "birth year"),
    "number": ("so dinh danh", "can cuoc", "so can cuoc", "cccd", "personal number"),
    "phone": ("dien thoai", "so dien thoai", "phone"),
    "email": ("email", "thu dien tu", "e mail"),
    "course": ("ma khoa hoc", "khoa hoc ma", "course", "course code"),
    "course_title": ("ten khoa hoc", "khoa hoc", "course title"),
    "taken_on": ("ngay", "ngay hoan thanh", "ngay dat", "date"),
    "score": ("diem", "diem phan tram", "score"),
    "passed": ("dat", "ket qua", "passed"),
}
REQUIRED = ("id", "name", "course", "taken_on", "passed")
YES, NO = {"dat", "co", "x", "1", "true", "yes", "passed"}, {"khong dat", "khong", "0", "false", "no", "failed", ""}


@dataclass(frozen=True)
class GivenResult:
    """One result as another platform tells it. line: in the file (the header is 1) or place in the list (from 1)."""

    line: int
    id: str
    name: str
    birth_year: int | None
    number: str
    phone: str
    email: str
    course: str
    course_title: str
    taken_on: date
    score: Decimal | None  # per cent
    passed: bool


@dataclass(frozen=True)
class RowProblem:
    """A row that cannot be taken, and why, in words for whoever made the file."""

    line: int
    words: str | Promise


def read_file(content: bytes, *, today: date) -> tuple[list[GivenResult], list[RowProblem]]:
    """The rows of a CSV or XLSX file, and those that cannot be taken. Raises BadOutsideFile."""
    if not content or len(content) > MOST_BYTES:
        raise BadOutsideFile(
            _("This file is empty or larger than 4 MB. Split it and import the parts one after the other.")
        )
    table = _xlsx(content) if content.startswith(b"PK") else _csv(content)
    table = [(line, cells) for line, cells in table if any(cells)]
    if len(table) < 2:
        raise BadOutsideFile(_("This file holds no results below its first row."))
    if len(table) - 1 > MOST_ROWS:
        raise BadOutsideFile(_("This file holds more than 5,000 results. Split it and import the parts."))
    header = [folded(cell.replace("_", " ").replace("*", "")) for cell in table[0][1]]
    at = {
        field: next((place for place, cell in enumerate(header) if cell in names), None)
        for field, names in COLUMNS.items()
    }
    missing = [COLUMNS[field][0].replace(" ", "_") for field in REQUIRED if at[field] is None]
    if missing:
        raise BadOutsideFile(
            _("The first row must name the columns. Missing: %(columns)s.") % {"columns": ", ".join(missing)}
        )
    found: list[GivenResult] = []
    problems: list[RowProblem] = []
    seen: dict[str, int] = {}
    for line, cells in table[1:]:
        values = {
            field: cells[place] if place is not None and place < len(cells) else "" for field, place in at.items()
        }
        read = _read(line, values, today)
        if isinstance(read, GivenResult) and read.id in seen:
            read = RowProblem(line, _("the same result id stands in line %(line)d") % {"line": seen[read.id]})
        if isinstance(read, GivenResult):
            seen[read.id] = line
            found.append(read)
        else:
            problems.append(read)
    return found, problems


def read_item(line: int, item: object, *, today: date) -> GivenResult | RowProblem:
    """One item of the API, with the names of the columns (`ma_ket_qua`, `ho_ten`, …)."""
    if not isinstance(item, Mapping):
        return RowProblem(line, _("an object is expected here"))
    values = {}
    for field, names in COLUMNS.items():
        value = item.get(names[0].replace(" ", "_"), "")
        if isinstance(value, bool):
            value = "1" if value else "0"
        if not isinstance(value, str | int | float):
            return RowProblem(line, _("%(field)s must be text or a number") % {"field": names[0].replace(" ", "_")})
        values[field] = composed(str(value).replace("\0", ""))
    return _read(line, values, today)


def _read(line: int, values: Mapping[str, str], today: date) -> GivenResult | RowProblem:
    """The row as values, or the first thing wrong with it."""
    for field in ("id", "name", "course"):
        if not values[field]:
            return RowProblem(line, _("nothing stands in the column %(column)s") % {"column": _named(field)})
    taken_on = _day(values["taken_on"])
    if taken_on is None or not taken_on.year >= FIRST_YEAR or taken_on > today:
        return RowProblem(
            line,
            _("the date is not a day up to today, like 31/12/2025: “%(text)s”") % {"text": values["taken_on"][:40]},
        )
    passed = folded(values["passed"])
    if passed not in YES | NO:
        return RowProblem(
            line, _("the column %(column)s says neither Đạt nor Không đạt") % {"column": _named("passed")}
        )
    try:
        score = Decimal(values["score"].replace("%", "").replace(",", ".").strip()) if values["score"] else None
        year = int(float(values["birth_year"])) if values["birth_year"] else None
    except (InvalidOperation, ValueError, OverflowError):
        return RowProblem(line, _("the score or the year of birth is not a number"))
    if score is not None and not (score.is_finite() and 0 <= score <= 100):
        return RowProblem(line, _("the score is not between 0 and 100"))
    if year is not None and not 1900 <= year <= today.year:
        return RowProblem(line, _("the year of birth is not between 1900 and this year"))
    number = values["number"].strip()
    return GivenResult(
        line=line,
        id=values["id"][:80],
        name=values["name"][:120],
        birth_year=year,
        number=number.zfill(12) if number.isdigit() and len(number) in {10, 11} else number[:40],
        phone=_phone(values["phone"])[:40],
        email=values["email"][:190],
        course=values["course"][:60],
        course_title=(values["course_title"] or values["course"])[:200],
        taken_on=taken_on,
        score=score,
        passed=passed in YES,
    )


def _phone(text: str) -> str:
    """Spreadsheets drop the first 0 of a number."""
    text = text.strip()
    return f"0{text}" if text.isdigit() and len(text) == 9 else text


def _day(text: str) -> date | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.strip()[:10], form).date()
        except ValueError:
            continue
    return None


def _named(field: str) -> str:
    return COLUMNS[field][0].replace(" ", "_")


def _csv(content: bytes) -> list[tuple[int, Sequence[str]]]:
    for encoding in ("utf-8-sig", "utf-16", "cp1258"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeError:
            continue
    else:
        raise BadOutsideFile(_("The letters of this file cannot be read. Save it as “CSV UTF-8” and try again."))
    first = text.splitlines()[0] if text.strip() else ""
    separator = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=separator)
        return [(reader.line_num, [composed(cell) for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise BadOutsideFile(
            _("The letters of this file cannot be read. Save it as “CSV UTF-8” and try again.")
        ) from error


def _xlsx(content: bytes) -> list[tuple[int, Sequence[str]]]:
    try:
        check_xlsx(content)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (NotASheet, CalamineError) as error:
        raise BadOutsideFile(_("This Excel file cannot be read. Save it again as XLSX or as “CSV UTF-8”.")) from error
    return [(line, [_text(cell) for cell in cells]) for line, cells in enumerate(rows, start=1)]


def _text(cell: object) -> str:
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return composed(str(cell))
