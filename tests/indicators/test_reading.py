"""Files of denominators that nobody could have meant."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from hocvuso.indicators.errors import FileNotReadable
from hocvuso.indicators.reading import BadCell, _people, read_rows


def test_a_sheet_whose_cells_stand_gigabytes_apart_is_not_readable():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write(0, 0, "ma")
        page.write(1_048_575, 16_383, "x")
    with pytest.raises(FileNotReadable):
        read_rows(out.getvalue(), [])


def test_a_nul_in_a_file_is_not_readable():
    with pytest.raises(FileNotReadable):
        read_rows(b"ma,nhom,so_nguoi,tinh_den,nguon\n79,ADULT,5,30/06/2026,Cong\0an\n", [])


@pytest.mark.parametrize("value", [1234.5, "9" * 5000, "-5", "٣", "hai"])
def test_what_is_no_number_of_people_is_refused(value):
    with pytest.raises(BadCell):
        _people(value)


def test_thousands_are_read_the_vietnamese_way():
    assert (_people("1.250.000"), _people(1250.0)) == (1_250_000, 1250)
