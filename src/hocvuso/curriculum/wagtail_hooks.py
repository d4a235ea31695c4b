"""The studio: what authors see of Wagtail, in the house's words and colours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from hocvuso.curriculum import scheduling, sound_views  # noqa: F401  (registers the pages of voices)
from hocvuso.curriculum.models import (
    ExternalCourse,
    Framework,
    LessonPage,
    MeetingPack,
    Path,
    Practice,
    Question,
    Skill,
)
from hocvuso.curriculum.studio import menu
from hocvuso.curriculum.studio.buttons import StudioEdit
from hocvuso.curriculum.studio.numbers_views import NumbersPanel
from hocvuso.curriculum.studio.pictures import Pictures
from hocvuso.kernel.clock import now

# What an author needs; everything else of Wagtail's menu is for operators.
AUTHORS_MENU = {
    "lessons", "explorer", "practices", "questions", "paths", "frameworks", "pictures", "meetings", "externals", *menu.NAMES,
    "sounds",
}  # fmt: skip


class Lessons(PageListingViewSet):
    model = LessonPage
    name = "lessons"
    icon = "doc-full"
    menu_label = _("Lessons")
    menu_name = "lessons"
    menu_order = 100
    add_to_admin_menu = True


@hooks.register("register_admin_viewset")
def lessons() -> Lessons:
    return Lessons("lessons")


class Practices(SnippetViewSet):
    model = Practice
    edit_view_class = StudioEdit
    icon = "mobile-alt"
    menu_label = _("Practices")
    menu_name = "practices"
    menu_order = 110
    add_to_admin_menu = True
    list_display = [
        "title",
        "slug",
        Column(
            "live",
            label=_("Published"),
            accessor=lambda one: _("published already") if one.live else _("not published yet"),
        ),
    ]
    search_fields = ["title", "slug"]
    panels = [
        HelpPanel(template="curriculum/studio_draw_link.html"),
        FieldPanel(
            "source",
            widget=forms.Textarea(attrs={"rows": 40, "class": "hvs-source", "spellcheck": "false", "wrap": "off"}),
        ),
    ]


class Questions(SnippetViewSet):
    model = Question
    edit_view_class = StudioEdit
    icon = "help"
    menu_label = _("Questions")
    menu_name = "questions"
    menu_order = 120
    add_to_admin_menu = True
    list_display = [
        "text",
        "code",
        Column("skill_id", label=_("Skill"), accessor="skill_id"),
        "level",
        Column("graded", label=_("Use"), accessor=lambda one: _("assessment") if one.graded else _("lesson")),
    ]
    list_filter = ["graded", "level", "kind", "live"]
    panels = [NumbersPanel(template="curriculum/studio_question_numbers.html"), *Question.panels]
    search_fields = ["text", "code"]


class Paths(SnippetViewSet):
    model = Path
    edit_view_class = StudioEdit
    icon = "list-ol"
    menu_label = _("Paths")
    menu_name = "paths"
    menu_order = 130
    add_to_admin_menu = True
    list_display = ["title", "slug", Column("group", label=_("For"), accessor="get_group_display")]
    search_fields = ["title"]


class MeetingPacks(SnippetViewSet):
    model = MeetingPack
    edit_view_class = StudioEdit
    icon = "group"
    menu_label = _("Meeting packs")
    menu_name = "meetings"
    menu_order = 125
    add_to_admin_menu = True
    list_display = ["title", "slug", "minutes", "next_check_on"]
    search_fields = ["title", "slug"]


class ExternalCourses(SnippetViewSet):
    model = ExternalCourse
    icon = "link-external"
    menu_label = _("Outside courses")
    menu_name = "externals"
    menu_order = 135
    add_to_admin_menu = True
    list_display = ["title", "provider", "checked_on", "next_check_on"]
    search_fields = ["title", "provider"]


class Skills(SnippetViewSet):
    model = Skill
    icon = "tag"
    menu_label = _("Skills")
    list_display = ["code", "title", "framework"]
    list_filter = ["framework"]
    search_fields = ["code", "title"]


class Frameworks(SnippetViewSet):
    model = Framework
    icon = "clipboard-list"
    menu_label = _("Frameworks")
    list_display = ["title", "version", "provisional"]
    search_fields = ["title"]


class FrameworksAndSkills(SnippetViewSetGroup):
    items = (Skills, Frameworks)
    menu_icon = "clipboard-list"
    menu_label = _("Skill frameworks")
    menu_name = "frameworks"
    menu_order = 140


for viewset in (Practices, Pictures, Questions, Paths, MeetingPacks, ExternalCourses, FrameworksAndSkills):
    register_snippet(viewset)


@hooks.register("construct_main_menu")
def authors_menu(request: HttpRequest, items: list[Any]) -> None:
    """Call the tree of pages what it is here, and leave out what authors have no use for."""
    for item in items:
        if item.name == "explorer":
            item.label = _("Courses")
    if not getattr(request.user, "is_superuser", False):
        items[:] = [item for item in items if item.name in AUTHORS_MENU]


class Welcome(Component):
    """The first thing an author sees: how a lesson comes about here."""

    name = "hvs_welcome"
    order = 10
    template_name = "curriculum/studio_welcome.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        refused = scheduling.refused_lately(since=now() - timedelta(days=30))
        return {
            "request": parent_context["request"],
            "writes": user.has_perm("curriculum.add_practice"),
            "refused": refused,
        }


@hooks.register("construct_homepage_panels")
def welcome(request: HttpRequest, panels: list[Any]) -> None:
    panels.insert(0, Welcome())


@hooks.register("construct_homepage_summary_items", order=1000)
def no_counters(request: HttpRequest, items: list[Any]) -> None:
    """Counts of pages, images and documents say nothing to an author."""
    items.clear()


@hooks.register("insert_global_admin_css")
def house_look() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("curriculum/studio.css"))


@hooks.register("construct_page_action_menu")
@hooks.register("construct_snippet_action_menu")
def what_is_done_here_first(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """The main button is what somebody is here for: an author sends the text in, a reviewer or publisher approves it."""
    if getattr(request.user, "is_superuser", False):
        return
    names = [item.name for item in items]
    # Whoever may approve has been asked to; nobody is offered it for their own text.
    wanted = "approve" if "approve" in names else "action-submit"
    if wanted in names and (wanted == "approve" or request.user.has_perm("curriculum.add_practice")):
        items.insert(0, items.pop(names.index(wanted)))
