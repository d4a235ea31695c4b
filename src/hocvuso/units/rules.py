"""Which kinds stand in which line, and under what."""

from __future__ import annotations

from collections.abc import Mapping

from hocvuso.units.choices import COMMUNE_KINDS, Kind, Line

# A territory unit stands under one of these kinds; none is a root.
TERRITORY_PARENTS: Mapping[str, tuple[str | None, ...]] = {
    Kind.NATION: (None,),
    Kind.PROVINCE: (Kind.NATION,),
    Kind.CITY: (Kind.NATION,),
    Kind.COMMUNE: (Kind.PROVINCE, Kind.CITY),
    Kind.WARD: (Kind.PROVINCE, Kind.CITY),
    Kind.SPECIAL_ZONE: (Kind.PROVINCE, Kind.CITY),
    Kind.NEIGHBOURHOOD: COMMUNE_KINDS,
}
LINE_KINDS: Mapping[str, tuple[str, ...]] = {
    Line.TERRITORY: tuple(TERRITORY_PARENTS),
    Line.STATE: (Kind.ORGANISATION,),
    Line.PARTY: (Kind.ORGANISATION,),
    Line.FRONT: (Kind.ORGANISATION,),
    Line.UNION: (Kind.ORGANISATION, Kind.UNION_UPPER, Kind.UNION_GRASSROOTS),
    Line.YOUTH: (Kind.ORGANISATION,),
    Line.WOMEN: (Kind.ORGANISATION,),
    Line.EDUCATION: (Kind.ORGANISATION, Kind.SCHOOL),
    Line.ENTERPRISE: (Kind.ORGANISATION, Kind.ENTERPRISE, Kind.COOPERATIVE),
}


def may_stand(line: str, kind: str, parent_kind: str | None) -> bool:
    """Whether a unit of a kind may stand under a parent of a kind (none: no parent) in a line."""
    if kind not in LINE_KINDS[line]:
        return False
    return line != Line.TERRITORY or parent_kind in TERRITORY_PARENTS[kind]


def may_become(line: str, old: str, new: str) -> bool:
    """Whether a unit of a line may change its kind: in the territory only into another kind of its own level."""
    return line != Line.TERRITORY or TERRITORY_PARENTS[old] == TERRITORY_PARENTS[new]
