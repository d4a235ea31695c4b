"""`hocvuso curriculum load|check|export [FOLDER]`, `hocvuso curriculum links`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from hocvuso.curriculum.exporting import export
from hocvuso.curriculum.links import check_all_links
from hocvuso.curriculum.loader import LoadReport, load, starter_folder
from hocvuso.curriculum.starter import Starter, read_folder
from hocvuso.kernel.clock import now


class Command(BaseCommand):
    help = "Bài học: nạp, kiểm tra, xuất ra tệp, hỏi các đường dẫn (docs/reference/content-format.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "verb",
            choices=["load", "check", "export", "links"],
            help="load: kiểm tra rồi xuất bản; check: chỉ kiểm tra; export: ghi ra tệp; links: hỏi mọi đường dẫn",
        )
        parser.add_argument("folder", nargs="?", type=Path, help="thư mục bài học; mặc định: bài học đi kèm hệ thống")
        parser.add_argument("--json", action="store_true", help="check: số lượng và chỗ sai ở dạng JSON, cho máy đọc")
        parser.add_argument("--force", action="store_true", help="ghi đè cả những gì đã sửa trong phòng soạn bài")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "export":
            self.export(options["folder"])
            return
        if options["verb"] == "links":
            asked, silent = check_all_links(at=now())
            self.stdout.write(
                _("%(asked)s addresses asked, %(silent)s did not answer. The studio lists them.")
                % {"asked": asked, "silent": silent}
            )
            return
        folder = (options["folder"] or starter_folder()).resolve()
        starter = read_folder(folder)
        errors = errors_in(folder, starter)
        if options["json"] and options["verb"] == "check":
            self.stdout.write(json.dumps({**counts(starter), "errors": errors}, ensure_ascii=False, indent=2))
            if errors:
                raise SystemExit(1)
            return
        if errors:
            for error in errors:
                self.stderr.write("{file}:{line}: {vi}\n    {en}".format(**error))
            raise CommandError(
                _("%(count)s things to mend in %(folder)s. Nothing was loaded.")
                % {"count": len(starter.problems), "folder": folder}
            )
        if options["verb"] == "check":
            self.stdout.write(_summary(starter))
            return
        self.stdout.write("\n".join(_told(load(starter=starter, at=now(), force=options["force"]))))

    def export(self, folder: Path | None) -> None:
        """Write what is published into an empty folder."""
        if folder is None:
            raise CommandError(_("Say where to: hocvuso curriculum export FOLDER."))
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(_("%(folder)s is not empty. Nothing was written.") % {"folder": folder})
        number = export(folder)
        self.stdout.write(_("%(count)s files written to %(folder)s.") % {"count": number, "folder": folder})


def counts(starter: Starter) -> dict[str, int]:
    """How much of everything there is."""
    return {
        "frameworks": len(starter.frameworks),
        "courses": len(starter.courses),
        "lessons": len(starter.lessons),
        "practices": len(starter.practices),
        "scam_drills": sum(item.data["definition"].get("scam") is True for item in starter.practices),
        "questions": len(starter.questions),
        "pictures": len(starter.pictures),
        "graded_questions": sum(item.data.get("graded") is True for item in starter.questions),
        "hand_outs": sum(item.data["handout"] is not None for item in starter.lessons)
        + sum(item.data["handout"] is not None for item in starter.meetings),
        "meeting_packs": len(starter.meetings),
        "external_courses": len(starter.externals),
        "paths": len(starter.paths),
        "policies": len(starter.policies),
    }


def errors_in(folder: Path, starter: Starter) -> list[dict[str, object]]:
    """Every mistake with its place, in both languages."""
    if not starter.problems:
        return []
    told = {}
    for language in ("vi", "en"):
        with translation.override(language):
            told[language] = [problem.sentence for problem in read_folder(folder).problems]
    return [
        {"file": one.file, "line": one.line, "vi": vi, "en": en}
        for one, vi, en in zip(starter.problems, told["vi"], told["en"], strict=True)
    ]


def _summary(starter: Starter) -> str:
    return _(
        "All is well: %(courses)s courses, %(lessons)s lessons, %(practices)s practices (%(scam_drills)s scam drills), %(questions)s questions, %(pictures)s pictures, %(meeting_packs)s meeting packs, %(hand_outs)s hand-outs, %(external_courses)s courses of others, %(paths)s paths, %(policies)s policies."
    ) % counts(starter)


def _told(report: LoadReport) -> list[str]:
    lines = []
    if report.created:
        lines.append(_("New: %(count)s.") % {"count": len(report.created)})
    if report.updated:
        lines.append(_("Updated: %(names)s.") % {"names": ", ".join(report.updated)})
    for name in report.kept:
        lines.append(
            _("%(name)s was changed in the studio and stays as it is. Use --force to overwrite it.") % {"name": name}
        )
    if not report.changed:
        lines.append(_("Nothing has changed."))
    return lines
