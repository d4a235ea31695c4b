"""Failures around sittings. Each says what was kept and what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.errors import HocVuSoError


class WrongCode(HocVuSoError):
    code = "assessment.wrong_code"
    status = 404
    message = _(
        "No open session has this code. Look at the board again: six signs, without O, I and the digits 0 and 1."
    )


class TooManyCodes(HocVuSoError):
    code = "assessment.too_many_codes"
    status = 429
    message = _("Too many wrong codes. Wait ten minutes, or ask the assessor to call you by name.")


class SittingClosed(HocVuSoError):
    code = "assessment.sitting_closed"
    status = 409
    message = _("This session is closed. What was recorded before is kept. Ask the assessor for another session.")


class NoSuchSitting(HocVuSoError):
    code = "assessment.no_such_sitting"
    status = 404
    message = _("There is no such session, or it is not yours.")


class OtherAssessor(HocVuSoError):
    code = "assessment.other_assessor"
    status = 409
    message = _(
        "%(name)s runs this session now. What you recorded stays on this phone. Take the session over, or let %(name)s go on."
    )


class TaughtThem(HocVuSoError):
    code = "assessment.taught_them"
    status = 409
    message = _(
        "%(assessor)s taught %(person)s. Whoever teaches does not assess: ask another assessor. Nothing is lost."
    )


class OwnTest(HocVuSoError):
    code = "assessment.own_test"
    status = 409
    message = _("You run this session. Take your own test in a session of another assessor.")


class AlreadyPassed(HocVuSoError):
    code = "assessment.already_passed"
    status = 409
    message = _("%(person)s passed this test before an assessor on %(day)s. There is no need to take it again.")


class OtherTestOpen(HocVuSoError):
    code = "assessment.other_test_open"
    status = 409
    message = _("%(person)s is in the middle of this test on a phone. Hand that one in first; its answers are kept.")


class PersonAgrees(HocVuSoError):
    code = "assessment.person_has_to_agree"
    status = 409
    message = _("%(person)s has not agreed that we keep results. Ask, and write the yes down on their page.")


class TickFirst(HocVuSoError):
    code = "assessment.tick_first"
    status = 409
    message = _("Let the assessor tick that you are here first. Then begin.")


class TickStays(HocVuSoError):
    code = "assessment.tick_stays"
    status = 409
    message = _("The test is finished; the tick stays. Record an incident instead.")


class NotBriefed(HocVuSoError):
    code = "assessment.not_briefed"
    status = 409
    message = _("Read the guide for spoken and observed tests first. It takes five minutes.")


class NotInSitting(HocVuSoError):
    code = "assessment.not_in_sitting"
    status = 404
    message = _("This person is not in this session.")


class PassedOnPhone(HocVuSoError):
    code = "assessment.not_here"
    status = 409
    message = _("In this session the assessor records the answers. Sit with the assessor when your name is called.")


class RecordsUnreadable(HocVuSoError):
    code = "assessment.records_unreadable"
    message = _(
        "The server could not read what this phone sent. Nothing on the phone was changed. Reload the page and send again."
    )


class NoTasks(HocVuSoError):
    code = "assessment.no_tasks"
    status = 409
    message = _("There are no tasks to observe for this test yet. Choose a spoken session, or ask the city's office.")


class NoSuchWalkIn(HocVuSoError):
    code = "assessment.no_such_walk_in"
    status = 404
    message = _("Nobody waits here under this. Look at the list again.")


class WalkInDecided(HocVuSoError):
    code = "assessment.walk_in_decided"
    status = 409
    message = _("Somebody has said meanwhile who this is. Nothing was changed; look at the list again.")
