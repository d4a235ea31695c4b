"""`hocvuso units`: load, import, undo, merge, shapes, tree."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hocvuso.kernel.clock import now, today
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.ids import parse_id
from hocvuso.kernel.vietnamese import short_date
from hocvuso.units import imports, services, shapes
from hocvuso.units.choices import Line
from hocvuso.units.models import Unit, UnitImport
from hocvuso.units.plans import sentence
from hocvuso.units.queries import children, find_unit

MOST_SHOWN = 50


class Command(BaseCommand):
    help = "Đơn vị: nạp tỉnh và xã phường, nhập từ tệp, hoàn tác, sáp nhập, ranh giới bản đồ, xem cây (units)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VIỆC")
        verbs.add_parser("load", help="nạp tỉnh và xã phường; chạy hai lần không đổi gì thêm")
        reading = verbs.add_parser("import", help="nhập đơn vị của một tuyến từ CSV hoặc XLSX, được cả hoặc không")
        reading.add_argument("file", type=Path)
        reading.add_argument("--line", required=True, choices=Line.values)
        reading.add_argument("--dry-run", action="store_true", help="chỉ cho biết sẽ đổi gì, chưa đổi")
        undoing = verbs.add_parser("undo", help="trả lại như trước một lần nhập")
        undoing.add_argument("id")
        merging = verbs.add_parser("merge", help="sáp nhập các đơn vị vào một đơn vị khác từ một ngày")
        merging.add_argument("codes", nargs="+", metavar="CODE")
        merging.add_argument("--into", required=True, metavar="CODE")
        merging.add_argument("--on", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD")
        merging.add_argument("--line", default=Line.TERRITORY, choices=Line.values)
        drawing = verbs.add_parser("shapes", help="nạp ranh giới từ GeoJSON, khớp theo mã chính thức")
        drawing.add_argument("file", type=Path)
        drawing.add_argument("--source", default="", help="nguồn của ranh giới, hiện dưới bản đồ")
        drawing.add_argument("--property", default=None, help="thuộc tính chứa mã đơn vị")
        showing = verbs.add_parser("tree", help="xem các đơn vị bên dưới")
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
        self.stdout.write(f"Đơn vị: thêm {added}, đổi {changed}.")

    def do_import(self, options: dict[str, Any]) -> None:
        file: Path = options["file"]
        record = imports.try_import(
            actor=None, line=options["line"], file_name=file.name, content=file.read_bytes(), roots=None, at=now()
        )
        report = record.report
        for message in report["messages"][:MOST_SHOWN]:
            self.stdout.write(f"dòng {message['row']}, cột {message['column']}: {sentence(message)}")
        self.stdout.write(
            f"{report['added']} mới, {report['changed']} sẽ đổi, {report['same']} giữ nguyên, {report['errors']} chỗ cần sửa"
        )
        if report["errors"]:
            raise CommandError("Chưa có gì thay đổi.")
        if not report["added"] and not report["changed"]:
            self.stdout.write("Không có gì để làm.")
            return
        if options["dry_run"]:
            self.stdout.write("Chỉ thử: chưa có gì thay đổi.")
            return
        imports.apply_import(actor=None, unit_import=record, roots=None, at=now())
        self.stdout.write(f"Xong. Muốn trả lại như trước: hocvuso units undo {record.pk}")

    def do_undo(self, options: dict[str, Any]) -> None:
        key = parse_id(options["id"])
        record = UnitImport.objects.filter(pk=key).first() if key else None
        if record is None:
            raise CommandError(f"Không có lần nhập nào mã {options['id']}.")
        imports.undo_import(actor=None, unit_import=record, roots=None, at=now())
        self.stdout.write(f"{record.file_name}: đã trả lại như trước.")

    def do_merge(self, options: dict[str, Any]) -> None:
        sources = [self._open(options["line"], code) for code in options["codes"]]
        target = self._open(options["line"], options["into"])
        services.merge_units(actor=None, sources=sources, target=target, on=options["on"], at=now())
        self.stdout.write(
            f"Đã sáp nhập {len(sources)} đơn vị vào {target.name} ({target.code}) từ ngày {short_date(options['on'])}."
        )

    def do_shapes(self, options: dict[str, Any]) -> None:
        file: Path = options["file"]
        result = shapes.load_shapes(
            content=file.read_bytes(),
            source=options["source"] or file.name,
            code_property=options["property"],
            at=now(),
        )
        self.stdout.write(f"Đã lưu {result.stored} ranh giới.")
        if result.unknown:
            shown = ", ".join(result.unknown[:MOST_SHOWN])
            self.stdout.write(f"{len(result.unknown)} mã không có đơn vị nào đang hoạt động: {shown}")

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
            raise CommandError(f"Tuyến {line} không có đơn vị nào đang hoạt động mang mã {code}.")
        return unit
