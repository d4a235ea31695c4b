"""`hocvuso setup`: prepare the data folder. Safe to run again at any time."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hocvuso.assessment.public import load_policies
from hocvuso.kernel import stamp


class Command(BaseCommand):
    help = "Chuẩn bị thư mục dữ liệu: cơ sở dữ liệu, đơn vị, bài học, tệp tĩnh (prepare the data folder)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="tạo thêm thành phố mẫu")
        parser.add_argument("--people", type=int, default=2000, help="số người của thành phố mẫu")

    def handle(self, *args: Any, **options: Any) -> None:
        # Compressing static files keeps one core busy while the other makes the database.
        command = [sys.executable, "-m", "hocvuso", "manage", "collectstatic", "--noinput", "-v0"]
        static_files = subprocess.Popen(command)  # noqa: S603
        self.step("Cơ sở dữ liệu (database)", lambda: call_command("migrate", verbosity=0))
        self.step("Bộ nhớ đệm (cache table)", lambda: call_command("createcachetable", verbosity=0))
        self.step("34 tỉnh, 3.321 xã phường (units)", lambda: self.quietly("units", "load"))
        self.step("Bài học (starter curriculum)", lambda: self.quietly("curriculum", "load"))
        self.step("Bài kiểm tra (tests)", load_policies)
        self.step("Kỳ báo cáo (report periods)", lambda: self.quietly("report", "--load-periods"))
        if options["demo"]:
            self.step(
                "Thành phố mẫu (demo city)", lambda: self.quietly("seed", "city", "--people", str(options["people"]))
            )
        self.step("Tệp tĩnh (static files)", lambda: self.wait_for(static_files))
        stamp.write(settings.DATA, demo=options["demo"])

    @staticmethod
    def wait_for(process: subprocess.Popen[bytes]) -> None:
        if process.wait():
            raise CommandError("Không gom được tệp tĩnh; xem thông báo ở trên (collecting static files failed).")

    def step(self, title: str, work: Callable[[], object]) -> None:
        started = time.monotonic()
        self.stdout.write(f"  {title} …", ending="")
        self.stdout.flush()
        work()
        self.stdout.write(f" xong ({time.monotonic() - started:.0f} giây)")

    def quietly(self, name: str, *arguments: str) -> None:
        if name in get_commands():
            call_command(name, *arguments, stdout=io.StringIO())
