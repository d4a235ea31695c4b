"""Texts that go live or come down at a set moment: proposed by authors, decided by publishers, carried out in the background.

A moment never goes round the review: it stands beside a text that a publisher approves, and what is published then is exactly what was
approved, through the same release as by hand. What no longer passes the checks at that moment stays unpublished, and the studio says why.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.actions.unpublish import UnpublishAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from hocvuso.curriculum.checking import publication_problems
from hocvuso.curriculum.choices import ScheduleAction, ScheduleState
from hocvuso.curriculum.errors import (
    MomentHasPassed,
    NotApprovedYet,
    NotFitToPublish,
    NothingToTakeDown,
    OnlyPublishers,
)
from hocvuso.curriculum.models import Release, ScheduledChange
from hocvuso.curriculum.things import THINGS, code_of, has_moments, kind_of, may_write, specific
from hocvuso.kernel.clock import VIETNAM
from hocvuso.people.public import PUBLISHERS

logger = logging.getLogger(__name__)

OPEN = (ScheduleState.PROPOSED, ScheduleState.WAITING)
ROWS = 40
# A fault of ours, not of the text: tried again after this, longer each time; then told.
AGAIN_AFTER = timedelta(minutes=5)
MOST_TRIES = 5


def may_publish(user: Any) -> bool:
    """Whether somebody decides what learners see: publishers by mandate, and operators."""
    return bool(getattr(user, "is_superuser", False)) or user.groups.filter(name=PUBLISHERS).exists()


def open_changes(thing: Any) -> dict[str, ScheduledChange]:
    """What is set or proposed for a text, by action."""
    rows = ScheduledChange.objects.filter(kind=kind_of(thing), object_id=thing.pk, state__in=OPEN)
    return {row.action: row for row in rows.select_related("set_by__person")}


def refused_change(thing: Any) -> ScheduledChange | None:
    """The last moment of a text, where it was refused."""
    last = ScheduledChange.objects.filter(kind=kind_of(thing), object_id=thing.pk).order_by("-set_at", "-id").first()
    return last if last is not None and last.state == ScheduleState.REFUSED else None


def waits_at_publisher(thing: Any, user: Any) -> bool:
    """Whether the text lies on a publisher's desk and this person may approve it there."""
    task = thing.current_workflow_task
    state = thing.current_workflow_state
    if task is None or state is None:
        return False
    if not task.specific.groups.filter(name=PUBLISHERS).exists():
        return False
    return any(name == "approve" for name, _label, _modal in task.specific.get_actions(thing, user))


def shown_moment(moment: datetime) -> str:
    """`08:00, 10/10/2026`, on the clocks of Viet Nam."""
    return moment.astimezone(VIETNAM).strftime("%H:%M, %d/%m/%Y")


# --- setting -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def schedule_publication(*, user: Any, thing: Any, moment: datetime, at: datetime) -> ScheduledChange:
    """Set when a text goes live. A publisher at whose desk it lies approves it with that; an author proposes; a set moment is moved.

    Raises MomentHasPassed, OnlyPublishers, NotApprovedYet, NotFitToPublish.
    """
    if moment <= at:
        raise MomentHasPassed
    before = open_changes(thing).get(ScheduleAction.PUBLISH)
    if before is not None and before.state == ScheduleState.WAITING:
        if not may_publish(user):
            raise OnlyPublishers
        return _moved(before, user=user, moment=moment, at=at)
    if may_publish(user):
        return _approved_for(user=user, thing=thing, moment=moment, at=at)
    if not may_write(user, thing):
        raise OnlyPublishers
    return _set(
        user=user, thing=thing, action=ScheduleAction.PUBLISH, state=ScheduleState.PROPOSED, moment=moment, at=at
    )


def _approved_for(*, user: Any, thing: Any, moment: datetime, at: datetime) -> ScheduledChange:
    problems = publication_problems(thing.get_latest_revision_as_object())
    if problems:
        raise NotFitToPublish(problems=" ".join(problems))
    if not waits_at_publisher(thing, user):
        raise NotApprovedYet
    change = _set(
        user=user, thing=thing, action=ScheduleAction.PUBLISH, state=ScheduleState.PROPOSED, moment=moment, at=at
    )
    # The approval finds the moment and sets it instead of publishing at once (approval.py).
    thing.current_workflow_task.specific.on_action(thing.current_workflow_task_state, user, "approve")
    change.refresh_from_db()
    return change


