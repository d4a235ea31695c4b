"""Import units from a file: try, apply all or nothing, undo precisely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.models import record_audit
from hocvuso.units import tree
from hocvuso.units.errors import CannotUndo, ImportHasErrors
from hocvuso.units.files import Row, read_rows
from hocvuso.units.models import Coverage, Shape, Unit, UnitImport
from hocvuso.units.plans import Plan, Wish, make_plan
from hocvuso.units.policies import Actor, is_within
from hocvuso.units.services import actor_fields

FIELDS = ("name", "kind", "valid_from")


def try_import(
    *, actor: Actor | None, line: str, file_name: str, content: bytes, roots: Sequence[Unit] | None, at: datetime
) -> UnitImport:
    """Read a file and keep what importing it would do; changes no unit.

    roots: the units whose subtrees the actor manages, none for the system itself. Raises BadFile.
    """
    rows = read_rows(file_name, content)
    plan = make_plan(line, rows, roots)
    return UnitImport.objects.create(
        line=line,
        file_name=file_name[-200:],
        state=UnitImport.State.TRIED,
        created_at=at,
        created_by=actor.id if actor else None,
        rows=[row.as_data() for row in rows],
        report=plan.as_report(),
    )


def apply_import(
    *, actor: Actor | None, unit_import: UnitImport, roots: Sequence[Unit] | None, at: datetime
) -> UnitImport:
    """Do what a tried import said, all of it or nothing; returns it, now DONE.

    Looks at the units again, for they may have changed since the try. Applying one that is done already changes nothing.
    Raises ImportHasErrors (the report then says which rows). Writes one audit entry.
    """
    with transaction.atomic():
        record = UnitImport.objects.select_for_update().get(pk=unit_import.pk)
        if record.state == UnitImport.State.DONE:
            return record
        if record.state == UnitImport.State.UNDONE:
            raise ImportHasErrors(_("This import was undone. Upload the file again. Nothing was changed."))
        plan = make_plan(record.line, [Row(**row) for row in record.rows], roots)
        record.report = plan.as_report()
        if not plan.messages:
            record.undo = _apply(record.line, plan, source=record.file_name)
            record.state = UnitImport.State.DONE
            record_audit(
                at=at,
                action="units.import.applied",
                object_type="units.UnitImport",
                object_id=record.pk,
                new={
                    "line": record.line,
                    "file": record.file_name,
                    "added": len(plan.adds),
                    "changed": len(plan.changes),
                },
                **actor_fields(actor, "units"),  # type: ignore[arg-type]
            )
        record.save(update_fields=["report", "undo", "state"])
    if plan.messages:
        raise ImportHasErrors
    return record


def _apply(line: str, plan: Plan, source: str) -> list[dict[str, Any]]:
    """Write the plan; returns the steps that undo it, in the order to take them."""
    steps: list[dict[str, Any]] = []
    by_code = dict(plan.parents)
    pairs = _add(line, plan, by_code, source)
    tree.add_units(pairs)
    made = [[unit.pk, unit.name, unit.kind, _day(unit), parent.pk if parent else None] for unit, parent in pairs]
    steps.append({"step": "remove", "made": made})
    for wish in plan.changes:
        unit = by_code[wish.code]
        new = {"name": wish.name, "kind": wish.kind, "valid_from": wish.valid_from or unit.valid_from}
        old = {name: getattr(unit, name) for name in FIELDS}
        if new != old:
            for name, value in new.items():
                setattr(unit, name, value)
            unit.prepare()
            steps.append({"step": "restore", "id": unit.pk, "old": _plain(old), "new": _plain(new)})
    changed = [by_code[wish.code] for wish in plan.changes]
    Unit.objects.bulk_update(changed, [*FIELDS, "search_name"], batch_size=200)
    for wish in plan.changes:
        if wish.code in plan.moves:
            unit = Unit.objects.get(pk=by_code[wish.code].pk)
            parent = Unit.objects.get(pk=by_code[wish.parent_code].pk)
            before = unit.get_parent()
            unit.move(parent, pos="last-child")
            steps.append({"step": "move", "id": unit.pk, "old": before.pk if before else None, "new": parent.pk})
    steps += _cover(plan, by_code)
    return steps[::-1]


def _add(line: str, plan: Plan, by_code: dict[str, Unit], source: str) -> list[tuple[Unit, Unit | None]]:
    """New units, upper ones first."""
    waiting = {wish.code: wish for wish in plan.adds}
    pairs: list[tuple[Unit, Unit | None]] = []
    for wish in plan.adds:
        chain: list[Wish] = []
        code = wish.code
        while code in waiting:
            chain.append(waiting.pop(code))
            code = chain[-1].parent_code
        for new in reversed(chain):
            unit = Unit(
                line=line, kind=new.kind, code=new.code, name=new.name, valid_from=new.valid_from, source=source
            )
            by_code[new.code] = unit
            pairs.append((unit, by_code[new.parent_code] if new.parent_code else None))
    return pairs


def _cover(plan: Plan, by_code: dict[str, Unit]) -> list[dict[str, Any]]:
    """Let units look after what the file says; returns the steps back."""
    wanted = {
        by_code[wish.code].pk: {plan.territories[code] for code in wish.covers}
        for wish in [*plan.adds, *plan.changes]
        if wish.covers
    }
    before: dict[int, set[int]] = {unit_id: set() for unit_id in wanted}
    ids = list(wanted)
    for start in range(0, len(ids), 5000):
        rows = Coverage.objects.filter(unit_id__in=ids[start : start + 5000])
        for unit_id, territory_id in rows.values_list("unit_id", "territory_id"):
            before[unit_id].add(territory_id)
    steps = []
    new_rows: list[Coverage] = []
    for unit_id, territories in wanted.items():
        added, removed = territories - before[unit_id], before[unit_id] - territories
        if removed:
            Coverage.objects.filter(unit_id=unit_id, territory_id__in=removed).delete()
        new_rows += [Coverage(unit_id=unit_id, territory_id=territory) for territory in sorted(added)]
        if added or removed:
            steps.append({"step": "cover", "id": unit_id, "old": sorted(before[unit_id]), "new": sorted(territories)})
    Coverage.objects.bulk_create(new_rows, batch_size=500)
    return steps


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def undo_import(
    *, actor: Actor | None, unit_import: UnitImport, roots: Sequence[Unit] | None, at: datetime
) -> UnitImport:
    """Put everything back as it was before an import; returns it, now UNDONE.

    roots: the units whose subtrees the actor manages today, none for the system itself; what they managed on the day of the
    import does not count. Raises CannotUndo, with the unit and the reason, when a touched unit stands outside them, or when
    something that came later depends on it: a unit was changed again, got people, units of its own, or figures. Writes one
    audit entry.
    """
    with transaction.atomic():
        record = UnitImport.objects.select_for_update().get(pk=unit_import.pk)
        if record.state != UnitImport.State.DONE:
            raise CannotUndo(_("Only an import that was carried out can be undone. Nothing was changed."))
        if roots is not None:
            _check_reach(record.undo, roots)
        for step in record.undo:
            _UNDO[step["step"]](step)
        record.state = UnitImport.State.UNDONE
        record.save(update_fields=["state"])
        record_audit(
            at=at,
            action="units.import.undone",
            object_type="units.UnitImport",
            object_id=record.pk,
            old={"line": record.line, "file": record.file_name},
            **actor_fields(actor, "units"),  # type: ignore[arg-type]
        )
    return record


def _check_reach(steps: Sequence[dict[str, Any]], roots: Sequence[Unit]) -> None:
    """Raise CannotUndo unless every unit that the steps touch stands in the subtrees now, and stays there after a move back."""
    touched: dict[int, None] = {}
    for step in steps:
        if step["step"] == "remove":
            touched |= dict.fromkeys(row[0] for row in step["made"])
            continue
        touched[step["id"]] = None
        if step["step"] == "move":
            if step["old"] is None:
                raise _out_of_reach(_find(step["id"]))
            touched[step["old"]] = None
    for part in _parts(list(touched)):
        for unit in Unit.objects.filter(pk__in=part):
            if not is_within(unit.path, roots):
                raise _out_of_reach(unit)


def _out_of_reach(unit: Unit) -> CannotUndo:
    return CannotUndo(
        _(
            "%(name)s (%(code)s) is outside the units you manage today, so you cannot undo this import. Ask the unit above to "
            "do it. Nothing was changed."
        ),
        name=unit.name,
        code=unit.code,
    )


def _changed_since(unit: Unit) -> CannotUndo:
    return CannotUndo(
        _(
            "%(name)s (%(code)s) was changed after this import, so it cannot be undone any more. Undo the later change first. "
            "Nothing was changed."
        ),
        name=unit.name,
        code=unit.code,
    )


def _find(unit_id: int) -> Unit:
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise CannotUndo(_("A unit of this import is gone, so it cannot be undone any more. Nothing was changed."))
    return unit


def _undo_restore(step: dict[str, Any]) -> None:
    unit = _find(step["id"])
    if _plain({name: getattr(unit, name) for name in FIELDS}) != step["new"] or not unit.is_open:
        raise _changed_since(unit)
    for name, value in step["old"].items():
        setattr(unit, name, value)
    unit.save(update_fields=[*FIELDS, "search_name"])


def _undo_move(step: dict[str, Any]) -> None:
    unit = _find(step["id"])
    parent = unit.get_parent()
    if (parent.pk if parent else None) != step["new"] or not unit.is_open:
        raise _changed_since(unit)
    if step["old"] is None:
        unit.move(Unit.get_last_root_node(), pos="last-sibling")
        return
    before = _find(step["old"])
    if not before.is_open:
        raise _changed_since(before)
    unit.move(before, pos="last-child")


def _undo_cover(step: dict[str, Any]) -> None:
    unit = _find(step["id"])
    rows = Coverage.objects.filter(unit=unit)
    if sorted(rows.values_list("territory_id", flat=True)) != step["new"]:
        raise _changed_since(unit)
    rows.exclude(territory_id__in=step["old"]).delete()
    back = set(step["old"]) - set(step["new"])
    Coverage.objects.bulk_create([Coverage(unit=unit, territory_id=territory) for territory in sorted(back)])


def _day(unit: Unit) -> str | None:
    return unit.valid_from.isoformat() if unit.valid_from else None


def _undo_remove(step: dict[str, Any]) -> None:
    made = {unit_id: rest for unit_id, *rest in step["made"]}
    ids = list(made)
    units: list[Unit] = []
    for part in _parts(ids):
        units += Unit.objects.filter(pk__in=part)
    if len(units) != len(ids):
        _find(next(iter(made.keys() - {unit.pk for unit in units})))
    parents = tree.parent_ids(units)
    expected = Counter(tree.base(unit.path) for unit in units)
    for unit in units:
        now_is = [unit.name, unit.kind, _day(unit), parents[unit.pk]]
        if now_is != made[unit.pk] or not unit.is_open or unit.numchild != expected[unit.path]:
            raise _changed_since(unit)
    for part in _parts(ids):
        held = (
            Coverage.objects.filter(unit_id__in=part).values_list("unit_id", flat=True).first()
            or Coverage.objects.filter(territory_id__in=part).values_list("territory_id", flat=True).first()
            or Shape.objects.filter(unit_id__in=part).values_list("unit_id", flat=True).first()
        )
        if held:
            raise _changed_since(_find(held))
    try:
        tree.remove_units(units)
    except ProtectedError as error:
        raise CannotUndo(
            _(
                "People, mandates or figures already belong to a unit of this import, so it cannot be undone any more. "
                "Merge or close the unit instead. Nothing was changed."
            )
        ) from error


def _parts(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + 5000] for start in range(0, len(ids), 5000)]


_UNDO = {"restore": _undo_restore, "move": _undo_move, "cover": _undo_cover, "remove": _undo_remove}
