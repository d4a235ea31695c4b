"""Forms of classes: shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class JoinForm(forms.Form):
    """The code, as people type it."""

    ma = forms.CharField(
        label=_("Code of the class"),
        max_length=40,
        help_text=_("For example: ba to mi 27. With a number behind it if your teacher gave you one."),
        error_messages={"required": _("Type the code that your teacher gave you.")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )


class ClassForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the class"),
        max_length=120,
        help_text=_("For example: 8A2, or Evening class of neighbourhood 3."),
        error_messages={"required": _("Give the class a name.")},
    )
    place = forms.CharField(label=_("School or place"), max_length=200, required=False)


class ClassSettingsForm(ClassForm):
    is_open = forms.BooleanField(
        label=_("The code works: people can join"), required=False, help_text=_("Untick it when everybody is in.")
    )


class RosterForm(forms.Form):
    file = forms.FileField(
        label=_("List of names"),
        help_text=_("XLSX or CSV with a column “Họ và tên”, and “Mã” if there is one. At most 200 names."),
        error_messages={"required": _("Choose a file first.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )


class TaskForm(forms.Form):
    what = forms.ChoiceField(label=_("What to do"))
    due_on = forms.DateField(
        label=_("By"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices  # type: ignore[attr-defined]
