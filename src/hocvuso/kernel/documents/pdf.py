"""PDF by Typst with the fonts beside this module, and no others: one family a document, the same on every machine."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from hocvuso.kernel.documents.description import (
    MOTTO,
    NATIONAL_TITLE,
    PARTY_TITLE,
    Block,
    HeaderForm,
    Heading,
    Items,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Span,
    Table,
    Text,
    cell_text,
    recipient_lines,
    spans,
    with_end_mark,
)
from hocvuso.kernel.documents.measure import HEAD_LEFT_MM, HEAD_RIGHT_MM, POINTS_PER_MM, balanced_lines
from hocvuso.kernel.vietnamese import composed

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
# The time inside a PDF when its description has none: fixed, so that the same description gives the same bytes.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def compile_pdf(
    template: Path, data: dict[str, Any], *, files: dict[str, bytes] | None = None, written_at: datetime = EPOCH
) -> bytes:
    """The PDF of a Typst template. Data reach it as `json("data.json")`; files (pictures) lie beside it under their names.

    Works in a folder of its own that is removed afterwards; reads no system font and no network.
    """
    with tempfile.TemporaryDirectory(prefix="hocvuso-pdf-") as folder:
        root = Path(folder)
        (root / "main.typ").write_bytes(template.read_bytes())
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, content in (files or {}).items():
            (root / name).write_bytes(content)
        made = typst.compile(
            str(root / "main.typ"),
            root=str(root),
            font_paths=fonts(),
            ignore_system_fonts=True,
            format="pdf",
            # PDF keeps whole seconds, and Typst refuses anything finer.
            timestamp=written_at.replace(microsecond=0),
        )
    if not isinstance(made, bytes):
        raise TypeError("Typst gave several files for one PDF")
    return made


def to_pdf(document: OfficialDocument, *, header: bool = True) -> bytes:
    """The document as PDF on A4. header=False: the body alone, to be pasted into another report."""
    day = document.header.day
    written_at = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else EPOCH
    return compile_pdf(HERE / "official.typ", described(document, header=header), written_at=written_at)


def described(document: OfficialDocument, *, header: bool) -> dict[str, Any]:
    """The document as plain values for the template."""
    head = document.header
    room = HEAD_LEFT_MM * POINTS_PER_MM - 4
    blocks = with_end_mark(document.blocks) if header else document.blocks
    return {
        "header": header,
        "party": head.form is HeaderForm.PARTY,
        "national_title": NATIONAL_TITLE,
        "motto": MOTTO,
        "party_title": PARTY_TITLE,
        "superior": list(balanced_lines(composed(head.superior).upper(), room, 13)),
        "issuer": list(balanced_lines(composed(head.issuer).upper(), room, 13, bold=True)),
        "head_widths": [HEAD_LEFT_MM, HEAD_RIGHT_MM],
        "number_line": head.number_line,
        "place_line": head.place_line,
        "letter_subject": composed(head.subject),
        "to": [composed(line) for line in document.to],
        "kind": composed(document.title.kind),
        "subject": composed(document.title.subject),
        "extra": [composed(line) for line in document.title.extra],
        "draft_note": composed(document.draft_note),
        "author": document.author,
        "blocks": [_block(block) for block in blocks],
        "annexes": [_block(block) for section in document.annexes for block in section.blocks],
        "annex_landscape": document.annex_landscape,
        "recipients": list(recipient_lines(document.recipients)),
        "signature": {
            "authority": document.signature.authority,
            "titles": list(document.signature.titles),
            "name": document.signature.name,
        }
        if document.signature
        else None,
    }


def _text(text: Text) -> list[dict[str, Any]]:
    return [_span(span) for span in spans(text)]


def _span(span: Span) -> dict[str, Any]:
    return {"text": span.text, "bold": span.bold, "italic": span.italic}


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"is": "heading", "text": composed(text), "level": level}
        case Paragraph(text, indent, align):
            return {"is": "paragraph", "text": _text(text), "indent": indent, "align": align}
        case Items(items, mark):
            return {"is": "items", "items": [_text(item) for item in items], "mark": mark}
        case Table():
            return {
                "is": "table",
                "caption": composed(block.caption),
                "unit_note": composed(block.unit_note),
                "source": composed(block.source),
                "number_row": block.number_row,
                "widths": [column.width for column in block.columns],
                "aligns": [column.align for column in block.columns],
                "titles": [composed(column.title) for column in block.columns],
                "rows": [
                    {"cells": [cell_text(value) for value in row.cells], "strong": row.strong} for row in block.rows
                ],
            }
        case PageBreak():
            return {"is": "page_break"}
    raise TypeError(f"no such block: {block!r}")
