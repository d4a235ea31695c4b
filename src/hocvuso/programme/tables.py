"""Tables T2–T5 of a report (domain.md §3.5): what stands in them, and which cells an office writes itself.

No official form is known; the columns follow what local offices report. What evidence tells is never typed: T2 computes its counts,
T3 its meetings. What no evidence tells yet (events of others, tasks, models, praise) the office writes, and the table says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MAX_ROWS = 40
MAX_CELL = 300
Kind = Literal["text", "number"]


@dataclass(frozen=True)
class Column:
    """width is a share of the table's width in the document. Titles are official Vietnamese, as printed."""

    code: str
    title: str
    kind: Kind = "text"
    width: float = 1.0


@dataclass(frozen=True)
class Table:
    """carried: rows of the last report stand in the next one until somebody corrects them. most: rows an office may write."""

    code: str
    title: str
    hint: str
    columns: tuple[Column, ...]
    carried: bool = False
    most: int = MAX_ROWS


TABLES = (
    Table(
        "T2",
        "Tổ công nghệ số cộng đồng, đội hình",
        "Phần hệ thống chưa tự đếm được. Số lượt và số người được hỗ trợ đã tính từ minh chứng.",
        (
            Column("teams", "Số tổ, đội", "number"),
            Column("members", "Số thành viên", "number"),
            Column("points", "Số điểm hỗ trợ", "number"),
            Column("sessions", "Số buổi", "number"),
            Column("shops", "Hộ kinh doanh có mã QR", "number"),
            Column("households", "Hộ đã đến", "number"),
            Column("workdays", "Ngày công", "number"),
            Column("note", "Ghi chú", "text", 2.0),
        ),
        carried=True,
        most=1,
    ),
    Table(
        "T3",
        "Lớp học, sự kiện, truyền thông",
        "Mỗi lớp, sự kiện hoặc đợt truyền thông một dòng.",
        (
            Column("name", "Tên", "text", 2.6),
            Column("kind", "Loại", "text", 1.2),
            Column("form", "Hình thức", "text", 1.2),
            Column("on", "Ngày", "text", 1.2),
            Column("place", "Địa điểm", "text", 1.6),
            Column("people", "Số người", "number"),
            Column("channel", "Kênh", "text", 1.2),
            Column("reach", "Lượt tiếp cận", "number"),
            Column("money", "Kinh phí, nguồn", "text", 1.4),
        ),
    ),
    Table(
        "T4",
        "Nhiệm vụ, sản phẩm",
        "Thời hạn ghi ngày, hoặc chữ như “thường xuyên”.",
        (
            Column("task", "Nhiệm vụ", "text", 2.8),
            Column("owner", "Chủ trì", "text", 1.4),
            Column("helpers", "Phối hợp", "text", 1.4),
            Column("product", "Sản phẩm", "text", 1.8),
            Column("due", "Thời hạn", "text", 1.2),
            Column("state", "Tình trạng", "text", 1.3),
            Column("proof", "Minh chứng", "text", 1.6),
        ),
        carried=True,
    ),
    Table(
        "T5",
        "Mô hình, sáng kiến, khen thưởng",
        "Mô hình và sáng kiến ghi kết quả; khen thưởng ghi số quyết định.",
        (
            Column("name", "Tên mô hình, sáng kiến, đối tượng khen", "text", 2.6),
            Column("kind", "Loại", "text", 1.3),
            Column("unit", "Đơn vị", "text", 1.5),
            Column("on", "Ngày", "text", 1.1),
            Column("criteria", "Tiêu chí đạt/tổng", "text", 1.2),
            Column("result", "Kết quả, số quyết định", "text", 2.0),
            Column("spread", "Đề nghị nhân rộng", "text", 1.2),
        ),
    ),
)
BY_CODE = {table.code: table for table in TABLES}


def tidy_rows(table: Table, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Rows as they are stored: known columns, whole numbers, no empty rows, at most `most`."""
    kept = []
    for row in rows[: table.most]:
        cells: dict[str, object] = {}
        for column in table.columns:
            value = row.get(column.code)
            if value in (None, ""):
                continue
            cells[column.code] = int(str(value)) if column.kind == "number" else str(value).strip()[:MAX_CELL]
        if cells:
            kept.append(cells)
    return kept
