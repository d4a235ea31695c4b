"""The keys that sign credentials: list them, or take a new one from today."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from hocvuso.credentials.keys import issuer_did, key_names, rotate
from hocvuso.kernel import clock


class Command(BaseCommand):
    help = "Khóa ký chứng nhận: liệt kê; --new dùng khóa mới từ hôm nay (khóa cũ vẫn được công bố)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--new", action="store_true", help="ký bằng khóa mới từ hôm nay")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new"]:
            rotate(clock.today())
        self.stdout.write(issuer_did())
        for name in reversed(key_names()):
            self.stdout.write(f"  {name}")
