"""Shapes of what officers send about policies."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvuso.assessment.models import Policy
from hocvuso.assessment.services.policies import NewVersion
from hocvuso.units.public import Line

CELL = re.compile(r"(?P<skills>[a-z0-9.,\s-]+)[=:]\s*(?P<count>\d{1,2})")
MOST_ROWS = 40


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def read_blueprint(text: str) -> list[dict[str, Any]]:
    """`ndct-0, ndct-5 = 3`, a line a cell. Raises ValidationError naming the line."""
    cells = []
    for number, line in enumerate(filter(None, (line.strip() for line in text.splitlines())), 1):
        found = CELL.fullmatch(line)
        skills = [code.strip() for code in found["skills"].split(",") if code.strip()] if found else []
        if not found or not skills or not int(found["count"]):
            raise forms.ValidationError(
                _("Line %(number)s is not understood: “%(line)s”. Write codes, an equals sign and a number.")
                % {"number": number, "line": line[:60]}
            )
        cells.append({"skills": skills, "count": int(found["count"])})
    return cells[:MOST_ROWS]


def write_blueprint(blueprint: list[dict[str, Any]]) -> str:
    return "\n".join(f"{', '.join(cell['skills'])} = {cell['count']}" for cell in blueprint)


class VersionForm(forms.Form):
    """A new version of a policy; begins with what the version before it says."""

    title = forms.CharField(label=gettext_lazy("Name of the test"), max_length=200)
    valid_from = forms.DateField(label=gettext_lazy("In force from"), widget=DayInput)
    reason = forms.CharField(
        label=gettext_lazy("Document or reason"),
        max_length=300,
        help_text=gettext_lazy("Number and date of the decision, or why it changes."),
    )
    blueprint = forms.CharField(
        label=gettext_lazy("Questions by skill"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "A line each: codes of skills, an equals sign, how many. For example: ndct-0, ndct-5 = 3"
        ),
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=240)
    pass_percent = forms.DecimalField(
        label=gettext_lazy("Pass mark, %"), min_value=Decimal("1"), max_value=100, decimal_places=1
    )
    adaptive = forms.BooleanField(
        label=gettext_lazy("Adaptive: each question follows from the answers before"),
        required=False,
        help_text=gettext_lazy(
            "Begins by itself once enough questions are calibrated; until then papers are drawn whole."
        ),
    )
    practice_tasks = forms.IntegerField(
        label=gettext_lazy("Practice tasks"),
        min_value=0,
        max_value=10,
        help_text=gettext_lazy("Done on a pretend phone, besides the questions; each counts as one."),
    )
    practices = forms.CharField(
        label=gettext_lazy("Drawn from these practices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=gettext_lazy("Codes with commas between. Empty: from all of them."),
    )
    retry_after_hours = forms.IntegerField(
        label=gettext_lazy("Hours to wait after not passing"), min_value=0, max_value=24 * 365
    )
    attempts_allowed = forms.IntegerField(
        label=gettext_lazy("Times it can be taken"), min_value=0, max_value=99, help_text=gettext_lazy("0: no limit.")
    )
    extra_time_percent = forms.IntegerField(
        label=gettext_lazy("Time added for whoever needs more, %"), min_value=0, max_value=200
    )
    supervised = forms.BooleanField(label=gettext_lazy("Must be taken under supervision"), required=False)
    confirmed_by = forms.ChoiceField(
        label=gettext_lazy("Who may confirm"),
        required=False,
        choices=[("", gettext_lazy("By group, as the provisional list says")), *Line.choices],
        help_text=gettext_lazy("The person's unit in this line; their ward or commune where they have none."),
    )
    signatory = forms.CharField(label=gettext_lazy("Who signs"), max_length=200, required=False)
    equivalences = forms.CharField(
        label=gettext_lazy("Results of other platforms that count as equal"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "A line each: platform | result. For example: binhdanhocvuso.gov.vn | certificate of the course"
        ),
    )
    provisional = forms.BooleanField(label=gettext_lazy("Provisional, awaiting the official document"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note shown to learners"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_blueprint(self) -> list[dict[str, Any]]:
        cells = read_blueprint(self.cleaned_data["blueprint"])
        if not 1 <= sum(cell["count"] for cell in cells) <= 100:
            raise forms.ValidationError(_("There must be between 1 and 100 questions."))
        return cells

    def clean_equivalences(self) -> list[dict[str, str]]:
        found = []
        for line in filter(None, (line.strip() for line in self.cleaned_data["equivalences"].splitlines())):
            source, _bar, result = line.partition("|")
            if not source.strip() or not result.strip():
                raise forms.ValidationError(_("Put a bar | between the platform and its result."))
            found.append({"source": source.strip()[:200], "result": result.strip()[:300]})
        return found[:MOST_ROWS]

    def clean_practices(self) -> list[str]:
        return [code.strip() for code in self.cleaned_data["practices"].split(",") if code.strip()]

    def version(self) -> NewVersion:
        """What the form says, once it is valid."""
        data = dict(self.cleaned_data)
        data["pass_ratio"] = (data.pop("pass_percent") / 100).quantize(Decimal("0.001"))
        data["extra_time_ratio"] = (Decimal(data.pop("extra_time_percent")) / 100).quantize(Decimal("0.01"))
        return NewVersion(**data)


def begin_with(policy: Policy) -> dict[str, Any]:
    """The form's first values: the version before it."""
    same = (
        "title minutes adaptive practice_tasks retry_after_hours attempts_allowed supervised signatory provisional note"
    )
    return {name: getattr(policy, name) for name in same.split()} | {
        "blueprint": write_blueprint(policy.blueprint),
        "pass_percent": f"{policy.pass_ratio * 100:.1f}",
        "practices": ", ".join(policy.practices),
        "extra_time_percent": round(policy.extra_time_ratio * 100),
        "confirmed_by": policy.confirmed_by if policy.confirmed_by in Line.values else "",
        "equivalences": "\n".join(f"{row['source']} | {row['result']}" for row in policy.equivalences),
    }
