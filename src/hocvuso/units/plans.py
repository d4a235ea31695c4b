"""What an import would do: compare the rows of a file with the units there are. Reads, never writes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.vietnamese import folded, short_date
from hocvuso.units.choices import Kind, Line
from hocvuso.units.files import Row
from hocvuso.units.models import Coverage, Unit
from hocvuso.units.policies import is_within
from hocvuso.units.rules import LINE_KINDS, may_become, may_stand
from hocvuso.units.tree import base, prefixes

_BATCH = 5000
_CODE = re.compile(r"[^\s;,]{1,40}")
MOST_MESSAGES = 200

# What people call kinds, folded.
KIND_WORDS = {
    "quoc gia": Kind.NATION,
    "tinh": Kind.PROVINCE,
    "thanh pho": Kind.CITY,
    "thanh pho truc thuoc trung uong": Kind.CITY,
    "xa": Kind.COMMUNE,
    "phuong": Kind.WARD,
    "dac khu": Kind.SPECIAL_ZONE,
    "khu pho": Kind.NEIGHBOURHOOD,
    "thon": Kind.NEIGHBOURHOOD,
    "ap": Kind.NEIGHBOURHOOD,
    "lang": Kind.NEIGHBOURHOOD,
    "ban": Kind.NEIGHBOURHOOD,
    "buon": Kind.NEIGHBOURHOOD,
    "bon": Kind.NEIGHBOURHOOD,
    "phum": Kind.NEIGHBOURHOOD,
    "soc": Kind.NEIGHBOURHOOD,
    "to dan pho": Kind.NEIGHBOURHOOD,
    "khom": Kind.NEIGHBOURHOOD,
    "co quan": Kind.ORGANISATION,
    "to chuc": Kind.ORGANISATION,
    "don vi": Kind.ORGANISATION,
    "cong doan cap tren": Kind.UNION_UPPER,
    "cong doan cap tren truc tiep co so": Kind.UNION_UPPER,
    "cong doan phuong": Kind.UNION_UPPER,
    "cong doan xa": Kind.UNION_UPPER,
    "cong doan co so": Kind.UNION_GRASSROOTS,
    "cdcs": Kind.UNION_GRASSROOTS,
    "truong": Kind.SCHOOL,
    "truong hoc": Kind.SCHOOL,
    "doanh nghiep": Kind.ENTERPRISE,
    "hop tac xa": Kind.COOPERATIVE,
}
KIND_WORDS |= {folded(kind.value.replace("_", " ")): kind for kind in Kind}

MESSAGES: dict[str, Promise] = {
    "no_code": _("The code is missing. Write the official code of this unit."),
    "bad_code": _(
        "The code “%(value)s” cannot be used: at most 40 letters and digits, no spaces, commas or semicolons."
    ),
    "no_name": _("The name is missing."),
    "long_name": _("The name is longer than 200 letters. Shorten it."),
    "twice": _("The code “%(value)s” stands in row %(first)s already. Keep one of the two rows."),
    "bad_kind": _("The kind “%(value)s” is not known in this line. Write one of: %(allowed)s."),
    "bad_date": _("The day “%(value)s” is not a date. Write it as 31/12/2026."),
    "no_parent": _("The upper unit is missing. Write the code of the unit that this one belongs to."),
    "unknown_parent": _(
        "No open unit of this line has the code “%(value)s”, in the system or in this file. Check the upper unit's code; "
        "if it begins with 0, format the column as text."
    ),
    "wrong_parent": _("A unit of this kind cannot stand under “%(parent)s”. Check the upper unit's code and the kind."),
    "wrong_change": _(
        "This unit is now of the kind “%(old)s” and cannot become the kind in this row. Check the code and the kind."
    ),
    "cycle": _("This row makes the unit stand below itself. Check the upper unit's code."),
    "code_closed": _(
        "The code “%(value)s” belonged to a unit that closed on %(closed)s. To use it again, write a starting day from then on."
    ),
    "covers_territory": _("Only units of other lines look after territories. Leave this column empty."),
    "unknown_territory": _("No ward or commune has the code “%(value)s”. Check the codes it looks after."),
    "not_yours": _("This unit is outside the units you manage. Ask the unit above to import this row."),
}


@dataclass(frozen=True)
class Message:
    """Something to put right in one row. `code` is a key of MESSAGES, `column` a column of the file."""

    row: int
    column: str
    code: str
    values: dict[str, str] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "code": self.code, "values": self.values}


def sentence(message: dict[str, Any]) -> str:
    """A stored message in the language of whoever reads it."""
    values = dict(message["values"])
    if "line" in values:
        values["allowed"] = ", ".join(str(Kind(kind).label) for kind in LINE_KINDS[values["line"]])
    if "kind" in values:
        values["old"] = str(Kind(values["kind"]).label)
    return str(MESSAGES[message["code"]]) % values


@dataclass
class Wish:
    """A row understood: what the file wants of the unit with this code. `parent_code` empty: a root, or leave it where it is."""

    row: Row
    code: str
    name: str
    kind: str
    parent_code: str
    valid_from: date | None
    covers: tuple[str, ...]
    unit: Unit | None = None


@dataclass
class Plan:
    """What applying a file does. With messages it can do nothing at all."""

    adds: list[Wish] = field(default_factory=list)
    changes: list[Wish] = field(default_factory=list)
    same: int = 0
    messages: list[Message] = field(default_factory=list)
    parents: dict[str, Unit] = field(default_factory=dict)  # stored units by code
    moves: set[str] = field(default_factory=set)
    territories: dict[str, int] = field(default_factory=dict)

    def as_report(self) -> dict[str, Any]:
        """What is stored with the import and shown to people."""
        return {
            "added": len(self.adds),
            "changed": len(self.changes),
            "same": self.same,
            "errors": len(self.messages),
            "messages": [message.as_data() for message in sorted(self.messages, key=lambda m: m.row)[:MOST_MESSAGES]],
        }


def parse_day(text: str) -> date | None:
    """`31/12/2026`, `31-12-2026` or `2026-12-31`; none if it is no day."""
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def make_plan(line: str, rows: Sequence[Row], roots: Sequence[Unit] | None) -> Plan:
    """What importing rows into a line would do for somebody who manages the subtrees of roots (none: the system itself).

    A number of queries that does not grow with the rows, but for one in every 5,000.
    """
    plan = Plan()
    wishes = _understand(line, rows, plan)
    _look_up(line, wishes, plan)
    _place(line, wishes, plan, roots)
    _check_cycles(line, wishes, plan)
    _sort_out(wishes, plan)
    return plan


def _understand(line: str, rows: Sequence[Row], plan: Plan) -> dict[str, Wish]:
    """Rows by code, each well formed on its own."""
    wishes: dict[str, Wish] = {}
    for row in rows:

        def complain(column: str, code: str, row: Row = row, **values: str) -> None:
            plan.messages.append(Message(row.number, column, code, values))

        if not row.code:
            complain("code", "no_code")
            continue
        if not _CODE.fullmatch(row.code):
            complain("code", "bad_code", value=row.code[:60])
            continue
        if row.code in wishes:
            complain("code", "twice", value=row.code, first=str(wishes[row.code].row.number))
            continue
        kind = KIND_WORDS.get(folded(row.kind.replace("_", " ")))
        if kind is None or kind not in LINE_KINDS[line]:
            complain("kind", "bad_kind", value=row.kind[:60], line=line)
            kind = None
        if not row.name:
            complain("name", "no_name")
        elif len(row.name) > 200:
            complain("name", "long_name")
        day = parse_day(row.valid_from) if row.valid_from else None
        if row.valid_from and day is None:
            complain("valid_from", "bad_date", value=row.valid_from[:60])
        covers = tuple(dict.fromkeys(part.strip() for part in row.covers.split(";") if part.strip()))
        if covers and line == Line.TERRITORY:
            complain("covers", "covers_territory")
        wishes[row.code] = Wish(row, row.code, row.name, kind or "", row.parent_code, day, covers)
    return wishes


def _batches(items: Sequence[str]) -> list[Sequence[str]]:
    return [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]


def _look_up(line: str, wishes: dict[str, Wish], plan: Plan) -> None:
    """Find the units that rows and their parents name, and the territories they look after."""
    codes = sorted({wish.code for wish in wishes.values()} | {wish.parent_code for wish in wishes.values()} - {""})
    closed: dict[str, Unit] = {}
    for part in _batches(codes):
        for unit in Unit.objects.in_line(line).filter(code__in=part).order_by("id"):
            if unit.is_open:
                plan.parents[unit.code] = unit
            else:
                closed[unit.code] = unit
    for wish in wishes.values():
        wish.unit = plan.parents.get(wish.code)
        old = closed.get(wish.code)
        closed_on = old.valid_to if old is not None and wish.unit is None else None
        if closed_on is not None and (wish.valid_from is None or wish.valid_from < closed_on):
            values = {"value": wish.code, "closed": short_date(closed_on)}
            plan.messages.append(Message(wish.row.number, "code", "code_closed", values))
    covered = sorted({code for wish in wishes.values() for code in wish.covers})
    for part in _batches(covered):
        found = Unit.objects.in_line(Line.TERRITORY).filter(code__in=part, valid_to__isnull=True).order_by()
        plan.territories.update(found.values_list("code", "pk"))
    for wish in wishes.values():
        for code in wish.covers:
            if code not in plan.territories:
                plan.messages.append(Message(wish.row.number, "covers", "unknown_territory", {"value": code[:60]}))


def _place(line: str, wishes: dict[str, Wish], plan: Plan, roots: Sequence[Unit] | None) -> None:
    """Check every row's upper unit, and that the actor manages both ends."""
    for wish in wishes.values():

        def complain(code: str, wish: Wish = wish, **values: str) -> None:
            plan.messages.append(Message(wish.row.number, "parent_code", code, values))

        parent_wish, parent = wishes.get(wish.parent_code), plan.parents.get(wish.parent_code)
        if wish.parent_code and parent_wish is None and parent is None:
            complain("unknown_parent", value=wish.parent_code[:60])
            continue
        if not wish.parent_code and wish.unit is None and line == Line.TERRITORY and wish.kind != Kind.NATION:
            complain("no_parent")
            continue
        if wish.unit is not None and wish.kind and not may_become(line, wish.unit.kind, wish.kind):
            plan.messages.append(Message(wish.row.number, "kind", "wrong_change", {"kind": wish.unit.kind}))
        elif wish.kind and (wish.parent_code or wish.unit is None):
            parent_kind = parent_wish.kind if parent_wish else parent.kind if parent else None
            if parent_kind != "" and not may_stand(line, wish.kind, parent_kind):
                name = parent_wish.name if parent_wish else parent.name if parent else ""
                complain("wrong_parent", parent=name)
        if roots is not None and not _is_theirs(wish, wishes, plan, roots):
            complain("not_yours")


