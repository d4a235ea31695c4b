"""Shapes of what officers send."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.choices import TargetKind
from hocvuso.people.choices import Group

MOST_BYTES = 4 * 1024 * 1024


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class FindUnitForm(forms.Form):
    tim = forms.CharField(label=_("Name or code of a unit"), required=False, max_length=80)


class DenominatorForm(forms.Form):
    unit_id = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    group = forms.ChoiceField(label=_("Group"), choices=Group.choices)
    people = forms.IntegerField(
        label=_("Number of people"),
        min_value=0,
        max_value=2_000_000_000,
        help_text=_("Write 0 only if there is nobody. Not known yet? Leave it out."),
    )
    on = forms.DateField(label=_("Counted on"), widget=DayInput)
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("For example: ward police, residents' register")
    )

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_id"].choices = units  # type: ignore[attr-defined]


class UploadForm(forms.Form):
    file = forms.FileField(label=_("CSV or XLSX file"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 4 MB. Split it and send the parts one after another.")
            )
        return file


class TargetForm(forms.Form):
    indicator_code = forms.ChoiceField(label=_("Indicator"))
    kind = forms.ChoiceField(label=_("Kind"), choices=TargetKind.choices)
    due_on = forms.DateField(label=_("Due on"), widget=DayInput)
    percent = forms.DecimalField(
        label=_("Ratio (%)"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
        localize=True,
        help_text=_("Passes on to the units below that have none of their own."),
    )
    people = forms.IntegerField(
        label=_("Or a number of people"),
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        help_text=_("Binds this unit only."),
    )
    note = forms.CharField(label=_("Document or reason"), required=False, max_length=200)

    def __init__(self, *args: Any, indicators: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator_code"].choices = indicators  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and (cleaned.get("percent") is None) == (cleaned.get("people") is None):
            self.add_error("percent", _("A target is either a ratio or a number of people. Give one of the two."))
        return cleaned

    @property
    def ratio(self) -> Decimal | None:
        percent = self.cleaned_data.get("percent")
        return None if percent is None else percent / 100


class PersonInChargeForm(forms.Form):
    indicator_code = forms.ChoiceField(label=_("Answers for"), required=False)
    name = forms.CharField(
        label=_("Full name"), max_length=120, required=False, help_text=_("Leave empty if nobody does any more.")
    )
    title = forms.CharField(label=_("Office held"), max_length=120, required=False)

    def __init__(self, *args: Any, indicators: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator_code"].choices = [("", _("The whole unit")), *indicators]  # type: ignore[attr-defined]
