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


class NobodyBelow(HocVuSoError):
    code = "programme.nobody_below"
    status = 409
    message = _("No unit stands right below this one, so there is nobody to ask. Nothing was made.")


class NotRightBelow(HocVuSoError):
    code = "programme.not_right_below"
    status = 400
    message = _("Choose among the units right below yours. Nothing was made.")


class CampaignTooLong(HocVuSoError):
    code = "programme.campaign_too_long"
    status = 400
    message = _("A campaign with a report every day lasts at most %(most)d days. Nothing was made.")


class PeriodInUse(HocVuSoError):
    code = "programme.period_in_use"
    status = 409
    message = _("%(unit)s has begun its report already, so the period stays. Nothing was changed.")
