"""The history of a text: who saved which version when, what it changed, which of them became releases; taking an old one up again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, PageLogEntry, Revision

from hocvuso.curriculum.choices import ThingKind
from hocvuso.curriculum.comparing import Section, definition_in, told
from hocvuso.curriculum.content import lesson_content, path_content
from hocvuso.curriculum.models import LessonPage, Release
from hocvuso.curriculum.queries import contents_of
from hocvuso.curriculum.things import code_of, kind_of

ROWS = 25
# What Wagtail keeps beside the words of a text; a change in these alone is none that anybody made.
NOT_WORDS = frozenset(
    {
        "pk", "id", "page_ptr", "live", "has_unpublished_changes", "latest_revision", "live_revision", "last_published_at",
        "latest_revision_created_at", "first_published_at", "go_live_at", "expire_at", "expired", "locked", "locked_at",
        "locked_by", "owner", "path", "depth", "numchild", "url_path", "draft_title", "search_title", "search_text",
        "content_type", "translation_key", "locale", "alias_of", "wagtail_admin_comments", "comments",
    }
)  # fmt: skip


_NUMBERED = re.compile(r' data-block-key="[^"]*"')


@dataclass(frozen=True, slots=True)
class Version:
    """One saved version. `changed`: names of the parts that differ from the version before; `marks`: what it is today."""

    pk: int
    at: datetime
    by: str
    changed: tuple[str, ...]
    first: bool
    is_live: bool
    is_latest: bool


def versions_of(thing: Any, *, before: int | None = None, rows: int = ROWS) -> tuple[list[Version], int | None]:
    """A page of versions, the newest first, and the key of the next page (None on the last). One query."""
    found = thing.revisions.select_related("user__person").order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    page = list(found[: rows + 1])
    versions = []
    for place, revision in enumerate(page[:rows]):
        older = page[place + 1] if place + 1 < len(page) else None
        versions.append(
            Version(
                revision.pk,
                revision.created_at,
                revision.user.get_full_name() if revision.user else _("loaded from files"),
                changed_parts(thing, older.content, revision.content) if older else (),
                older is None,
                revision.pk == thing.live_revision_id,
                revision.pk == thing.latest_revision_id,
            )
        )
    return versions, page[rows - 1].pk if len(page) > rows else None


def changed_parts(thing: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the parts of a text that differ between two kept versions."""
    names = [
        name
        for name in dict.fromkeys([*after, *before])
        if name not in NOT_WORDS and _plain(before.get(name)) != _plain(after.get(name))
    ]
    return tuple(dict.fromkeys(_part_name(thing, name) for name in names))


def _plain(value: Any) -> Any:
    """Without the numbers that rows, blocks and paragraphs are given anew."""
    if isinstance(value, str) and value[:2] in {"[{", "[]"}:
        # Blocks of a text are kept as JSON inside the JSON.
        with suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, str):
        # A form sends lines its own way, and the editor numbers its paragraphs.
        return _NUMBERED.sub("", value.replace("\r\n", "\n")).strip()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if name not in {"pk", "id"}}
    return value


def _part_name(thing: Any, name: str) -> str:
    children = {
        "lesson_practices": _("Practices, in this order"),
        "lesson_questions": _("Quick questions"),
        "options": _("Possible answers"),
        "path_lessons": _("Lessons, in the order we advise"),
    }
    if name in children:
        return children[name]
    try:
        return str(capfirst(thing._meta.get_field(name).verbose_name))
    except FieldDoesNotExist:
        return name


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that was done with a text: sent in, approved, published, taken down."""

    at: datetime
    by: str
    what: str
    comment: str


def happenings(thing: Any, *, most: int = 30) -> list[Happened]:
    """The last things done with a text. One query."""
    if isinstance(thing, LessonPage):
        entries = PageLogEntry.objects.filter(page=thing.pk)
    else:
        content_type = ContentType.objects.get_for_model(type(thing), for_concrete_model=False)
        entries = ModelLogEntry.objects.filter(content_type=content_type, object_id=str(thing.pk))
    found = []
    for entry in entries.select_related("user__person").order_by("-timestamp", "-pk")[:most]:
        by = entry.user.get_full_name() if entry.user else _("by itself")
        found.append(Happened(entry.timestamp, by, str(entry.message), str(entry.comment or "")))
    return found


def releases_of(thing: Any, *, most: int = 30) -> list[Release]:
    """The releases of a text, the newest first, without their bytes. One query."""
    return list(
        Release.objects.without_bytes()
        .filter(kind=kind_of(thing), slug=code_of(thing))
        .order_by("-created_at", "digest")[:most]
    )


# --- comparing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison. `name`: what it is called; `at`: when it was made."""

    ref: str
    name: str
    at: datetime
    by: str
    sections: list[Section]


def get_side(thing: Any, ref: str) -> Side:
    """A version (`v` and its number) or a release (`r` and its digest) of a text. Raises Http404."""
    if ref.startswith("v") and ref[1:].isascii() and ref[1:].isdigit() and len(ref) < 18:
        revision = thing.revisions.select_related("user__person").filter(pk=int(ref[1:])).first()
        if revision is not None:
            by = revision.user.get_full_name() if revision.user else _("loaded from files")
            return Side(ref, _("Version"), revision.created_at, by, sections_of(revision.as_object()))
    elif ref.startswith("r"):
        release = Release.objects.filter(pk=ref[1:65], kind=kind_of(thing), slug=code_of(thing)).first()
        if release is not None:
            content = contents_of([release.digest])[release.digest]
            name = _("Release %(digest)s") % {"digest": release.digest[:12]}
            return Side(ref, name, release.created_at, "", _told(release.kind, content))
    raise Http404


def sections_of(draft: Any) -> list[Section]:
    """What a draft says."""
    kind = kind_of(draft)
    if kind == ThingKind.LESSON:
        content = lesson_content(draft)
        definitions = {
            head["digest"]: place.practice.definition
            for head, place in zip(content["practices"], draft.lesson_practices.all(), strict=True)
        }
        return told(kind, content, definitions)
    if kind == ThingKind.PRACTICE:
        return told(kind, definition_in(draft.source))
    if kind == ThingKind.PATH:
        return told(kind, path_content(draft))
    if kind == ThingKind.QUESTION:
        return told(kind, {**draft.as_dict(), "graded": draft.graded})
    return told(kind, draft.as_dict())


def _told(kind: str, content: Mapping[str, Any]) -> list[Section]:
    if kind != ThingKind.LESSON:
        return told(kind, content)
    return told(kind, content, contents_of(head["digest"] for head in content["practices"]))


# --- taking up again ---------------------------------------------------------------------------------------------------


@transaction.atomic
def take_up_again(*, thing: Any, revision: Revision, user: Any) -> Revision:
    """Make an old version the newest draft; what learners see stays, and so does every version in between."""
    draft = revision.as_object()
    # An old version may hold what today's checks refuse: as a draft it is kept, and told before it is sent in.
    return draft.save_revision(
        user=user, log_action="wagtail.revert", previous_revision=revision, clean=False, changed=True
    )
