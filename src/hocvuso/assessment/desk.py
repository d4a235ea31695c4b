"""Reads of the officers' pages: versions of policies, items with their numbers, results that wait for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from hocvuso.assessment.bank import current_bank
from hocvuso.assessment.models import Item, Policy, Rescoring
from hocvuso.assessment.services.bank import discrimination_index
from hocvuso.assessment.services.policies import changed_fields
from hocvuso.curriculum.models import Question
from hocvuso.people.public import Capability, Person, reach_of

PAGE = 50
# Numbers of an item say something from here on; a weak one is pointed out.
ANSWERS_TO_JUDGE = 30
WEAK_INDEX = 0.15
TOO_EASY, TOO_HARD = 0.95, 0.2


@dataclass(frozen=True)
class PolicyRow:
    """A policy as the list shows it. ready: whether its adaptive tests can run now; coming: a later version that waits for its day."""

    policy: Policy
    ready: bool
    coming: Policy | None


def policy_rows(on: date) -> list[PolicyRow]:
    """Every policy with the version in force. A fixed number of queries."""
    bank = current_bank()
    in_force: dict[str, Policy] = {}
    coming: dict[str, Policy] = {}
    for policy in Policy.objects.order_by("code", "version"):
        if policy.valid_from is None or policy.valid_from <= on:
            in_force[policy.code] = policy
        else:
            coming.setdefault(policy.code, policy)
    shown = {**coming, **in_force}
    return [
        PolicyRow(policy, bank.is_ready(policy.blueprint), coming.get(policy.code))
        for policy in sorted(shown.values(), key=lambda one: one.title)
    ]


@dataclass(frozen=True)
class VersionRow:
    """A version with what it changed against the one before it. state: `now`, `coming` or `past`."""

    policy: Policy
    state: str
    changed_words: tuple[str, ...]
    made_by: str


def version_rows(code: str, on: date) -> list[VersionRow]:
    """All versions of a policy, newest first. Two queries."""
    versions = list(Policy.objects.filter(code=code).order_by("version"))
    names = dict(
        Person.objects.filter(pk__in={one.made_by for one in versions if one.made_by}).values_list("pk", "full_name")
    )
    now = max((one.version for one in versions if one.valid_from is None or one.valid_from <= on), default=0)
    rows, words = [], field_words()
    for place, policy in enumerate(versions):
        state = "now" if policy.version == now else "coming" if policy.version > now else "past"
        changed = tuple(words[name] for name in changed_fields(versions[place - 1], policy)) if place else ()
        made_by = names.get(policy.made_by, "") if policy.made_by else ""
        rows.append(VersionRow(policy, state, changed, made_by))
    return rows[::-1]


@dataclass(frozen=True)
class ItemRow:
    """An item with its words. share: of answers that were right; index: point-biserial, see discrimination_index."""

    item: Item
    text: str
    lesson: str
    share: float | None
    index: float | None
    over: bool

    @property
    def warning(self) -> str:
        """Which kind of trouble its numbers point to: `weak`, `easy`, `hard`, `over`, or none."""
        if self.over:
            return "over"
        if self.share is None or self.item.answered < ANSWERS_TO_JUDGE:
            return ""
        if self.index is not None and self.index < WEAK_INDEX:
            return "weak"
        return "easy" if self.share > TOO_EASY else "hard" if self.share < TOO_HARD else ""


def item_rows(*, after: str = "", state: str = "", only: str = "") -> tuple[list[ItemRow], str]:
    """A page of items by code, and the code the next page begins after (empty on the last). Two queries."""
    items = Item.objects.filter(code__gt=after).order_by("code")
    if state:
        items = items.filter(state=state)
    if only:
        items = items.filter(code__contains=only)
    found = list(items[: PAGE + 1])
    words = _words([item.code for item in found])
    rows = [_item_row(item, words.get(item.code, ("", ""))) for item in found[:PAGE]]
    return rows, found[PAGE - 1].code if len(found) > PAGE else ""


def item_row(item: Item) -> ItemRow:
    return _item_row(item, _words([item.code]).get(item.code, ("", "")))


def _words(codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    rows = Question.objects.filter(code__in=codes).values_list("code", "text", "lesson_slug")
    return {code: (text, lesson) for code, text, lesson in rows}


def _item_row(item: Item, words: tuple[str, str]) -> ItemRow:
    return ItemRow(
        item=item,
        text=words[0],
        lesson=words[1],
        share=item.right / item.answered if item.answered else None,
        index=discrimination_index(item),
        over=item.exposure_ratio > item.exposure_limit and item.drawn > ANSWERS_TO_JUDGE,
    )


def rescorings_for(actor: Person, on: date) -> list[Rescoring]:
    """Results within somebody's reach that wait for people, oldest first, at most a page. Two queries."""
    reach = reach_of(actor, Capability.CONFIRM, on)
    rows = Rescoring.objects.select_related("person", "person__home_unit").filter(
        reach.paths("person__home_unit__path"), needs_people=True, decided_at__isnull=True
    )
    return list(rows.exclude(person=actor).order_by("at", "id")[:PAGE])


def field_words() -> dict[str, str]:
    """What the fields of a version are called."""
    return {
        "title": _("name of the test"),
        "group": _("group"),
        "questions": _("number of questions"),
        "minutes": _("time"),
        "pass_ratio": _("pass mark"),
        "retry_after_hours": _("waiting time"),
        "supervised": _("supervision"),
        "provisional": _("marked as provisional"),
        "note": _("note"),
        "blueprint": _("questions by skill"),
        "adaptive": _("adaptive"),
        "practice_tasks": _("practice tasks"),
        "practices": _("practices"),
        "attempts_allowed": _("number of tries"),
        "extra_time_ratio": _("added time"),
        "equivalences": _("equivalences"),
        "confirmed_by": _("who confirms"),
        "signatory": _("who signs"),
    }
