"""Who lives in the city and what stands in it. Plain values in and out; the wards and their codes come from the data file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from random import Random

from hocvuso.programme.demo.names import full_name
from hocvuso.units.choices import Kind, Line

CITY_CODE = "79"
CITY_NAME = "Thành phố Hồ Chí Minh"
# Domain.md §8: unions stand in 145 of the 168 wards; the others are looked after by a neighbour's.
WARDS_WITH_UNION = 145
FIRST_YEAR, LAST_YEAR = 1936, 2015
OPENED = "01/07/2025"


def stream(seed: int, *words: str) -> Random:
    """Random numbers of their own for one part of the city: they do not depend on what other parts drew."""
    digest = hashlib.sha256(f"{seed}/{'/'.join(words)}".encode()).digest()
    return Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 (a demo, no secret)


@dataclass(frozen=True)
class Ward:
    """A ward, commune or special zone of the city, with what tells it from the others.

    `weight`: how populous. `reach`: share of the people it gets to, against the city's. `speed`: over 1 is early, under 1 late.
    """

    code: str
    name: str
    kind: str
    weight: float
    reach: float
    speed: float
    neighbourhoods: int

    @property
    def short_name(self) -> str:
        """`Bình Thạnh` of `Phường Bình Thạnh`."""
        for word in ("Phường ", "Xã ", "Đặc khu "):
            if self.name.startswith(word):
                return self.name[len(word) :]
        return self.name

    @property
    def neighbourhood_word(self) -> str:
        return "Khu phố" if self.kind == Kind.WARD else "Ấp" if self.kind == Kind.COMMUNE else "Khu dân cư"

    def neighbourhood_codes(self) -> list[str]:
        short = "AP" if self.kind == Kind.COMMUNE else "KP"
        return [f"{self.code}-{short}{number:02d}" for number in range(1, self.neighbourhoods + 1)]


@dataclass(frozen=True)
class Body:
    """A unit to make: `covers` are codes of wards that it looks after."""

    line: str
    kind: str
    code: str
    name: str
    parent: str
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resident:
    """Somebody of the city. `groups` are stated ones (ADULT follows from the year); `bodies` are codes with their lines."""

    full_name: str
    sex: str
    birth_year: int
    home: str
    groups: tuple[str, ...]
    bodies: tuple[tuple[str, str], ...]


def make_ward(seed: int, code: str, name: str, kind: str) -> Ward:
    """What a ward is like, decided by the seed and its code alone."""
    rng = stream(seed, "ward", code)
    middle = {Kind.WARD: 95.0, Kind.COMMUNE: 62.0, Kind.SPECIAL_ZONE: 7.0}[Kind(kind)]
    weight = middle * exp(rng.gauss(0, 0.28))
    countryside = 0.0 if kind == Kind.WARD else 0.05
    return Ward(
        code=code,
        name=name,
        kind=kind,
        weight=weight,
        reach=max(0.62, min(1.1, rng.gauss(0.97 - countryside, 0.085))),
        speed=max(0.62, min(1.6, rng.gauss(1.03 - countryside, 0.17))),
        neighbourhoods=max(10, min(25, round(weight / 5.6))) if kind != Kind.SPECIAL_ZONE else 10,
    )


# The ward that the demo accounts work in. In a small city it is drawn larger than life, or its pages would be empty.
SHOWN_WARD = "26929"
SMALL_CITY, SHOWN_SHARE = 50_000, 0.2


def weights(wards: Sequence[Ward], people: int) -> list[float]:
    """How populous each ward is, in the order given."""
    rest = sum(ward.weight for ward in wards if ward.code != SHOWN_WARD)
    shown = rest * SHOWN_SHARE / (1 - SHOWN_SHARE)
    return [
        max(ward.weight, shown) if ward.code == SHOWN_WARD and people < SMALL_CITY else ward.weight for ward in wards
    ]


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to weights that add up to total (largest remainders, first come first)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(value) for value in exact]
    by_remainder = sorted(range(len(weights)), key=lambda at: (shares[at] - exact[at], at))
    for at in by_remainder[: total - sum(shares)]:
        shares[at] += 1
    return shares


def wards_with_union(wards: Sequence[Ward]) -> dict[str, str]:
    """For each ward, the ward whose union looks after it: itself where there is one, else the populous one before it."""
    small = sorted(wards, key=lambda ward: (ward.weight, ward.code))[: max(0, len(wards) - WARDS_WITH_UNION)]
    without = {ward.code for ward in small}
    first = next(ward.code for ward in wards if ward.code not in without)
    managed: dict[str, str] = {}
    last = first
    for ward in wards:
        if ward.code not in without:
            last = ward.code
        managed[ward.code] = last
    return managed


def bodies(wards: Sequence[Ward]) -> list[Body]:
    """Unions, schools, enterprises and offices of the city, upper ones first. Invented, and marked so where a name could mislead."""
    managed = wards_with_union(wards)
    made = [
        Body(Line.STATE, Kind.ORGANISATION, "UBND-79", f"Ủy ban nhân dân {CITY_NAME}", "", (CITY_CODE,)),
        Body(Line.UNION, Kind.UNION_UPPER, "TLD", "Tổng Liên đoàn Lao động Việt Nam", ""),
        Body(Line.UNION, Kind.UNION_UPPER, "LDLD-79", f"Liên đoàn Lao động {CITY_NAME}", "TLD", (CITY_CODE,)),
        Body(Line.EDUCATION, Kind.ORGANISATION, "GDDT-79", f"Sở Giáo dục và Đào tạo {CITY_NAME}", "", (CITY_CODE,)),
        Body(Line.ENTERPRISE, Kind.ORGANISATION, "DN-79", f"Doanh nghiệp và hợp tác xã {CITY_NAME}", "", (CITY_CODE,)),
        Body(
            Line.UNION, Kind.UNION_GRASSROOTS, "CDCS-79-TT1", "Công đoàn cơ sở trực thuộc Thành phố 1 (mẫu)", "LDLD-79"
        ),
        Body(
            Line.UNION, Kind.UNION_GRASSROOTS, "CDCS-79-TT2", "Công đoàn cơ sở trực thuộc Thành phố 2 (mẫu)", "LDLD-79"
        ),
        Body(Line.EDUCATION, Kind.SCHOOL, "DH-79-1", "Trường Đại học Thành phố 1 (mẫu)", "GDDT-79"),
        Body(Line.EDUCATION, Kind.SCHOOL, "DH-79-2", "Trường Cao đẳng Thành phố 2 (mẫu)", "GDDT-79"),
    ]
    trades = ("May", "Cơ khí", "Thực phẩm", "Điện tử", "Vận tải", "Gỗ")
    for at, ward in enumerate(wards):
        word = "phường" if ward.kind == Kind.WARD else "xã" if ward.kind == Kind.COMMUNE else "đặc khu"
        place = f"{word} {ward.short_name}"
        made.append(
            Body(
                Line.STATE, Kind.ORGANISATION, f"UBND-{ward.code}", f"Ủy ban nhân dân {place}", "UBND-79", (ward.code,)
            )
        )
        made.append(
            Body(
                Line.EDUCATION,
                Kind.SCHOOL,
                f"THCS-{ward.code}",
                f"Trường THCS {ward.short_name} (mẫu)",
                "GDDT-79",
                (ward.code,),
            )
        )
        trade = trades[at % len(trades)]
        made.append(
            Body(
                Line.ENTERPRISE,
                Kind.ENTERPRISE,
                f"DN-{ward.code}-1",
                f"Công ty {trade} {ward.short_name} (mẫu)",
                "DN-79",
                (ward.code,),
            )
        )
        if at % 4 == 0:
            made.append(
                Body(
                    Line.ENTERPRISE,
                    Kind.COOPERATIVE,
                    f"HTX-{ward.code}",
                    f"Hợp tác xã {ward.short_name} (mẫu)",
                    "DN-79",
                    (ward.code,),
                )
            )
        if managed[ward.code] == ward.code:
            covers = tuple(code for code, manager in managed.items() if manager == ward.code)
            made.append(Body(Line.UNION, Kind.UNION_UPPER, f"CD-{ward.code}", f"Công đoàn {place}", "LDLD-79", covers))
        union = f"CD-{managed[ward.code]}"
        made.append(
            Body(
                Line.UNION,
                Kind.UNION_GRASSROOTS,
                f"CDCS-{ward.code}-DN",
                f"Công đoàn cơ sở Công ty {trade} {ward.short_name} (mẫu)",
                union,
            )
        )
        made.append(
            Body(
                Line.UNION,
                Kind.UNION_GRASSROOTS,
                f"CDCS-{ward.code}-CQ",
                f"Công đoàn cơ sở Ủy ban nhân dân {place}",
                union,
            )
        )
    # A union may manage a ward that comes before its own in the list: upper units go first all the same.
    return sorted(made, key=lambda body: _RANK.get((body.line, body.kind), 1) if body.parent else 0)


_RANK = {(Line.UNION.value, Kind.UNION_UPPER.value): 1, (Line.UNION.value, Kind.UNION_GRASSROOTS.value): 2}


def resident(rng: Random, ward: Ward, home: str, body_codes: frozenset[str]) -> Resident:
    """Somebody who lives in a neighbourhood of a ward: age, sex, name, groups and the bodies they belong to."""
    sex = "F" if rng.random() < 0.515 else "M"
    birth_year = _birth_year(rng)
    age = 2026 - birth_year
    groups: tuple[str, ...] = ()
    bodies: tuple[tuple[str, str], ...] = ()
    draw = rng.random()
    if age < 18:
        groups = ("PUPIL",)
        bodies = ((Line.EDUCATION.value, f"THCS-{ward.code}"),)
    elif age < 23 and draw < 0.52:
        groups = ("STUDENT",)
        bodies = ((Line.EDUCATION.value, "DH-79-1" if draw < 0.3 else "DH-79-2"),)
    elif 22 <= age < 60:
        if draw < 0.045:
            groups = ("PUBLIC",)
            bodies = ((Line.STATE.value, f"UBND-{ward.code}"), (Line.UNION.value, f"CDCS-{ward.code}-CQ"))
        elif draw < 0.40:
            groups = ("WORKER",)
            firm = f"HTX-{ward.code}" if draw > 0.37 and f"HTX-{ward.code}" in body_codes else f"DN-{ward.code}-1"
            union = "CDCS-79-TT1" if draw < 0.055 else f"CDCS-{ward.code}-DN"
            bodies = ((Line.ENTERPRISE.value, firm), (Line.UNION.value, union))
    return Resident(full_name(rng, sex, birth_year), sex, birth_year, home, groups, bodies)


def _birth_year(rng: Random) -> int:
    """Ages 11 to 90: a young city, with its working people in the middle."""
    draw = rng.random()
    if draw < 0.12:
        return 2009 + int(rng.random() * 7)
    if draw < 0.21:
        return 2004 + int(rng.random() * 5)
    if draw < 0.56:
        return 1987 + int(rng.random() * 17)
    if draw < 0.86:
        return 1967 + int(rng.random() * 20)
    return FIRST_YEAR + int((1 - rng.random() ** 1.8) * 31)
