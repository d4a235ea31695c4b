"""A small city: two wards with neighbourhoods, and a union beside them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hocvuso.units.models import Unit


@dataclass(frozen=True)
class City:
    nation: Unit
    city: Unit
    thu_duc: Unit
    linh_xuan: Unit
    quarter: Unit
    union: Unit
    grassroots: Unit


@pytest.fixture
def city(db) -> City:
    nation = Unit.add_root(line="TERRITORY", kind="NATION", code="VN", name="Việt Nam")
    hcm = nation.add_child(line="TERRITORY", kind="CITY", code="79", name="Thành phố Hồ Chí Minh")
    thu_duc = hcm.add_child(line="TERRITORY", kind="WARD", code="26824", name="Phường Thủ Đức")
    quarter = thu_duc.add_child(line="TERRITORY", kind="NEIGHBOURHOOD", code="26824-01", name="Khu phố 1")
    linh_xuan = hcm.add_child(line="TERRITORY", kind="WARD", code="26800", name="Phường Linh Xuân")
    union = Unit.add_root(line="UNION", kind="UNION_UPPER", code="CD-79", name="Công đoàn Thành phố")
    grassroots = union.add_child(line="UNION", kind="UNION_GRASSROOTS", code="CD-79-1", name="Công đoàn Dệt Phong Phú")
    return City(nation, hcm, thu_duc, linh_xuan, quarter, union, grassroots)