@transaction.atomic
def schedule_withdrawal(*, user: Any, thing: Any, moment: datetime, at: datetime) -> ScheduledChange:
    """Set when a text comes down. Raises MomentHasPassed, OnlyPublishers, NothingToTakeDown."""
    if moment <= at:
        raise MomentHasPassed
    if not may_publish(user):
        raise OnlyPublishers
    if not thing.live and open_changes(thing).get(ScheduleAction.PUBLISH) is None:
        raise NothingToTakeDown
    return _set(
        user=user, thing=thing, action=ScheduleAction.WITHDRAW, state=ScheduleState.WAITING, moment=moment, at=at
    )


def _set(
    *, user: Any, thing: Any, action: ScheduleAction, state: ScheduleState, moment: datetime, at: datetime
) -> ScheduledChange:
    values = {
        "slug": code_of(thing)[:255],
        "title": str(thing)[:300],
        "at": moment,
        "due_at": moment,
        "state": state,
        "set_by": user,
        "set_at": at,
        "tries": 0,
        "told": [],
    }
    # The open one of this text is moved; the constraint keeps two at the same moment from becoming two.
    change, _made = ScheduledChange.objects.update_or_create(
        kind=kind_of(thing), object_id=thing.pk, action=action, state__in=OPEN, defaults=values
    )
    return change


def _moved(change: ScheduledChange, *, user: Any, moment: datetime, at: datetime) -> ScheduledChange:
    change.at = change.due_at = moment
    change.set_by, change.set_at = user, at
    change.save(update_fields=["at", "due_at", "set_by", "set_at"])
    return change


def cancel_change(*, user: Any, change_id: int, at: datetime) -> bool:
    """Call a moment off: publishers any, authors their own proposals; whether it was still open. Raises OnlyPublishers."""
    with transaction.atomic():
        change = ScheduledChange.objects.select_for_update().filter(pk=change_id, state__in=OPEN).first()
        if change is None:
            return False
        own_proposal = change.state == ScheduleState.PROPOSED and change.set_by_id == user.pk
        if not own_proposal and not may_publish(user):
            raise OnlyPublishers
        _end(change, ScheduleState.CANCELLED, at)
        return True


# --- the last approval -------------------------------------------------------------------------------------------------


@transaction.atomic
def publish_or_set(*, thing: Any, user: Any, at: datetime) -> datetime | None:
    """What a publisher approved goes live now, or at the moment that was proposed for it where that is still to come: none, or that moment.

    Raises NotFitToPublish; nothing is changed then, not even the approval.
    """
    thing = specific(thing)
    revision = thing.get_latest_revision()
    problems = publication_problems(revision.as_object())
    if problems:
        raise NotFitToPublish(problems=" ".join(problems))
    change = None
    if has_moments(thing):
        waiting = ScheduledChange.objects.filter(kind=kind_of(thing), object_id=thing.pk, state__in=OPEN)
        change = waiting.select_for_update().filter(action=ScheduleAction.PUBLISH).first()
    if change is not None and change.at > at:
        change.revision, change.state, change.due_at = revision, ScheduleState.WAITING, change.at
        change.save(update_fields=["revision", "state", "due_at"])
        return change.at
    revision.publish(user=user, skip_permission_checks=True)
    if change is not None:
        change.revision = revision
        _done(change, thing, at)
    return None


# --- carrying out ------------------------------------------------------------------------------------------------------


def carry_out_due(*, at: datetime, most: int = 20) -> int:
    """Do what is due, the oldest first; how many were done. Background work; two at once never do one thing twice."""
    due = ScheduledChange.objects.filter(state=ScheduleState.WAITING, due_at__lte=at).order_by("due_at", "pk")
    return sum(_carried_out(pk, at=at) for pk in due.values_list("pk", flat=True)[:most])


