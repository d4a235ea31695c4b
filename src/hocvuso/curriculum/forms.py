"""Shape of what is typed at the end of a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvuso.curriculum.models.runs import MOST_PEOPLE
from hocvuso.units.public import Unit


class MeetingRunForm(forms.Form):
    """Unit, day, people, and a number for each answer of the quiz."""

    run = forms.UUIDField(widget=forms.HiddenInput)
    unit = forms.TypedChoiceField(label=_("Where"), coerce=int)
    held_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    people_present = forms.IntegerField(
        label=_("How many people were there"),
        min_value=1,
        max_value=MOST_PEOPLE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(
        self, data: Any = None, *, units: Sequence[Unit], quiz: Sequence[dict[str, Any]], initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self.quiz = quiz
        place = self.fields["unit"]
        if isinstance(place, forms.TypedChoiceField):
            place.choices = [(unit.pk, unit.name) for unit in units]
        for number, question in enumerate(quiz):
            for at, option in enumerate(question["options"]):
                self.fields[f"hands_{number}_{at}"] = forms.IntegerField(
                    label=option["text"],
                    required=False,
                    min_value=0,
                    max_value=MOST_PEOPLE,
                    widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0}),
                )

    def hands(self) -> list[list[int | None]]:
        """Counts by question and answer."""
        return [
            [self.cleaned_data.get(f"hands_{number}_{at}") for at in range(len(question["options"]))]
            for number, question in enumerate(self.quiz)
        ]

    def questions(self) -> list[dict[str, Any]]:
        """The quiz with a field for each answer, for the template."""
        return [
            {
                "text": question["text"],
                "answers": [
                    {"option": option, "field": self[f"hands_{number}_{at}"]}
                    for at, option in enumerate(question["options"])
                ],
            }
            for number, question in enumerate(self.quiz)
        ]
