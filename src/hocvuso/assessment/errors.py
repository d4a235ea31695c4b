"""Failures of the assessment. Each says what was kept and what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.errors import HocVuSoError


class NoSuchPolicy(HocVuSoError):
    code = "assessment.no_such_policy"
    status = 404
    message = _("There is no such test.")


class NoSuchAttempt(HocVuSoError):
    code = "assessment.no_such_attempt"
    status = 404
    message = _("This test is not yours, or it does not exist.")


class BankTooSmall(HocVuSoError):
    code = "assessment.bank_too_small"
    status = 503
    message = _("The test cannot be put together just now: there are too few questions. This is our fault, not yours.")


class NeedsAssessor(HocVuSoError):
    code = "assessment.needs_assessor"
    status = 409
    message = _(
        "This test is taken before an assessor. Ask in your ward when the next session is, and type its code there."
    )


class TooEarly(HocVuSoError):
    code = "assessment.too_early"
    status = 409
    message = _("You can take this test again from %(moment)s.")


class AttemptsUsedUp(HocVuSoError):
    code = "assessment.attempts_used_up"
    status = 409
    message = _(
        "This test can be taken %(allowed)s times, and you have used them. Ask the office of your ward what to do next."
    )


class TimeIsUp(HocVuSoError):
    code = "assessment.time_is_up"
    status = 409
    message = _("The time is up. The answers you sent before are kept and have been graded.")


class AlreadyAnswered(HocVuSoError):
    code = "assessment.already_answered"
    status = 409
    message = _("This question was answered before. Your first answer is kept.")


class AnswerUnreadable(HocVuSoError):
    code = "assessment.answer_unreadable"
    message = _("Please choose an answer first.")


class AnswerFromElsewhere(AnswerUnreadable):
    code = "assessment.answer_from_elsewhere"
    message = _(
        "This answer was made on another copy of the question, or was damaged on its way. Nothing is lost: choose again below."
    )


class TraceRefused(AnswerUnreadable):
    code = "assessment.trace_refused"
    message = _("The practice did not arrive whole. Your other answers are kept. Do this practice once more.")


class PairsUnclear(AnswerUnreadable):
    code = "assessment.pairs_unclear"
    message = _("Give every line a partner of its own.")


class OrderUnclear(AnswerUnreadable):
    code = "assessment.order_unclear"
    message = _("Give every line its own number, from 1 to %(last)s.")


class ConsentMissing(HocVuSoError):
    code = "assessment.consent_missing"
    status = 403
    message = _("A test needs your yes to keeping your results. You can give it on your account page.")


class SignedOut(HocVuSoError):
    code = "assessment.signed_out"
    status = 401
    message = _("You are signed out. Your answer is still on this phone. Sign in again and go on.")


class PolicyChanged(HocVuSoError):
    code = "assessment.policy_changed"
    status = 409
    message = _(
        "Version %(version)s of the policy “%(code)s” exists with other content. Give the change a new version."
    )


class NotForYou(HocVuSoError):
    code = "assessment.policy_not_for_you"
    status = 403
    message = _("How people are tested is set by leaders of a province, a city or the nation. Nothing was changed.")


class PolicyUnsound(HocVuSoError):
    code = "assessment.policy_unsound"
    message = _("This version cannot be saved: %(reason)s Nothing was changed.")


class NoSuchItem(HocVuSoError):
    code = "assessment.no_such_item"
    status = 404
    message = _("There is no such question in the bank.")


class ReasonMissing(HocVuSoError):
    code = "assessment.reason_missing"
    message = _("Say in one sentence why. Nothing was changed.")


class NoSuchRescoring(HocVuSoError):
    code = "assessment.no_such_rescoring"
    status = 404
    message = _("This result is not on the list any more: somebody has decided about it.")


class NoSuchPlacement(HocVuSoError):
    code = "assessment.no_such_placement"
    status = 404
    message = _("This short check is not on this phone any more. You can begin a new one.")


class NothingAsked(HocVuSoError):
    code = "assessment.nothing_asked"
    status = 409
    message = _("There is nothing to answer now. Thank you.")