def _is_theirs(wish: Wish, wishes: dict[str, Wish], plan: Plan, roots: Sequence[Unit]) -> bool:
    """Whether the unit, as it is and as it would be, lies in the actor's subtrees. A root of a line is nobody's but the system's."""
    # A unit stands where its nearest stored upper unit stands; what is new in the file hangs below that.
    if wish.unit is not None and not is_within(wish.unit.path, roots):
        return False
    seen: set[str] = set()
    code = wish.parent_code
    while code and code not in plan.parents and code in wishes and code not in seen:
        seen.add(code)
        code = wishes[code].parent_code
    if code in plan.parents:
        return is_within(plan.parents[code].path, roots)
    return wish.unit is not None and not wish.parent_code


def _check_cycles(line: str, wishes: dict[str, Wish], plan: Plan) -> None:
    """Walk up from every row, by the file where it says and by the tree where it does not."""
    above = {base(unit.path) for unit in plan.parents.values()}
    wanted = sorted({prefix for path in above if path for prefix in prefixes(path)})
    code_at = {unit.path: unit.code for unit in plan.parents.values()}
    for part in _batches(wanted):
        code_at.update(Unit.objects.filter(path__in=part).order_by().values_list("path", "code"))
    up_in_tree = {code: code_at.get(base(path), "") for path, code in code_at.items()}
    safe: set[str] = set()
    for wish in wishes.values():
        trail: list[str] = []
        code = wish.code
        while code and code not in safe:
            if code in trail:
                plan.messages.append(Message(wish.row.number, "parent_code", "cycle", {}))
                break
            trail.append(code)
            other = wishes.get(code)
            code = other.parent_code if other is not None and other.parent_code else up_in_tree.get(code, "")
        safe.update(trail)


def _sort_out(wishes: dict[str, Wish], plan: Plan) -> None:
    """Tell what is new from what changes and what stays."""
    stored = {wish.unit.pk: wish for wish in wishes.values() if wish.unit is not None}
    covered: dict[int, set[int]] = {pk: set() for pk in stored}
    ids = list(stored)
    for start in range(0, len(ids), _BATCH):
        rows = Coverage.objects.filter(unit_id__in=ids[start : start + _BATCH])
        for unit_id, territory_id in rows.values_list("unit_id", "territory_id"):
            covered[unit_id].add(territory_id)
    for wish in wishes.values():
        unit = wish.unit
        if unit is None:
            plan.adds.append(wish)
            continue
        parent = plan.parents.get(wish.parent_code)
        moved = bool(wish.parent_code) and (parent is None or parent.path != base(unit.path))
        if moved:
            plan.moves.add(wish.code)
        differs = (
            moved
            or unit.name != wish.name
            or unit.kind != wish.kind
            or (wish.valid_from is not None and unit.valid_from != wish.valid_from)
            or (bool(wish.covers) and {plan.territories.get(code) for code in wish.covers} != covered[unit.pk])
        )
        if differs:
            plan.changes.append(wish)
        else:
            plan.same += 1
