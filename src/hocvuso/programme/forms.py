"""Forms of reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvuso.programme.models import Letterhead
from hocvuso.programme.rules import MAX_PART, PARTS


class NarrativeForm(forms.Form):
    """The parts that people write; figures are not among them."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in PARTS:
            self.fields[part.code] = forms.CharField(
                label=part.label,
                help_text=part.hint,
                required=False,
                max_length=MAX_PART,
                strip=True,
                widget=forms.Textarea(attrs={"rows": 4}),
            )


class LetterheadForm(forms.ModelForm[Letterhead]):
    """Head and signature of a unit's documents."""

    class Meta:
        model = Letterhead
        fields = ["superior", "issuer", "symbol", "place", "authority", "signer_title", "signer", "recipients"]
        widgets = {"recipients": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "superior": _("Left empty for People's Committees."),
            "symbol": _("For example BC-UBND; the number is written in when the document is issued."),
            "place": _("Stands before the date."),
            "authority": _("For example TM. ỦY BAN NHÂN DÂN."),
        }
