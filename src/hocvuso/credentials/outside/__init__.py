"""Results of other platforms: read, matched by identity keys, kept apart with their own source, undone."""

from __future__ import annotations

from hocvuso.credentials.outside.files import BadOutsideFile, GivenResult, RowProblem, read_file, read_item
from hocvuso.credentials.outside.matching import Match, match_all
from hocvuso.credentials.outside.services import (
    Taken,
    decide_queued,
    issue_token,
    register_source,
    source_by_token,
    take_results,
    try_file,
    undo_import,
)

__all__ = [
    "BadOutsideFile",
    "GivenResult",
    "Match",
    "RowProblem",
    "Taken",
    "decide_queued",
    "issue_token",
    "match_all",
    "read_file",
    "read_item",
    "register_source",
    "source_by_token",
    "take_results",
    "try_file",
    "undo_import",
]
