"""Wakes the projector of this process as soon as evidence was committed; other processes look every second."""

from __future__ import annotations

import threading

_woken = threading.Event()


def wake() -> None:
    _woken.set()


def wait(seconds: float) -> None:
    """Return when somebody woke us, or after that many seconds."""
    _woken.wait(seconds)
    _woken.clear()
