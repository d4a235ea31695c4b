"""Pictures in the studio: the list with small pictures, and choosing or bringing one for a lesson."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.log_actions import log
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenView,
    SnippetCreateView,
)
from wagtail.snippets.views.snippets import SnippetViewSet

from hocvuso.curriculum.models import Picture
from hocvuso.curriculum.models.pictures import PictureForm
from hocvuso.curriculum.picture_widget import preview_of


class SmallPicture(Column):
    """The picture itself."""

    cell_template_name = "curriculum/studio_thumb.html"


def _small() -> SmallPicture:
    return SmallPicture("small", label=_("Picture"), accessor="pk")


class FindPicture(BaseFilterForm):
    """Look for a picture by what is said of it."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)

    def filter(self, objects: Any) -> Any:
        words = self.cleaned_data["q"].strip()
        if not words:
            return objects
        self.is_searching, self.search_query = True, words
        return objects.filter(Q(title__icontains=words) | Q(alt__icontains=words) | Q(slug__icontains=words))


class _Looks:
    filter_form_class = FindPicture

    @property
    def columns(self) -> list[Column]:
        columns: list[Column] = super().columns  # type: ignore[misc]
        return [_small(), *columns]


class ChoosePicture(_Looks, ChooseView):
    pass


class ChoosePictureResults(_Looks, ChooseResultsView):
    pass


class BringPicture(PictureForm):
    """The form of a new picture, inside the chooser: everything that has to be said of it, at once."""

    class Meta:
        model = Picture
        fields = ["title", "upload", "alt", "author", "licence", "licence_text", "source", "checked_on"]
        widgets = {
            "alt": forms.Textarea(attrs={"rows": 3}),
            "checked_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].required = True


class _Shown:
    """The lesson's form is told what the chosen picture looks like."""

    def get_chosen_response_data(self, item: Any) -> dict[str, Any]:
        return {**super().get_chosen_response_data(item), "preview": preview_of(item)}  # type: ignore[misc]


class PictureChosen(_Shown, SnippetChosenView):
    pass


class PictureBrought(_Shown, SnippetCreateView):
    def save_form(self, form: Any) -> Picture:
        """A draft like any other: a second person reads it before learners see it."""
        picture: Picture = form.save(commit=False)
        picture.live = False
        picture.save()
        revision = picture.save_revision(user=self.request.user)
        log(instance=picture, action="wagtail.create", revision=revision, content_changed=True)
        return picture


class PictureChooser(SnippetChooserViewSet):
    choose_view_class = ChoosePicture
    choose_results_view_class = ChoosePictureResults
    chosen_view_class = PictureChosen
    create_view_class = PictureBrought
    creation_form_class = BringPicture
    creation_tab_label = _("Bring a new picture")
    create_action_label = _("Save and use it")


class Pictures(SnippetViewSet):
    model = Picture
    icon = "image"
    menu_label = _("Pictures")
    menu_name = "pictures"
    menu_order = 112
    add_to_admin_menu = True
    chooser_viewset_class = PictureChooser
    list_display = [
        "title",
        _small(),
        "author",
        Column("licence", label=_("Licence"), accessor="get_licence_display"),
        "checked_on",
        Column(
            "live",
            label=_("Published"),
            accessor=lambda one: _("published already") if one.live else _("not published yet"),
        ),
    ]
    list_filter = ["licence", "live"]
    search_fields = ["title", "alt", "slug", "author"]
