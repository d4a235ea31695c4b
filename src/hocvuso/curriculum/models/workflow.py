"""The studio's workflow: somebody else reads, somebody else publishes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

# Turned round: what checks a text stands above the models and registers here when the room starts. Each gives the problems of a draft.
publication_checks: list[Callable[[Any], list[str]]] = []


# A list of what waits asks of every text, several times a page: the answer is kept for a moment. Publishing itself checks anew.
KEPT_SECONDS = 20
MOST_KEPT = 500
_kept: dict[tuple[int, str], tuple[float, bool]] = {}


def _is_fit(obj: Any) -> bool:
    revision = obj.get_latest_revision()
    key = (revision.pk, hashlib.sha256(repr(revision.content).encode()).hexdigest())
    known = _kept.get(key)
    if known is not None and time.monotonic() - known[0] < KEPT_SECONDS:
        return known[1]
    draft = revision.as_object()
    fit = not any(check(draft) for check in publication_checks)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[key] = (time.monotonic(), fit)
    return fit


class SecondReaderTask(AbstractGroupApprovalTask):
    """Somebody of the group other than the person who sent the text in reads and approves it (four eyes)."""

    class Meta:
        verbose_name = _("second reader")
        verbose_name_plural = _("second readers")

    @classmethod
    def get_description(cls) -> str:
        return str(_("Somebody else reads the text and approves it. Nobody approves their own."))

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Nothing for the person who sent it in; approve and send back for the others of the group."""
        state = getattr(obj, "current_workflow_state", None)
        if state is not None and state.requested_by_id == user.pk:
            return []
        actions: list[tuple[str, str, bool]] = super().get_actions(obj, user)
        # What somebody was asked for comes first: approve, then approve with a word, then send back.
        actions.sort(key=lambda action: (action[0] != "approve", action[2]))
        if actions and not _is_fit(obj):
            # What does not pass the checks goes back to its author; the page says what to mend.
            return [action for action in actions if action[0] != "approve"]
        return actions

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        if not isinstance(states, type(TaskState.objects.none())):
            return states
        return states.exclude(workflow_state__requested_by_id=user.pk)
