"""Which unit confirms whose result: what the policy of the attempt says, else data by group and day (data/authorities.yaml).

The data is marked provisional until there is a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import yaml

from hocvuso.assessment.public import Policy
from hocvuso.people.public import Group, Membership, Person
from hocvuso.units.public import Line, Unit

SOURCE = Path(__file__).resolve().parent / "data" / "authorities.yaml"


@dataclass(frozen=True)
class AuthorityRule:
    """From a day on: for each group the lines whose unit answers for a person, in order."""

    valid_from: date
    provisional: bool
    note: str
    lines: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def rules() -> tuple[AuthorityRule, ...]:
    """All rules, newest first. ValueError when the file names a group or a line that does not exist."""
    found = []
    for entry in yaml.safe_load(SOURCE.read_text(encoding="utf-8")):
        lines = {group: tuple(rule["lines"]) for group, rule in entry["groups"].items()}
        unknown = (set(lines) - set(Group.values)) | (
            {one for many in lines.values() for one in many} - set(Line.values)
        )
        if unknown:
            raise ValueError(f"{SOURCE.name}: {sorted(unknown)}")
        found.append(AuthorityRule(entry["valid_from"], bool(entry["provisional"]), entry.get("note", ""), lines))
    return tuple(sorted(found, key=lambda rule: rule.valid_from, reverse=True))


def lines_for(group: str, on: date) -> tuple[str, ...]:
    """The lines that answer for a group on a day; the territory where no rule says otherwise."""
    rule = next((rule for rule in rules() if rule.valid_from <= on), None)
    return rule.lines.get(group, (Line.TERRITORY,)) if rule else (Line.TERRITORY,)


def authority_of(person: Person, policy_code: str, version: str, on: date) -> Unit | None:
    """The unit that confirms a person's result by a version of a policy; none for somebody without a home. Two queries."""
    return authorities_of([(person.pk, person.home_unit, policy_code, version)], on)[0]


def authorities_of(wanted: Sequence[tuple[UUID, Unit | None, str, str]], on: date) -> list[Unit | None]:
    """The same for many: person, home, policy, version. Two queries for any number."""
    lines: dict[tuple[str, str], tuple[str, ...]] = {}
    rows = Policy.objects.filter(code__in={code for _, _, code, _ in wanted}).order_by("version")
    for code, version, group, line in rows.values_list("code", "version", "group", "confirmed_by"):
        named = (line, Line.TERRITORY) if line in Line.values else lines_for(group, on)
        lines[code, str(version)] = named
        lines[code, ""] = named  # the newest, for a version that is not known here
    of = [lines.get((code, version)) or lines.get((code, "")) or (Line.TERRITORY,) for _, _, code, version in wanted]
    outside = {person for (person, *_), answer in zip(wanted, of, strict=True) if answer[0] != Line.TERRITORY}
    members = _memberships(outside, on)
    return [
        _first(answer, home, members.get(person, {})) for (person, home, _, _), answer in zip(wanted, of, strict=True)
    ]


def _memberships(people: Iterable[UUID], on: date) -> dict[UUID, dict[str, Unit]]:
    """By person and line the unit somebody is a member of: the one they joined first."""
    found: dict[UUID, dict[str, Unit]] = {}
    people = set(people)
    if not people:
        return found
    rows = Membership.objects.on(on).filter(person__in=people).select_related("unit").order_by("valid_from", "pk")
    for row in rows:
        found.setdefault(row.person_id, {}).setdefault(row.unit.line, row.unit)
    return found


def _first(lines: Sequence[str], home: Unit | None, member: dict[str, Unit]) -> Unit | None:
    for line in lines:
        unit = home if line == Line.TERRITORY else member.get(line)
        if unit is not None:
            return unit
    return None
