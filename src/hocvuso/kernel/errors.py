"""Failures that people are told about."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class HocVuSoError(Exception):
    """A foreseen failure: `code` is stable (`people.not_allowed`), `message` a translated whole sentence.

    The web shell shows it as a calm page (or a JSON body) with `status`.
    """

    code = "kernel.error"
    status = 400
    message: str | Promise = _("This could not be done. Nothing was changed.")

    def __init__(self, message: str | Promise | None = None, **values: Any) -> None:
        self.values = values
        if message is not None:
            self.message = message
        super().__init__(self.code)

    def __str__(self) -> str:
        text = str(self.message)
        return text % self.values if self.values else text


class NotAllowed(HocVuSoError):
    code = "kernel.not_allowed"
    status = 403
    message = _("This page is for officers in charge of this unit. You are signed in with another account.")


class NotFound(HocVuSoError):
    code = "kernel.not_found"
    status = 404
    message = _("This is not here, or it is not within your unit.")
