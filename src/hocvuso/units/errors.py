"""Failures this room can name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.errors import HocVuSoError


class CannotMerge(HocVuSoError):
    code = "units.cannot_merge"
    message = _("These units cannot be merged. Nothing was changed.")


class BadFile(HocVuSoError):
    code = "units.bad_file"
    message = _("This file cannot be read. Save it as XLSX or as CSV in UTF-8 and try again.")


class ImportHasErrors(HocVuSoError):
    code = "units.import_has_errors"
    message = _("The file still has rows to put right. Nothing was changed.")


class CannotUndo(HocVuSoError):
    code = "units.cannot_undo"
    message = _("This import cannot be undone any more. Nothing was changed.")


class NoGuard(HocVuSoError):
    """Nobody has said who may manage units, so nobody may."""

    code = "units.no_guard"
    status = 403
    message = _("Managing units is closed on this system.")
