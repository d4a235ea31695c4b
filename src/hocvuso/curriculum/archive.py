"""The Markdown and YAML form as one ZIP, out of the studio and into it: tried first, told row by row, nothing ever deleted."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hocvuso.curriculum.authored import Problem
from hocvuso.curriculum.exporting import export
from hocvuso.curriculum.loader import LoadReport, load
from hocvuso.curriculum.starter import read_folder
from hocvuso.curriculum.starter_pictures import BROUGHT
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.models import record_audit

MOST_BYTES = 40 * 1024 * 1024
MOST_FILES = 20_000
# Files of no other kind belong to the form; a fixed day makes equal content equal bytes.
KINDS = {".yaml", ".md", *BROUGHT}
DAY = (1980, 1, 1, 0, 0, 0)


class BadArchive(HocVuSoError):
    code = "curriculum.bad_archive"
    status = 422
    message = _("This is no ZIP of lessons. Export one here to see what it looks like. Nothing was loaded.")


class ArchiveTooLarge(HocVuSoError):
    code = "curriculum.archive_too_large"
    status = 413
    message = _("This ZIP holds more than 40 MB of text or too many files. Nothing was loaded.")


@dataclass(slots=True)
class Outcome:
    """What loading a ZIP does, or would do: mistakes by file and line, or what is new, changed, the same and left alone."""

    problems: list[Problem] = field(default_factory=list)
    report: LoadReport = field(default_factory=LoadReport)
    loaded: bool = False


def packed_content() -> bytes:
    """Everything published, as one ZIP; the same content is the same bytes."""
    out = io.BytesIO()
    with tempfile.TemporaryDirectory() as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        folder = Path(made)
        export(folder)
        for path in sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).as_posix()):
            if path.is_file():
                name = zipfile.ZipInfo(f"curriculum/{path.relative_to(folder).as_posix()}", date_time=DAY)
                name.compress_type, name.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(name, path.read_bytes())
    return out.getvalue()


@contextmanager
def unpacked(file: IO[bytes]) -> Iterator[Path]:
    """The content of a ZIP in a folder of its own, gone afterwards. Raises BadArchive, ArchiveTooLarge."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        try:
            with zipfile.ZipFile(file) as archive:
                _unpack(archive, folder)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as problem:
            raise BadArchive from problem
        yield _root(folder)


def _unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise ArchiveTooLarge
    left = MOST_BYTES
    for entry in entries:
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in entry.filename:
            raise BadArchive
        if name.suffix not in KINDS or name.parts[0] == "__MACOSX":
            continue
        # What the header says of the size is not believed.
        with archive.open(entry) as source:
            content = source.read(left + 1)
        left -= len(content)
        if left < 0:
            raise ArchiveTooLarge
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _root(folder: Path) -> Path:
    """Where the form begins: the folder itself or the only one inside."""
    inside = [path for path in folder.iterdir() if path.is_dir()]
    if not (folder / "courses").is_dir() and len(inside) == 1:
        return inside[0]
    return folder


def take_in(*, actor: Any, file: IO[bytes], at: datetime, force: bool = False, only_try: bool = True) -> Outcome:
    """Load a ZIP, or only say what loading it would do.

    Nothing is deleted; what was edited in the studio is left alone unless `force`. With any mistake nothing is loaded at all.
    Raises BadArchive, ArchiveTooLarge. Writes an audit entry when something was loaded.
    """
    with unpacked(file) as folder:
        starter = read_folder(folder)
        if starter.problems:
            return Outcome(
                problems=[Problem(_short(one.file, folder), one.line, one.sentence) for one in starter.problems]
            )
        with transaction.atomic():
            report = load(starter=starter, at=at, force=force)
            if only_try:
                transaction.set_rollback(True)
            else:
                record_audit(
                    at=at,
                    action="curriculum.archive.loaded",
                    object_type="curriculum",
                    object_id="archive",
                    actor_id=actor.pk,
                    new={"created": len(report.created), "updated": len(report.updated), "kept": len(report.kept)},
                )
    return Outcome(report=report, loaded=not only_try)


def _short(name: str, folder: Path) -> str:
    return "ZIP" if name == str(folder) else name
