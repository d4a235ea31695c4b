"""Background work of one process: figures follow evidence, queued tasks run, days are sealed, a heartbeat says so."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.db import close_old_connections, connections
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from hocvuso.assessment.public import keep_bank, watch_integrity
from hocvuso.credentials.public import deliver_due, forget_old_notes
from hocvuso.curriculum.public import carry_out_due, keep_links
from hocvuso.evidence.public import project, seal_days, wait_for_evidence
from hocvuso.kernel.clock import now
from hocvuso.programme.public import keep_reports

logger = logging.getLogger(__name__)

HEARTBEAT = "background-heartbeat"
HEARTBEAT_SECONDS = 10
SEAL_SECONDS = 600
WATCH_SECONDS = 120
HANDOVER_SECONDS = 15
NOTES_SECONDS = 6 * 3600
TASK_SECONDS = 2
TASK_BUDGET_SECONDS = 1.0
BANK_SECONDS = 20
LINK_SECONDS = 300
REPORT_SECONDS = 60
SCHEDULE_SECONDS = 15


def beat() -> None:
    """Say that background work is alive; the health check listens for a minute."""
    cache.set(HEARTBEAT, now().isoformat(), 60)


class Background:
    """Does what is due, again and again, and survives a failure of any part."""

    def __init__(self) -> None:
        self.due: dict[str, float] = {}
        self.stopping = threading.Event()
        self.links: threading.Thread | None = None

    def run_forever(self) -> None:
        while not self.stopping.is_set():
            self.run_once()
            wait_for_evidence(1.0)

    def run_once(self) -> None:
        """Everything that is due now. A failure is logged and tried again next time."""
        close_old_connections()
        self._guarded("project", 0, self._project)
        self._guarded("heartbeat", HEARTBEAT_SECONDS, beat)
        self._guarded("tasks", TASK_SECONDS, self._run_tasks)
        self._guarded("bank", BANK_SECONDS, lambda: keep_bank(at=now()))
        self._guarded("integrity", WATCH_SECONDS, lambda: watch_integrity(at=now()))
        self._guarded("seals", SEAL_SECONDS, lambda: seal_days(at=now()))
        self._guarded("handover", HANDOVER_SECONDS, lambda: deliver_due(at=now()))
        self._guarded("schedule", SCHEDULE_SECONDS, lambda: carry_out_due(at=now()))
        self._guarded("notes", NOTES_SECONDS, lambda: forget_old_notes(now()))
        self._guarded("reports", REPORT_SECONDS, lambda: keep_reports(at=now()))
        if settings.CHECK_LINKS:
            self._guarded("links", LINK_SECONDS, self._start_links)

    def _start_links(self) -> None:
        """Other people's sites may be slow: they are asked in a thread of their own."""
        if self.links is None or not self.links.is_alive():
            self.links = threading.Thread(target=self._ask_links, name="links", daemon=True)
            self.links.start()

    def _ask_links(self) -> None:
        try:
            keep_links(at=now())
        except Exception:
            logger.exception("checking links failed; it is tried again")
        finally:
            connections.close_all()

    def _guarded(self, name: str, every: float, work: object) -> None:
        if time.monotonic() < self.due.get(name, 0):
            return
        self.due[name] = time.monotonic() + every
        try:
            work()  # type: ignore[operator]
        except Exception:
            logger.exception("background work %s failed; it is tried again", name)

    def _project(self) -> None:
        while project(500) and not self.stopping.is_set():
            pass

    def _run_tasks(self) -> None:
        """Queued tasks for about a second. Publishing many lessons queues thousands; figures do not wait for them."""
        until = time.monotonic() + TASK_BUDGET_SECONDS
        while waiting := DBTaskResult.objects.ready().exists():
            if time.monotonic() >= until or self.stopping.is_set():
                break
            with suppress(SystemExit):
                Worker(
                    queue_names=["*"],
                    interval=0,
                    batch=True,
                    backend_name="default",
                    startup_delay=False,
                    max_tasks=5,
                    worker_id="background",
                    excluded_queue_names=[],
                ).run()
        if waiting:
            self.due["tasks"] = 0


def start_thread() -> threading.Thread:
    """Start the background work beside the pages of this process."""
    logging.getLogger("django_tasks_db").setLevel(logging.WARNING)
    thread = threading.Thread(target=Background().run_forever, name="background", daemon=True)
    thread.start()
    return thread
