"""Files as offices write them."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlsxwriter

from hocvuso.units.errors import BadFile
from hocvuso.units.files import MOST_ROWS, read_rows

HEADER = "code,name,kind,parent_code,valid_from,covers\n"
# "Khu phố Bến Nghé" in Windows-1258: tone marks are letters of their own, after the vowel.
WINDOWS_1258 = "Khu phô\u0301 Bê\u0301n Nghe\u0301".encode("cp1258")


def xlsx(*rows: list[object]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        (HEADER + "KP1,Khu phố Bến Nghé,Khu phố,26929,,").encode(),
        (HEADER + "KP1,Khu phố Bến Nghé,Khu phố,26929,,").encode("utf-8-sig"),
        (HEADER + "KP1,Khu phố Bến Nghé,Khu phố,26929,,").replace(",", "\t").encode("utf-16"),
        HEADER.replace(",", ";").encode() + b"KP1;" + WINDOWS_1258 + b";NEIGHBOURHOOD;26929;;",
        xlsx(["Mã", "Tên", "Loại", "Mã cấp trên"], ["KP1", "Khu phố Bến Nghé", "Khu phố", 26929]),
    ],
    ids=[
        "utf-8",
        "utf-8 with mark",
        "excel unicode text",
        "windows-1258 with semicolons",
        "xlsx with a number as code",
    ],
)
def test_read_rows_understands_what_excel_saves(content):
    name = "donvi.xlsx" if content.startswith(b"PK") else "donvi.csv"
    (row,) = read_rows(name, content)
    assert (row.number, row.code, row.name, row.parent_code) == (2, "KP1", "Khu phố Bến Nghé", "26929")


def test_read_rows_keeps_the_line_numbers_people_see():
    content = xlsx(["code", "name", "kind", "parent_code", "valid_from"], [], ["A", "B", "C", "D", date(2026, 1, 2)])
    (row,) = read_rows("a.xlsx", content)
    assert (row.number, row.valid_from) == (3, "2026-01-02")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"%PDF-1.7", "Only XLSX and CSV"),
        ("a.csv", b"", "is empty"),
        ("a.csv", HEADER.encode(), "no rows"),
        ("a.csv", b"ten,loai\nA,B", "Missing: code, parent_code"),
        ("a.xlsx", b"PK\x03\x04 broken", "cannot be read"),
        ("a.csv", b"code,name\0,kind", "cannot be read"),
        ("a.csv", HEADER.encode() + b"A,B,C,D,,\n" * (MOST_ROWS + 1), "10,001 rows"),
        ("a.csv", b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_read_rows_says_what_is_wrong_with_a_file(name, content, says, settings):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(BadFile) as caught:
        read_rows(name, content)
    assert says in str(caught.value)
