"""DOCX by python-docx, for people who go on writing in their own word processor.

The font is Times New Roman, which the decree names and every office machine has; Tinos stands in where it is missing (same widths).
Widths of text are measured with Tinos, so that the line under the motto is as long as the motto.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph as DocxParagraph

from hocvuso.kernel.documents.description import (
    MOTTO,
    NATIONAL_TITLE,
    PARTY_TITLE,
    Block,
    Header,
    HeaderForm,
    Heading,
    Items,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Signature,
    Table,
    Text,
    Title,
    cell_text,
    recipient_lines,
    spans,
    with_end_mark,
)
from hocvuso.kernel.documents.measure import HEAD_LEFT_MM, HEAD_RIGHT_MM, balanced_lines, text_width
from hocvuso.kernel.vietnamese import composed

FONT = "Times New Roman"
NO_BREAK = "\u00a0"
LEFT_WIDTH, RIGHT_WIDTH = Mm(HEAD_LEFT_MM), Mm(HEAD_RIGHT_MM)
INDENT, NO_INSET = Mm(12.7), Mm(0)
ALIGNS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
# A fixed date in the package, so that the same description gives the same bytes.
ZIP_DATE = (2000, 1, 1, 0, 0, 0)


def to_docx(document: OfficialDocument, *, header: bool = True) -> bytes:
    """The document as DOCX on A4. header=False: the body alone, to be pasted into another report."""
    file = Document()
    _set_up(file, document, numbered=header)
    first = file.paragraphs[0] if file.paragraphs else None
    if first is not None:
        first._p.getparent().remove(first._p)
    if header:
        _draw_header(file, document.header)
        _draw_title(file, document.title, document.draft_note)
        _draw_addressees(file, document.to)
    else:
        _paragraph(file, document.title.subject, bold=True, after=6)
        for line in document.title.extra:
            _paragraph(file, line, italic=True, after=6)
    for block in with_end_mark(document.blocks) if header else document.blocks:
        _draw_block(file, block)
    if header:
        _draw_foot(file, document.recipients, document.signature)
    if document.annexes and document.annex_landscape:
        _turn_pages(file)
    elif document.annexes:
        _draw_block(file, PageBreak())
    for section in document.annexes:
        for block in section.blocks:
            _draw_block(file, block)
    out = io.BytesIO()
    file.save(out)
    return _with_fixed_dates(out.getvalue())


def _turn_pages(file: Any) -> None:
    """What follows stands on pages that lie on their side, numbered on as before."""
    section = file.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.different_first_page_header_footer = False


def _with_fixed_dates(raw: bytes) -> bytes:
    """The package with its parts in the same order and without the time of packing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, ZIP_DATE), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _set_up(file: Any, document: OfficialDocument, *, numbered: bool) -> None:
    section = file.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    style = file.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FONT)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(theme), None)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    language.set(qn("w:eastAsia"), "vi-VN")
    style.element.get_or_add_rPr().append(language)
    style.paragraph_format.space_after = Pt(0)
    _name_stand_in(file)
    if numbered:
        section.different_first_page_header_footer = True
        paragraph = section.header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _page_number(paragraph)
    properties = file.core_properties
    properties.title = " ".join(part for part in (document.title.kind, document.title.subject) if part)
    properties.author = properties.last_modified_by = document.author
    properties.language, properties.comments, properties.revision = "vi-VN", "", 1
    day = document.header.day
    properties.created = properties.modified = datetime(day.year, day.month, day.day) if day else datetime(2000, 1, 1)


def _name_stand_in(file: Any) -> None:
    """Tell word processors without Times New Roman to take Tinos, which has every Vietnamese letter."""
    for part in file.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            entry = f'<w:font w:name="{FONT}">'.encode()
            part._blob = part.blob.replace(entry, entry + b'<w:altName w:val="Tinos"/>')


def _page_number(paragraph: DocxParagraph) -> None:
    run = paragraph.add_run()
    run.font.name, run.font.size = FONT, Pt(13)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)


def _write(
    paragraph: DocxParagraph, text: Text, *, size: float = 14, bold: bool = False, italic: bool = False
) -> DocxParagraph:
    for span in spans(text):
        run = paragraph.add_run(span.text)
        run.font.size = Pt(size)
        run.bold, run.italic = bold or span.bold or None, italic or span.italic or None
    return paragraph


