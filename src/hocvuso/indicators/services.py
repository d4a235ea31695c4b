"""What officers can do here: set targets, name who answers, give denominators one by one or by file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from hocvuso.indicators.choices import ImportState, TargetKind
from hocvuso.indicators.errors import ImportHasErrors, ImportNotOpen, TargetNotClear
from hocvuso.indicators.models import Denominator, DenominatorImport, PersonInCharge, Target
from hocvuso.indicators.reading import read_rows
from hocvuso.kernel.bulk import insert_rows
from hocvuso.kernel.models import record_audit
from hocvuso.people.public import Capability, Person, check_may, units_with
from hocvuso.units.public import Unit


@transaction.atomic
def set_target(
    *,
    actor: Person,
    unit: Unit,
    indicator_code: str,
    due_on: date,
    kind: TargetKind,
    at: datetime,
    ratio: Decimal | None = None,
    people: int | None = None,
    note: str = "",
) -> Target:
    """Set what a unit is to reach by a day. The row before it stays as history.

    ratio: 0 < ratio ≤ 1, or people: a head-count; exactly one (TargetNotClear otherwise).
    Raises NotAllowed, OutOfReach without SET_TARGETS over the unit. Source: R-11.
    """
    check_may(actor, Capability.SET_TARGETS, unit)
    if (ratio is None) == (people is None):
        raise TargetNotClear
    before = (
        Target.objects.filter(unit=unit, indicator_code=indicator_code, due_on=due_on, kind=kind)
        .order_by("-at", "-id")
        .first()
    )
    target = Target.objects.create(
        unit=unit,
        indicator_code=indicator_code,
        due_on=due_on,
        kind=kind,
        ratio=ratio,
        people=people,
        set_by=actor.pk,
        at=at,
        note=note,
    )
    record_audit(
        at=at,
        actor_id=actor.pk,
        action="indicators.target.set",
        object_type="target",
        object_id=target.pk,
        unit_id=unit.pk,
        old={"ratio": before.ratio, "people": before.people} if before else {},
        new={"indicator": indicator_code, "due_on": due_on, "kind": kind, "ratio": ratio, "people": people},
    )
    return target


@transaction.atomic
def name_person_in_charge(
    *, actor: Person, unit: Unit, name: str, title: str, on: date, at: datetime, indicator_code: str = ""
) -> PersonInCharge | None:
    """Say who answers for a unit (or one indicator of it) from a day on; an empty name says nobody does any more.

    Raises NotAllowed, OutOfReach without SET_TARGETS over the unit. Source: R-33.
    """
    check_may(actor, Capability.SET_TARGETS, unit)
    before = PersonInCharge.objects.filter(unit=unit, indicator_code=indicator_code, valid_to__isnull=True).first()
    if before:
        before.valid_to = on
        before.save(update_fields=["valid_to"])
    after = None
    if name:
        after = PersonInCharge.objects.create(
            unit=unit, indicator_code=indicator_code, name=name, title=title, valid_from=on, set_by=actor.pk
        )
    record_audit(
        at=at,
        actor_id=actor.pk,
        action="indicators.person_in_charge.named",
        object_type="unit",
        object_id=unit.pk,
        unit_id=unit.pk,
        old={"name": before.name, "title": before.title} if before else {},
        new={"name": name, "title": title, "indicator": indicator_code},
    )
    return after


@transaction.atomic
def give_denominator(
    *, actor: Person, unit: Unit, group: str, people: int, on: date, source: str, source_on: date, at: datetime
) -> Denominator:
    """State how many people of a group a unit answers for, by a source. The row before it stays as history.

    Raises NotAllowed, OutOfReach without SET_TARGETS over the unit.
    """
    check_may(actor, Capability.SET_TARGETS, unit)
    row = Denominator.objects.create(
        unit=unit,
        group=group,
        on=on,
        people=people,
        source=source,
        source_on=source_on,
        approved_by=actor.pk,
        approved_at=at,
    )
    record_audit(
        at=at,
        actor_id=actor.pk,
        action="indicators.denominator.given",
        object_type="denominator",
        object_id=row.pk,
        unit_id=unit.pk,
        new={"group": group, "people": people, "on": on, "source": source, "source_on": source_on},
    )
    return row


@transaction.atomic
def give_denominators(
    *, rows: Sequence[tuple[int, str, int]], on: date, source: str, source_on: date, at: datetime
) -> None:
    """State many denominators by one source, for the system itself (the demo city, a census): (unit id, group, people).

    One audit entry for all of them.
    """
    insert_rows(
        Denominator,
        ("unit", "group", "on", "people", "source", "source_on", "approved_by", "approved_at", "batch"),
        ((unit_id, group, on, people, source, source_on, None, at, None) for unit_id, group, people in rows),
    )
    record_audit(
        at=at,
        actor_name="system:indicators",
        action="indicators.denominators.given",
        object_type="denominator",
        object_id=source[:80],
        new={"rows": len(rows), "on": on, "source": source, "source_on": source_on},
    )


def try_import(*, actor: Person, file_name: str, content: bytes, at: datetime) -> DenominatorImport:
    """Read a file of denominators and say, row by row, what is wrong with it. Loads nothing.

    Units are matched by official code within the actor's reach. Raises FileNotReadable.
    """
    reading = read_rows(content, units_with(actor, Capability.SET_TARGETS))
    return DenominatorImport.objects.create(
        file_name=file_name[:200],
        state=ImportState.TRIED,
        created_at=at,
        created_by=actor.pk,
        rows=reading.rows,
        errors=reading.errors,
    )


@transaction.atomic
def load_import(*, actor: Person, import_id: UUID, at: datetime) -> int:
    """Load a file that was tried without errors: all of its rows or none. Returns how many rows were new.

    Raises ImportNotOpen, ImportHasErrors, and NotAllowed or OutOfReach when a mandate ended meanwhile.
    """
    batch = _open_import(actor, import_id, ImportState.TRIED)
    if batch.errors or not batch.rows:
        raise ImportHasErrors
    reach = units_with(actor, Capability.SET_TARGETS)
    paths = dict(Unit.objects.filter(pk__in={row["unit_id"] for row in batch.rows}).values_list("pk", "path"))
    if any(not any(paths[row["unit_id"]].startswith(root.path) for root in reach) for row in batch.rows):
        raise ImportHasErrors
    fresh = [row for row in batch.rows if not row["same"]]
    Denominator.objects.bulk_create(
        [
            Denominator(
                unit_id=row["unit_id"],
                group=row["group"],
                on=date.fromisoformat(row["on"]),
                people=row["people"],
                source=row["source"],
                source_on=date.fromisoformat(row["source_on"]),
                approved_by=actor.pk,
                approved_at=at,
                batch=batch,
            )
            for row in fresh
        ],
        batch_size=500,
    )
    _move(batch, ImportState.DONE, actor, at, {"rows": len(fresh), "file": batch.file_name})
    return len(fresh)


@transaction.atomic
def take_back_import(*, actor: Person, import_id: UUID, at: datetime) -> int:
    """Take a loaded file back: its rows go, those before them count again. The audit trail keeps what it held."""
    batch = _open_import(actor, import_id, ImportState.DONE)
    rows = batch.denominators.all()
    old: dict[str, Any] = {
        "rows": [[row.unit_id, row.group, row.people, row.on] for row in rows],
        "file": batch.file_name,
    }
    count, _ = rows.delete()
    _move(batch, ImportState.UNDONE, actor, at, old)
    return count


def _open_import(actor: Person, import_id: UUID, state: ImportState) -> DenominatorImport:
    """One's own import in the given state. Raises ImportNotOpen."""
    batch = DenominatorImport.objects.select_for_update().filter(pk=import_id, created_by=actor.pk, state=state).first()
    if batch is None:
        raise ImportNotOpen
    return batch


def _move(batch: DenominatorImport, state: ImportState, actor: Person, at: datetime, values: dict[str, Any]) -> None:
    batch.state = state
    batch.save(update_fields=["state"])
    undone = state == ImportState.UNDONE
    record_audit(
        at=at,
        actor_id=actor.pk,
        action=f"indicators.denominators.{'taken_back' if undone else 'loaded'}",
        object_type="denominator_import",
        object_id=batch.pk,
        old=values if undone else {},
        new={} if undone else values,
    )
