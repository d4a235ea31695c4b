"""`hocvuso report`: write a report of a unit into a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.periods import month_of, previous
from hocvuso.programme.documents import file_name, render_report
from hocvuso.programme.queries import get_period, report_of
from hocvuso.programme.services import load_periods
from hocvuso.programme.services.periods import DATA_FILE
from hocvuso.units.choices import Line
from hocvuso.units.public import find_unit


class Command(BaseCommand):
    help = "Báo cáo của một đơn vị từ minh chứng, tệp DOCX hoặc PDF (write a report of a unit)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", nargs="?", help="mã chính thức của đơn vị, ví dụ 26929")
        parser.add_argument("--line", default=Line.TERRITORY.value, choices=Line.values)
        parser.add_argument("--period", help="kỳ, ví dụ 2026-M11; bỏ trống: tháng gần nhất đã kết thúc")
        parser.add_argument("--form", default="docx", choices=["docx", "pdf"])
        parser.add_argument("--section", action="store_true", help="chỉ phần thân, để dán vào báo cáo khác")
        parser.add_argument("-o", "--output", help="tệp ghi ra; bỏ trống: đặt tên theo đơn vị và kỳ, trong thư mục này")
        parser.add_argument(
            "--load-periods",
            nargs="?",
            const=str(DATA_FILE),
            metavar="FILE",
            help="add the report periods of last, this and next year; FILE: a locality's own rules instead of periods.yaml",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        if options["load_periods"]:
            changed = load_periods(range(today.year - 1, today.year + 2), Path(options["load_periods"]))
            self.stdout.write(f"Thêm hoặc sửa {changed} kỳ báo cáo.")
            return
        if not options["code"]:
            raise CommandError("Cho biết mã đơn vị, ví dụ: hocvuso report 26929 (give the code of a unit).")
        unit = find_unit(options["line"], options["code"], today)
        if unit is None:
            raise CommandError(f"Không có đơn vị mã {options['code']} trong tuyến {options['line']} (no such unit).")
        try:
            content = report_of(unit, get_period(options["period"] or previous(month_of(today)).code), today)
        except HocVuSoError as error:
            raise CommandError(str(error)) from error
        header = not options["section"]
        target = Path(options["output"] or file_name(content, options["form"], header=header))
        target.write_bytes(render_report(content, options["form"], header=header))
        self.stdout.write(f"{target} ({unit.name}, {content.period.code})")
