"""Failures of the intake. Each says what was kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.errors import HocVuSoError


class SignedOut(HocVuSoError):
    code = "learning.signed_out"
    status = 401
    message = _("You are not signed in. What you did is still on this phone. Sign in and it will be sent.")


class BatchUnreadable(HocVuSoError):
    code = "learning.batch_unreadable"
    message = _("The server could not read this batch. What you did is still on this phone.")


class BatchTooLarge(HocVuSoError):
    code = "learning.batch_too_large"
    status = 413
    message = _("That was too much at once. What you did is still on this phone and will be sent in smaller parts.")


class ForeignPage(HocVuSoError):
    code = "learning.foreign_page"
    status = 403
    message = _("This request did not come from our own pages. Nothing was changed.")


class ConsentMissing(HocVuSoError):
    code = "learning.consent_missing"
    status = 403
    message = _("You have not agreed that we keep your learning. What you did is still on this phone.")


class OtherOwner(HocVuSoError):
    code = "learning.other_owner"
    status = 409
    message = _("Somebody else is signed in now. What you did is still on this phone.")


class ClassNotFound(HocVuSoError):
    code = "learning.class_not_found"
    status = 404
    message = _("There is no such class, or it is not yours. Check the code with your teacher.")


class PlaceTaken(HocVuSoError):
    code = "learning.place_taken"
    status = 409
    message = _("Somebody has taken this number already. Ask your teacher which number is yours.")


class AgreementMissing(HocVuSoError):
    code = "learning.agreement_missing"
    message = _("To join, tick that you agree. Nothing was changed.")


class TooMany(HocVuSoError):
    code = "learning.too_many"
    message = _("A class holds at most 200 people, and one person may hold 50 classes. Nothing was changed.")


class BadRoster(HocVuSoError):
    code = "learning.bad_roster"
    message = _("This file could not be read. Save the list as XLSX or CSV and try again. Nothing was changed.")
