"""Lists as files: CSV for anything, XLSX for the office."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter

from hocvuso.kernel.vietnamese import short_date
from hocvuso.programme.queries import UnitStanding

Cell = str | int


def standing_cells(row: UnitStanding, state: str) -> list[Cell]:
    """One unit below as cells."""
    report = row.report
    return [
        row.unit.code,
        row.unit.name,
        state,
        short_date(report.first_handed_in_at) if report and report.first_handed_in_at else "",
        row.days_late,
        short_date(row.reminded_at) if row.reminded_at else "",
    ]


class _Echo:
    def write(self, value: str) -> str:
        return value


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """A CSV file line by line, with the mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(headings)
    for row in rows:
        yield writer.writerow([_plain(value) for value in row])


def _plain(value: Cell) -> Cell:
    """A cell that a spreadsheet does not run as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def xlsx_file(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """An XLSX file with one sheet, written row by row: memory does not grow with the list."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    strong = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    for place, heading in enumerate(headings):
        sheet.set_column(place, place, 34 if place == 1 else 16)
        sheet.write_string(0, place, heading, strong)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, place, value)
            else:
                sheet.write_string(number, place, value)
    book.close()
    return out.getvalue()
