"""`{% seat attempt position %}`: on a question's page, what a test in a sitting has besides: the pulse and the help button."""

from __future__ import annotations

from typing import Any

from django import template

from hocvuso.assessment.models import Attempt, Seat

register = template.Library()


@register.inclusion_tag("assessment/sittings/_seat.html", takes_context=True)
def seat(context: template.Context, attempt: Attempt, position: int) -> dict[str, Any]:
    """Nothing for a test that somebody takes alone. One query."""
    found = Seat.objects.filter(person_id=attempt.person_id, attempt_id=attempt.id, finished_at__isnull=True).first()
    return {"seat": found, "position": position, "csrf_token": context.get("csrf_token", "")}
