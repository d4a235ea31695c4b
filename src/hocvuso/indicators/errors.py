"""Failures this room can name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.errors import HocVuSoError


class DefinitionChanged(HocVuSoError):
    """The data file changes what a published version of an indicator counts; figures of the past would change with it."""

    code = "indicators.definition_changed"
    message = _(
        "The indicator %(indicator)s, version %(version)s, already counts something else. Give the new rule a new version."
    )


class ImportHasErrors(HocVuSoError):
    code = "indicators.import_has_errors"
    message = _("Some rows are not right yet. Nothing was loaded: mend the file and send it again.")


class ImportNotOpen(HocVuSoError):
    code = "indicators.import_not_open"
    message = _("This file was loaded or taken back already. Nothing was changed.")


class FileNotReadable(HocVuSoError):
    code = "indicators.file_not_readable"
    message = _(
        "This file cannot be read. Send a CSV file (UTF-8) or an XLSX file with the column names in the first row."
    )


class TargetNotClear(HocVuSoError):
    code = "indicators.target_not_clear"
    message = _("A target is either a ratio or a number of people. Give one of the two.")
