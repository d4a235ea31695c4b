"""Failures of reports. Each says what was kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.errors import HocVuSoError


class NoSuchPeriod(HocVuSoError):
    code = "programme.no_such_period"
    status = 404
    message = _("There is no report period “%(code)s”. A month is written as 2026-M11.")


class PeriodNotBegun(HocVuSoError):
    code = "programme.period_not_begun"
    status = 409
    message = _("This period begins on %(first)s. There is nothing to report yet.")


class EditedMeanwhile(HocVuSoError):
    code = "programme.edited_meanwhile"
    status = 409
    message = _(
        "Somebody else saved this report at %(moment)s. Your text is still in the form below; compare and save again."
    )
