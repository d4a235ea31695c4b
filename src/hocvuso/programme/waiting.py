"""Reports on the officers' first page: what the unit owes, what came back, and what waits for its approval."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hocvuso.indicators.public import Waiting
from hocvuso.kernel import clock
from hocvuso.kernel.vietnamese import number
from hocvuso.people.public import CAPABILITIES, Capability, Person, mandates_on
from hocvuso.programme import queries
from hocvuso.programme.choices import ReportState
from hocvuso.programme.models import Report, ReportPeriod
from hocvuso.programme.words import period_name
from hocvuso.units.public import Unit

# More than these of each kind are behind one link: a campaign has a report every day.
MOST = 4
REPORTING = {Capability.WRITE_REPORT, Capability.APPROVE_REPORT}


def reports_waiting(person: Person, unit: Unit) -> list[Waiting]:
    """What waits in the reports of `unit`, where the person has a mandate there, else of the first unit they have one in.

    A constant number of queries, one for somebody who neither writes nor approves reports.
    """
    today = clock.today()
    mandates = mandates_on(person, today).select_related("unit").order_by("unit__path")
    able = [(mandate.unit, CAPABILITIES[mandate.role]) for mandate in mandates]
    places = {place.pk: place for place, abilities in able if abilities & REPORTING}
    if not places:
        return []
    here = places.get(unit.pk) or next(iter(places.values()))
    writes = any(Capability.WRITE_REPORT in abilities and here.path.startswith(place.path) for place, abilities in able)
    periods = [period for period in queries.periods_to_report(here, today) if period.last <= today]
    found = _owed(here, periods) if writes else []
    return [*found, *_to_approve(here, periods)]


def _owed(unit: Unit, periods: list[ReportPeriod]) -> list[Waiting]:
    stored = {row.period_id: row for row in Report.objects.filter(unit=unit, period__in=periods)}
    now, today = clock.now(), clock.today()
    found = []
    for period in sorted(periods, key=lambda period: period.due_at):
        report = stored.get(period.pk)
        state = report.state if report else ""
        if not queries.is_owed(state, period, today):
            continue
        if state == ReportState.RETURNED:
            pressing = _("returned, see the remarks")
        elif state != ReportState.UNLOCKED and period.due_at < now:
            pressing = _("overdue")
        else:
            pressing = ""
        address = reverse("programme:report", args=[unit.line, unit.code, period.code])
        found.append(
            Waiting(_("Report for %(name)s") % {"name": period_name(period)}, address, period.due_on, pressing)
        )
    return _first(found, unit)


def _to_approve(unit: Unit, periods: list[ReportPeriod]) -> list[Waiting]:
    below = queries.below_by_period(unit, periods)
    found = []
    for period in sorted(periods, key=lambda period: period.due_at):
        waits = below.get(period.pk, (0, 0))[1]
        if not waits:
            continue
        words = ngettext(
            "%(shown)s report of %(name)s waits for approval", "%(shown)s reports of %(name)s wait for approval", waits
        )
        address = reverse("programme:below", args=[unit.line, unit.code, period.code])
        found.append(
            Waiting(
                words % {"shown": number(waits), "name": period_name(period)},
                f"{address}?loc=cho-duyet",
                period.due_on,
            )
        )
    return _first(found, unit)


def _first(found: list[Waiting], unit: Unit) -> list[Waiting]:
    """The first of them, and one link to the others."""
    more = len(found) - MOST
    if more <= 0:
        return found
    words = ngettext("%(shown)s more", "%(shown)s more", more) % {"shown": number(more)}
    return [*found[:MOST], Waiting(words, reverse("programme:unit-reports", args=[unit.line, unit.code]))]
