"""Forms of reports."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvuso.kernel import clock
from hocvuso.programme.choices import Verb
from hocvuso.programme.models import Letterhead
from hocvuso.programme.moves import Move
from hocvuso.programme.rules import MAX_PART, PARTS
from hocvuso.programme.tables import MAX_CELL, Table
from hocvuso.units.public import Unit


class NarrativeForm(forms.Form):
    """The parts that people write; figures are not among them."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, carried: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.carried = carried
        for part in PARTS:
            self.fields[part.code] = forms.CharField(
                label=part.label,
                help_text=part.hint,
                required=False,
                max_length=MAX_PART,
                strip=True,
                widget=forms.Textarea(attrs={"rows": 4}),
            )
            if part.code in carried:
                self.fields[f"still_{part.code}"] = forms.BooleanField(
                    label=_("Still true, keep it as it is"), required=False
                )
        self.fields["remark"] = forms.CharField(
            label=_("Why you hand in while units below are not done"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    @property
    def parts(self) -> list[tuple[forms.BoundField, forms.BoundField | None]]:
        """The fields of the parts in their order, each with the tick that a carried part still holds."""
        return [(self[part.code], self[f"still_{part.code}"] if part.code in self.carried else None) for part in PARTS]

    @property
    def narrative(self) -> dict[str, str]:
        """What was written, by part."""
        return {part.code: self.cleaned_data.get(part.code, "") for part in PARTS}

    @property
    def still_true(self) -> set[str]:
        """Parts carried over that the writer ticked as still true."""
        return {part.code for part in PARTS if self.cleaned_data.get(f"still_{part.code}")}


class MoveForm(forms.Form):
    """One move of a report: the words it asks for, and the version the person was looking at."""

    verb = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"id_{move.verb.lower()}_%s"
        if move.remark:
            self.fields["remark"] = forms.CharField(
                label=self.QUESTIONS.get(move.verb, _("Why")),
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        if move.until:
            today = clock.today()
            self.fields["until"] = forms.DateField(
                label=_("Open until the end of day"),
                initial=today + timedelta(days=7),
                widget=forms.DateInput(attrs={"type": "date", "min": today.isoformat()}, format="%Y-%m-%d"),
                help_text=_("After that day the report locks again by itself, with the figures locked before."),
            )

    QUESTIONS = {
        Verb.RETURN: _("What is to be corrected"),
        Verb.LOCK: _("Why it is locked now"),
        Verb.UNLOCK: _("Why an exception is needed"),
        Verb.RELOCK: _("Why it is locked again"),
    }


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


class PeriodForm(forms.Form):
    """A report that a unit asks the units right below it for."""

    ONCE, DAILY = "once", "daily"
    ALL, SOME = "all", "some"
    # More than these are not picked by hand.
    MOST_TO_PICK = 400

    name = forms.CharField(
        label=_("What the report is for"), max_length=120, help_text=_("For example: Tuần lễ số 10/10, báo cáo nhanh.")
    )
    rhythm = forms.ChoiceField(
        label=_("How often"),
        choices=[
            (ONCE, _("Once, on the whole time")),
            (DAILY, _("Every day of a campaign, closing at 20:00")),
        ],
        widget=forms.RadioSelect,
        initial=ONCE,
    )
    first = forms.DateField(label=_("From day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label=_("To the end of day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    due_on = forms.DateField(
        label=_("Owed by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Not needed for a campaign: each day is owed at 20:00."),
    )
    whom = forms.ChoiceField(label=_("Who reports"), widget=forms.RadioSelect, initial=ALL)
    units = forms.MultipleChoiceField(label=_("These units"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, below: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.below = {str(unit.pk): unit for unit in below}
        choices = [(self.ALL, _("Every unit right below, also those that come later"))]
        if len(below) <= self.MOST_TO_PICK:
            choices.append((self.SOME, _("Only those I tick")))
            self.fields["units"].choices = [(str(unit.pk), unit.name) for unit in below]  # type: ignore[attr-defined]
        else:
            del self.fields["units"]
        self.fields["whom"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last, due_on = values.get("first"), values.get("last"), values.get("due_on")
        once = values.get("rhythm") == self.ONCE
        if first and last and first > last:
            self.add_error("last", _("The last day comes before the first."))
        if once and last and not due_on:
            self.add_error("due_on", _("Give the day by which the report is owed."))
        if once and last and due_on and due_on < last:
            self.add_error("due_on", _("A report is owed on or after the last day it counts."))
        if last and last < clock.today() - timedelta(days=366):
            self.add_error("last", _("This is more than a year ago. Look at the year again."))
        if values.get("whom") == self.SOME and not values.get("units"):
            self.add_error("units", _("Tick at least one unit."))
        return values

    @property
    def chosen(self) -> list[Unit] | None:
        """The units that were ticked; none for everyone."""
        if self.cleaned_data["whom"] == self.ALL:
            return None
        return [self.below[pk] for pk in self.cleaned_data["units"]]


class RowForm(forms.Form):
    """One row of a table that the office writes; every cell may be left out, for missing is not nought."""

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted = True
        for column in table.columns:
            if column.kind == "number":
                self.fields[column.code] = forms.IntegerField(
                    label=column.title, required=False, min_value=0, max_value=2_000_000_000
                )
            else:
                self.fields[column.code] = forms.CharField(label=column.title, required=False, max_length=MAX_CELL)

    @property
    def title(self) -> str:
        """What the row is about: its first cell."""
        return str(self.initial.get(next(iter(self.fields)), ""))


RowFormSet = forms.formset_factory(RowForm, extra=0)
