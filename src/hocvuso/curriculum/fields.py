"""A column for a short list of codes that can be searched on every database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import cached_property
from wagtail.snippets.blocks import SnippetChooserBlock


class WordsField(models.CharField):
    """A list of words kept as `|ADULT|WORKER|`, so that `…__contains="|ADULT|"` finds a whole word on SQLite and PostgreSQL.

    In Python always a list of str; words hold no `|`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("max_length", 500)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: object, connection: object) -> list[str]:
        return self.to_python(value)

    def to_python(self, value: object) -> list[str]:
        if value is None:
            return []
        if isinstance(value, str):
            return [word for word in value.split("|") if word]
        if isinstance(value, Iterable):
            return [str(word) for word in value]
        return []

    def get_prep_value(self, value: object) -> str:
        if isinstance(value, str):
            return value
        words = self.to_python(value)
        return f"|{'|'.join(words)}|" if words else ""

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def validate(self, value: object, model_instance: models.Model | None) -> None:
        super().validate(self.get_prep_value(value), model_instance)

    def run_validators(self, value: object) -> None:
        super().run_validators(self.get_prep_value(value))

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.pop("max_length", None)
        if "form_class" not in kwargs and "choices_form_class" not in kwargs:
            kwargs["form_class"] = WordsFormField
        return models.Field.formfield(self, **kwargs)


class WordsFormField(forms.CharField):
    """Words typed with commas between them."""

    def prepare_value(self, value: object) -> object:
        return ", ".join(str(word) for word in value) if isinstance(value, list | tuple) else value

    def to_python(self, value: object) -> list[str]:  # type: ignore[override]
        if isinstance(value, list | tuple):
            return [str(word) for word in value]
        return [word.strip() for word in str(value or "").split(",") if word.strip()]

    def has_changed(self, initial: object, data: object) -> bool:
        return self.to_python(initial) != self.to_python(data)


class ChosenWordsFormField(forms.MultipleChoiceField):
    """Words ticked in a list; `choices` may be a callable."""


class PictureChooserBlock(SnippetChooserBlock):
    """Looks different in the studio's form only; migrations know it as the block it is made of."""

    @cached_property
    def widget(self) -> Any:
        # The studio's widgets can be made only once all models are there.
        from hocvuso.curriculum.picture_widget import PictureWidget

        return PictureWidget(self.target_model, icon=self.meta.icon)

    def deconstruct(self) -> Any:
        return ("wagtail.snippets.blocks.SnippetChooserBlock", *super().deconstruct()[1:])
