"""Example data of the gallery of components: a small ward, told as every page would tell it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ICONS = Path(__file__).resolve().parent / "static" / "web" / "icons.svg"
DRAWINGS = ("grandmother", "seller", "worker", "volunteer", "lost", "no-network")


class ExampleForm(forms.Form):
    """One field of each kind; bound with nothing, so that its errors show."""

    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        help_text=gettext_lazy("The one you receive messages on."),
        error_messages={"required": gettext_lazy("Type your phone number: it has 10 digits.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    ward = forms.ChoiceField(
        label=gettext_lazy("Ward"), choices=[("1", "Phường Bình Thạnh"), ("2", "Phường Gia Định")], required=False
    )
    group = forms.ChoiceField(
        label=gettext_lazy("You are"),
        choices=[("ADULT", gettext_lazy("Adult")), ("PUPIL", gettext_lazy("Pupil"))],
        widget=forms.RadioSelect,
        required=False,
    )
    agree = forms.BooleanField(
        label=gettext_lazy("Count my result in the figures of my ward"),
        help_text=gettext_lazy("You can take this back at any time."),
        required=False,
    )
    note = forms.CharField(label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class ExampleFilter(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[("", gettext_lazy("All")), ("1", gettext_lazy("Waiting"))],
        required=False,
    )
    since = forms.DateField(label=gettext_lazy("Since"), required=False)


def icon_names() -> list[str]:
    """Every icon of the sprite."""
    return re.findall(r'<symbol id="([a-z-]+)"', ICONS.read_text(encoding="utf-8"))


def states() -> list[dict[str, Any]]:
    return [
        {"name": _("Learned"), "state": "done", "on": date(2026, 10, 12)},
        {"name": _("Passed"), "state": "done", "on": date(2026, 10, 19), "note": _("14 of 15 right")},
        {"name": _("Confirmed"), "state": "waiting", "on": None, "note": _("waiting for the second officer")},
        {"name": _("On VNeID"), "state": "", "on": None, "note": ""},
    ]


def gallery() -> dict[str, Any]:
    return {
        "icons": icon_names(),
        "drawings": [f"web/drawings/{name}.html" for name in DRAWINGS],
        "form": ExampleForm(data={}),
        "states": states(),
        "trail": [("Thành phố Hồ Chí Minh", "#trail"), ("Phường Bình Thạnh", "")],
        "tabs": [(_("All"), "#tabs", False), (_("Waiting"), "#tabs", True), (_("Done"), "#tabs", False)],
        "money": 1250000,
        "ratio": 0.825,
        "day": date(2026, 10, 10),
    }


def officer_gallery() -> dict[str, Any]:
    rows = [
        {
            "name": "Cán bộ, công chức, viên chức",
            "reached": 1182,
            "people": 1204,
            "ratio": 0.982,
            "forecast": 0.99,
            "target": 1.0,
            "trend": [1010, 1050, 1080, 1120, 1182],
            "verdict": _("by 30 November"),
            "good": True,
        },
        {
            "name": "Người trưởng thành được xác nhận trên VNeID",
            "reached": 44902,
            "people": 66290,
            "ratio": 0.677,
            "forecast": 0.81,
            "target": 1.0,
            "trend": [41000, 41800, None, 43900, 44902],
            "verdict": _("12,700 short"),
            "good": False,
        },
        {
            "name": "Người lao động trong doanh nghiệp",
            "reached": 7315,
            "people": None,
            "ratio": None,
            "forecast": None,
            "target": 1.0,
            "trend": [7600, 7500, 7400, 7350, 7315],
            "verdict": _("no denominator yet"),
            "good": None,
        },
    ]
    return {
        "rows": rows,
        "filter_form": ExampleFilter(),
        "states": states(),
        "trail": [("Thành phố Hồ Chí Minh", "#trail"), ("Phường Bình Thạnh", "")],
        "tabs": [(_("All"), "#tabs", False), (_("Waiting"), "#tabs", True), (_("Done"), "#tabs", False)],
    }
