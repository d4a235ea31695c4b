"""Public figures: no count of one to four people, nothing below the commune."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hocvuso.indicators import queries, rules
from hocvuso.indicators.choices import Outlook
from hocvuso.indicators.models import Indicator, TallyTotal
from hocvuso.indicators.queries import Figure
from hocvuso.units.public import COMMUNE_KINDS, Kind, Line, Unit, children, find_unit

PUBLIC_KINDS = {Kind.NATION, Kind.PROVINCE, Kind.CITY, *COMMUNE_KINDS}


@dataclass(frozen=True)
class PublicFigure:
    """A figure as anybody may see it; `people` and `ratio` are none when hidden or, the ratio, unknown."""

    unit: Unit
    indicator: Indicator
    on: date
    hidden: bool
    people: int | None
    whole: int | None
    whole_source: str
    whole_on: date | None
    ratio: float | None
    target_ratio: float | None
    due_on: date | None
    over_whole: bool


def public_unit(code: str, on: date) -> Unit | None:
    """The territory unit with an official code, if its figures are public."""
    unit = find_unit(Line.TERRITORY, code, on)
    return unit if unit is not None and unit.kind in PUBLIC_KINDS else None


def public_children(unit: Unit, on: date) -> list[Unit]:
    return [child for child in children(unit, on) if child.kind in PUBLIC_KINDS]


def first_unit(on: date) -> Unit | None:
    """Where the public page begins: the smallest unit that holds every person counted so far, down to the province."""
    unit = Unit.objects.on(on).filter(line=Line.TERRITORY, depth=1).first()
    if unit is None:
        return None
    busy = set(
        TallyTotal.objects.filter(unit__in=children(unit, on).values("pk"), people__gt=0)
        .order_by()
        .values_list("unit_id", flat=True)
        .distinct()
    )
    return Unit.objects.get(pk=busy.pop()) if len(busy) == 1 else unit


def public_figures(unit: Unit, on: date) -> list[PublicFigure]:
    """The headline figures of one unit. A constant number of queries."""
    figures = [figure for figure in queries.figures(unit, on) if figure.indicator.headline]
    return [_shown(figure, hidden) for figure, hidden in zip(figures, _small(figures), strict=True)]


def public_table(unit: Unit, on: date) -> list[list[PublicFigure]]:
    """The headline figures of every unit right below, one row a unit, in the order of names; each column suppressed so that
    nothing can be found by taking the others from the total."""
    if not public_children(unit, on):
        return []
    columns = []
    for indicator in queries.indicators():
        if indicator.headline:
            below = [
                figure
                for figure in queries.children_figures(unit, on, indicator, "ten")
                if figure.unit.kind in PUBLIC_KINDS
            ]
            hidden = rules.suppressed([figure.people for figure in below])
            columns.append([_shown(figure, hide) for figure, hide in zip(below, hidden, strict=True)])
    return [list(row) for row in zip(*columns, strict=True)]


def _small(figures: Sequence[Figure]) -> list[bool]:
    return [0 < figure.people < rules.SMALLEST_PUBLIC_COUNT for figure in figures]


def _shown(figure: Figure, hidden: bool) -> PublicFigure:
    return PublicFigure(
        unit=figure.unit,
        indicator=figure.indicator,
        on=figure.on,
        hidden=hidden,
        people=None if hidden else figure.people,
        whole=figure.whole.people,
        whole_source=figure.whole.source,
        whole_on=figure.whole.source_on,
        ratio=None if hidden else figure.ratio,
        target_ratio=figure.target_ratio,
        due_on=figure.target.due_on if figure.target else None,
        over_whole=figure.outlook == Outlook.OVER_WHOLE and not hidden,
    )


COLUMNS = (
    "unit_code",
    "unit_name",
    "unit_kind",
    "indicator",
    "indicator_version",
    "indicator_title",
    "on",
    "people",
    "people_hidden",
    "denominator",
    "denominator_source",
    "denominator_on",
    "ratio",
    "target_ratio",
    "target_due_on",
)


def as_record(figure: PublicFigure) -> dict[str, Any]:
    """One row of the open data; the columns are told on the page of the data dictionary."""
    return {
        "unit_code": figure.unit.code,
        "unit_name": figure.unit.name,
        "unit_kind": figure.unit.kind,
        "indicator": figure.indicator.code,
        "indicator_version": figure.indicator.version,
        "indicator_title": figure.indicator.title,
        "on": figure.on.isoformat(),
        "people": figure.people,
        "people_hidden": figure.hidden,
        "denominator": figure.whole,
        "denominator_source": figure.whole_source,
        "denominator_on": figure.whole_on.isoformat() if figure.whole_on else None,
        "ratio": None if figure.ratio is None else round(figure.ratio, 4),
        "target_ratio": None if figure.target_ratio is None else round(figure.target_ratio, 4),
        "target_due_on": figure.due_on.isoformat() if figure.due_on else None,
    }
