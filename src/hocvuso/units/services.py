"""Writes: load the territory, merge units."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.clock import local_date
from hocvuso.kernel.models import record_audit
from hocvuso.units import tree
from hocvuso.units.choices import Line
from hocvuso.units.errors import CannotMerge
from hocvuso.units.models import Coverage, Unit
from hocvuso.units.policies import Actor
from hocvuso.units.signals import UnitsMerged, units_merged

DATA = Path(__file__).resolve().parent / "data"
TERRITORY_FILE = DATA / "vietnam-2025-07-01.csv"
CHANGES_FILE = DATA / "vietnam-2026-changes.csv"
TERRITORY_SOURCE = "Nghị quyết 202/2025/QH15; Quyết định 19/2025/QĐ-TTg"


@dataclass(frozen=True)
class Merge:
    """Units `source_ids` go into unit `target_id` on a day; `at` is when it was entered."""

    source_ids: tuple[int, ...]
    target_id: int
    on: date
    at: datetime


_merge_listeners: list[Callable[[Merge], None]] = []


def on_merge(listener: Callable[[Merge], None]) -> Callable[[Merge], None]:
    """Call listener(Merge) inside the transaction of every merger, after the tree has moved.

    For what must never be seen in between, such as tallies. An error in it undoes the merger. Can stand as a decorator.
    """
    if listener not in _merge_listeners:
        _merge_listeners.append(listener)
    return listener


def actor_fields(actor: Actor | None, part: str) -> dict[str, object]:
    """Who stands in the audit trail: the person, or the part of the system."""
    return {"actor_id": actor.id} if actor else {"actor_id": None, "actor_name": f"system:{part}"}


@transaction.atomic
def load_territory(*, at: datetime) -> tuple[int, int]:
    """Bring in the nation, its provinces and communes from the data files; add what is missing, change what has changed.

    Returns how many units were added and how many changed; twice gives nought and nought. A unit that is closed here stays
    closed. Changes dated after `at` wait for their day. Source: units/data/README.md.
    """
    with TERRITORY_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known: dict[str, Unit] = {}
    for unit in Unit.objects.in_line(Line.TERRITORY).filter(code__in=[row["code"] for row in rows]).order_by("id"):
        known[unit.code] = unit  # the newest where a code was used again
    added: list[tuple[Unit, Unit | None]] = []
    for row in rows:
        if row["code"] in known:
            continue
        unit = Unit(
            line=Line.TERRITORY,
            kind=row["kind"],
            code=row["code"],
            name=row["name"],
            valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            source=TERRITORY_SOURCE,
        )
        added.append((unit, known[row["parent_code"]] if row["parent_code"] else None))
        known[row["code"]] = unit
    tree.add_units(added)
    changed = _apply_changes(known, at)
    if added or changed:
        record_audit(
            at=at,
            action="units.territory.loaded",
            object_type="units.Unit",
            object_id="TERRITORY",
            actor_name="system:units",
            new={"added": len(added), "changed": changed},
        )
    return len(added), changed


def _apply_changes(known: dict[str, Unit], at: datetime) -> int:
    """Apply the dated changes of the data file whose day has come; returns how many units changed."""
    changed = 0
    with CHANGES_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            unit = known[row["code"]]
            if date.fromisoformat(row["since"]) > local_date(at) or unit.source == row["source"] or not unit.is_open:
                continue
            unit.name, unit.kind, unit.source = row["name"], row["kind"], row["source"]
            unit.save(update_fields=["name", "search_name", "kind", "source"])
            changed += 1
    return changed


def merge_units(*, actor: Actor | None, sources: Sequence[Unit], target: Unit, on: date, at: datetime) -> Unit:
    """Close the sources on a day and let the target go on in their place; returns the target.

    From that day everything below a source stands under the target, and its people, rights and figures count there; no total
    changes above both. Units that looked after a source look after the target, and the target looks after what the sources
    did. on: the first day on which the sources no longer exist. Raises CannotMerge. Writes one audit entry for each source;
    calls the listeners of `on_merge` in the same transaction; sends units_merged after commit.
    """
    with transaction.atomic():
        rows = {
            unit.pk: unit
            for unit in Unit.objects.select_for_update().filter(pk__in=[*(s.pk for s in sources), target.pk])
        }
        fresh_target = rows.pop(target.pk, None)
        if fresh_target is None or not rows:
            raise CannotMerge(
                _("Name at least one unit to merge, and another one to merge it into. Nothing was changed.")
            )
        _check_merge(list(rows.values()), fresh_target, on)
        for source_id in rows:
            source = Unit.objects.get(pk=source_id)
            goal = Unit.objects.get(pk=fresh_target.pk)
            parent = source.get_parent()
            source.move(goal, pos="last-child")
            Unit.objects.filter(pk=source_id).update(
                valid_to=on, succeeded_by=goal, stood_under=parent if parent is not None else None
            )
            _hand_over_coverage(source_id, goal.pk)
            record_audit(
                at=at,
                action="units.unit.merged",
                object_type="units.Unit",
                object_id=source_id,
                unit_id=goal.pk,
                old={"code": source.code, "name": source.name, "parent_id": parent.pk if parent else None},
                new={"into": goal.code, "on": on.isoformat()},
                **actor_fields(actor, "units"),  # type: ignore[arg-type]
            )
        merge = Merge(tuple(sorted(rows)), fresh_target.pk, on, at)
        for listener in _merge_listeners:
            listener(merge)
        news = UnitsMerged(merge.source_ids, merge.target_id, on)
        transaction.on_commit(lambda: units_merged.send_robust(sender=Unit, merged=news))
        return Unit.objects.get(pk=fresh_target.pk)


def _check_merge(sources: list[Unit], target: Unit, on: date) -> None:
    if not target.is_open:
        raise CannotMerge(
            _("%(name)s is closed, so nothing can be merged into it. Nothing was changed."), name=target.name
        )
    if target.valid_from and target.valid_from > on:
        raise CannotMerge(
            _("%(name)s does not exist yet on that day. Choose a later day. Nothing was changed."), name=target.name
        )
    for source in sources:
        if source.line != target.line:
            raise CannotMerge(
                _("%(name)s and %(target)s are in different lines. Nothing was changed."),
                name=source.name,
                target=target.name,
            )
        if not source.is_open:
            raise CannotMerge(_("%(name)s is closed already. Nothing was changed."), name=source.name)
        if source.valid_from and source.valid_from >= on:
            raise CannotMerge(
                _("%(name)s opens on or after that day. Choose a later day. Nothing was changed."), name=source.name
            )
        if target.path.startswith(source.path):
            raise CannotMerge(
                _("%(target)s stands below %(name)s, so it cannot take it in. Nothing was changed."),
                name=source.name,
                target=target.name,
            )


def _hand_over_coverage(source_id: int, target_id: int) -> None:
    """Who looked after the source looks after the target too, and the target after what the source did."""
    rows = [
        Coverage(unit_id=unit_id, territory_id=target_id)
        for unit_id in Coverage.objects.filter(territory_id=source_id).values_list("unit_id", flat=True)
    ] + [
        Coverage(unit_id=target_id, territory_id=territory_id)
        for territory_id in Coverage.objects.filter(unit_id=source_id).values_list("territory_id", flat=True)
    ]
    Coverage.objects.bulk_create(rows, ignore_conflicts=True)
