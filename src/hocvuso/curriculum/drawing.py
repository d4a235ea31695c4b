"""A practice as the visual editor knows it: what stands in the form, what is wrong and where, and saving it as a draft."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hocvuso.curriculum import practice as engine
from hocvuso.curriculum.models import Practice
from hocvuso.curriculum.models.practices import read_source
from hocvuso.curriculum.practice import validate
from hocvuso.curriculum.practice.engine import ACTED_ON_BY

MOST_SENT = 2 * validate.MAX_BYTES

BLOCK_NAMES = {
    "text": _("Text"), "note": _("Notice of the phone"), "caller": _("Who is calling"), "app_icon": _("Icon of an app"),
    "list_item": _("Row of a list"), "button": _("Button"), "link": _("Link"), "field": _("Box to type in"),
    "keypad": _("Keypad for a code"), "choice": _("One of several answers"), "toggle": _("Switch"),
    "bubble": _("Bubble of a chat or call"), "file": _("File"), "sms": _("Text message"), "browser_bar": _("Address of a web page"),
    "qr": _("QR code"), "camera": _("Camera frame"), "receipt": _("Receipt"), "image": _("Picture"), "map": _("Map"),
    "ai_answer": _("Answer of an AI"), "spacer": _("Empty space"),
}  # fmt: skip
FIELD_NAMES = {
    "text": _("Its words"), "size": _("Size"), "tone": _("Colour"), "name": _("Name"), "number": _("Telephone number"), "id": _("Code of the block"),
    "label": _("Label"), "icon": _("Drawing"), "detail": _("Small line"), "badge": _("Badge"), "hint": _("Grey example in the box"),
    "input": _("What is typed"), "max": _("Most characters"), "submit": _("Words of the button"), "length": _("Number of digits"),
    "options": _("Answers: one a line, code = words"), "on": _("Switched on at first"), "from": _("Whose bubble"), "sender": _("Sender"), "url": _("Address"),
    "rows": _("Rows: one a line, label = value"), "alt": _("What the picture shows, in words"),
}  # fmt: skip
VALUE_NAMES = {
    "s": _("small"), "m": _("middle"), "l": _("large"), "plain": _("plain"), "quiet": _("quiet"), "info": _("information"),
    "lamp": _("warning, yellow"), "leaf": _("good, green"), "danger": _("danger, red"), "primary": _("main button"), "me": _("the learner's"),
    "them": _("the other one's"), "text": _("words"), "tel": _("a telephone number"), "digits": _("digits"), "money": _("an amount of money"),
    "password": _("a password"), "blue": _("blue"), "green": _("green"), "red": _("red"), "orange": _("orange"), "purple": _("purple"),
    "teal": _("teal"), "grey": _("grey"),
}  # fmt: skip
KIND_NAMES = {
    "home": _("Home screen"), "store": _("App store"), "call": _("Phone call"), "sms": _("Text messages"), "chat": _("Chat"),
    "browser": _("Web browser"), "bank": _("Bank or wallet"), "camera": _("Camera"), "settings": _("Settings"), "form": _("Form to fill in"),
    "ai": _("AI assistant"), "files": _("Files"), "lock": _("Locked screen"),
}  # fmt: skip
NUMBERS = {"max": 64, "length": 12}
ONE_LINE = frozenset({"name", "number", "label", "badge", "hint", "submit", "sender", "url", "alt", "detail"})


class UnreadableError(ValueError):
    """What the browser sent is no practice at all."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving came to. `refused`: a sentence, and nothing was saved; `problems`: what keeps the draft from being published."""

    problems: list[dict[str, str]]
    refused: str = ""
    revision: int | None = None


def vocabulary() -> dict[str, Any]:
    """The block types with their fields, the kinds of apps and the actions, from the same tables that check a practice."""
    blocks = {}
    for kind, name in BLOCK_NAMES.items():
        required, optional = validate.BLOCKS[kind]
        order = [field for field in FIELD_NAMES if field in required or field in optional]
        blocks[kind] = {
            "name": str(name),
            "acted": ACTED_ON_BY.get(kind, ""),
            "fields": [_field(kind, field, field in required) for field in order],
        }
    return {"blocks": blocks, "kinds": [[kind, str(name)] for kind, name in KIND_NAMES.items()]}


def _field(kind: str, field: str, required: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"name": field, "label": str(FIELD_NAMES[field]), "required": required}
    values = validate.BLOCK_VALUES.get((kind, field))
    if values is not None:
        told |= {"as": "select", "values": [[one, _said(VALUE_NAMES.get(one, one))] for one in sorted(values)]}
    elif field in NUMBERS:
        told |= {"as": "number", "most": NUMBERS[field]}
    elif field in ("options", "rows", "on", "id"):
        told["as"] = field
    else:
        told["as"] = "line" if field in ONE_LINE else "text"
    return told


def _said(value: str | Promise) -> str:
    return str(value)


def read_sent(body: bytes) -> dict[str, Any]:
    """The definition in a request. Raises UnreadableError."""
    try:
        sent = json.loads(body)
        definition = engine.normalise(sent)
    except (ValueError, RecursionError) as error:
        raise UnreadableError from error
    if not isinstance(definition, dict):
        raise UnreadableError
    return definition


def told_problems(definition: object) -> list[dict[str, str]]:
    """What is wrong, in the reader's language, with the screen, block or field each sentence is about."""
    told = []
    for problem in engine.problems(definition):
        if isinstance(problem, engine.Problem):
            params = problem.params
            told.append(
                {
                    "text": problem.translated(gettext),
                    "screen": problem.screen or params.get("name", ""),
                    "id": params.get("id", ""),
                    "field": params.get("field", ""),
                }
            )
        else:
            told.append({"text": str(problem), "screen": "", "id": "", "field": ""})
    return told


@transaction.atomic
def save_drawn(*, practice: Practice, definition: dict[str, Any], based_on: int | None, user: Any) -> Saved:
    """Save what was drawn as a draft, errors or not; learners keep what is published. The same practice keeps its own writing."""
    practice = Practice.objects.select_for_update().get(pk=practice.pk)
    found = told_problems(definition)
    lock = practice.get_lock()
    if lock is not None and lock.for_user(user):
        return Saved(
            found,
            gettext("Somebody is reviewing this practice or has locked it. Keep this page open, or copy the YAML."),
        )
    if practice.latest_revision_id != based_on:
        return Saved(
            found,
            gettext(
                "Somebody else has saved this practice meanwhile. What you changed is still here; copy the YAML before you load the page again."
            ),
        )
    if definition.get("slug") != practice.slug:
        return Saved(found, gettext("The code (slug) stays “%s”: learners' results point to it.") % practice.slug)
    if found and practice.workflow_in_progress:
        return Saved(found, gettext("This practice is being reviewed: it can be saved once the problems are mended."))
    draft = practice.get_latest_revision_as_object()
    if draft.definition != definition:
        draft.source = engine.write_practice(definition)
    draft.follow_source()
    # A draft with problems is kept; publishing asks for a sound one (Practice.clean).
    revision = draft.save_revision(user=user, log_action=True, clean=False)
    return Saved(found, revision=revision.pk)


def drawn(practice: Practice) -> dict[str, Any]:
    """The definition of the latest draft; raises ValidationError where its YAML cannot be read."""
    return read_source(practice.get_latest_revision_as_object().source)
