"""Failures around suspicions and draws."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.errors import HocVuSoError


class NoSuchCase(HocVuSoError):
    code = "assessment.no_such_case"
    status = 404
    message = _("There is no such re-check within your units.")


class DecisionNotPossible(HocVuSoError):
    code = "assessment.decision_not_possible"
    status = 409
    message = _("This decision does not fit: somebody decided before you, or the reason belongs to another decision.")


class OwnCase(HocVuSoError):
    code = "assessment.own_case"
    status = 403
    message = _("This re-check touches you or tests you assessed. Another officer decides on it.")


class NobodyToDraw(HocVuSoError):
    code = "assessment.nobody_to_draw"
    status = 409
    message = _("Nobody passed in this unit between these days. Nothing was fixed.")
