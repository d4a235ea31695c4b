"""What an official document says, apart from how it is drawn.

Layout rules: Decree 30/2020/NĐ-CP, Appendix I, as told in domain.md §5.1. The words of the forms are official Vietnamese and
are data of the decree, not interface text; they are not translated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from hocvuso.kernel.vietnamese import composed, long_date, number

NATIONAL_TITLE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
PARTY_TITLE = "ĐẢNG CỘNG SẢN VIỆT NAM"

Align = Literal["left", "center", "right"]
# None is "missing", drawn as an en dash: missing is not zero. A whole number gets its thousands separators.
Cell = str | int | Decimal | None


class HeaderForm(StrEnum):
    """Whose form the first page follows (R-31): state bodies, trade unions and the Front as the state, the Party its own."""

    STATE = "STATE"
    UNION = "UNION"
    PARTY = "PARTY"


@dataclass(frozen=True)
class Header:
    """The head of the first page.

    superior: the body above (not bold), empty when there is none; issuer: the issuing body; number: none while the document has
    not been given one (a gap is left to write it in); symbol: `BC-UBND`; day: none leaves gaps for day and month;
    subject: the "V/v …" line of a letter, empty otherwise.
    """

    issuer: str
    place: str
    day: date | None
    superior: str = ""
    symbol: str = ""
    number: int | None = None
    form: HeaderForm = HeaderForm.STATE
    subject: str = ""

    @property
    def number_line(self) -> str:
        """`Số: 08/BC-UBND`, numbers under ten with a nought; a gap while there is no number. The Party writes `Số 08-BC/ĐU`."""
        written = "\u00a0" * 8 if self.number is None else f"{self.number:02d}"
        if self.form is HeaderForm.PARTY:
            return f"Số {written}-{self.symbol}" if self.symbol else f"Số {written}"
        return f"Số: {written}/{self.symbol}" if self.symbol else f"Số: {written}"

    @property
    def place_line(self) -> str:
        """`Bình Thạnh, ngày 05 tháng 01 năm 2026`."""
        gap = "\u00a0" * 6
        when = long_date(self.day) if self.day else f"ngày{gap}tháng{gap}năm"
        return f"{self.place}, {when}"


@dataclass(frozen=True)
class Title:
    """Kind of document (`BÁO CÁO`, empty for a letter) and what it is about; extra: lines under it, such as the period."""

    kind: str
    subject: str
    extra: tuple[str, ...] = ()


@dataclass(frozen=True)
class Span:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


Text = str | tuple[Span, ...]


def spans(text: Text) -> tuple[Span, ...]:
    """Text as spans, composed (NFC)."""
    parts = (Span(text),) if isinstance(text, str) else text
    return tuple(part for part in parts if part.text)


@dataclass(frozen=True)
class Heading:
    """`I. KẾT QUẢ` (level 1, bold), `1. …` (level 2, bold), `a) …` (level 3, bold italic). Numbering is written in the text."""

    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True)
class Paragraph:
    """A justified paragraph. indent: first line by 1,27 cm, as the decree asks of running text."""

    text: Text
    indent: bool = True
    align: Literal["justify", "left", "center", "right"] = "justify"


@dataclass(frozen=True)
class Items:
    """A list, each line led by a mark (`-`, as offices write)."""

    items: tuple[Text, ...]
    mark: str = "-"


@dataclass(frozen=True)
class Column:
    """width is a share of the table's width, in any unit."""

    title: str
    align: Align = "left"
    width: float = 1.0


@dataclass(frozen=True)
class Row:
    """strong: a total or a group line, in bold."""

    cells: tuple[Cell, ...]
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a row of column numbers (1) (2) … under its head, repeated on each page.

    unit_note: "Đơn vị tính: người", above right; source: below, in italics.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    number_row: bool = True
    unit_note: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"a row has {len(row.cells)} cells, the table {len(self.columns)} columns")


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page (an appendix)."""


Block = Heading | Paragraph | Items | Table | PageBreak


@dataclass(frozen=True)
class Section:
    """Blocks that belong together; a plain grouping without a look of its own."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Signature:
    """authority: `TM. ỦY BAN NHÂN DÂN`; titles: `KT. CHỦ TỊCH`, `PHÓ CHỦ TỊCH`; name as its owner writes it, or empty."""

    titles: tuple[str, ...]
    name: str = ""
    authority: str = ""


@dataclass(frozen=True)
class OfficialDocument:
    """One official document.

    to: the "Kính gửi" lines; recipients: the "Nơi nhận" lines without marks, the last one `Lưu: VT, VHXH`;
    annexes: what follows the signature on new pages; annex_landscape: these pages lie on their side, for wide tables;
    draft_note: a line such as "Tạm, chờ văn bản" in italics under the title, empty when there is none.
    """

    header: Header
    title: Title
    sections: tuple[Section, ...]
    recipients: tuple[str, ...] = ()
    signature: Signature | None = None
    to: tuple[str, ...] = ()
    draft_note: str = ""
    annexes: tuple[Section, ...] = ()
    annex_landscape: bool = False
    author: str = field(default="Học Vụ Số")

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(block for section in self.sections for block in section.blocks)


def cell_text(value: Cell) -> str:
    """How a cell is written: thousands with points, a decimal comma, missing as an en dash."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        raise TypeError("a cell is text or a number")
    if isinstance(value, int):
        return number(value)
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return number(value, max(0, -exponent) if isinstance(exponent, int) else 0)
    return composed(value)


def recipient_lines(recipients: tuple[str, ...]) -> tuple[str, ...]:
    """`- Như trên;` … `- Lưu: VT.`: a dash before, a semicolon after, a full stop at the end."""
    last = len(recipients) - 1
    return tuple(f"- {line.rstrip('.;')}{'.' if position == last else ';'}" for position, line in enumerate(recipients))


def with_end_mark(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks with "./." after the last running text, which ends every official document."""
    for position in range(len(blocks) - 1, -1, -1):
        block = blocks[position]
        if isinstance(block, Paragraph):
            parts = spans(block.text)
            if not parts:
                continue
            ended = (*parts[:-1], _ended(parts[-1]))
            return (*blocks[:position], Paragraph(ended, block.indent, block.align), *blocks[position + 1 :])
        if isinstance(block, Items) and block.items:
            parts = spans(block.items[-1])
            items = (*block.items[:-1], (*parts[:-1], _ended(parts[-1])))
            return (*blocks[:position], Items(items, block.mark), *blocks[position + 1 :])
        if isinstance(block, Table):
            end = Paragraph("./.", indent=False, align="right")
            return (*blocks[: position + 1], end, *blocks[position + 1 :])
    return blocks


def _ended(span: Span) -> Span:
    return Span(span.text.rstrip().rstrip(".;") + "./.", span.bold, span.italic)
