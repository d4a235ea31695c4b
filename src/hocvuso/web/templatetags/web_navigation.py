"""The officers' bar, made once a page."""

from __future__ import annotations

from django import template

from hocvuso.web.navigation import Desk, address_of, desk_for

register = template.Library()


@register.simple_tag(takes_context=True)
def desk(context: template.Context) -> Desk:
    """The bar of this request; a page about one unit passes it in its context as `unit`."""
    return desk_for(context["request"], context.get("unit"))


@register.simple_tag
def address_if_any(*names: str) -> str:
    """`{% address_if_any "indicators:open" as address %}`: empty where no such page exists."""
    return address_of(names)
