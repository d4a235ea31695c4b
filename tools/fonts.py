"""Make the web fonts of the shell from the npm package @fontsource/be-vietnam-pro (OFL 1.1).

    npm pack @fontsource/be-vietnam-pro && tar xzf fontsource-be-vietnam-pro-*.tgz
    pip install fonttools brotli
    python tools/fonts.py package/files

One file a weight, Latin and Vietnamese together (so that kerning works across them), without hinting; and a file with
digits of one width for tables, which the typeface itself does not offer.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import merge, subset
from fontTools.misc.transform import Offset
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

VENDOR = Path(__file__).resolve().parent.parent / "src" / "hocvuso" / "web" / "static" / "web" / "vendor"
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga"]
DIGIT_WIDTH = {"400": 680, "600": 700}


def merged(files: Path, weight: str, folder: Path) -> TTFont:
    parts = []
    for name in ("latin", "vietnamese"):
        font = TTFont(files / f"be-vietnam-pro-{name}-{weight}-normal.woff2")
        font.flavor = None
        parts.append(str(folder / f"{name}-{weight}.ttf"))
        font.save(parts[-1])
    return merge.Merger().merge(parts)


def reduced(font: TTFont, letters: list[int], features: list[str]) -> TTFont:
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    font.flavor = "woff2"
    return font


def one_width(font: TTFont, width: int) -> TTFont:
    """Centre every digit in the same width."""
    glyphs = font.getGlyphSet()
    names = [font.getBestCmap()[ord(digit)] for digit in "0123456789"]
    for name in names:
        advance = font["hmtx"][name][0]
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(TransformPen(pen, Offset(round((width - advance) / 2), 0)))
        glyph = pen.glyph()
        font["glyf"][name] = glyph
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (width, glyph.xMin)
    return font


def main() -> None:
    files = Path(sys.argv[1])
    with TemporaryDirectory() as temporary:
        for weight, width in DIGIT_WIDTH.items():
            font = merged(files, weight, Path(temporary))
            whole = reduced(font, list(font.getBestCmap()), FEATURES)
            whole.save(VENDOR / f"be-vietnam-pro-{weight}.woff2")
            digits = reduced(TTFont(VENDOR / f"be-vietnam-pro-{weight}.woff2"), [ord(d) for d in "0123456789"], [])
            one_width(digits, width).save(VENDOR / f"be-vietnam-pro-digits-{weight}.woff2")


if __name__ == "__main__":
    main()
