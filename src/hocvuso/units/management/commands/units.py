"""`hocvuso units`: load, import, undo, merge, shapes, tree."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hocvuso.kernel.clock import now, today
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.ids import parse_id
from hocvuso.units import imports, services, shapes
from hocvuso.units.choices import Line
from hocvuso.units.models import Unit, UnitImport
from hocvuso.units.plans import sentence
from hocvuso.units.queries import children, find_unit

MOST_SHOWN = 50


class Command(BaseCommand):
    help = "Load provinces and communes; import, merge, undo; outlines for the map; show the tree."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("load", help="bring in the provinces and communes; twice changes nothing")
        reading = verbs.add_parser("import", help="import units of a line from CSV or XLSX, all rows or none")
        reading.add_argument("file", type=Path)
        reading.add_argument("--line", required=True, choices=Line.values)
        reading.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        undoing = verbs.add_parser("undo", help="put back what an import did")
        undoing.add_argument("id")
        merging = verbs.add_parser("merge", help="close units on a day in favour of another")
        merging.add_argument("codes", nargs="+", metavar="CODE")
        merging.add_argument("--into", required=True, metavar="CODE")
        merging.add_argument("--on", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD")
        merging.add_argument("--line", default=Line.TERRITORY, choices=Line.values)
        drawing = verbs.add_parser("shapes", help="load outlines from GeoJSON, matched by official code")
        drawing.add_argument("file", type=Path)
        drawing.add_argument("--source", default="", help="where the outlines come from, shown under the map")
        drawing.add_argument("--property", default=None, help="the property that holds the code")
        showing = verbs.add_parser("tree", help="show units below another")
        showing.add_argument("--line", default=Line.TERRITORY, choices=Line.values)
        showing.add_argument("--under", default=None, metavar="CODE")
        showing.add_argument("--depth", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"do_{options['verb']}")(options)
        except HocVuSoError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error

    def do_load(self, options: dict[str, Any]) -> None:
        added, changed = services.load_territory(at=now())
        self.stdout.write(f"units: {added} added, {changed} changed")

    def do_import(self, options: dict[str, Any]) -> None:
        file: Path = options["file"]
        record = imports.try_import(
            actor=None, line=options["line"], file_name=file.name, content=file.read_bytes(), roots=None, at=now()
        )
        report = record.report
        for message in report["messages"][:MOST_SHOWN]:
            self.stdout.write(f"row {message['row']}, {message['column']}: {sentence(message)}")
        self.stdout.write(
            f"{report['added']} new, {report['changed']} to change, {report['same']} as they are, {report['errors']} to put right"
        )
        if report["errors"]:
            raise CommandError("Nothing was changed.")
        if not report["added"] and not report["changed"]:
            self.stdout.write("nothing to do")
            return
        if options["dry_run"]:
            self.stdout.write("dry run: nothing was changed")
            return
        imports.apply_import(actor=None, unit_import=record, roots=None, at=now())
        self.stdout.write(f"done; to take it back: hocvuso units undo {record.pk}")

    def do_undo(self, options: dict[str, Any]) -> None:
        key = parse_id(options["id"])
        record = UnitImport.objects.filter(pk=key).first() if key else None
        if record is None:
            raise CommandError(f"There is no import {options['id']}.")
        imports.undo_import(actor=None, unit_import=record, roots=None, at=now())
        self.stdout.write(f"{record.file_name}: undone")

    def do_merge(self, options: dict[str, Any]) -> None:
        sources = [self._open(options["line"], code) for code in options["codes"]]
        target = self._open(options["line"], options["into"])
        services.merge_units(actor=None, sources=sources, target=target, on=options["on"], at=now())
        self.stdout.write(f"{len(sources)} merged into {target.name} ({target.code}) on {options['on']}")

    def do_shapes(self, options: dict[str, Any]) -> None:
        file: Path = options["file"]
        result = shapes.load_shapes(
            content=file.read_bytes(),
            source=options["source"] or file.name,
            code_property=options["property"],
            at=now(),
        )
        self.stdout.write(f"{result.stored} outlines stored")
        if result.unknown:
            shown = ", ".join(result.unknown[:MOST_SHOWN])
            self.stdout.write(f"{len(result.unknown)} codes that no open unit has: {shown}")

    def do_tree(self, options: dict[str, Any]) -> None:
        if options["under"]:
            self._show(self._open(options["line"], options["under"]), 0, options["depth"])
            return
        for root in Unit.objects.in_line(options["line"]).on(today()).filter(depth=1):
            self._show(root, 0, options["depth"])

    def _show(self, unit: Unit, level: int, most: int) -> None:
        self.stdout.write(f"{'  ' * level}{unit.code}  {unit.name}")
        if level < most:
            for child in children(unit):
                self._show(child, level + 1, most)

    def _open(self, line: str, code: str) -> Unit:
        unit = find_unit(line, code)
        if unit is None:
            raise CommandError(f"No open unit of the line {line} has the code {code}.")
        return unit
