"""Writing the parts of a report that figures cannot say, and the letterhead."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from hocvuso.kernel.clock import VIETNAM
from hocvuso.kernel.models import record_audit
from hocvuso.kernel.vietnamese import composed
from hocvuso.people.public import Capability, Person, check_may
from hocvuso.programme import moves, rules, tables
from hocvuso.programme.errors import EditedMeanwhile, HandedInAlready, NothingPicked
from hocvuso.programme.models import Letterhead, Report, ReportPeriod
from hocvuso.programme.queries.content import carried_over
from hocvuso.programme.queries.words_below import picked_sentences
from hocvuso.programme.tables import Table
from hocvuso.units.public import Unit


@transaction.atomic
def save_narrative(
    *,
    actor: Person,
    unit: Unit,
    period: ReportPeriod,
    narrative: dict[str, str],
    still_true: Collection[str] = (),
    version: int,
    at: datetime,
) -> Report:
    """Keep the written parts of a report. version: the one the writer had before them (0 for a new report).

    still_true: codes of carried parts that the writer says hold as they are.

    Raises NotAllowed, EditedMeanwhile and HandedInAlready (nothing is overwritten). Writes the audit trail.
    """
    check_may(actor, Capability.WRITE_REPORT, unit)
    report = open_report(unit=unit, period=period, version=version, at=at)
    start_report(report)
    return write_parts(report, actor=actor, narrative=narrative, still_true=still_true, at=at)


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


def start_report(report: Report) -> None:
    """A report that nobody saved yet begins with what is carried over from the last one, marked until somebody touches it."""
    if report.version == 0:
        report.narrative, report.rows = carried_over(report.unit, report.period)
        report.carried = sorted([*report.narrative, *report.rows])


def write_parts(
    report: Report, *, actor: Person, narrative: dict[str, str], still_true: Collection[str] = (), at: datetime
) -> Report:
    """Put the written parts into an open report and raise its version. A carried part that was changed is no longer marked."""
    kept = {code: _tidy(narrative.get(code, "")) for code in rules.PART_CODES}
    old: dict[str, str] = report.narrative
    report.carried = [
        code
        for code in report.carried
        if code not in still_true and (code not in kept or kept[code] == old.get(code, ""))
    ]
    report.narrative = {code: text for code, text in kept.items() if text}
    return _save(report, actor=actor, at=at, old={"parts": sorted(old)}, new={"parts": sorted(report.narrative)})


def _save(report: Report, *, actor: Person, at: datetime, old: dict[str, Any], new: dict[str, Any]) -> Report:
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
        old=old,
        new={**new, "version": report.version},
    )
    return report


@transaction.atomic
def save_rows(
    *,
    actor: Person,
    unit: Unit,
    period: ReportPeriod,
    table: Table,
    rows: list[dict[str, object]],
    version: int,
    at: datetime,
) -> Report:
    """Keep what the office writes in one of the tables T2–T5. Raises NotAllowed, EditedMeanwhile, HandedInAlready."""
    check_may(actor, Capability.WRITE_REPORT, unit)
    report = open_report(unit=unit, period=period, version=version, at=at)
    start_report(report)
    before = len(report.rows.get(table.code, []))
    report.rows = {**report.rows, table.code: tables.tidy_rows(table, rows)}
    report.carried = [code for code in report.carried if code != table.code]
    return _save(
        report,
        actor=actor,
        at=at,
        old={"table": table.code, "rows": before},
        new={"table": table.code, "rows": len(report.rows[table.code])},
    )


@transaction.atomic
def pick_sentences(
    *,
    actor: Person,
    unit: Unit,
    period: ReportPeriod,
    part: str,
    picks: Collection[tuple[int, int]],
    version: int,
    at: datetime,
) -> Report:
    """Add sentences that units right below handed in to the unit's own part, each with whose it is.

    picks: (unit id, place of the sentence in that unit's part). Read from what was handed in, never from the page.
    Raises NotAllowed, EditedMeanwhile, HandedInAlready, NothingPicked.
    """
    check_may(actor, Capability.WRITE_REPORT, unit)
    report = open_report(unit=unit, period=period, version=version, at=at)
    start_report(report)
    lines = picked_sentences(unit, period, part, picks)
    if not lines:
        raise NothingPicked
    old = report.narrative.get(part, "")
    text = "\n".join([*([old] if old else []), *lines])[: rules.MAX_PART]
    report.narrative = {**report.narrative, part: text}
    report.carried = [code for code in report.carried if code != part]
    return _save(report, actor=actor, at=at, old={"part": part}, new={"part": part, "picked": len(lines)})


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
