"""A small country."""

from __future__ import annotations

from datetime import date

import pytest

from hocvuso.units import tree
from hocvuso.units.choices import Kind, Line
from hocvuso.units.models import Unit

OPENED = date(2025, 7, 1)


def make_unit(code: str, parent: Unit | None = None, **fields: object) -> Unit:
    """A unit of the territory, a neighbourhood unless told otherwise."""
    values: dict[str, object] = {
        "line": Line.TERRITORY,
        "kind": Kind.NEIGHBOURHOOD,
        "name": f"Khu phố {code}",
        "valid_from": OPENED,
    }
    unit = Unit(code=code, **{**values, **fields})
    tree.add_units([(unit, Unit.objects.get(pk=parent.pk) if parent else None)])
    return Unit.objects.get(pk=unit.pk)


@pytest.fixture
def country(db: None) -> dict[str, Unit]:
    """Việt Nam → city 79 → wards A, B, C → two neighbourhoods each; and a province 80."""
    units = {"VN": make_unit("VN", name="Việt Nam", kind=Kind.NATION, valid_from=None)}
    units["79"] = make_unit("79", units["VN"], name="Thành phố Hồ Chí Minh", kind=Kind.CITY)
    units["80"] = make_unit("80", units["VN"], name="Tỉnh Tây Ninh", kind=Kind.PROVINCE)
    for letter in "ABC":
        units[letter] = make_unit(letter, units["79"], name=f"Phường {letter}", kind=Kind.WARD)
        for number in (1, 2):
            units[f"{letter}{number}"] = make_unit(f"{letter}{number}", units[letter])
    return {code: Unit.objects.get(pk=unit.pk) for code, unit in units.items()}
