"""Moving a report between the unit and the unit above: one function that makes every move, and doors named by what people do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from hocvuso.kernel.clock import VIETNAM, local_date
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.models import record_audit
from hocvuso.kernel.vietnamese import short_date
from hocvuso.people.public import Capability, Person, check_may
from hocvuso.programme import editions, moves
from hocvuso.programme.choices import ReportState, Verb
from hocvuso.programme.errors import (
    BelowNotDone,
    EditionBroken,
    MovedMeanwhile,
    NotFromHere,
    PeriodStillRunning,
    RemarkMissing,
    SamePerson,
    UntilMissing,
)
from hocvuso.programme.models import Report, ReportEdition, ReportMove, ReportPeriod
from hocvuso.programme.policies import check_side
from hocvuso.programme.queries.content import current_content
from hocvuso.programme.queries.handing_in import standing_below
from hocvuso.programme.services.writing import open_report, start_report, write_parts
from hocvuso.units.public import Unit

# An exception is short: longer than a quarter it is no exception.
MOST_DAYS_OPEN = 92
MAX_REMARK = 2_000
_PAST = {
    Verb.HAND_IN: "handed_in",
    Verb.TAKE_BACK: "taken_back",
    Verb.RETURN: "returned",
    Verb.APPROVE: "approved",
    Verb.LOCK: "locked",
    Verb.UNLOCK: "unlocked",
    Verb.RELOCK: "relocked",
}


def hand_in(
    *,
    actor: Person,
    unit: Unit,
    period: ReportPeriod,
    narrative: dict[str, str] | None,
    still_true: Collection[str] = (),
    version: int,
    remark: str = "",
    at: datetime,
) -> Report:
    """Save the written parts (none: leave them as they are) and hand the report in, with the figures as they are now.

    The words are kept even when handing in is refused. remark: why, when units below have begun and are not all approved.
    Raises NotAllowed, EditedMeanwhile, HandedInAlready, PeriodStillRunning, BelowNotDone.
    """
    check_may(actor, Capability.WRITE_REPORT, unit)
    with transaction.atomic():
        report = open_report(unit=unit, period=period, version=version, at=at)
        start_report(report)
        if narrative is None:
            report.save()
        else:
            write_parts(report, actor=actor, narrative=narrative, still_true=still_true, at=at)
    return _hand_in(actor=actor, report=report, remark=remark.strip(), at=at)


@transaction.atomic
def _hand_in(*, actor: Person, report: Report, remark: str, at: datetime) -> Report:
    report = _locked(report, report.version)
    today = local_date(at)
    if today < report.period.last:
        raise PeriodStillRunning(last=short_date(report.period.last))
    below = standing_below(report.unit, report.period)
    if below.begun and below.open and not remark:
        raise BelowNotDone(open=below.open, all=below.units)
    content = current_content(report.unit, report.period, today)
    plain = editions_content(report, content)
    report.edition = ReportEdition.objects.create(
        report=report,
        number=report.editions.count() + 1,
        at=at,
        by=actor.id,
        as_of=content.as_of,
        content=plain,
        digest=editions.digest_of(plain),
    )
    report.first_handed_in_at = report.first_handed_in_at or at
    _note_writer(report, actor)
    return _move(report, Verb.HAND_IN, actor=actor, remark=remark, at=at)


def editions_content(report: Report, content: Any) -> dict[str, Any]:
    """What is kept of a report that is handed in."""
    return {
        "unit": {"line": report.unit.line, "code": report.unit.code, "name": report.unit.name},
        "period": report.period.code,
        "first": report.period.first.isoformat(),
        "last": report.period.last.isoformat(),
        "as_of": content.as_of.isoformat(),
        "lines": [editions.plain_line(line) for line in content.lines],
        "tables": content.computed.plain(),
        "rows": report.rows,
        "narrative": report.narrative,
    }


@transaction.atomic
def move_report(
    *,
    actor: Person,
    report: Report,
    verb: Verb,
    version: int,
    remark: str = "",
    until: date | None = None,
    at: datetime,
) -> Report:
    """Make any move but handing in. version: of the report the person was looking at.

    Raises NotAllowed, SamePerson, MovedMeanwhile, NotFromHere, RemarkMissing, UntilMissing, EditionBroken.
    """
    if verb == Verb.HAND_IN:
        raise ValueError(verb)
    move = moves.MOVES[verb]
    check_side(actor, move.side, report.unit)
    report = _locked(report, version)
    if report.state not in move.sources:
        raise NotFromHere(state=report.get_state_display())
    if verb in moves.FOUR_EYES and str(actor.id) in report.writers:
        raise SamePerson
    remark = remark.strip()[:MAX_REMARK]
    if move.remark and not remark:
        raise RemarkMissing
    today = local_date(at)
    if move.until and (until is None or not today <= until <= today + timedelta(days=MOST_DAYS_OPEN)):
        raise UntilMissing(most=MOST_DAYS_OPEN)
    if verb in {Verb.LOCK, Verb.RELOCK}:
        _lock(report, again=verb == Verb.RELOCK)
    if verb == Verb.UNLOCK:
        report.open_until = until
    return _move(report, verb, actor=actor, remark=remark, until=until if move.until else None, at=at)


def move_many(
    *, actor: Person, reports: Sequence[tuple[Report, int]], verb: Verb, remark: str = "", at: datetime
) -> tuple[int, dict[str, list[str]]]:
    """Make the same move on several reports, each with the version the person saw; answers how many, and why others were left.

    Each is a transaction of its own: one that cannot be moved holds up no other. The reasons are sentences, each with its units.
    """
    done = 0
    left: dict[str, list[str]] = defaultdict(list)
    for report, version in reports:
        try:
            move_report(actor=actor, report=report, verb=verb, version=version, remark=remark, at=at)
            done += 1
        except HocVuSoError as error:
            left[str(error)].append(report.unit.name)
    return done, dict(left)


def end_exceptions(*, at: datetime) -> int:
    """Lock again what was opened by exception and whose last day is over; answers how many. For background work, twice without harm."""
    over = Report.objects.filter(open_until__lt=local_date(at), state__in=[state.value for state in moves.OPEN])
    ended = 0
    for report_id in list(over.order_by("open_until", "id").values_list("pk", flat=True)[:200]):
        with transaction.atomic():
            report = Report.objects.select_for_update().select_related("unit", "period").filter(pk=report_id).first()
            if report is None or report.state not in moves.OPEN or report.locked_edition_id is None:
                continue
            _lock(report, again=True)
            _move(report, Verb.RELOCK, actor=None, remark="", at=at)
            ended += 1
    return ended


def _locked(report: Report, version: int) -> Report:
    """The report, held until the transaction ends. Raises MovedMeanwhile when it is not as the person saw it."""
    held: Report = Report.objects.select_for_update().get(pk=report.pk)
    held.unit, held.period = report.unit, report.period
    if held.version != version:
        moment = held.updated_at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
        raise MovedMeanwhile(moment=moment, state=held.get_state_display())
    return held


def _lock(report: Report, *, again: bool) -> None:
    """Count with what was handed in: last, or, when an exception brought nothing, with what was locked before."""
    edition = report.locked_edition if again else report.edition
    if edition is None or not editions.is_intact(edition):
        raise EditionBroken
    report.edition = report.locked_edition = edition
    report.open_until = None


def _note_writer(report: Report, actor: Person) -> None:
    if str(actor.id) not in report.writers:
        report.writers = [*report.writers, str(actor.id)]


def _move(
    report: Report, verb: Verb, *, actor: Person | None, remark: str, at: datetime, until: date | None = None
) -> Report:
    move = moves.MOVES[verb]
    source = report.state
    if source not in move.sources and not (verb == Verb.RELOCK and actor is None):
        raise NotFromHere(state=report.get_state_display())
    report.state, report.state_at = move.target, at
    report.version += 1
    report.updated_at, report.updated_by = at, actor.id if actor else None
    report.save()
    ReportMove.objects.create(
        report=report,
        at=at,
        actor_id=actor.id if actor else None,
        verb=verb,
        source=source,
        target=move.target,
        remark=remark,
        until=until,
        edition=report.edition,
    )
    record_audit(
        at=at,
        actor_id=actor.id if actor else None,
        actor_name="" if actor else "system:reports",
        action=f"programme.report.{_PAST[verb]}",
        object_type="programme.Report",
        object_id=report.id,
        unit_id=report.unit_id,
        old={"state": source},
        new={
            "state": ReportState(move.target).value,
            "remark": remark,
            "until": until.isoformat() if until else None,
            "edition": report.edition.digest if report.edition else None,
        },
    )
    return report
