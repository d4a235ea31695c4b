"""Look at an XLSX file before anything reads it: a file of a few kilobytes can ask for gigabytes of memory."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

MOST_UNPACKED = 64 * 1024 * 1024  # bytes, all parts together
MOST_CELLS = 2_000_000  # of the rectangle that holds every cell: readers make room for all of it
_PLACES = re.compile(rb'<(?:\w+:)?(?:c|row)\b[^>]*?\br="([A-Z]{0,3})([0-9]{1,10})"')


class NotASheet(ValueError):
    """Not an XLSX file, or one that unpacks into more than any list of people's hands holds."""


def check_xlsx(content: bytes) -> None:
    """Raise NotASheet unless content is an XLSX file of bounded size whose cells stand in a bounded rectangle."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            if "xl/workbook.xml" not in names or any(
                name.endswith(".bin") and "/worksheets/" in name for name in names
            ):
                raise NotASheet
            left = MOST_UNPACKED
            for name in names:
                with package.open(name) as part:
                    data = part.read(left + 1)
                left -= len(data)
                if left < 0:
                    raise NotASheet
                if "worksheets/" in name:
                    _check_rectangle(data)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise NotASheet from error


def _check_rectangle(sheet: bytes) -> None:
    rows = columns = 1
    for letters, number in _PLACES.findall(sheet):
        rows = max(rows, int(number))
        columns = max(columns, _column(letters))
        if rows * columns > MOST_CELLS:
            raise NotASheet


def _column(letters: bytes) -> int:
    """`A` → 1, `AA` → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
