"""Form fields that Vietnamese phones fill in well."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.errors import HocVuSoError
from hocvuso.people import rules


class PhoneField(forms.CharField):
    """A phone number typed in any usual way; its value is E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "maxlength": "20"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone number"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return text
        try:
            return rules.normal_phone(text)
        except HocVuSoError as error:
            raise ValidationError(str(error), code=error.code) from error


class BirthYearField(forms.IntegerField):
    """A year of birth, four digits."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year", "maxlength": "4"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Year of birth"))
        super().__init__(
            min_value=rules.FIRST_BIRTH_YEAR,
            error_messages={
                "invalid": _("Write the year with four digits, such as 1959."),
                "min_value": _("Write the year with four digits, such as 1959."),
            },
            **kwargs,
        )
