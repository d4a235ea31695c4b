"""Shapes of what officers send."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hocvuso.units.choices import Line
from hocvuso.units.files import MOST_BYTES


class ImportForm(forms.Form):
    """A file of units of one line."""

    line = forms.ChoiceField(label=pgettext_lazy("units", "Line"), choices=())
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or CSV, at most 10,000 rows and 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, lines: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["line"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(line, Line(line).label) for line in lines]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("This file is larger than 5 MB. Split it and import the parts one after the other.")
            )
        return file
