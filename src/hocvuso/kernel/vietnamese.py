"""Vietnamese text: composed letters, search without tone marks, sorting, numbers and dates as offices write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from hocvuso.kernel.clock import local_date

_SPACES = re.compile(r"\s+")
# Signs that no keyboard types: a database (NUL), XML in DOCX (the others) and Typst fail on them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\ufffe\uffff]")
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng
_ORDER = {letter: rank for rank, letter in enumerate(_ALPHABET)}


def composed(text: str) -> str:
    """Text in NFC with single spaces, none at its ends, and no signs that cannot be printed."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text))).strip()


def folded(text: str) -> str:
    """Text for searching: lower case, no tone marks, `đ` as `d`. `Đặng Thị Sáu` → `dang thi sau`."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return composed("".join(letter for letter in decomposed if not unicodedata.combining(letter)))


def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Key for the Vietnamese dictionary order: letters first (a ă â … d đ …), then tones."""
    letters: list[int] = []
    tones: list[int] = []
    for letter in composed(text).lower():
        parts = unicodedata.normalize("NFD", letter)
        tone = next((_TONES[mark] for mark in parts if mark in _TONES), 0)
        base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
        letters.append(
            _ORDER[base] + 100 if base in _ORDER else ord(base[0]) if ord(base[0]) < 100 else 1000 + ord(base[0])
        )
        tones.append(tone)
    return tuple(letters), tuple(tones)


def person_sort_key(full_name: str) -> tuple[object, ...]:
    """Key for lists of people: given name (the last word) first, then the rest, as class registers do."""
    words = composed(full_name).split(" ")
    return sort_key(words[-1]), sort_key(" ".join(words[:-1]))


def number(value: int | float | Decimal | None, decimals: int = 0) -> str:
    """`1250000` → `1.250.000`, `82.5` with one decimal → `82,5`; none is an en dash, for missing is not zero."""
    if value is None:
        return "–"
    amount = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{amount:,.{decimals}f}".replace(",", "\0").replace(".", ",").replace("\0", ".")


def percent(ratio: float | Decimal | None, decimals: int = 1) -> str:
    """`0.825` → `82,5%`."""
    return "–" if ratio is None else f"{number(Decimal(str(ratio)) * 100, decimals)}%"


def short_date(day: date | datetime | None) -> str:
    """`10/10/2026`."""
    if day is None:
        return "–"
    if isinstance(day, datetime):
        day = local_date(day)
    return day.strftime("%d/%m/%Y")


def long_date(day: date) -> str:
    """`ngày 05 tháng 01 năm 2026`: a nought before days under 10 and months 1 and 2 (Decree 30/2020/NĐ-CP, domain.md §5.1)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
