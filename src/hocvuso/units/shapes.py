"""Outlines for the map, matched by official code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.models import record_audit
from hocvuso.units.choices import Line
from hocvuso.units.errors import BadFile
from hocvuso.units.models import Shape, Unit

# Where GeoJSON files of administrative units keep the official code.
CODE_PROPERTIES = (
    "code",
    "ma",
    "ma_xa",
    "maxa",
    "ma_tinh",
    "matinh",
    "ma_dvhc",
    "ward_code",
    "province_code",
    "gso_code",
)
GEOMETRIES = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class ShapesResult:
    """How many outlines were stored, and the codes that no open unit of the territory has."""

    stored: int
    unknown: tuple[str, ...]


def load_shapes(*, content: bytes, source: str, code_property: str | None = None, at: datetime) -> ShapesResult:
    """Store the outlines of a GeoJSON FeatureCollection for units of the territory; an outline there already is replaced.

    code_property: the property that holds the official code; without one the usual names are tried. Raises BadFile.
    """
    geometry_of = _read(content, code_property)
    ids: dict[str, int] = {}
    codes = sorted(geometry_of)
    for start in range(0, len(codes), 5000):
        found = Unit.objects.in_line(Line.TERRITORY).filter(code__in=codes[start : start + 5000], valid_to__isnull=True)
        ids.update(found.order_by().values_list("code", "pk"))
    shapes = [
        Shape(unit_id=ids[code], geometry=geometry_of[code], source=source[:200]) for code in codes if code in ids
    ]
    with transaction.atomic():
        Shape.objects.bulk_create(
            shapes, update_conflicts=True, unique_fields=["unit"], update_fields=["geometry", "source"], batch_size=200
        )
        record_audit(
            at=at,
            action="units.shapes.loaded",
            object_type="units.Shape",
            object_id="TERRITORY",
            actor_name="system:units",
            new={"stored": len(shapes), "source": source},
        )
    return ShapesResult(len(shapes), tuple(code for code in codes if code not in ids))


def _read(content: bytes, code_property: str | None) -> dict[str, dict[str, Any]]:
    try:
        features = json.loads(content.decode("utf-8-sig"))["features"]
        if not isinstance(features, list) or not features:
            raise ValueError("no features")
        name = code_property or _code_property(features)
        result: dict[str, dict[str, Any]] = {}
        for feature in features:
            code, geometry = str(feature["properties"][name]).strip(), feature["geometry"]
            if geometry["type"] not in GEOMETRIES or not geometry["coordinates"]:
                raise ValueError(geometry["type"])
            result[code] = {"type": geometry["type"], "coordinates": geometry["coordinates"]}
        return result
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadFile(
            _(
                "This is not a GeoJSON file of areas with official codes. It needs features with a Polygon or MultiPolygon and "
                "a property that holds the code."
            )
        ) from error


def _code_property(features: Sequence[dict[str, Any]]) -> str:
    names = {str(name).lower(): str(name) for name in features[0]["properties"]}
    known = [names[name] for name in CODE_PROPERTIES if name in names]
    if not known:
        raise KeyError("code")
    return known[0]
