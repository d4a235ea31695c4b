"""What stands on the page where a text is edited: the way to its history and its moments, and what has to be said first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import EditView

from hocvuso.curriculum import scheduling
from hocvuso.curriculum.checking import publication_problems
from hocvuso.curriculum.choices import ScheduleAction, ScheduleState
from hocvuso.curriculum.models import LessonPage
from hocvuso.curriculum.things import THINGS, kind_of

KEPT = tuple(thing.model for thing in THINGS.values())


def buttons_of(thing: Any) -> list[Button]:
    """The studio's own ways from a text."""
    named = {"kind": kind_of(thing).value, "pk": thing.pk}
    return [
        Button(
            _("History and comparison"),
            url=reverse("curriculum_studio:history", kwargs=named),
            icon_name="history",
            priority=3,
        ),
        Button(
            _("Set a moment"),
            url=reverse("curriculum_studio:schedule", kwargs=named),
            icon_name="calendar-alt",
            priority=4,
        ),
    ]


@hooks.register("register_page_header_buttons")
def lesson_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    specific = page.specific_deferred
    if isinstance(specific, LessonPage):
        yield from buttons_of(specific)


class StudioEdit(EditView):
    """The page where a practice, question, path or pack is edited."""

    @property
    def header_more_buttons(self) -> list[Any]:
        return [*buttons_of(self.object), *super().header_more_buttons]


@hooks.register("before_edit_page")
def tell_lesson(request: HttpRequest, page: Any) -> None:
    if isinstance(page, LessonPage):
        tell_standing(request, page)


@hooks.register("before_edit_snippet")
def tell_snippet(request: HttpRequest, instance: Any) -> None:
    if isinstance(instance, KEPT):
        tell_standing(request, instance)


def tell_standing(request: HttpRequest, thing: Any) -> None:
    """Say above the form when the text goes live or comes down, why it could not, and what has to be mended."""
    if request.method != "GET" or "json" in request.headers.get("Accept", ""):
        return
    refused = scheduling.refused_change(thing)
    if refused is not None:
        told = _("It could not go live at %(moment)s:") % {"moment": scheduling.shown_moment(refused.at)}
        messages.error(request, _listed(told, refused.told))
    for action, change in scheduling.open_changes(thing).items():
        moment = {"moment": scheduling.shown_moment(change.at)}
        if change.state == ScheduleState.PROPOSED:
            messages.info(request, _("Proposed to go live at %(moment)s, once a publisher approves.") % moment)
        elif action == ScheduleAction.PUBLISH:
            messages.info(request, _("Goes live at %(moment)s.") % moment)
        else:
            messages.info(request, _("Comes down at %(moment)s.") % moment)
    problems = publication_problems(thing)
    if problems and refused is None:
        messages.warning(request, _listed(_("To mend before this can be approved and published:"), problems))


def _listed(head: str, sentences: list[str]) -> Any:
    return format_html(
        '{}<ul class="hvs-names">{}</ul>', head, format_html_join("", "<li>{}</li>", ((one,) for one in sentences))
    )
