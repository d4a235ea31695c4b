"""`hocvuso seed city`: make the demo city."""

from __future__ import annotations

import json
import sys
import time
from datetime import date, datetime
from datetime import time as clock_time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hocvuso.kernel.clock import VIETNAM, now
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.programme.demo.accounts import ACCOUNTS, PASSWORD
from hocvuso.programme.demo.build import seed_city
from hocvuso.programme.demo.planted import LABELS, plant

LEAST, MOST = 1_000, 1_000_000
WIDTH = 30


class Command(BaseCommand):
    help = "Tạo thành phố mẫu (make a believable demo city)."

    def add_arguments(self, parser: CommandParser) -> None:
        places = parser.add_subparsers(dest="place", required=True, metavar="NƠI")
        city = places.add_parser("city", help="Thành phố Hồ Chí Minh với 168 đơn vị và nhiều tháng minh chứng")
        city.add_argument("--people", type=int, default=2_000, help=f"{LEAST:,} to {MOST:,}")
        city.add_argument("--seed", type=int, default=1, help="số khác thì thành phố khác")
        city.add_argument("--planted", action="store_true", help="cài thêm một ít bài thi bất thường, nhãn để riêng")
        city.add_argument(
            "--until", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD", help="ngày cuối; bỏ trống: hôm nay"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        people = options["people"]
        if not LEAST <= people <= MOST:
            raise CommandError(f"--people {people}: write a number from {LEAST:,} to {MOST:,}.")
        until = now()
        if options["until"] is not None:
            until = min(until, datetime.combine(options["until"], clock_time(23, 59, 59), tzinfo=VIETNAM))
        started = time.monotonic()
        bar = Bar(started)
        try:
            seeded = seed_city(people=people, seed=options["seed"], until=until, progress=bar.show)
        except HocVuSoError as error:
            raise CommandError(str(error)) from error
        bar.end()
        if options["planted"]:
            made = plant(seed=options["seed"], until=until, folder=settings.DATA)
            self.stdout.write(
                f"Bài thi có cài gian lận: {made.tests} bài, {made.irregular} nhãn, ghi ở {settings.DATA / LABELS}."
            )
        if seeded.existed:
            self._keep_accounts()
            self.stdout.write(
                "Thành phố mẫu đã có sẵn, không thay đổi gì (the city is there already, nothing was changed)."
            )
            return
        if settings.DEMO:
            self._show_accounts()
            self._keep_accounts()
        seconds = time.monotonic() - started
        self.stdout.write(
            f"Thành phố mẫu: {seeded.people} người, {seeded.entries} minh chứng, {seconds:.0f} giây "
            f"({seeded.people / seconds:.0f} người/giây)."
        )

    def _show_accounts(self) -> None:
        self.stdout.write(f"Tài khoản dùng thử (demo accounts), mật khẩu: {PASSWORD}")
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.email:<24}{account.who}")

    @staticmethod
    def _keep_accounts() -> None:
        """For the greeting of `hocvuso serve`: accounts that everybody may know, on a demo installation only."""
        if not settings.DEMO:
            return
        rows = [{"role": account.who, "sign_in": account.email, "secret": PASSWORD} for account in ACCOUNTS]
        (settings.DATA / "demo-accounts.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


class Bar:
    """A progress bar on the error output; one line, rewritten in place on a terminal, silent elsewhere."""

    def __init__(self, started: float) -> None:
        self.started = started
        self.visible = sys.stderr.isatty()

    def show(self, done: int, whole: int) -> None:
        if self.visible:
            filled = done * WIDTH // max(whole, 1)
            left = (time.monotonic() - self.started) / max(done, 1) * (whole - done)
            print(
                f"\r  {'█' * filled}{'·' * (WIDTH - filled)} {done:>9,}/{whole:,} còn {left:.0f} giây ",
                end="",
                file=sys.stderr,
                flush=True,
            )

    def end(self) -> None:
        if self.visible:
            print("\r" + " " * (WIDTH + 50) + "\r", end="", file=sys.stderr, flush=True)
