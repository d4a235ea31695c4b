"""What these pages add to the studio's menu and addresses; wagtail_hooks.py imports it."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

NAMES = {"care", "translations", "exchange", "schedules", "numbers"}


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern | URLResolver]:
    return [path("", include("hocvuso.curriculum.studio.urls"))]


@hooks.register("register_admin_menu_item")
def care() -> Any:
    return MenuItem(
        _("Needs care"), reverse_lazy("curriculum_studio:care"), name="care", icon_name="warning", order=150
    )


@hooks.register("register_admin_menu_item")
def numbers() -> Any:
    return MenuItem(
        _("Numbers of questions"),
        reverse_lazy("curriculum_studio:numbers"),
        name="numbers",
        icon_name="order",
        order=122,
    )


@hooks.register("register_admin_menu_item")
def schedules() -> Any:
    return MenuItem(
        _("Set moments"),
        reverse_lazy("curriculum_studio:schedules"),
        name="schedules",
        icon_name="calendar-alt",
        order=148,
    )


@hooks.register("register_admin_menu_item")
def exchange() -> Any:
    return MenuItem(
        _("Lessons as files"),
        reverse_lazy("curriculum_studio:exchange"),
        name="exchange",
        icon_name="download",
        order=160,
    )


@hooks.register("register_admin_menu_item")
def translations() -> Any:
    return MenuItem(
        _("Translations"),
        reverse_lazy("curriculum_studio:translations"),
        name="translations",
        icon_name="globe",
        order=155,
    )
