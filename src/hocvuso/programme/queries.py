"""Putting a report together from evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import translation

from hocvuso.evidence.public import Segment
from hocvuso.indicators.public import Figure, breakdown, figures
from hocvuso.kernel.documents import HeaderForm
from hocvuso.programme import rules
from hocvuso.programme.errors import NoSuchPeriod, PeriodNotBegun
from hocvuso.programme.models import Letterhead, Report, ReportPeriod
from hocvuso.programme.rules import IndicatorLine
from hocvuso.units.choices import Kind, Line
from hocvuso.units.public import Unit, breadcrumb


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


def get_period(code: str) -> ReportPeriod:
    """Raises NoSuchPeriod."""
    period = ReportPeriod.objects.filter(code=code).first()
    if period is None:
        raise NoSuchPeriod(code=code)
    return period


def periods_to_report(today: date, limit: int = 18) -> list[ReportPeriod]:
    """Periods that have begun: those that ended first, for they are owed, the newest at the top; then those still running. One query."""
    begun = list(
        ReportPeriod.objects.filter(first__lte=today, first__gte=date(today.year - 2, 1, 1)).order_by("-last", "-first")
    )
    ended = [period for period in begun if period.last < today]
    return [*ended[:limit], *(period for period in begun if period.last >= today)]


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


def letterhead_of(unit: Unit) -> Letterhead:
    """The unit's letterhead, or one proposed from what the unit is (not stored)."""
    return Letterhead.objects.filter(unit=unit).first() or proposed_letterhead(unit)


def proposed_letterhead(unit: Unit) -> Letterhead:
    """Decree 30/2020/NĐ-CP for People's Committees; other lines by their own custom. The office corrects it once."""
    way = breadcrumb(unit)
    above = way[-2] if len(way) > 1 else None
    place = _place(way)
    if unit.line == Line.TERRITORY and unit.kind != Kind.NEIGHBOURHOOD:
        issuer = "Ủy ban nhân dân " + unit.name
        return Letterhead(
            unit=unit,
            issuer=issuer.upper(),
            symbol="BC-UBND",
            place=place,
            authority="TM. ỦY BAN NHÂN DÂN",
            signer_title="CHỦ TỊCH",
            recipients=f"{'Ủy ban nhân dân ' + above.name if above and above.kind != Kind.NATION else 'Bộ Khoa học và Công nghệ'}\nLưu: VT, VHXH",
        )
    form = {Line.UNION: HeaderForm.UNION, Line.PARTY: HeaderForm.PARTY}.get(Line(unit.line), HeaderForm.STATE)
    symbols = {
        Line.UNION: "BC-CĐ",
        Line.PARTY: "BC-ĐU",
        Line.FRONT: "BC-MTTQ",
        Line.YOUTH: "BC-ĐTN",
        Line.WOMEN: "BC-HPN",
    }
    return Letterhead(
        unit=unit,
        form=form,
        superior=above.name.upper() if above else "",
        issuer=unit.name.upper(),
        symbol=symbols.get(Line(unit.line), "BC"),
        place=place,
        signer_title="",
        recipients=(f"{above.name}\n" if above else "") + "Lưu: VT",
    )


def _place(way: list[Unit]) -> str:
    """The place name before the date: the unit's own name without its kind word."""
    for unit in reversed(way):
        if unit.line == Line.TERRITORY and unit.kind not in {Kind.NEIGHBOURHOOD, Kind.NATION}:
            words = unit.name.split(" ")
            known = {"Phường": 1, "Xã": 1, "Tỉnh": 1, "Thành": 2, "Đặc": 2}
            return " ".join(words[known.get(words[0], 0) :]) or unit.name
    covered = Unit.objects.filter(covered_by__unit__in=way).order_by("path").first()
    return _place([covered]) if covered else "Hà Nội"
