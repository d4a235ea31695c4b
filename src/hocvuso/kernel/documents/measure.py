"""Widths of text, by the metrics of Tinos (the same as those of Times New Roman)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path(__file__).resolve().parent / "fonts"
POINTS_PER_MM = 72 / 25.4
HEAD_LEFT_MM, HEAD_RIGHT_MM = 67, 98  # of 165 mm between the margins: the national title keeps to one line


@lru_cache(maxsize=4)
def _metrics(style: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"Tinos-{style}.ttf"), 1000, layout_engine=ImageFont.Layout.BASIC)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in points of one line of text."""
    return float(_metrics("Bold" if bold else "Regular").getlength(text)) * size / 1000


def balanced_lines(text: str, room: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """Text broken into as few lines as fit into room (points), as even as they can be: no single word on a last line."""
    words = text.split()
    if not words:
        return ()
    for count in range(1, len(words) + 1):
        lines = _break(words, count, size, bold)
        if max(text_width(line, size, bold=bold) for line in lines) <= room:
            return lines
    return tuple(words)


def _break(words: list[str], count: int, size: float, bold: bool) -> tuple[str, ...]:
    """Words in exactly count lines whose widest line is as narrow as can be."""
    if count == 1:
        return (" ".join(words),)
    best: tuple[str, ...] = ()
    narrowest = float("inf")
    for cut in range(1, len(words) - count + 2):
        lines = (" ".join(words[:cut]), *_break(words[cut:], count - 1, size, bold))
        widest = max(text_width(line, size, bold=bold) for line in lines)
        if widest < narrowest:
            best, narrowest = lines, widest
    return best
