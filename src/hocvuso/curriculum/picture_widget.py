"""Choosing a picture inside a lesson: the form shows the picture that was chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.snippets.widgets import AdminSnippetChooser, SnippetChooserAdapter


def preview_of(picture: Any) -> dict[str, Any]:
    """Where the picture's own bytes are, and how large it is."""
    return {
        "url": reverse("picture", args=[picture.digest, picture.ending]),
        "width": picture.width,
        "height": picture.height,
    }


class PictureWidget(AdminSnippetChooser):
    template_name = "curriculum/studio_picture_widget.html"
    classname = "snippet-chooser hvs-picture-chooser"

    def get_value_data_from_instance(self, instance: Any) -> dict[str, Any]:
        return {**super().get_value_data_from_instance(instance), "preview": preview_of(instance)}

    def get_context(self, name: str, value_data: dict[str, Any], attrs: dict[str, Any]) -> dict[str, Any]:
        return {**super().get_context(name, value_data, attrs), "preview": value_data.get("preview", {})}


class PictureWidgetAdapter(SnippetChooserAdapter):
    js_constructor = "hocvuso.PictureChooser"

    @cached_property
    def media(self) -> forms.Media:
        scripts = ("wagtailsnippets/js/snippet-chooser.js", "wagtailsnippets/js/snippet-chooser-telepath.js")
        own = "curriculum/picture-chooser.js"
        return forms.Media(js=[*(versioned_static(one) for one in scripts), own])


register(PictureWidgetAdapter(), PictureWidget)
