"""What the curriculum announces, after commit."""

from __future__ import annotations

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class LessonPublished:
    """A lesson has a new current release."""

    slug: str
    digest: str


# Arguments: lesson (LessonPublished).
lesson_published = Signal()
