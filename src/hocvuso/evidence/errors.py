"""Failures of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.errors import HocVuSoError


class UnknownKind(HocVuSoError):
    code = "evidence.unknown_kind"
    message = _("The kind of evidence “%(kind)s” is not known here. Nothing was recorded.")


class UnknownPerson(HocVuSoError):
    code = "evidence.unknown_person"
    status = 404
    message = _("One of these people is not registered. Nothing was recorded.")


class DaySealed(HocVuSoError):
    code = "evidence.day_sealed"
    status = 409
    message = _("The ledger of %(day)s is sealed. Record this today instead; a correction is a new entry.")


class NoSuchEvidence(HocVuSoError):
    code = "evidence.no_such_evidence"
    status = 404
    message = _("This entry is not in the ledger.")


class AlreadyRevoked(HocVuSoError):
    code = "evidence.already_revoked"
    status = 409
    message = _("This entry was revoked before. Nothing was changed.")


class HistoryExists(HocVuSoError):
    code = "evidence.history_exists"
    status = 409
    message = _("One of these people has entries in the ledger already. Nothing was recorded.")
