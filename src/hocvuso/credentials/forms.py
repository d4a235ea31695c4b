"""Shapes of what officers type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvuso.evidence.public import Assurance
from hocvuso.units.public import Unit


class SourceForm(forms.Form):
    """A new source of outside results."""

    name = forms.CharField(label=_("Name of the platform"), max_length=200)
    code = forms.SlugField(
        label=_("Short code"), max_length=30, help_text=_("Small letters, digits and dashes; it never changes.")
    )
    assurance = forms.TypedChoiceField(
        label=_("How its results come about"),
        coerce=int,
        choices=[
            (Assurance.DECLARED.value, _("people say so themselves")),
            (Assurance.OBSERVED.value, _("its system observed it")),
            (Assurance.ATTESTED.value, _("a teacher or helper attests it")),
            (Assurance.SUPERVISED.value, _("a supervised test")),
        ],
        initial=Assurance.OBSERVED.value,
    )
    unit = forms.ModelChoiceField(label=_("Unit that answers for it"), queryset=Unit.objects.none(), empty_label=None)

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        field.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])  # type: ignore[attr-defined]
