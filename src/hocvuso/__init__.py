"""Học Vụ Số: a lesson on a phone becomes a number in the city's report."""

__version__ = "0.1.0"