def _carried_out(pk: int, *, at: datetime) -> bool:
    try:
        with transaction.atomic():
            # Whoever comes second waits here and then finds it ended.
            change = (
                ScheduledChange.objects.select_for_update()
                .filter(pk=pk, state=ScheduleState.WAITING, due_at__lte=at)
                .first()
            )
            if change is None:
                return False
            # Told to people: in the language of the house, whatever this thread spoke before.
            with override("vi"):
                return _publish(change, at) if change.action == ScheduleAction.PUBLISH else _withdraw(change, at)
    except Exception:
        logger.exception("the scheduled change %s failed; it is tried again", pk)
        _note_fault(pk, at)
        return False


def _publish(change: ScheduledChange, at: datetime) -> bool:
    thing = _thing_of(change)
    if thing is None or change.revision is None:
        return _refused(change, [_("The text, or the version that was approved, is no longer there.")], at)
    problems = publication_problems(change.revision.as_object())
    if problems:
        return _refused(change, problems, at)
    change.revision.publish(user=change.set_by, log_action="wagtail.publish.scheduled", skip_permission_checks=True)
    _done(change, thing, at)
    return True


def _withdraw(change: ScheduledChange, at: datetime) -> bool:
    thing = _thing_of(change)
    if thing is None:
        return _refused(change, [_("The text, or the version that was approved, is no longer there.")], at)
    if thing.live:
        action = UnpublishPageAction if isinstance(thing, Page) else UnpublishAction
        # Whoever set it was allowed to; publishers hold no such right of Wagtail's own.
        action(thing, user=change.set_by, log_action="wagtail.unpublish.scheduled").execute(skip_permission_checks=True)
    _end(change, ScheduleState.DONE, at)
    return True


def _thing_of(change: ScheduledChange) -> Any:
    return THINGS[change.kind].model.objects.filter(pk=change.object_id).first()


def _done(change: ScheduledChange, thing: Any, at: datetime) -> None:
    release = Release.objects.filter(kind=change.kind, slug=code_of(thing), is_current=True)
    change.digest = release.values_list("digest", flat=True).first() or ""
    _end(change, ScheduleState.DONE, at)


def _refused(change: ScheduledChange, told: Iterable[str], at: datetime) -> bool:
    change.told = list(told)
    _end(change, ScheduleState.REFUSED, at)
    return False


def _end(change: ScheduledChange, state: ScheduleState, at: datetime) -> None:
    change.state, change.ended_at = state, at
    change.save()


def _note_fault(pk: int, at: datetime) -> None:
    """A fault of ours: later again, a few times, then told like a refusal."""
    with transaction.atomic(), override("vi"):
        change = ScheduledChange.objects.select_for_update().filter(pk=pk, state=ScheduleState.WAITING).first()
        if change is None:
            return
        change.tries += 1
        change.due_at = at + AGAIN_AFTER * change.tries
        if change.tries >= MOST_TRIES:
            change.told = [_("The server failed several times. The text is as it was; set the moment anew.")]
            change.state, change.ended_at = ScheduleState.REFUSED, at
        change.save()


# --- the list ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """Which moments a list shows, and in which order."""

    states: tuple[ScheduleState, ...]
    newest_first: bool


VIEWS = {
    "cho": ScheduleView(OPEN, newest_first=False),
    "hong": ScheduleView((ScheduleState.REFUSED,), newest_first=True),
    "xong": ScheduleView((ScheduleState.DONE, ScheduleState.CANCELLED), newest_first=True),
}


def schedule_page(
    view: ScheduleView, *, after: tuple[datetime, int] | None = None, rows: int = ROWS
) -> tuple[list[ScheduledChange], tuple[datetime, int] | None]:
    """A page of moments and the key of the next one (None on the last). One query."""
    found = ScheduledChange.objects.filter(state__in=view.states).select_related("set_by__person")
    order = ("-at", "-id") if view.newest_first else ("at", "id")
    if after is not None:
        beyond = "lt" if view.newest_first else "gt"
        found = found.filter(Q(**{f"at__{beyond}": after[0]}) | Q(at=after[0], **{f"id__{beyond}": after[1]}))
    page = list(found.order_by(*order)[: rows + 1])
    return page[:rows], (page[rows - 1].at, page[rows - 1].pk) if len(page) > rows else None


def refused_lately(*, since: datetime) -> int:
    """How many moments were refused since then."""
    return ScheduledChange.objects.filter(state=ScheduleState.REFUSED, ended_at__gte=since).count()
