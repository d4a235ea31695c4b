"""Reads that feed figures, dashboards, reports and open data. All of them are look-ups in tallies, never scans of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, Sum

from hocvuso.evidence.choices import ALL, Segment
from hocvuso.indicators import rules
from hocvuso.indicators.choices import Outlook, Sort
from hocvuso.indicators.denominators import Denominators, Whole
from hocvuso.indicators.models import Indicator, PersonInCharge, Tally, TallyTotal
from hocvuso.indicators.targets import TargetInForce, Targets
from hocvuso.kernel.vietnamese import sort_key
from hocvuso.units.public import Unit, children


@dataclass(frozen=True)
class Figure:
    """One indicator of one unit at the end of a day.

    people: head-count reached so far. new_people: of these, reached from `since` on (none when `since` is not asked for).
    ratio: people by whole.people, 0.0–1.0 and over 1 in bad data; none when the whole is missing.
    """

    unit: Unit
    indicator: Indicator
    on: date
    people: int
    new_people: int | None
    whole: Whole
    target: TargetInForce | None
    projection: rules.Projection

    @property
    def ratio(self) -> float | None:
        return rules.ratio_of(self.people, self.whole.people)

    @property
    def expected_ratio(self) -> float | None:
        return (
            rules.ratio_of(self.projection.expected_people, self.whole.people)
            if self.projection.expected_people
            else None
        )

    @property
    def target_ratio(self) -> float | None:
        if self.target is None:
            return None
        if self.target.ratio is not None:
            return float(self.target.ratio)
        return rules.ratio_of(self.target.people or 0, self.whole.people)

    @property
    def outlook(self) -> Outlook:
        return self.projection.outlook


@dataclass(frozen=True)
class Counts:
    """People of one unit and indicator: until the day, in the last four weeks, and since a day (none when not asked for)."""

    people: int = 0
    recent: int = 0
    new: int | None = None


@dataclass(frozen=True)
class TrendPoint:
    """One week of a unit's indicator: people newly reached from first to last (both counted), and reached so far by last."""

    first: date
    last: date
    new_people: int
    people: int


def indicators() -> list[Indicator]:
    """The indicators in force, in the order of display. One query."""
    return list(Indicator.objects.current())


def get_indicator(code: str) -> Indicator | None:
    return Indicator.objects.current().filter(code=code).first()


def figures(unit: Unit, on: date, since: date | None = None) -> list[Figure]:
    """Every indicator of a unit at the end of a day. A constant number of queries.

    since: also count who was newly reached from this day on (a report period's first day).
    """
    known = indicators()
    counts = _counts([unit.pk], known, on, since)
    wholes = Denominators(unit, [], {group for indicator in known for group in indicator.groups}, on)
    targets = Targets(unit, [], [indicator.code for indicator in known], on)
    return [_figure(unit, indicator, on, counts[unit.pk, indicator.code], wholes, targets) for indicator in known]


def children_figures(
    unit: Unit, on: date, indicator: Indicator, sort: str = Sort.ATTENTION, since: date | None = None
) -> list[Figure]:
    """One indicator of each unit right below a unit; by default who needs attention first. A constant number of queries."""
    below = list(children(unit, on))
    counts = _counts([child.pk for child in below], [indicator], on, since)
    wholes = Denominators(unit, below, indicator.groups, on)
    targets = Targets(unit, below, [indicator.code], on)
    found = [_figure(child, indicator, on, counts[child.pk, indicator.code], wholes, targets) for child in below]
    return sorted(found, key=_SORTS.get(sort, _SORTS[Sort.ATTENTION]))


_SORTS: dict[str, Callable[[Figure], Any]] = {
    Sort.ATTENTION: lambda figure: (
        *rules.attention_key(figure.projection),
        sort_key(figure.unit.name),
        figure.unit.pk,
    ),
    Sort.RATIO: lambda figure: (figure.ratio is None, figure.ratio or 0, sort_key(figure.unit.name), figure.unit.pk),
    Sort.PEOPLE: lambda figure: (-figure.people, sort_key(figure.unit.name), figure.unit.pk),
    Sort.NAME: lambda figure: (sort_key(figure.unit.name), figure.unit.pk),
}


def _figure(
    unit: Unit, indicator: Indicator, on: date, counts: Counts, wholes: Denominators, targets: Targets
) -> Figure:
    whole = wholes.of(unit.pk, indicator.groups)
    target = targets.of(unit, indicator.code, whole.people)
    projection = rules.project(
        people=counts.people,
        recent_people=counts.recent,
        whole=whole.people,
        target_people=target.people_of(whole.people) if target else None,
        due_on=target.due_on if target else None,
        on=on,
        has_target=target is not None,
    )
    return Figure(unit, indicator, on, counts.people, counts.new, whole, target, projection)


