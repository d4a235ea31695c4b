"""Failures this room can name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.errors import HocVuSoError, NotAllowed, NotFound


class OutOfReach(NotAllowed):
    """The unit or person exists or not: for this officer it is not there, so that siblings stay invisible."""

    code = "people.out_of_reach"
    status = 404
    message = NotFound.message


class NameMissing(HocVuSoError):
    code = "people.name_missing"
    message = _("Write a name, so that the certificate knows whose it is.")


class BadBirthYear(HocVuSoError):
    code = "people.bad_birth_year"
    message = _("Check the year of birth: four digits, between 1900 and this year.")


class BadHome(HocVuSoError):
    code = "people.bad_home"
    message = _("Choose the ward or neighbourhood where this person lives; this unit is of another kind.")


class BadPhone(HocVuSoError):
    code = "people.bad_phone"
    message = _("Enter the number again: a mobile number has 10 digits and begins with 0.")


class BadEmail(HocVuSoError):
    code = "people.bad_email"
    message = _("Enter the e-mail address again: it looks like ten@noi.vn.")


class BadPersonalNumber(HocVuSoError):
    code = "people.bad_personal_number"
    message = _("Enter the personal number again: it has 12 digits, as printed on the citizen card.")


class NumberDoesNotMatchBirthYear(BadPersonalNumber):
    code = "people.number_birth_year"
    message = _("The personal number and the year of birth do not belong together. Check both.")


class AlreadyKnown(HocVuSoError):
    """The phone, e-mail or personal number already belongs to somebody else."""

    code = "people.already_known"
    status = 409
    message = _("This number or address already belongs to another person here. Look that person up first.")


class CannotGrant(NotAllowed):
    code = "people.cannot_grant"
    message = _("This role over this unit is given by the unit above. Ask the person in charge there.")


class CannotGrantToSelf(NotAllowed):
    code = "people.cannot_grant_to_self"
    message = _("Nobody gives a role to themselves. Ask another person in charge.")


class MandateExists(HocVuSoError):
    code = "people.mandate_exists"
    status = 409
    message = _("This person already holds this role over this unit.")


class LearningConsentNeeded(HocVuSoError):
    code = "people.learning_consent_needed"
    message = _(
        "An account exists to keep your learning. Without your yes we may not keep it; you can go on learning on this phone."
    )


class RepresentativeNeeded(HocVuSoError):
    code = "people.representative_needed"
    message = _("For a child, a parent or guardian agrees. Write that person's name.")


class ReasonNeeded(HocVuSoError):
    code = "people.reason_needed"
    message = _("Write the reason, so that the person knows why and can object.")


class RequestClosed(HocVuSoError):
    code = "people.request_closed"
    status = 409
    message = _("This request has been answered already.")
