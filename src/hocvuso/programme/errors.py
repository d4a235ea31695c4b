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


class MovedMeanwhile(HocVuSoError):
    code = "programme.moved_meanwhile"
    status = 409
    message = _(
        "This report changed at %(moment)s, after you opened it. It is now “%(state)s”. Nothing of what you pressed was done; look again, then decide."
    )


class NotFromHere(HocVuSoError):
    code = "programme.not_from_here"
    status = 409
    message = _("This cannot be done while the report is “%(state)s”. Nothing was changed.")


class HandedInAlready(HocVuSoError):
    code = "programme.handed_in_already"
    status = 409
    message = _(
        "The report is “%(state)s” since %(moment)s, so it can no longer be written in. Your text is below: copy it if you still need it."
    )


class SamePerson(HocVuSoError):
    code = "programme.same_person"
    status = 403
    message = _("You wrote or handed in this report yourself. Somebody else approves, locks or opens it.")


class RemarkMissing(HocVuSoError):
    code = "programme.remark_missing"
    status = 400
    message = _("Say why, in a sentence: the unit reads it on its page. Nothing was changed.")


class UntilMissing(HocVuSoError):
    code = "programme.until_missing"
    status = 400
    message = _(
        "Say until which day the report stays open, from today to at most %(most)d days ahead. Nothing was changed."
    )


class PeriodStillRunning(HocVuSoError):
    code = "programme.period_still_running"
    status = 409
    message = _("This period runs until the end of %(last)s. What you wrote is saved; hand it in from that day on.")


class BelowNotDone(HocVuSoError):
    code = "programme.below_not_done"
    status = 409
    message = _(
        "%(open)d of %(all)d units below are not approved yet. Say why you hand in without them. What you wrote is saved."
    )


class EditionBroken(HocVuSoError):
    code = "programme.edition_broken"
    status = 500
    message = _(
        "What was handed in no longer matches its own check sum, so it is not locked. Nothing was changed. Tell whoever runs the system."
    )


class NotHandedInYet(HocVuSoError):
    code = "programme.not_handed_in_yet"
    status = 404
    message = _("This unit has not written a report on this period yet.")


class NothingPicked(HocVuSoError):
    code = "programme.nothing_picked"
    status = 400
    message = _("Tick at least one sentence. Nothing was added.")
