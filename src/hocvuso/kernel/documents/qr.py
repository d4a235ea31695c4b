"""QR codes as SVG, drawn by segno."""

from __future__ import annotations

import io

import segno


def qr_svg(text: str, *, dark: str = "#1E2430", border: int = 4, error: str = "m") -> bytes:
    """An SVG of the QR code of text, without fixed size, so that it fills its box. border: quiet zone in modules (ISO: 4).

    error: correction level l, m, q or h (7, 15, 25, 30 per cent).
    """
    out = io.BytesIO()
    segno.make(text, error=error, micro=False).save(
        out,
        kind="svg",
        dark=dark,
        light=None,
        border=border,
        xmldecl=False,
        omitsize=True,
        svgclass=None,
        lineclass=None,
    )
    return out.getvalue()
