"""Failures the curriculum can name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.errors import HocVuSoError, NotAllowed, NotFound


class ReleaseIsFinal(HocVuSoError):
    """A release is written once; a change is a new release."""

    code = "curriculum.release_is_final"
    status = 409
    message = _("What has been published cannot be changed. Publish the lesson again: a new release is made.")


class LessonNotFound(NotFound):
    code = "curriculum.lesson_not_found"
    message = _("This lesson is not here. It may have been taken down or renamed.")


class PathNotFound(NotFound):
    code = "curriculum.path_not_found"
    message = _("This path is not here. It may have been taken down or renamed.")


class PackNotFound(NotFound):
    code = "curriculum.pack_not_found"
    message = _("This meeting pack is not here. It may have been taken down or renamed.")


class MeetingInFuture(HocVuSoError):
    code = "curriculum.meeting_in_future"
    status = 422
    message = _("This day has not come yet. Give the day on which the meeting was held.")


class MoreHandsThanPeople(HocVuSoError):
    code = "curriculum.more_hands_than_people"
    status = 422
    message = _("More hands were counted than people were there. Correct one of the two numbers.")


class ReleaseNotFound(NotFound):
    code = "curriculum.release_not_found"
    message = _("This release is not here.")


class PictureNotFound(NotFound):
    code = "curriculum.picture_not_found"
    message = _("This picture is not here.")


class NotAnAuthor(NotAllowed):
    code = "curriculum.not_an_author"
    message = _("This place is for people who write lessons. You are signed in with another account.")


class NotFitToPublish(HocVuSoError):
    """The text does not pass the same checks as a file; `problems` says what to mend."""

    code = "curriculum.not_fit_to_publish"
    status = 422
    message = _("This text cannot be published yet: %(problems)s Nothing was changed.")


class MomentHasPassed(HocVuSoError):
    code = "curriculum.moment_has_passed"
    status = 422
    message = _("This moment has passed. Choose one that is still to come.")


class NotApprovedYet(HocVuSoError):
    code = "curriculum.not_approved_yet"
    status = 409
    message = _(
        "This text waits at no publisher's desk. Have it sent in and reviewed first; a moment can be proposed meanwhile."
    )


class OnlyPublishers(NotAllowed):
    code = "curriculum.only_publishers"
    message = _(
        "Only publishers set when a text goes live or comes down. Propose a moment instead; a publisher decides."
    )


class NothingToTakeDown(HocVuSoError):
    code = "curriculum.nothing_to_take_down"
    status = 409
    message = _("Learners do not see this text, so there is nothing to take down.")
