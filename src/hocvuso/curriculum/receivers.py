"""Answers to Wagtail's announcements: published text becomes releases, withdrawn text stops being current."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished, published, unpublished

from hocvuso.curriculum import services
from hocvuso.curriculum.choices import ReleaseKind
from hocvuso.curriculum.models import LessonPage, MeetingPack, Path, Picture, Practice, Question
from hocvuso.kernel.clock import now


@receiver(page_published, sender=LessonPage)
def lesson_was_published(sender: Any, instance: LessonPage, **kwargs: Any) -> None:
    services.release_lesson(page=instance, at=now())


@receiver(page_unpublished, sender=LessonPage)
@receiver(post_delete, sender=LessonPage)
def lesson_was_taken_down(sender: Any, instance: LessonPage, **kwargs: Any) -> None:
    services.withdraw(kind=ReleaseKind.LESSON, slug=instance.slug)


@receiver(published, sender=Practice)
def practice_was_published(sender: Any, instance: Practice, **kwargs: Any) -> None:
    services.release_practice(practice=instance, at=now())
    services.release_lessons_with(instance, at=now())


@receiver(unpublished, sender=Practice)
@receiver(post_delete, sender=Practice)
def practice_was_taken_down(sender: Any, instance: Practice, **kwargs: Any) -> None:
    services.withdraw(kind=ReleaseKind.PRACTICE, slug=instance.slug)


@receiver(published, sender=Question)
def question_was_published(sender: Any, instance: Question, **kwargs: Any) -> None:
    services.release_lessons_with(instance, at=now())


@receiver(published, sender=Picture)
def picture_was_published(sender: Any, instance: Picture, **kwargs: Any) -> None:
    services.release_lessons_showing(instance, at=now())


@receiver(published, sender=Path)
def path_was_published(sender: Any, instance: Path, **kwargs: Any) -> None:
    services.release_path(path=instance, at=now())


@receiver(unpublished, sender=Path)
@receiver(post_delete, sender=Path)
def path_was_taken_down(sender: Any, instance: Path, **kwargs: Any) -> None:
    services.withdraw(kind=ReleaseKind.PATH, slug=instance.slug)


@receiver(published, sender=MeetingPack)
def meeting_was_published(sender: Any, instance: MeetingPack, **kwargs: Any) -> None:
    services.release_meeting(pack=instance, at=now())


@receiver(unpublished, sender=MeetingPack)
@receiver(post_delete, sender=MeetingPack)
def meeting_was_taken_down(sender: Any, instance: MeetingPack, **kwargs: Any) -> None:
    services.withdraw(kind=ReleaseKind.MEETING, slug=instance.slug)
