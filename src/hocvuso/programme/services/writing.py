"""Writing the parts of a report that figures cannot say, and the letterhead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from hocvuso.kernel.clock import VIETNAM
from hocvuso.kernel.models import record_audit
from hocvuso.kernel.vietnamese import composed
from hocvuso.people.public import Capability, Person, check_may
from hocvuso.programme import moves, rules
from hocvuso.programme.errors import EditedMeanwhile, HandedInAlready
from hocvuso.programme.models import Letterhead, Report, ReportPeriod
from hocvuso.units.public import Unit


@transaction.atomic
def save_narrative(
    *, actor: Person, unit: Unit, period: ReportPeriod, narrative: dict[str, str], version: int, at: datetime
) -> Report:
    """Keep the written parts of a report. version: the one the writer had before them (0 for a new report).

    Raises NotAllowed, EditedMeanwhile and HandedInAlready (nothing is overwritten). Writes the audit trail.
    """
    check_may(actor, Capability.WRITE_REPORT, unit)
    report = open_report(unit=unit, period=period, version=version, at=at)
    return write_parts(report, actor=actor, narrative=narrative, at=at)


def open_report(*, unit: Unit, period: ReportPeriod, version: int, at: datetime) -> Report:
    """The report that may be written in, held until the caller's transaction ends; made when there is none.

    Raises HandedInAlready, EditedMeanwhile.
    """
    report, _ = Report.objects.select_for_update().get_or_create(unit=unit, period=period, defaults={"updated_at": at})
    report.unit, report.period = unit, period
    moment = report.updated_at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
    if report.state not in moves.OPEN:
        raise HandedInAlready(state=report.get_state_display(), moment=moment)
    if report.version != version:
        raise EditedMeanwhile(moment=moment)
    return report


def write_parts(report: Report, *, actor: Person, narrative: dict[str, str], at: datetime) -> Report:
    """Put the written parts into an open report and raise its version."""
    kept = {code: _tidy(narrative.get(code, "")) for code in rules.PART_CODES}
    old: dict[str, str] = report.narrative
    report.narrative = {code: text for code, text in kept.items() if text}
    report.version += 1
    report.updated_at, report.updated_by = at, actor.id
    if str(actor.id) not in report.writers:
        report.writers = [*report.writers, str(actor.id)]
    report.save()
    record_audit(
        at=at,
        actor_id=actor.id,
        action="programme.report.saved",
        object_type="programme.Report",
        object_id=report.id,
        unit_id=report.unit_id,
        old={"parts": sorted(old)},
        new={"parts": sorted(report.narrative), "version": report.version},
    )
    return report


@transaction.atomic
def save_letterhead(*, actor: Person, unit: Unit, values: dict[str, Any], at: datetime) -> Letterhead:
    """Correct how a unit's documents are headed and signed. Raises NotAllowed. Writes the audit trail."""
    check_may(actor, Capability.WRITE_REPORT, unit)
    before = Letterhead.objects.filter(unit=unit).values().first()
    old: dict[str, Any] = dict(before) if before else {}
    head, _ = Letterhead.objects.update_or_create(unit=unit, defaults=values)
    record_audit(
        at=at,
        actor_id=actor.id,
        action="programme.letterhead.saved",
        object_type="programme.Letterhead",
        object_id=unit.pk,
        unit_id=unit.pk,
        old={name: old.get(name, "") for name in values},
        new=values,
    )
    return head


def _tidy(text: str) -> str:
    """Paragraphs kept, spaces composed, at most 20.000 letters."""
    lines = [composed(line) for line in text.replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip()[: rules.MAX_PART]
