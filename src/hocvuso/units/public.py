"""What other rooms may use of the units."""

from __future__ import annotations

from hocvuso.units.choices import COMMUNE_KINDS, Kind, Line
from hocvuso.units.imports import apply_import, try_import
from hocvuso.units.models import Coverage, Shape, Unit, UnitQuerySet
from hocvuso.units.policies import register_guard
from hocvuso.units.queries import ancestor_ids, breadcrumb, children, find_unit, get_unit
from hocvuso.units.services import Merge, load_territory, merge_units, on_merge

__all__ = [
    "COMMUNE_KINDS",
    "Coverage",
    "Kind",
    "Line",
    "Merge",
    "Shape",
    "Unit",
    "UnitQuerySet",
    "ancestor_ids",
    "apply_import",
    "breadcrumb",
    "children",
    "find_unit",
    "get_unit",
    "load_territory",
    "merge_units",
    "on_merge",
    "register_guard",
    "try_import",
]