def _shape(
    paragraph: DocxParagraph,
    *,
    align: str = "left",
    before: float = 0,
    after: float = 0,
    line: float = 1.0,
    first_line: Length | None = None,
    keep_next: bool = False,
) -> DocxParagraph:
    form = paragraph.paragraph_format
    form.alignment = ALIGNS[align]
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing = line
    if first_line is not None:
        form.first_line_indent = first_line
    form.keep_with_next = keep_next or None
    form.widow_control = True
    return paragraph


def _paragraph(
    place: Any,
    text: Text,
    *,
    size: float = 14,
    bold: bool = False,
    italic: bool = False,
    **shape: Any,
) -> DocxParagraph:
    return _shape(_write(place.add_paragraph(), text, size=size, bold=bold, italic=italic), **shape)


def _rule(place: Any, width: float, room: Length, *, after: float = 0) -> None:
    """A line `width` points long, centred in a place `room` wide: the upper border of an empty, very low paragraph."""
    paragraph = place.add_paragraph()
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(2)
    form.space_before, form.space_after = Pt(3), Pt(after)
    side = max(0.0, (room.pt - width) / 2)
    form.left_indent = form.right_indent = Pt(round(side, 1))
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
    # An empty paragraph takes its height from its mark.
    mark = OxmlElement("w:rPr")
    size = OxmlElement("w:sz")
    size.set(qn("w:val"), "2")
    mark.append(size)
    properties.append(mark)


def _grid(file: Any, rows: int, widths: tuple[Length, ...], *, inset: Length = NO_INSET) -> Any:
    """A borderless table with fixed columns and no space inside its cells."""
    table = file.add_table(rows=rows, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _cell_margins(table, inset)
    for position, width in enumerate(widths):
        table.columns[position].width = width
        for row in table.rows:
            row.cells[position].width = width
    return table


def _cell_margins(table: Any, inset: Length) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(inset.twips))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        look.addprevious(margins)
    else:
        properties.append(margins)


def _start(cell: Any) -> Any:
    """The cell without the empty paragraph every new cell has."""
    first = cell.paragraphs[0]._p
    first.getparent().remove(first)
    return cell


def _draw_header(file: Any, head: Header) -> None:
    table = _grid(file, 2, (LEFT_WIDTH, RIGHT_WIDTH))
    left, right = _start(table.cell(0, 0)), _start(table.cell(0, 1))
    party = head.form is HeaderForm.PARTY
    room = LEFT_WIDTH.pt - 4
    issuer = balanced_lines(composed(head.issuer).upper(), room, 13, bold=True)
    for line in balanced_lines(composed(head.superior).upper(), room, 13):
        _paragraph(left, line, size=13, align="center")
    for line in issuer:
        _paragraph(left, line, size=13, bold=True, align="center")
    if party:
        _paragraph(left, "*", size=14, align="center")
        _paragraph(right, PARTY_TITLE.replace(" ", NO_BREAK), size=14, bold=True, align="center")
        _rule(right, text_width(PARTY_TITLE, 14, bold=True), RIGHT_WIDTH)
    else:
        _rule(left, max(text_width(line, 13, bold=True) for line in issuer) * 0.4, LEFT_WIDTH)
        _paragraph(right, NATIONAL_TITLE.replace(" ", NO_BREAK), size=13, bold=True, align="center")
        _paragraph(right, MOTTO.replace(" ", NO_BREAK), size=14, bold=True, align="center")
        _rule(right, text_width(MOTTO, 14, bold=True), RIGHT_WIDTH)
    left, right = _start(table.cell(1, 0)), _start(table.cell(1, 1))
    _paragraph(left, head.number_line, size=13, align="center", before=5)
    if head.subject:
        _paragraph(left, f"V/v {composed(head.subject)}", size=12, align="center")
    _paragraph(right, head.place_line, size=14, italic=True, align="center", before=5)


def _draw_title(file: Any, title: Title, draft_note: str) -> None:
    if title.kind:
        _paragraph(file, composed(title.kind).upper(), bold=True, align="center", before=16)
        _paragraph(file, composed(title.subject), bold=True, align="center")
        for line in title.extra:
            _paragraph(file, composed(line), italic=True, align="center")
        room = Mm(165)
        width = min(text_width(composed(title.subject), 14, bold=True), room.pt)
        _rule(file, width * 0.4, room, after=8)
    if draft_note:
        _paragraph(file, composed(draft_note), size=13, italic=True, align="center", after=6)


