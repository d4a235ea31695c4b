"""Official documents by Decree 30/2020/NĐ-CP (domain.md §5.1), as PDF and DOCX."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from docx import Document
from pypdf import PdfReader

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
    Table,
    Title,
    compile_pdf,
    qr_svg,
    to_docx,
    to_pdf,
)
from hocvuso.kernel.documents.description import MOTTO, NATIONAL_TITLE, PARTY_TITLE, cell_text, recipient_lines
from hocvuso.kernel.documents.measure import HEAD_LEFT_MM, HEAD_RIGHT_MM, POINTS_PER_MM, balanced_lines, text_width

TABLE = Table(
    columns=(Column("TT", "center", 0.5), Column("Chỉ tiêu", "left", 3), Column("Lũy kế", "right")),
    rows=(Row(("1", "Người trưởng thành được xác nhận trên VNeID", 1250000)), Row(("2", "Học sinh", None))),
)
REPORT = OfficialDocument(
    header=Header(
        superior="Thành phố Hồ Chí Minh",
        issuer="Ủy ban nhân dân phường Bình Thạnh",
        symbol="BC-UBND",
        number=8,
        place="Bình Thạnh",
        day=date(2026, 2, 5),
    ),
    title=Title("Báo cáo", "Kết quả phong trào “Bình dân học vụ số” tháng 02 năm 2026"),
    sections=(
        Section((Heading("I. KẾT QUẢ"), Paragraph("Phường có 407 người được xác nhận."), TABLE)),
        Section((Heading("II. PHƯƠNG HƯỚNG"), Items(("Mở lớp buổi tối.", "Đến từng hộ.")))),
    ),
    recipients=("Như trên", "Lưu: VT, VHXH"),
    signature=Signature(("Chủ tịch",), "Nguyễn Thị Ánh Nguyệt", "TM. Ủy ban nhân dân"),
)


def pdf_text(raw: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages).replace("\u00a0", " ")


def docx_text(raw: bytes) -> str:
    body = Document(io.BytesIO(raw)).element.body
    lines = [
        "".join(node.text or "" for node in p.iter() if node.tag.endswith("}t"))
        for p in body.iter()
        if p.tag.endswith("}p")
    ]
    return "\n".join(lines).replace("\u00a0", " ")


@pytest.mark.clause("R-31")
@pytest.mark.parametrize(("draw", "read"), [(to_pdf, pdf_text), (to_docx, docx_text)])
def test_document_carries_the_parts_the_decree_asks_for(draw, read) -> None:
    text = read(draw(REPORT))
    for part in (
        NATIONAL_TITLE,
        MOTTO,
        "THÀNH PHỐ HỒ CHÍ MINH",
        "Số: 08/BC-UBND",
        "Bình Thạnh, ngày 05 tháng 02 năm 2026",
        "BÁO CÁO",
        "1.250.000",
        "(3)",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT, VHXH.",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "Nguyễn Thị Ánh Nguyệt",
        "Đến từng hộ./.",
    ):
        assert part in text, part


@pytest.mark.clause("R-31")
@pytest.mark.parametrize(("draw", "read"), [(to_pdf, pdf_text), (to_docx, docx_text)])
def test_section_has_the_body_and_nothing_around_it(draw, read) -> None:
    text = read(draw(REPORT, header=False))
    assert "Phường có 407 người được xác nhận." in text
    assert "1.250.000" in text
    for part in (NATIONAL_TITLE, MOTTO, "Nơi nhận", "Nguyễn Thị Ánh Nguyệt", "./.", "Số: 08"):
        assert part not in text, part


@pytest.mark.clause("R-31")
@pytest.mark.parametrize(("draw", "read"), [(to_pdf, pdf_text), (to_docx, docx_text)])
def test_party_form_has_its_own_title_and_no_national_one(draw, read) -> None:
    head = replace(REPORT.header, form=HeaderForm.PARTY, issuer="Đảng ủy phường Bình Thạnh", number=None, day=None)
    text = read(draw(replace(REPORT, header=head)))
    assert PARTY_TITLE in text
    assert NATIONAL_TITLE not in text
    assert re.search(r"Số\s+-BC-UBND", text)
    assert re.search(r"ngày\s+tháng\s+năm", text)


@pytest.mark.parametrize("draw", [to_pdf, to_docx])
def test_same_description_gives_the_same_bytes(draw) -> None:
    assert draw(REPORT) == draw(REPORT)


def test_pdf_uses_one_serif_family_embedded() -> None:
    names = set()
    for page in PdfReader(io.BytesIO(to_pdf(REPORT))).pages:
        for font in page["/Resources"]["/Font"].values():
            names.add(str(font.get_object()["/BaseFont"]).split("+")[1].split("-")[0])
    assert names == {"Tinos"}


def test_docx_names_one_font_only() -> None:
    with zipfile.ZipFile(io.BytesIO(to_docx(REPORT))) as package:
        body = package.read("word/document.xml").decode()
    assert set(re.findall(r'w:(?:ascii|hAnsi|cs)="([^"]+)"', body)) <= {"Times New Roman"}


def test_national_title_and_motto_fit_on_one_line() -> None:
    assert HEAD_LEFT_MM + HEAD_RIGHT_MM == 165
    assert text_width(NATIONAL_TITLE, 13, bold=True) < HEAD_RIGHT_MM * POINTS_PER_MM
    assert NATIONAL_TITLE in pdf_text(to_pdf(REPORT)).splitlines()


def test_page_numbers_begin_on_the_second_page() -> None:
    longer = replace(REPORT, sections=(Section((Paragraph("Một câu để lấp đầy trang giấy này. " * 40),) * 6),))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(to_pdf(longer))).pages]
    assert len(pages) > 1
    assert not pages[0].startswith("1\n")
    assert pages[1].startswith("2\n")


def test_long_issuer_breaks_into_even_lines() -> None:
    assert balanced_lines("CÔNG ĐOÀN PHƯỜNG BÌNH THẠNH", 180, 13, bold=True) == ("CÔNG ĐOÀN PHƯỜNG", "BÌNH THẠNH")
    assert balanced_lines("BAN CHỈ ĐẠO", 180, 13, bold=True) == ("BAN CHỈ ĐẠO",)


@pytest.mark.parametrize(
    ("value", "written"), [(None, "–"), (0, "0"), (1250000, "1.250.000"), (Decimal("82.5"), "82,5"), ("x", "x")]
)
def test_cells_are_written_the_vietnamese_way_and_missing_is_not_zero(value, written) -> None:
    assert cell_text(value) == written


def test_recipients_end_with_a_full_stop() -> None:
    assert recipient_lines(("Như trên;", "Lưu: VT.")) == ("- Như trên;", "- Lưu: VT.")


def test_row_with_too_few_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        Table(columns=TABLE.columns, rows=(Row(("1", "x")),))


def test_qr_code_is_an_svg_that_fills_its_box() -> None:
    svg = qr_svg("https://example.org/xac-minh/HVS-7K3M-9QXT/")
    assert svg.startswith(b"<svg")
    assert b"viewBox" in svg
    assert b" width=" not in svg.split(b">")[0]


def test_pdf_of_a_moment_with_microseconds_keeps_its_second(tmp_path) -> None:
    template = tmp_path / "one.typ"
    template.write_text('#set document(title: "Một")\nMột', encoding="utf-8")
    moment = datetime(2026, 11, 10, 8, 30, 15, 123456, tzinfo=UTC)
    made = PdfReader(io.BytesIO(compile_pdf(template, {}, written_at=moment)))
    assert made.metadata is not None
    assert made.metadata.creation_date == moment.replace(microsecond=0)
