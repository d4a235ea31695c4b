"""The texts of the studio by kind: where each is kept, what it is called, where it is edited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from wagtail.models import Page

from hocvuso.curriculum.choices import ThingKind
from hocvuso.curriculum.models import LessonPage, MeetingPack, Path, Practice, Question


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of text. `code`: the field with its stable code."""

    kind: ThingKind
    model: Any
    code: str = "slug"


THINGS = {
    thing.kind.value: thing
    for thing in (
        Thing(ThingKind.LESSON, LessonPage),
        Thing(ThingKind.PRACTICE, Practice),
        Thing(ThingKind.PATH, Path),
        Thing(ThingKind.MEETING, MeetingPack),
        Thing(ThingKind.QUESTION, Question, "code"),
    )
}


def specific(thing: Any) -> Any:
    """The text itself, where Wagtail hands over a page without its words."""
    return thing.specific if type(thing) is Page else thing


def has_moments(thing: Any) -> bool:
    """Whether this is a text that can go live or come down at a set moment."""
    return type(thing) in {one.model for one in THINGS.values()}


def kind_of(thing: Any) -> ThingKind:
    """The kind of a text. Raises KeyError for anything else."""
    kinds = {one.model: one.kind for one in THINGS.values()}
    return kinds[type(thing)]


def code_of(thing: Any) -> str:
    """The stable code of a text."""
    return str(getattr(thing, THINGS[kind_of(thing)].code))


def get_thing(kind: str, pk: int) -> Any:
    """The text as it is kept (published words, or the first draft). Raises Http404."""
    if kind not in THINGS:
        raise Http404
    found = THINGS[kind].model.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def edit_address(kind: str, pk: int) -> str:
    """The page where a text is edited."""
    if kind == ThingKind.LESSON:
        return reverse("wagtailadmin_pages:edit", args=[pk])
    return reverse(f"wagtailsnippets_curriculum_{THINGS[kind].model.__name__.lower()}:edit", args=[pk])


def own_address(user: Any, kind: str, pk: int) -> str:
    """Where somebody sees a text: authors edit it, others read its versions."""
    if user.has_perm("curriculum.change_practice"):
        return edit_address(kind, pk)
    return reverse("curriculum_studio:history", args=[kind, pk])


def may_write(user: Any, thing: Any) -> bool:
    """Whether somebody may change this text."""
    if isinstance(thing, LessonPage):
        return bool(thing.permissions_for_user(user).can_edit())
    return bool(user.has_perm(f"curriculum.change_{type(thing).__name__.lower()}"))


def is_locked(user: Any, thing: Any) -> bool:
    """Whether somebody else is reviewing this text or has locked it."""
    lock = thing.get_lock()
    return lock is not None and bool(lock.for_user(user))
