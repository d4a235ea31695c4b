"""Arithmetic and sentences of reports. Plain values in and out; the sentences are official Vietnamese whatever the screen's language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hocvuso.kernel import periods
from hocvuso.kernel.periods import Period, PeriodKind
from hocvuso.kernel.vietnamese import number, percent, short_date


@dataclass(frozen=True)
class Part:
    """A part of the report that people write. heading: as printed in the outline; hint: what belongs there; label: the heading
    told alone, outside the outline, with the number of the part above it."""

    code: str
    heading: str
    hint: str
    label: str


# Outline in use by offices (domain.md §3.5, general knowledge): no official template for the movement is known.
PARTS = (
    Part(
        "steering",
        "I. CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO, TRIỂN KHAI",
        "Văn bản đã ban hành, cuộc họp, phân công trong kỳ.",
        "I. Công tác lãnh đạo, chỉ đạo, triển khai",
    ),
    Part(
        "activities",
        "2. Hoạt động đã làm",
        "Lớp học, tuyên truyền, mô hình hay, khen thưởng trong kỳ.",
        "II.2. Hoạt động đã làm",
    ),
    Part("strengths", "1. Ưu điểm", "Việc làm tốt, vì sao tốt.", "III.1. Ưu điểm"),
    Part(
        "weaknesses",
        "2. Hạn chế, nguyên nhân",
        "Việc chưa đạt, vì sao, ai chịu trách nhiệm.",
        "III.2. Hạn chế, nguyên nhân",
    ),
    Part(
        "plan",
        "IV. PHƯƠNG HƯỚNG, NHIỆM VỤ KỲ TỚI",
        "Việc sẽ làm, ai làm, xong ngày nào.",
        "IV. Phương hướng, nhiệm vụ kỳ tới",
    ),
    Part("proposals", "V. KIẾN NGHỊ, ĐỀ XUẤT", "Điều cần cấp trên giải quyết.", "V. Kiến nghị, đề xuất"),
)
# What is still true next month is carried over for the writer to correct.
CARRIED_OVER = ("weaknesses", "plan", "proposals")
PART_CODES = tuple(part.code for part in PARTS)
MAX_PART = 20_000


@dataclass(frozen=True)
class IndicatorLine:
    """One row of table T1. people are head-counts; none means that the figure is missing, which is not nought.

    whole: the denominator; target: people to reach (assigned or registered); before, during, so_far: reached before the period, in it, and by
    its end; women, aged60: of so_far; previous: reached in the period before, of the same kind.
    """

    code: str
    title: str
    whole: int | None
    whole_source: str
    whole_on: date | None
    target: int | None
    target_due_on: date | None
    before: int
    during: int
    so_far: int
    women: int
    aged60: int
    provisional: str = ""
    headline: bool = True
    previous: int | None = None

    @property
    def ratio(self) -> float | None:
        return self.so_far / self.whole if self.whole else None

    @property
    def against_target(self) -> float | None:
        return self.so_far / self.target if self.target else None

    @property
    def change(self) -> int | None:
        """How many more (fewer, when negative) than in the period before."""
        return None if self.previous is None else self.during - self.previous

    @property
    def over_whole(self) -> bool:
        """More people than there are: a data problem to look into, never clipped."""
        return self.whole is not None and self.so_far > self.whole


def due_on(last: date, working_days: int) -> date:
    """So many working days after the last day of a period (Saturdays and Sundays do not count)."""
    day, left = last, working_days
    while left:
        day += timedelta(days=1)
        if day.weekday() < 5:
            left -= 1
    return day


def regular_period(kind: PeriodKind, year: int, number: int) -> Period:
    """The regular period of a kind that ends in a year; number: which month or quarter, 1 for the others. Raises ValueError."""
    match kind:
        case PeriodKind.MONTH:
            return periods.month(year, number)
        case PeriodKind.QUARTER:
            return periods.quarter(year, number)
        case PeriodKind.HALF:
            return periods.half(year)
        case PeriodKind.NINE_MONTHS:
            return periods.nine_months(year)
        case PeriodKind.YEAR:
            return periods.year(year)
    raise ValueError(kind)


def period_name(period: Period) -> str:
    """`tháng 11 năm 2026`."""
    year, month = period.last.year, period.last.month
    match period.kind:
        case PeriodKind.MONTH:
            return f"tháng {month} năm {year}"
        case PeriodKind.QUARTER:
            return f"quý {('I', 'II', 'III', 'IV')[month // 3 - 1]} năm {year}"
        case PeriodKind.HALF:
            return f"6 tháng đầu năm {year}"
        case PeriodKind.NINE_MONTHS:
            return f"9 tháng đầu năm {year}"
        case PeriodKind.YEAR:
            return f"năm {year}"
        case PeriodKind.CAMPAIGN_DAY:
            return f"ngày {short_date(period.last)}"
    return f"từ {short_date(period.first)} đến {short_date(period.last)}"


def result_sentence(line: IndicatorLine) -> str:
    """One indicator in a sentence, as a report says it."""
    sentence = f"{line.title}: trong kỳ thêm {number(line.during)} người, lũy kế {number(line.so_far)}"
    if line.whole is None:
        return f"{sentence} người; chưa có số liệu tổng đối tượng."
    if line.whole == 0:
        return f"{line.title}: đơn vị không có người thuộc nhóm này."
    sentence += f"/{number(line.whole)} người, đạt {percent(line.ratio)}"
    if line.over_whole:
        return f"{sentence}; số đạt lớn hơn tổng đối tượng, cần rà lại số liệu."
    if line.target is not None and line.target_due_on is not None:
        if line.so_far >= line.target:
            return f"{sentence}; đã đạt chỉ tiêu {number(line.target)} người."
        missing = line.target - line.so_far
        return f"{sentence}; còn thiếu {number(missing)} người so với chỉ tiêu đến {short_date(line.target_due_on)}."
    return f"{sentence}; chưa được giao chỉ tiêu."


def summary_sentence(lines: Sequence[IndicatorLine]) -> str:
    """How many of the headline targets are reached, in a sentence."""
    counted = [line for line in lines if line.headline and line.target is not None and line.whole]
    reached = sum(1 for line in counted if line.target is not None and line.so_far >= line.target)
    if not counted:
        return "Chưa có đủ tổng đối tượng và chỉ tiêu để so sánh."
    return f"Đến hết kỳ báo cáo, đơn vị đạt {reached}/{len(counted)} chỉ tiêu có đủ số liệu để so sánh."


def origin_sentence(*, own_rows: bool) -> str:
    """Where a report's figures come from. own_rows: the office wrote rows into its tables."""
    own = "các dòng đơn vị tự ghi được nêu rõ ở phụ lục" if own_rows else "đơn vị không tự ghi dòng nào vào các bảng"
    return f"Số người đạt được tính từ minh chứng đã ghi nhận, mở được đến từng minh chứng; tổng đối tượng theo nguồn ghi ở phụ lục; {own}."


_SENTENCE = re.compile(r"(?<=[.;!?…])\s+")


def sentences(text: str) -> list[str]:
    """A written part in sentences, list marks taken off, empty ones left out."""
    found = []
    for line in text.split("\n"):
        plain = line.strip()
        if plain.startswith(("- ", "+ ", "• ")):
            plain = plain[2:]
        found += [one.strip() for one in _SENTENCE.split(plain) if one.strip()]
    return found
