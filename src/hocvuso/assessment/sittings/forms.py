"""Shapes of what people type about sittings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment.models import Policy
from hocvuso.assessment.models.sittings import SittingMode
from hocvuso.kernel.clock import VIETNAM
from hocvuso.units.public import Unit

LOCAL = "%Y-%m-%dT%H:%M"


class OpenForm(forms.Form):
    """Opening a sitting: where, what, how, when."""

    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    policy = forms.ChoiceField(label=_("Test"))
    mode = forms.ChoiceField(
        label=_("How people answer"),
        choices=SittingMode.choices,
        widget=forms.RadioSelect,
        initial=SittingMode.SUPERVISED,
    )
    place = forms.CharField(
        label=_("Place"), max_length=200, error_messages={"required": _("Write where people should come.")}
    )
    starts_at = forms.DateTimeField(
        label=_("Begins"),
        input_formats=[LOCAL, "%H:%M %d/%m/%Y"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
        error_messages={"invalid": _("Write the time like 08:00 21/11/2026.")},
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=15,
        max_value=600,
        initial=120,
        error_messages={"min_value": _("A session lasts 15 minutes or more."), "max_value": _("At most ten hours.")},
    )

    def __init__(
        self, *args: Any, units: Sequence[Unit], tests: Sequence[Policy], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(unit.pk, unit.name) for unit in units]  # type: ignore[attr-defined]
        self.fields["policy"].choices = [(policy.code, policy.title) for policy in tests]  # type: ignore[attr-defined]
        self.fields["starts_at"].initial = now.astimezone(VIETNAM).strftime(LOCAL)


class DoorForm(forms.Form):
    """Somebody added at a door who is new here, as corrected by whoever decides."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        error_messages={"invalid": _("Check the year of birth: four digits, between 1900 and this year.")},
    )
    phone = forms.CharField(label=_("Phone, empty if there is none"), max_length=20, required=False)


class CodeForm(forms.Form):
    """The code on the board."""

    code = forms.CharField(
        label=_("Code on the board"),
        max_length=20,
        error_messages={"required": _("Type the six signs on the board.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "input--code"}
        ),
    )
