"""Whether the whole system is ready, and what is missing when it is not."""

from __future__ import annotations

import logging

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from hocvuso.curriculum.public import Release
from hocvuso.units.models import Unit
from hocvuso.web.background import HEARTBEAT

logger = logging.getLogger(__name__)
# Migrations cannot become unapplied while this process lives, so the slow question is asked until the answer is yes.
_migrated = False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _migrations() -> bool:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


CHECKS = {
    "database": _database,
    "migrations": _migrations,
    "units": lambda: Unit.objects.exists(),
    "content": lambda: Release.objects.filter(is_current=True).exists(),
    "worker": lambda: cache.get(HEARTBEAT) is not None,
}


def report() -> dict[str, bool]:
    """Each part and whether it is ready."""
    parts = {}
    for name, check in CHECKS.items():
        try:
            parts[name] = bool(check())
        except DatabaseError:
            logger.exception("health: %s could not be asked", name)
            parts[name] = False
    return parts
