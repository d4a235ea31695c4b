"""`hocvuso worker`: background work alone, for installations where pages are served elsewhere."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand

from hocvuso.web.background import Background


class Command(BaseCommand):
    help = "Việc nền: cộng số liệu, gửi tin, niêm phong ngày (background work)."

    def handle(self, *args: Any, **options: Any) -> None:
        background = Background()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: background.stopping.set())
        background.run_forever()
