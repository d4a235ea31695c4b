"""Policies as data: the starter ones, new versions by officers, and the one in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hocvuso.assessment.bank import current_bank, practice_tasks
from hocvuso.assessment.errors import NoSuchPolicy, NotForYou, PolicyChanged, PolicyUnsound, ReasonMissing
from hocvuso.assessment.models import Policy
from hocvuso.assessment.policies import may_set_policies
from hocvuso.curriculum.public import policies
from hocvuso.kernel import clock
from hocvuso.kernel.models import record_audit
from hocvuso.people.public import Person

# What a version says about how people are tested; who made it and when stands beside.
CONTENT = (
    "title",
    "group",
    "questions",
    "minutes",
    "pass_ratio",
    "retry_after_hours",
    "supervised",
    "provisional",
    "note",
    "blueprint",
    "adaptive",
    "practice_tasks",
    "practices",
    "attempts_allowed",
    "extra_time_ratio",
    "equivalences",
    "confirmed_by",
    "signatory",
)
RESULT = ("questions", "minutes", "pass_ratio", "blueprint", "adaptive", "practice_tasks")
DECIMALS = ("pass_ratio", "extra_time_ratio")


@transaction.atomic
def load_policies() -> int:
    """Take over the policies of the curriculum as data; answers how many versions are new. Running it again changes nothing.

    A version that an office made stays, whatever the curriculum says. Raises PolicyChanged when a shipped one has other content.
    """
    fresh = 0
    known = {(policy.code, policy.version): policy for policy in Policy.objects.all()}
    for data in policies():
        policy = Policy(code=data["code"], version=data["version"], **_content(data))
        old = known.get((policy.code, policy.version))
        if old is None:
            policy.save()
            fresh += 1
        elif old.made_by is None and any(getattr(old, name) != getattr(policy, name) for name in RESULT):
            raise PolicyChanged(code=policy.code, version=policy.version)
    return fresh


def _content(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: Decimal(str(data[name])) if name in DECIMALS else data[name] for name in CONTENT if name in data}


def current_policy(code: str, on: date | None = None) -> Policy:
    """The version of a policy in force on a day (today when not said). Raises NoSuchPolicy."""
    policy = Policy.objects.in_force(on or clock.today()).filter(code=code).order_by("-version").first()
    if policy is None:
        raise NoSuchPolicy
    return policy


@dataclass(frozen=True)
class NewVersion:
    """What an officer gives for a version. blueprint: `[{"skills": […], "count": n}]`, whose counts add up to `questions`."""

    title: str
    blueprint: list[dict[str, Any]]
    minutes: int
    pass_ratio: Decimal
    retry_after_hours: int
    attempts_allowed: int
    supervised: bool
    adaptive: bool
    practice_tasks: int
    practices: list[str]
    extra_time_ratio: Decimal
    equivalences: list[dict[str, str]]
    confirmed_by: str
    signatory: str
    provisional: bool
    note: str
    valid_from: date
    reason: str


@transaction.atomic
def make_version(*, actor: Person, code: str, new: NewVersion, at: datetime) -> Policy:
    """Make the next version of a policy, in force from its day. What was taken before keeps what was frozen with it.

    Raises NoSuchPolicy, NotForYou, ReasonMissing, PolicyUnsound.
    """
    if not may_set_policies(actor):
        raise NotForYou
    last = Policy.objects.select_for_update().filter(code=code).order_by("-version").first()
    if last is None:
        raise NoSuchPolicy
    if not new.reason.strip():
        raise ReasonMissing
    _check_sound(last, new, clock.local_date(at))
    values = {name: getattr(new, name) for name in new.__dataclass_fields__}
    policy = Policy.objects.create(
        code=code,
        version=last.version + 1,
        group=last.group,
        questions=sum(cell["count"] for cell in new.blueprint),
        made_by=actor.pk,
        made_at=at,
        **values,
    )
    record_audit(
        at=at,
        action="assessment.policy.made",
        object_type="policy",
        object_id=f"{code} {policy.version}",
        actor_id=actor.pk,
        old={"version": last.version},
        new={
            "version": policy.version,
            "valid_from": new.valid_from.isoformat(),
            "reason": new.reason,
            "changed": changed_fields(last, policy),
        },
    )
    return policy


def changed_fields(old: Policy, new: Policy) -> list[str]:
    """Names of what differs between two versions."""
    return [name for name in CONTENT if getattr(old, name) != getattr(new, name)]


def _check_sound(last: Policy, new: NewVersion, today: date) -> None:
    if new.valid_from < today or (last.valid_from and new.valid_from < last.valid_from):
        raise PolicyUnsound(reason=_("it cannot begin before today, nor before the version ahead of it."))
    if not Decimal(0) < new.pass_ratio <= 1 or not new.blueprint:
        raise PolicyUnsound(reason=_("the pass mark must be above 0% and at most 100%, and there must be questions."))
    bank = current_bank()
    for cell in new.blueprint:
        if len(bank.of_cell(cell)) < cell["count"]:
            raise PolicyUnsound(
                reason=_("the bank has too few questions for %(skills)s.") % {"skills": ", ".join(cell["skills"])}
            )
    if new.practice_tasks and len(practice_tasks(new.practices)) < new.practice_tasks:
        raise PolicyUnsound(reason=_("there are not as many published practices as tasks."))
