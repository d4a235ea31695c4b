"""A report as an official document: Decree 30/2020/NĐ-CP for the state, its own head for unions and the Party (R-31)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

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
from hocvuso.kernel.vietnamese import number, short_date
from hocvuso.programme import rules, tables
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
        annex_landscape=True,
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
        + rules.origin_sentence(own_rows=any(content.rows.values()))
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
    blocks: list[Block] = [
        Paragraph((Span("PHỤ LỤC", bold=True),), indent=False, align="center"),
        _table(content),
        Paragraph((Span(" ".join(_notes(content)), italic=True),), indent=False),
    ]
    if support := _support(content):
        blocks.append(support)
    meetings = content.computed
    if meetings.meetings_times:
        times, people = number(meetings.meetings_times), number(meetings.meetings_people)
        blocks.append(
            Paragraph(f"Sinh hoạt 15 phút theo gói tài liệu: {times} buổi, {people} lượt người dự.", indent=False)
        )
    blocks += [
        _written_table(tables.BY_CODE[code], rows)
        for code, rows in sorted(content.rows.items())
        if rows and code in tables.BY_CODE
    ]
    return blocks


def _support(content: ReportContent) -> Table | None:
    """T2 as evidence tells it; left out while nobody used a service."""
    computed = content.computed
    if not any(row.used_times for row in computed.support):
        return None
    columns = (
        Column("TT", "center", 0.7),
        Column("Đơn vị", "left", 3.2),
        Column("Lượt dùng dịch vụ số", "right", 1.5),
        Column("Trong đó có tổ hướng dẫn (lượt)", "right", 1.7),
        Column("Số người được hướng dẫn", "right", 1.6),
        Column("Lượt VNeID", "right", 1.2),
        Column("Lượt dịch vụ công", "right", 1.4),
        Column("Lượt thanh toán", "right", 1.4),
    )
    rows = tuple(
        Row(
            (
                str(place) if place else "",
                row.title,
                row.used_times,
                row.helped_times,
                row.helped_people,
                row.vneid_times,
                row.services_times,
                row.payment_times,
            ),
            strong=not place,
        )
        for place, row in enumerate(computed.support)
    )
    source = "Tính từ minh chứng; lượt đếm mỗi lần, người đếm một lần."
    if computed.whole is not None:
        source += f" Cộng từ báo cáo của {number(computed.parts)}/{number(computed.whole)} đơn vị cấp dưới."
    return Table(columns, rows, caption="Bảng 2. Hỗ trợ của tổ công nghệ số cộng đồng, đội hình", source=source)


def _written_table(table: tables.Table, rows: list[dict[str, Any]]) -> Table:
    """Rows that the office wrote, and the table says so."""
    columns = (
        Column("TT", "center", 0.6),
        *(Column(one.title, "right" if one.kind == "number" else "left", one.width) for one in table.columns),
    )
    cells = tuple(
        Row((str(place), *(row.get(one.code, None if one.kind == "number" else "") for one in table.columns)))
        for place, row in enumerate(rows, 1)
    )
    name = "Bảng 2b" if table.code == "T2" else f"Bảng {table.code[1:]}"
    return Table(
        columns, cells, caption=f"{name}. {table.title}", source="Đơn vị ghi, chưa có minh chứng trong hệ thống."
    )


def _table(content: ReportContent) -> Table:
    columns = (
        Column("TT", "center", 0.7),
        Column("Chỉ tiêu", "left", 4.2),
        Column("Tổng đối tượng", "right", 1.5),
        Column("Kế hoạch", "right", 1.5),
        Column("Lũy kế kỳ trước", "right", 1.5),
        Column("Trong kỳ", "right", 1.3),
        Column("So kỳ trước", "right", 1.3),
        Column("Lũy kế", "right", 1.5),
        Column("Tỷ lệ (%)", "right", 1.1),
        Column("So kế hoạch (%)", "right", 1.2),
    )
    rows: list[Row] = []
    for place, line in enumerate(content.lines, 1):
        rows.append(Row((str(place), line.title, *_numbers(line)), strong=line.headline))
        if not line.headline:
            continue
        rows.append(Row(("", "trong đó: nữ", "", "", "", "", "", line.women, "", "")))
        rows.append(Row(("", "từ 60 tuổi", "", "", "", "", "", line.aged60, "", "")))
    return Table(columns, tuple(rows), caption="Bảng 1. Chỉ tiêu", unit_note="Đơn vị tính: người")


def _numbers(line: IndicatorLine) -> tuple[Cell, ...]:
    if not line.headline:  # an activity has neither a denominator nor a target: that is not a missing figure
        return ("", "", line.before, line.during, _signed(line.change), line.so_far, "", "")
    return (
        line.whole,
        line.target,
        line.before,
        line.during,
        _signed(line.change),
        line.so_far,
        _hundredths(line.ratio),
        _hundredths(line.against_target),
    )


def _signed(change: int | None) -> Cell:
    """`+12`, `-3`; none is missing."""
    return None if change is None else f"+{number(change)}" if change > 0 else number(change)


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
    if content.frozen is not None and not content.is_open:
        edition = content.frozen
        notes.append(f"Bản nộp lần {edition.number}, ngày {short_date(edition.at)}, mã kiểm {edition.digest[:16]}.")
    notes += sorted({line.provisional for line in content.lines if line.provisional})
    notes += [
        f"{line.title}: số đạt lớn hơn tổng đối tượng, cần rà lại số liệu." for line in content.lines if line.over_whole
    ]
    return notes
