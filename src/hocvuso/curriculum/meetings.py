"""Meetings held with a pack: recorded once, seen by those whose units they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, Sum

from hocvuso.curriculum import queries
from hocvuso.curriculum.errors import MeetingInFuture, MoreHandsThanPeople, PackNotFound
from hocvuso.curriculum.models import MeetingRun
from hocvuso.kernel.clock import local_date
from hocvuso.kernel.models import record_audit
from hocvuso.people.public import Capability, Person, check_may
from hocvuso.units.public import Unit

Hands = list[list[int | None]]
ROWS = 50


@transaction.atomic
def record_meeting(
    *,
    actor: Person,
    run_id: UUID,
    digest: str,
    unit: Unit,
    held_on: date,
    people_present: int,
    hands: Hands,
    at: datetime,
) -> MeetingRun:
    """Record that a unit held a meeting with a pack.

    digest: the release that was used. hands: for each question a number for each answer, None where nobody counted.
    The same run_id again returns what was recorded first. Raises NotAllowed beyond the actor's reach, PackNotFound,
    MeetingInFuture, MoreHandsThanPeople. Writes one audit entry. Source: R-25.
    """
    there = MeetingRun.objects.filter(pk=run_id).first()
    if there is not None:
        return there
    check_may(actor, Capability.PROPOSE, unit)
    content = queries.content_of(digest)
    if content.get("kind") != "meeting":
        raise PackNotFound
    if held_on > local_date(at):
        raise MeetingInFuture
    if any(sum(count or 0 for count in question) > people_present for question in hands):
        raise MoreHandsThanPeople
    run = MeetingRun.objects.create(
        id=run_id,
        pack_slug=content["slug"],
        digest=digest,
        unit=unit,
        held_on=held_on,
        people_present=people_present,
        hands=hands,
        recorded_by=actor.pk,
        recorded_at=at,
    )
    record_audit(
        at=at,
        action="curriculum.meeting.recorded",
        object_type="curriculum.meetingrun",
        object_id=run.pk,
        actor_id=actor.pk,
        unit_id=unit.pk,
        new={"pack": run.pack_slug, "held_on": held_on.isoformat(), "people_present": people_present},
    )
    return run


@dataclass(frozen=True, slots=True)
class MeetingsHeld:
    """How many meetings, and how many people were there (somebody at two meetings counts twice)."""

    times: int
    people: int


def meetings_held(*, within: Q, since: date, until: date) -> MeetingsHeld:
    """Meetings held from `since` to `until`, both days included. within: a condition on the run, as `Reach.paths("unit__path")`."""
    found = MeetingRun.objects.filter(within, held_on__gte=since, held_on__lte=until).aggregate(
        times=Count("pk"), people=Sum("people_present")
    )
    return MeetingsHeld(found["times"], found["people"] or 0)


@dataclass(frozen=True, slots=True)
class RunRow:
    """A meeting as a list shows it. right_percent: of the hands raised, how many for the right answer; None without a count."""

    run: MeetingRun
    title: str
    right_percent: int | None


def runs_page(*, within: Q, after: str = "") -> tuple[list[RunRow], str]:
    """Meetings, the newest first, and the key of the next page (empty on the last). Three queries at most."""
    runs = MeetingRun.objects.filter(within).select_related("unit").order_by("-held_on", "-id")
    day, _, key = after.partition("_")
    try:
        if after:
            start = date.fromisoformat(day)
            runs = runs.filter(Q(held_on__lt=start) | Q(held_on=start, id__lt=UUID(key)))
    except ValueError:
        pass  # a key that nobody here made: from the beginning
    rows = list(runs[: ROWS + 1])
    titles = queries.contents_of({run.digest for run in rows})
    following = f"{rows[ROWS - 1].held_on.isoformat()}_{rows[ROWS - 1].id}" if len(rows) > ROWS else ""
    return [_row(run, titles[run.digest]) for run in rows[:ROWS]], following


def _row(run: MeetingRun, content: dict[str, Any]) -> RunRow:
    right = total = 0
    for question, counts in zip(content["quiz"], run.hands, strict=False):
        for option, count in zip(question["options"], counts, strict=False):
            total += count or 0
            right += (count or 0) if option["right"] else 0
    return RunRow(run, content["title"], round(100 * right / total) if total else None)
