"""Putting a report together from evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import translation

from hocvuso.evidence.public import Segment
from hocvuso.indicators.public import Figure, breakdown, figures
from hocvuso.programme import rules
from hocvuso.programme.errors import PeriodNotBegun
from hocvuso.programme.models import Letterhead, Report, ReportPeriod
from hocvuso.programme.queries.letterheads import letterhead_of
from hocvuso.programme.rules import IndicatorLine
from hocvuso.units.public import Unit


@dataclass(frozen=True)
class ReportContent:
    """Everything a report says. as_of: the last day counted, the period's last day or today while it runs."""

    unit: Unit
    period: ReportPeriod
    as_of: date
    lines: tuple[IndicatorLine, ...]
    narrative: dict[str, str]
    version: int
    letterhead: Letterhead

    @property
    def is_running(self) -> bool:
        return self.as_of < self.period.last

    @property
    def headlines(self) -> tuple[IndicatorLine, ...]:
        return tuple(line for line in self.lines if line.headline)


def report_of(unit: Unit, period: ReportPeriod, today: date, language: str = "vi") -> ReportContent:
    """The report of a unit on a period, computed from evidence. A constant number of queries. Raises PeriodNotBegun.

    language: of the indicators' names; documents are Vietnamese, a page may ask for English.
    """
    if period.first > today:
        raise PeriodNotBegun(first=period.first.strftime("%d/%m/%Y"))
    as_of = min(period.last, today)
    with translation.override(language):
        found = figures(unit, as_of, since=period.first)
        segments = breakdown(unit, as_of, [figure.indicator for figure in found])
        lines = tuple(_line(figure, segments.get(figure.indicator.code, {})) for figure in found)
    stored = Report.objects.filter(unit=unit, period=period).first()
    return ReportContent(
        unit=unit,
        period=period,
        as_of=as_of,
        lines=lines,
        narrative=stored.narrative if stored else _carried_over(unit, period),
        version=stored.version if stored else 0,
        letterhead=letterhead_of(unit),
    )


def _line(figure: Figure, segments: dict[str, int]) -> IndicatorLine:
    during = figure.new_people or 0
    target = figure.target
    return IndicatorLine(
        code=figure.indicator.code,
        title=figure.indicator.short_title,
        whole=figure.whole.people,
        whole_source=figure.whole.source,
        whole_on=figure.whole.source_on,
        target=target.people_of(figure.whole.people) if target else None,
        target_due_on=target.due_on if target else None,
        before=figure.people - during,
        during=during,
        so_far=figure.people,
        women=segments.get(Segment.FEMALE, 0),
        aged60=segments.get(Segment.AGE60, 0),
        provisional=figure.indicator.provisional,
        headline=figure.indicator.headline,
    )


def _carried_over(unit: Unit, period: ReportPeriod) -> dict[str, str]:
    last = (
        Report.objects.filter(unit=unit, period__last__lt=period.last, period__kind=period.kind)
        .order_by("-period__last")
        .first()
    )
    if last is None:
        return {}
    return {code: last.narrative[code] for code in rules.CARRIED_OVER if last.narrative.get(code)}
