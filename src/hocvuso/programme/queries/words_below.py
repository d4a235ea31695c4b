"""What the units below wrote, for the unit above to read and to pick from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from hocvuso.programme import rules
from hocvuso.programme.models import Report, ReportPeriod
from hocvuso.programme.queries.handing_in import units_asked
from hocvuso.units.public import Unit

PAGE = 30


@dataclass(frozen=True)
class WordsOfUnit:
    """The sentences of one part that a unit handed in."""

    unit: Unit
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class WordsPage:
    """`next`: path to go on after, empty at the end."""

    rows: list[WordsOfUnit]
    next: str


def words_below(unit: Unit, period: ReportPeriod, part: str, after: str = "") -> WordsPage:
    """What the units right below handed in for one part, those that wrote something, in tree order. Three queries."""
    reports = _handed_in(unit, period).exclude(**{f"edition__content__narrative__{part}__isnull": True})
    if after:
        reports = reports.filter(unit__path__gt=after)
    rows = list(reports.order_by("unit__path").defer("narrative")[: PAGE + 1])
    shown = rows[:PAGE]
    found = [WordsOfUnit(row.unit, tuple(rules.sentences(_text(row, part)))) for row in shown]
    return WordsPage(found, shown[-1].unit.path if len(rows) > PAGE else "")


def picked_sentences(unit: Unit, period: ReportPeriod, part: str, picks: Collection[tuple[int, int]]) -> list[str]:
    """Lines for the unit's own part: each sentence with whose it is. What does not exist is left out. Two queries."""
    reports = _handed_in(unit, period).filter(unit__in={unit_id for unit_id, _ in picks}).order_by("unit__path")
    lines = []
    for report in reports:
        said = rules.sentences(_text(report, part))
        places = sorted(place for unit_id, place in picks if unit_id == report.unit_id and 0 <= place < len(said))
        lines += [f"- {said[place].rstrip('.;')} ({report.unit.name})." for place in places]
    return lines


def _handed_in(unit: Unit, period: ReportPeriod) -> QuerySet[Report]:
    below = units_asked(unit, period).order_by().values("pk")
    return Report.objects.filter(period=period, unit__in=below, edition__isnull=False).select_related("unit", "edition")


def _text(report: Report, part: str) -> str:
    return str(report.edition.content["narrative"].get(part, "")) if report.edition else ""
