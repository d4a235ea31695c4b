"""Report periods: the regular ones from their file, and those that a higher unit asks for."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from hocvuso.kernel.models import record_audit
from hocvuso.kernel.periods import PeriodKind
from hocvuso.kernel.vietnamese import composed, short_date
from hocvuso.people.public import Person
from hocvuso.programme import rules
from hocvuso.programme.errors import CampaignTooLong, NobodyBelow, NotRightBelow, PeriodInUse
from hocvuso.programme.models import PeriodUnit, Report, ReportPeriod
from hocvuso.programme.policies import check_may_ask_for_reports
from hocvuso.units.public import Unit, children

DATA_FILE = Path(__file__).parent.parent / "data" / "periods.yaml"
# Letters that nobody mistakes for another when a code is read aloud.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_WORDS = ("due_on", "source", "provisional_vi", "provisional_en")


@lru_cache(maxsize=4)
def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


@transaction.atomic
def load_periods(years: range, path: Path = DATA_FILE) -> int:
    """Add the regular periods that end in some years and correct their due days and words; answers how many were new or changed.

    The days that a period counts never change. Running it again changes nothing.
    """
    wanted = [
        _regular(entry, year, number)
        for year in years
        for entry in _read(path)["periods"]
        for number in entry["numbers"]
    ]
    known = {row.code: row for row in ReportPeriod.objects.filter(code__in=[row.code for row in wanted])}
    fresh = [row for row in wanted if row.code not in known]
    changed = []
    for row in wanted:
        old = known.get(row.code)
        if old and any(getattr(old, name) != getattr(row, name) for name in _WORDS):
            for name in _WORDS:
                setattr(old, name, getattr(row, name))
            changed.append(old)
    ReportPeriod.objects.bulk_create(fresh, ignore_conflicts=True)
    ReportPeriod.objects.bulk_update(changed, _WORDS)
    return len(fresh) + len(changed)


def _regular(entry: dict[str, Any], year: int, number: int) -> ReportPeriod:
    period = rules.regular_period(PeriodKind(entry["kind"]), year, number)
    return ReportPeriod(
        code=period.code,
        kind=period.kind.value,
        first=period.first,
        last=period.last,
        due_on=rules.due_on(period.last, entry["working_days"]),
        source=entry["source"],
        provisional_vi=entry["provisional"]["vi"],
        provisional_en=entry["provisional"]["en"],
    )


@transaction.atomic
def make_period(
    *,
    actor: Person,
    owner: Unit,
    name: str,
    first: date,
    last: date,
    due_on: date,
    daily: bool,
    units: Sequence[Unit] | None,
    at: datetime,
) -> list[ReportPeriod]:
    """Ask the units right below for a report: one on the whole time, or, for a campaign (daily), one for each day, due at 20:00.

    units: those that owe it; none is everyone right below, also those that come later. due_on is not used for a campaign.
    Raises NotAllowed, NobodyBelow, NotRightBelow, CampaignTooLong. Writes the audit trail.
    """
    check_may_ask_for_reports(actor, owner)
    below = children(owner)
    if not below.exists():
        raise NobodyBelow
    if units is not None:
        known = set(below.filter(pk__in=[unit.pk for unit in units]).values_list("pk", flat=True))
        if not units or known != {unit.pk for unit in units}:
            raise NotRightBelow
    made = _campaign(owner, name, first, last) if daily else [_single(owner, name, first, last, due_on)]
    for row in made:
        row.everyone, row.made_by, row.made_at = units is None, actor.id, at
    ReportPeriod.objects.bulk_create(made)
    made = list(ReportPeriod.objects.filter(code__in=[row.code for row in made]).order_by("first"))
    PeriodUnit.objects.bulk_create(
        [PeriodUnit(period=row, unit=unit) for row in made for unit in units or ()], batch_size=500
    )
    record_audit(
        at=at,
        actor_id=actor.id,
        action="programme.period.made",
        object_type="programme.ReportPeriod",
        object_id=made[0].series or made[0].code,
        unit_id=owner.pk,
        new={
            "name": made[0].name,
            "periods": len(made),
            "first": first.isoformat(),
            "last": last.isoformat(),
            "due_on": made[-1].due_on.isoformat(),
            "units": None if units is None else len(units),
        },
    )
    return made


def _single(owner: Unit, name: str, first: date, last: date, due_on: date) -> ReportPeriod:
    return ReportPeriod(
        code=f"{last.year}-DX-{_word()}",
        kind=PeriodKind.AD_HOC.value,
        first=first,
        last=last,
        due_on=due_on,
        name=composed(name),
        owner=owner,
    )


def _campaign(owner: Unit, name: str, first: date, last: date) -> list[ReportPeriod]:
    rule = _read(DATA_FILE)["campaign_day"]
    days = (last - first).days + 1
    if days > rule["most_days"]:
        raise CampaignTooLong(most=rule["most_days"])
    series = f"{last.year}-CD-{_word()}"
    return [
        ReportPeriod(
            code=f"{series}-{number + 1:02d}",
            kind=PeriodKind.CAMPAIGN_DAY.value,
            first=first + timedelta(days=number),
            last=first + timedelta(days=number),
            due_on=first + timedelta(days=number),
            closes_at=time.fromisoformat(rule["closes_at"]),
            source=rule["source"],
            provisional_vi=rule["provisional"]["vi"],
            provisional_en=rule["provisional"]["en"],
            name=composed(name),
            owner=owner,
            series=series,
        )
        for number in range(days)
    ]


def _word() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(5))


@transaction.atomic
def call_off_period(*, actor: Person, period: ReportPeriod, at: datetime) -> int:
    """Take back a period that a unit asked for, with every other day of its campaign; answers how many. What was written stays stored.

    Raises NotAllowed, PeriodInUse once a unit has handed something in. Writes the audit trail.
    """
    if period.owner is None:
        raise NotRightBelow
    check_may_ask_for_reports(actor, period.owner)
    same = ReportPeriod.objects.select_for_update().filter(owner=period.owner, called_off_at__isnull=True)
    same = same.filter(series=period.series) if period.series else same.filter(pk=period.pk)
    first = Report.objects.filter(period__in=same).select_related("unit").first()
    if first is not None:
        raise PeriodInUse(unit=first.unit.name)
    days = [short_date(row.last) for row in same]
    number = same.update(called_off_at=at)
    record_audit(
        at=at,
        actor_id=actor.id,
        action="programme.period.called_off",
        object_type="programme.ReportPeriod",
        object_id=period.series or period.code,
        unit_id=period.owner_id,
        old={"name": period.name, "days": days},
        new={"called_off": number},
    )
    return number
