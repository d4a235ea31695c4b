"""What happens when the workflow has approved a text. Alone here: Wagtail imports it before its models are ready."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

# What this request's approval did, for the page to say: the text, and the moment it goes live where that is to come.
Outcome = tuple[Any, Any]
outcomes: ContextVar[list[Outcome] | None] = ContextVar("outcomes of approvals", default=None)


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish what reviewer and publisher have approved, now or at the moment set for it: the last approval is the right to publish."""
    from hocvuso.curriculum.scheduling import publish_or_set
    from hocvuso.kernel.clock import now

    thing = workflow_state.content_object
    moment = publish_or_set(thing=thing, user=user, at=now())
    noted = outcomes.get()
    if noted is not None:
        noted.append((thing, moment))
