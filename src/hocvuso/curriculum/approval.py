"""What happens when the workflow has approved a text. Alone here: Wagtail imports it before its models are ready."""

from __future__ import annotations

from typing import Any


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish what reviewer and publisher have approved, now or at the moment set for it: the last approval is the right to publish."""
    from hocvuso.curriculum.scheduling import publish_or_set
    from hocvuso.kernel.clock import now

    publish_or_set(thing=workflow_state.content_object, user=user, at=now())
