"""A report as an official document: Decree 30/2020/NĐ-CP for the state, its own head for unions and the Party (R-31)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from hocvuso.kernel.documents import (
    Column,
    Header,
    HeaderForm,
    Heading,
    Items,
    OfficialDocument,
    Paragraph,
    Row,
    Section,
    Signature,
    Span,
    Table,
    Title,
    to_docx,
    to_pdf,
)
from hocvuso.kernel.documents.description import Block, Cell
from hocvuso.kernel.vietnamese import short_date
from hocvuso.programme import rules
from hocvuso.programme.models import ReportPeriod
from hocvuso.programme.queries import ReportContent
from hocvuso.programme.rules import PARTS, IndicatorLine

Form = Literal["docx", "pdf"]
SUBJECT = "Kết quả phong trào “Bình dân học vụ số”"
TO_WRITE = "Đơn vị bổ sung."


def render_report(content: ReportContent, form: Form, *, header: bool = True, day: date | None = None) -> bytes:
    """The report as DOCX or PDF. header=False: the body alone, to paste into another report. day: none leaves the date open."""
    document = describe(content, day)
    return to_docx(document, header=header) if form == "docx" else to_pdf(document, header=header)


def file_name(content: ReportContent, form: Form, *, header: bool) -> str:
    """`bao-cao-26929-2026-M11.docx`."""
    kind = "bao-cao" if header else "muc-bao-cao"
    return f"{kind}-{content.unit.code}-{content.period.code}.{form}"


def document_period(period: ReportPeriod) -> str:
    """`tháng 11 năm 2026`; a period somebody asked for is called by its name and days."""
    plain = rules.period_name(period.period)
    return f"{period.name}, {plain}" if period.name else plain


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def describe(content: ReportContent, day: date | None) -> OfficialDocument:
    """What the document says, without saying how it is drawn."""
    head = content.letterhead
    return OfficialDocument(
        header=Header(
            issuer=head.issuer,
            superior=head.superior,
            symbol=head.symbol,
            place=head.place,
            day=day,
            form=HeaderForm(head.form),
        ),
        title=Title("BÁO CÁO", SUBJECT, (_first_up(document_period(content.period)),)),
        sections=(Section(tuple(_body(content))),),
        annexes=(Section(tuple(_annex(content))),),
        recipients=tuple(line.strip() for line in head.recipients.splitlines() if line.strip()),
        signature=Signature(
            titles=(head.signer_title,) if head.signer_title else (), name=head.signer, authority=head.authority
        ),
    )


def _body(content: ReportContent) -> list[Block]:
    part = {part.code: part for part in PARTS}
    lines = content.headlines
    blocks: list[Block] = [Paragraph(_opening(content))]
    blocks += _written(content, part["steering"], 1)
    blocks += [
        Heading("II. KẾT QUẢ", 1),
        Heading("1. Kết quả theo chỉ tiêu", 2),
        Paragraph(rules.summary_sentence(lines)),
        Items(tuple(rules.result_sentence(line) for line in lines)),
    ]
    blocks += _written(content, part["activities"], 2)
    blocks.append(Heading("III. ĐÁNH GIÁ", 1))
    blocks += _written(content, part["strengths"], 2)
    blocks += _written(content, part["weaknesses"], 2)
    blocks += _written(content, part["plan"], 1)
    blocks += _written(content, part["proposals"], 1)
    return blocks


def _opening(content: ReportContent) -> str:
    name = document_period(content.period)
    end = f"số liệu đến hết ngày {short_date(content.as_of)}"
    if content.is_running:
        end += ", kỳ báo cáo chưa kết thúc"
    return (
        f"{content.unit.name} báo cáo kết quả phong trào “Bình dân học vụ số” {name} "
        f"(từ {short_date(content.period.first)} đến {short_date(content.period.last)}; {end}). "
        "Mọi số liệu được tính từ minh chứng đã ghi nhận, mở được đến từng minh chứng; không có số nhập tay."
    )


def _written(content: ReportContent, part: rules.Part, level: Literal[1, 2]) -> list[Block]:
    text = content.narrative.get(part.code, "")
    blocks: list[Block] = [Heading(part.heading, level)]
    if not text:
        blocks.append(Paragraph((Span(TO_WRITE, italic=True),)))
        return blocks
    items: list[str] = []
    for line in text.split("\n"):
        if line.startswith(("- ", "+ ", "• ")):
            items.append(line[2:])
            continue
        if items:
            blocks.append(Items(tuple(items)))
            items = []
        if line:
            blocks.append(Paragraph(line))
    if items:
        blocks.append(Items(tuple(items)))
    return blocks


def _annex(content: ReportContent) -> list[Block]:
    return [
        Paragraph((Span("PHỤ LỤC", bold=True),), indent=False, align="center"),
        Paragraph((Span("Bảng chỉ tiêu", bold=True),), indent=False, align="center"),
        _table(content),
        Paragraph((Span(" ".join(_notes(content)), italic=True),), indent=False),
    ]


def _table(content: ReportContent) -> Table:
    columns = (
        Column("TT", "center", 0.95),
        Column("Chỉ tiêu", "left", 3.3),
        Column("Tổng đối tượng", "right", 1.5),
        Column("Chỉ tiêu giao", "right", 1.5),
        Column("Lũy kế kỳ trước", "right", 1.5),
        Column("Trong kỳ", "right", 1.35),
        Column("Lũy kế", "right", 1.5),
        Column("Tỷ lệ (%)", "right", 1.1),
        Column("So chỉ tiêu (%)", "right", 1.2),
    )
    rows: list[Row] = []
    for place, line in enumerate(content.lines, 1):
        rows.append(Row((str(place), line.title, *_numbers(line)), strong=line.headline))
        if not line.headline:
            continue
        rows.append(Row(("", "trong đó: nữ", "", "", "", "", line.women, "", "")))
        rows.append(Row(("", "từ 60 tuổi", "", "", "", "", line.aged60, "", "")))
    return Table(columns, tuple(rows), unit_note="Đơn vị tính: người")


def _numbers(line: IndicatorLine) -> tuple[Cell, ...]:
    if not line.headline:  # an activity has neither a denominator nor a target: that is not a missing figure
        return ("", "", line.before, line.during, line.so_far, "", "")
    return (
        line.whole,
        line.target,
        line.before,
        line.during,
        line.so_far,
        _hundredths(line.ratio),
        _hundredths(line.against_target),
    )


def _hundredths(ratio: float | None) -> Decimal | None:
    return None if ratio is None else (Decimal(str(ratio)) * 100).quantize(Decimal("0.1"))


def _notes(content: ReportContent) -> list[str]:
    notes = ["Mỗi người đếm một lần trong một chỉ tiêu."]
    if any(line.whole is None or line.target is None for line in content.headlines):
        notes.append("Dấu “–”: chưa có số liệu, không phải bằng 0.")
    sources = {
        (line.whole_source, line.whole_on) for line in content.lines if line.whole is not None and line.whole_source
    }
    notes += [
        f"Tổng đối tượng: {source}{f', ngày {short_date(on)}' if on else ''}."
        for source, on in sorted(sources, key=str)
    ]
    notes += sorted({line.provisional for line in content.lines if line.provisional})
    notes += [
        f"{line.title}: số đạt lớn hơn tổng đối tượng, cần rà lại số liệu." for line in content.lines if line.over_whole
    ]
    return notes
