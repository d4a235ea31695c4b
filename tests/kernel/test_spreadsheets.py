"""A small file that asks for gigabytes is refused before anything makes room for it."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from hocvuso.kernel.spreadsheets import MOST_UNPACKED, NotASheet, check_xlsx


def sheet(*cells: tuple[int, int, object]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for row, column, value in cells:
            page.write(row, column, value)
    return out.getvalue()


def test_an_ordinary_list_passes():
    check_xlsx(sheet(*[(row, column, f"Khu phố {row}") for row in range(300) for column in range(6)]))


def test_two_cells_in_opposite_corners_are_refused():
    content = sheet((0, 0, "ma"), (1_048_575, 16_383, "x"))
    assert len(content) < 20_000
    with pytest.raises(NotASheet):
        check_xlsx(content)


@pytest.mark.parametrize(
    "parts",
    [
        {"readme.txt": b"PK"},
        {"content.xml": b"<table/>"},
        {"xl/workbook.xml": b"", "xl/worksheets/sheet1.bin": b""},
        {"xl/workbook.xml": b"", "xl/sharedStrings.xml": b" " * (MOST_UNPACKED + 1)},
    ],
)
def test_other_packages_and_zip_bombs_are_refused(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    with pytest.raises(NotASheet):
        check_xlsx(out.getvalue())


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK" + b"\0" * 100])
def test_what_is_no_package_is_refused(content):
    with pytest.raises(NotASheet):
        check_xlsx(content)
