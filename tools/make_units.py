"""Write src/hocvuso/units/data/vietnam-2025-07-01.csv from the package `vietnam-provinces`.

The package is no dependency of the system; run this in an environment of its own, when a new list comes out:

    python -m venv /tmp/units && /tmp/units/bin/pip install vietnam-provinces==2025.10.1
    /tmp/units/bin/python tools/make_units.py

It stops, and writes nothing, when the list is not the one of 1/7/2025: 34 provinces, 3,321 communes, 168 of them in
Ho Chi Minh City, 126 in Ha Noi, 38 in Lai Chau (docs/explanation/domain.md §8).
"""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from pathlib import Path

import vietnam_provinces

TARGET = Path(__file__).resolve().parent.parent / "src/hocvuso/units/data/vietnam-2025-07-01.csv"
PROVINCE_KINDS = {"tỉnh": "PROVINCE", "thành phố trung ương": "CITY"}
COMMUNE_KINDS = {"xã": "COMMUNE", "phường": "WARD", "đặc khu": "SPECIAL_ZONE"}
IN_FORCE = "2025-07-01"  # NQ 202/2025/QH15 and the resolutions on communes
EXPECTED = {"79": 168, "01": 126, "12": 38}


def rows() -> list[tuple[str, str, str, str, str]]:
    """(code, name, kind, parent_code, valid_from), parents before children, ordered by code."""
    provinces = json.loads(Path(vietnam_provinces.NESTED_DIVISIONS_JSON_PATH).read_text(encoding="utf-8"))
    result = [("VN", "Việt Nam", "NATION", "", "")]
    communes: list[tuple[str, str, str, str, str]] = []
    counts: dict[str, int] = {}
    for province in sorted(provinces, key=lambda item: item["code"]):
        code = f"{province['code']:02d}"
        kind = PROVINCE_KINDS[province["division_type"]]
        name = province["name"] if kind == "CITY" else f"Tỉnh {province['name']}"
        result.append((code, clean(name), kind, "VN", IN_FORCE))
        counts[code] = len(province["wards"])
        communes += [
            (f"{ward['code']:05d}", clean(ward["name"]), COMMUNE_KINDS[ward["division_type"]], code, IN_FORCE)
            for ward in sorted(province["wards"], key=lambda item: item["code"])
        ]
    check(len(provinces) == 34, f"{len(provinces)} provinces, 34 expected")
    check(len(communes) == 3321, f"{len(communes)} communes, 3,321 expected")
    check(len({row[0] for row in communes}) == 3321, "a commune code repeats")
    for code, expected in EXPECTED.items():
        check(counts[code] == expected, f"{counts[code]} communes in {code}, {expected} expected")
    return result + communes


def clean(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def check(holds: bool, complaint: str) -> None:
    if not holds:
        sys.exit(f"This is not the list of 1/7/2025: {complaint}. Nothing was written.")


def main() -> None:
    lines = rows()
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "name", "kind", "parent_code", "valid_from"])
        writer.writerows(lines)
    print(
        f"{TARGET}: {len(lines)} units, package {vietnam_provinces.__version__}, data {vietnam_provinces.__data_version__}"
    )


if __name__ == "__main__":
    main()
