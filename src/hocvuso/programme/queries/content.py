"""Putting a report together: from evidence while it is open, from what was handed in afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from django.utils import translation

from hocvuso.evidence.public import Segment
from hocvuso.indicators.public import Figure, Indicator, breakdown, figures
from hocvuso.kernel.periods import PeriodKind
from hocvuso.programme import editions, moves, rules, tables
from hocvuso.programme.choices import ReportState
from hocvuso.programme.errors import PeriodNotBegun
from hocvuso.programme.models import Letterhead, Report, ReportEdition, ReportPeriod
from hocvuso.programme.queries.late import LateChange, late_changes
from hocvuso.programme.queries.letterheads import letterhead_of
from hocvuso.programme.queries.tables import Computed, computed_tables, read_computed
from hocvuso.programme.rules import IndicatorLine
from hocvuso.units.public import Unit

NOTHING = Computed((), 0, 0)


@dataclass(frozen=True)
class ReportContent:
    """Everything a report says. as_of: the last day counted, the period's last day or today while it runs.

    report: the stored row, none before anybody wrote. carried: codes of the parts and tables that stand as they did last time.
    rows: what the office writes in tables T2–T5; computed: what evidence tells for them; previous: the period compared with.
    frozen: what was handed in or locked last, if anything; late: what changed in its figures since.
    """

    unit: Unit
    period: ReportPeriod
    as_of: date
    lines: tuple[IndicatorLine, ...]
    narrative: dict[str, str]
    version: int
    letterhead: Letterhead
    report: Report | None = None
    carried: frozenset[str] = frozenset()
    frozen: ReportEdition | None = None
    late: tuple[LateChange, ...] = ()
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    computed: Computed = NOTHING
    previous: ReportPeriod | None = None

    @property
    def is_running(self) -> bool:
        return self.as_of < self.period.last

    @property
    def headlines(self) -> tuple[IndicatorLine, ...]:
        return tuple(line for line in self.lines if line.headline)

    @property
    def state(self) -> str:
        return self.report.state if self.report else ReportState.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether the unit may still write."""
        return self.state in moves.OPEN


def find_report(unit: Unit, period: ReportPeriod) -> Report | None:
    """The stored report with its editions, if anybody wrote. One query."""
    found = Report.objects.select_related("edition", "locked_edition").filter(unit=unit, period=period).first()
    if found is not None:
        found.unit, found.period = unit, period
    return found


def report_of(unit: Unit, period: ReportPeriod, today: date, language: str = "vi") -> ReportContent:
    """The report of a unit on a period. A constant number of queries. Raises PeriodNotBegun.

    While it is open its figures are those of this moment; once handed in they are what was handed in.
    language: of the indicators' names; documents are Vietnamese, a page may ask for English.
    """
    stored = find_report(unit, period)
    if stored is None or stored.state in moves.OPEN:
        content = current_content(unit, period, today, language, stored)
        if stored is None or stored.locked_edition is None:
            return content
        now, known = live_figures(unit, stored.locked_edition.as_of, period.first, language)
        late = late_changes(unit, stored.locked_edition, now, known)
        return replace(content, frozen=stored.locked_edition, late=late)
    return _handed_in(unit, period, stored, language)


def _handed_in(unit: Unit, period: ReportPeriod, stored: Report, language: str) -> ReportContent:
    """The report as it was handed in; evidence is asked only for what changed since."""
    frozen = cast(ReportEdition, stored.edition)  # a constraint of the table
    now, known = live_figures(unit, frozen.as_of, period.first, language)
    titles = {line.code: line.title for line in now}
    return ReportContent(
        unit=unit,
        period=period,
        as_of=frozen.as_of,
        lines=tuple(replace(line, title=titles.get(line.code, line.title)) for line in editions.lines_of(frozen)),
        narrative=frozen.content["narrative"],
        version=stored.version,
        letterhead=letterhead_of(unit),
        report=stored,
        frozen=frozen,
        late=late_changes(unit, frozen, now, known),
        rows=frozen.content.get("rows", {}),
        computed=read_computed(frozen.content["tables"]) if "tables" in frozen.content else NOTHING,
    )


def current_content(
    unit: Unit, period: ReportPeriod, today: date, language: str = "vi", stored: Report | None = None
) -> ReportContent:
    """The report as evidence tells it at this moment, whatever was handed in. Raises PeriodNotBegun."""
    if period.first > today:
        raise PeriodNotBegun(first=period.first.strftime("%d/%m/%Y"))
    as_of = min(period.last, today)
    lines, _ = live_figures(unit, as_of, period.first, language)
    previous = period_before(period)
    if previous is not None:
        known = {
            figure.indicator.code: figure.new_people for figure in figures(unit, previous.last, since=previous.first)
        }
        lines = tuple(replace(line, previous=known.get(line.code)) for line in lines)
    parts, rows = ({}, {}) if stored else carried_over(unit, period)
    return ReportContent(
        unit=unit,
        period=period,
        as_of=as_of,
        lines=lines,
        narrative=stored.narrative if stored else parts,
        version=stored.version if stored else 0,
        letterhead=letterhead_of(unit),
        report=stored,
        carried=frozenset(stored.carried if stored else [*parts, *rows]),
        rows=stored.rows if stored else rows,
        computed=computed_tables(unit, period, as_of),
        previous=previous,
    )


def live_figures(
    unit: Unit, as_of: date, since: date, language: str
) -> tuple[tuple[IndicatorLine, ...], dict[str, Indicator]]:
    """Every indicator's line at the end of a day, as evidence tells it now, and the indicators by code."""
    with translation.override(language):
        found = figures(unit, as_of, since=since)
        segments = breakdown(unit, as_of, [figure.indicator for figure in found])
        lines = tuple(_line(figure, segments.get(figure.indicator.code, {})) for figure in found)
    return lines, {figure.indicator.code: figure.indicator for figure in found}


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


def carried_over(unit: Unit, period: ReportPeriod) -> tuple[dict[str, str], dict[str, list[dict[str, Any]]]]:
    """The parts and table rows of the last report of the same kind that are still true in the next one. One query."""
    last = (
        Report.objects.filter(
            unit=unit, period__last__lt=period.last, period__kind=period.kind, period__owner=period.owner
        )
        .order_by("-period__last")
        .first()
    )
    if last is None:
        return {}, {}
    parts = {code: last.narrative[code] for code in rules.CARRIED_OVER if last.narrative.get(code)}
    rows = {table.code: last.rows[table.code] for table in tables.TABLES if table.carried and last.rows.get(table.code)}
    return parts, rows


def period_before(period: ReportPeriod) -> ReportPeriod | None:
    """The period of the same kind that ended before this one began. One query."""
    if period.kind == PeriodKind.AD_HOC:
        return None
    before = ReportPeriod.objects.filter(
        kind=period.kind, owner=period.owner, series=period.series, last__lt=period.first
    )
    return before.order_by("-last").first()