def _draw_addressees(file: Any, to: tuple[str, ...]) -> None:
    if len(to) == 1:
        _paragraph(file, f"Kính gửi: {composed(to[0])}", align="center", before=8, after=8)
    elif to:
        _paragraph(file, "Kính gửi:", before=8).paragraph_format.left_indent = Mm(30)
        for line in to:
            _paragraph(file, f"- {composed(line)}").paragraph_format.left_indent = Mm(40)


def _draw_block(file: Any, block: Block) -> None:
    match block:
        case Heading(text, level):
            _paragraph(
                file,
                composed(text),
                bold=True,
                italic=level == 3,
                before=8,
                after=6,
                first_line=INDENT,
                keep_next=True,
            )
        case Paragraph(text, indent, align):
            _paragraph(file, text, align=align, after=6, line=1.1, first_line=INDENT if indent else None)
        case Items(items, mark):
            for item in items:
                paragraph = _write(file.add_paragraph(), f"{mark} ")
                _shape(_write(paragraph, item), align="justify", after=6, line=1.1, first_line=INDENT)
        case Table():
            _draw_table(file, block)
        case PageBreak():
            file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _draw_table(file: Any, block: Table) -> None:
    if block.caption:
        _paragraph(file, composed(block.caption), size=13, bold=True, align="center", before=6, after=4, keep_next=True)
    if block.unit_note:
        _paragraph(file, composed(block.unit_note), size=13, italic=True, align="right", after=2, keep_next=True)
    page = file.sections[-1]
    room = page.page_width - page.left_margin - page.right_margin
    total = sum(column.width for column in block.columns)
    widths = tuple(Length(int(room * column.width / total)) for column in block.columns)
    head_rows = 2 if block.number_row else 1
    table = _grid(file, head_rows + len(block.rows), widths, inset=Mm(1.4))
    table.style = file.styles["Table Grid"]
    for position, column in enumerate(block.columns):
        _fill(table.cell(0, position), composed(column.title), "center", bold=True)
        if block.number_row:
            _fill(table.cell(1, position), f"({position + 1})", "center", italic=True, size=11)
    for row in list(table.rows)[:head_rows]:
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        row._tr.get_or_add_trPr().append(mark)
    for number, row in enumerate(block.rows):
        cells = table.rows[head_rows + number].cells
        for cell, value, column in zip(cells, row.cells, block.columns, strict=True):
            _fill(cell, cell_text(value), column.align, bold=row.strong)
    _keep_rows_whole(table)
    if block.source:
        _paragraph(file, composed(block.source), size=12, italic=True, before=3, after=6)
    else:
        _paragraph(file, "", size=4)


def _keep_rows_whole(table: Any) -> None:
    """No row of the table is torn apart at the end of a page."""
    for row in table.rows:
        whole = OxmlElement("w:cantSplit")
        whole.set(qn("w:val"), "true")
        row._tr.get_or_add_trPr().append(whole)


def _fill(cell: Any, text: str, align: str, *, bold: bool = False, italic: bool = False, size: float = 13) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    _paragraph(_start(cell), text, size=size, bold=bold, italic=italic, align=align, before=2, after=2)


def _draw_foot(file: Any, recipients: tuple[str, ...], signature: Signature | None) -> None:
    if not recipients and signature is None:
        return
    _paragraph(file, "", size=6)
    table = _grid(file, 1, (Mm(82.5), Mm(82.5)))
    _keep_rows_whole(table)
    left, right = _start(table.cell(0, 0)), _start(table.cell(0, 1))
    if recipients:
        _paragraph(left, "Nơi nhận:", size=12, bold=True, italic=True)
        for line in recipient_lines(recipients):
            _paragraph(left, line, size=11)
    else:
        _paragraph(left, "")
    if signature is None:
        _paragraph(right, "")
        return
    for line in (signature.authority, *signature.titles):
        if line:
            _paragraph(right, composed(line).upper(), bold=True, align="center")
    _paragraph(right, signature.name, bold=True, align="center", before=70)
