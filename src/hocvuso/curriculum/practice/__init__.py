"""Practices: small state machines played on a simulated phone and replayed by the server. Plain Python, no Django.

Read with `read_practice`, check with `problems`, name with `release_of`, judge with `replay`.
"""

from hocvuso.curriculum.practice.canonical import canonical, release_of
from hocvuso.curriculum.practice.engine import start, step, veil
from hocvuso.curriculum.practice.reading import PlainLoader, normalise, read_practice
from hocvuso.curriculum.practice.replay import REASONS, ReplayResult, replay
from hocvuso.curriculum.practice.validate import Problem, advice, problems
from hocvuso.curriculum.practice.writing import write_practice

__all__ = [
    "REASONS",
    "PlainLoader",
    "Problem",
    "ReplayResult",
    "advice",
    "canonical",
    "normalise",
    "problems",
    "read_practice",
    "release_of",
    "replay",
    "start",
    "step",
    "veil",
    "write_practice",
]