def _counts(
    unit_ids: Sequence[int], known: Sequence[Indicator], on: date, since: date | None, segment: str = Segment.ALL
) -> dict[tuple[int, str], Counts]:
    """Counts by unit and indicator code, noughts included. Two queries: the totals, and the days near the end.

    What stands at the end of a past day is the total less what came later, so that old days cost nothing.
    """
    recent_first = on - timedelta(days=rules.PACE_DAYS - 1)
    wanted = {"unit__in": list(unit_ids), "segment": segment}
    wanted["milestone__in"] = sorted({indicator.milestone for indicator in known})
    wanted["group__in"] = sorted({group for indicator in known for group in indicator.groups})
    totals: dict[tuple[int, str, str], int] = {
        (unit, milestone, group): people
        for unit, milestone, group, people in TallyTotal.objects.filter(**wanted).values_list(
            "unit_id", "milestone", "group", "people"
        )
    }
    days = Tally.objects.filter(**wanted, day__gte=min(recent_first, since or recent_first))
    rows = days.values("unit_id", "milestone", "group").annotate(
        later=Sum("people", filter=Q(day__gt=on), default=0),
        recent=Sum("people", filter=Q(day__gte=recent_first, day__lte=on), default=0),
        new=Sum("people", filter=Q(day__gte=since or on, day__lte=on), default=0),
    )
    near = {(row["unit_id"], row["milestone"], row["group"]): row for row in rows.order_by()}
    found = {}
    for unit_id in unit_ids:
        for indicator in known:
            keys = [(unit_id, indicator.milestone, group) for group in indicator.groups]
            here = [near[key] for key in keys if key in near]
            found[unit_id, indicator.code] = Counts(
                people=sum(totals.get(key, 0) for key in keys) - sum(row["later"] for row in here),
                recent=sum(row["recent"] for row in here),
                new=sum(row["new"] for row in here) if since else None,
            )
    return found


def people_reached(
    unit: Unit,
    milestone: str,
    group: str = ALL,
    segment: str = Segment.ALL,
    until: date | None = None,
    since: date | None = None,
) -> int:
    """People of a unit, group and segment who reached a milestone, by the end of `until` (so far) and from `since` on.

    One query.
    """
    wanted = {"unit": unit, "milestone": milestone, "group": group, "segment": segment}
    if until is None and since is None:
        return TallyTotal.objects.filter(**wanted).aggregate(sum=Sum("people", default=0))["sum"]
    rows = Tally.objects.filter(**wanted)
    if until is not None:
        rows = rows.filter(day__lte=until)
    if since is not None:
        rows = rows.filter(day__gte=since)
    return rows.aggregate(sum=Sum("people", default=0))["sum"]


def trend(unit: Unit, indicator: Indicator, on: date, weeks: int = 26) -> list[TrendPoint]:
    """The last weeks of an indicator, each seven days, the last ending on `on`; oldest first. Two queries."""
    starts = rules.week_starts(on, weeks)
    by_unit = weekly([unit.pk], indicator, on, weeks)
    total = _counts([unit.pk], [indicator], on, None)[unit.pk, indicator.code].people
    new = by_unit[unit.pk]
    points = []
    for index, first in enumerate(starts):
        points.append(TrendPoint(first, first + timedelta(days=6), new[index], total - sum(new[index + 1 :])))
    return points


def weekly(unit_ids: Sequence[int], indicator: Indicator, on: date, weeks: int) -> dict[int, list[int]]:
    """People newly reached in each of the last weeks, by unit, oldest week first, noughts included. One query."""
    starts = rules.week_starts(on, weeks)
    found: dict[int, list[int]] = {unit_id: [0] * weeks for unit_id in unit_ids}
    rows = (
        Tally.objects.filter(
            unit__in=list(unit_ids),
            milestone=indicator.milestone,
            group__in=indicator.groups,
            segment=Segment.ALL,
            day__gte=starts[0],
            day__lte=on,
        )
        .values("unit_id", "day")
        .annotate(sum=Sum("people"))
        .order_by()
    )
    for row in rows:
        found[row["unit_id"]][(row["day"] - starts[0]).days // 7] += row["sum"]
    return found


def breakdown(unit: Unit, on: date, known: Sequence[Indicator] | None = None) -> dict[str, dict[str, int]]:
    """People by indicator code and segment (women, aged 60 and over), at the end of a day (R-13). Two queries a segment."""
    known = indicators() if known is None else known
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for segment in (Segment.FEMALE, Segment.AGE60):
        for (_, code), counts in _counts([unit.pk], known, on, None, segment).items():
            found[code][segment] = counts.people
    return dict(found)


def people_in_charge(units: Iterable[Unit], on: date) -> dict[tuple[int, str], PersonInCharge]:
    """Who answers for each unit (indicator code empty) or one indicator of it, on a day. One query."""
    rows = PersonInCharge.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), unit__in=[unit.pk for unit in units], valid_from__lte=on
    )
    return {(row.unit_id, row.indicator_code): row for row in rows.order_by("valid_from", "id")}


def ways_to(units: list[Unit]) -> dict[int, str]:
    """Where each unit stands, as words: names repeat, so a bare name is not enough. One query."""
    step = Unit.steplen
    paths = {unit.path[:end] for unit in units for end in range(step, len(unit.path), step)}
    names = dict(Unit.objects.filter(path__in=paths).order_by().values_list("path", "name"))
    return {
        unit.pk: " › ".join(
            names[unit.path[:end]] for end in range(step, len(unit.path), step) if unit.path[:end] in names
        )
        for unit in units
    }
