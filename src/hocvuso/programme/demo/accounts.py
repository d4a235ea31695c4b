"""Accounts to try the system with. On a demo installation only (HOCVUSO_DEMO)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from hocvuso.people.public import (
    Person,
    Purpose,
    Role,
    create_account_with_password,
    find_person_by,
    grant_mandate,
    record_consent,
    register_person,
)
from hocvuso.units.choices import Line
from hocvuso.units.public import Unit, find_unit

PASSWORD = "hoc-vu-so-2026"  # noqa: S105 (printed for everybody who tries the demo)
SINCE = datetime(2026, 1, 2, 1, tzinfo=UTC)
WARD = "26929"  # Phường Bình Thạnh


@dataclass(frozen=True)
class DemoAccount:
    """Somebody invented to sign in as. `role` empty: a learner. `unit`: line and code of the mandate, or of the home."""

    email: str
    full_name: str
    sex: str
    birth_year: int
    who: str
    line: str
    code: str
    role: str = ""
    title: str = ""


_T = Line.TERRITORY.value
ACCOUNTS = (
    DemoAccount("nguoihoc@demo.test", "Đặng Thị Sáu", "F", 1959, "Người học", _T, f"{WARD}-KP03"),
    DemoAccount("canbo@demo.test", "Lê Minh Phúc", "M", 1990, "Cán bộ phường Bình Thạnh", _T, WARD,
                Role.OFFICER, "Chuyên viên Phòng Văn hóa – Xã hội"),
    DemoAccount("xacnhan@demo.test", "Trần Thị Thu Hà", "F", 1978, "Người xác nhận, phường Bình Thạnh", _T, WARD,
                Role.CONFIRMER, "Trưởng phòng Văn hóa – Xã hội"),
    DemoAccount("lanhdao@demo.test", "Nguyễn Quốc Hùng", "M", 1971, "Lãnh đạo Thành phố", _T, "79",
                Role.LEADER, "Phó Trưởng ban Chỉ đạo"),
    DemoAccount("congdoan@demo.test", "Phạm Thị Ngọc Lan", "F", 1985, "Cán bộ công đoàn phường Bình Thạnh",
                Line.UNION.value, f"CD-{WARD}", Role.OFFICER, "Phó Chủ tịch Công đoàn phường"),
    DemoAccount("soanbai@demo.test", "Võ Hoài Nam", "M", 1988, "Người soạn bài", _T, "79",
                Role.AUTHOR, "Giáo viên biên soạn"),
    DemoAccount("duyetbai@demo.test", "Lâm Thị Mỹ Dung", "F", 1980, "Người duyệt bài", _T, "79",
                Role.REVIEWER, "Tổ trưởng chuyên môn"),
    DemoAccount("xuatban@demo.test", "Đỗ Quang Khải", "M", 1976, "Người xuất bản bài học", _T, "79",
                Role.PUBLISHER, "Trưởng ban biên tập"),
    DemoAccount("kiemtra@demo.test", "Huỳnh Thị Kim Chi", "F", 1975, "Người kiểm tra", _T, "79",
                Role.AUDITOR, "Thanh tra viên"),
    DemoAccount("coikiemtra@demo.test", "Hồ Thị Bích Vân", "F", 1984, "Người coi kiểm tra, phường Bình Thạnh", _T, WARD,
                Role.ASSESSOR, "Giáo viên Trường THCS Rạng Đông"),
    DemoAccount("quantri@demo.test", "Bùi Thanh Tùng", "M", 1983, "Quản lý đơn vị và người", _T, "79",
                Role.MANAGER, "Quản trị viên Thành phố"),
)  # fmt: skip


def make_accounts() -> int:
    """Make the demo accounts that are not there yet; answers how many."""
    made = 0
    for account in ACCOUNTS:
        if find_person_by("EMAIL", account.email) is None:
            _make(account)
            made += 1
    return made


def _open_unit(line: str, code: str) -> Unit:
    unit = find_unit(line, code)
    if unit is None:
        raise LookupError(code)
    return unit


def _make(account: DemoAccount) -> Person:
    unit = _open_unit(account.line, account.code)
    person = register_person(
        actor=None,
        full_name=account.full_name,
        at=SINCE,
        birth_year=account.birth_year,
        sex=account.sex,
        home_unit=_open_unit(Line.TERRITORY.value, f"{WARD}-KP01") if account.role else unit,
    )
    create_account_with_password(person=person, email=account.email, password=PASSWORD, at=SINCE, demo=True)
    for purpose in (Purpose.LEARNING, Purpose.REPORTING, Purpose.VNEID):
        record_consent(
            actor=None, person=person, purpose=purpose, given=True, text_version="demo", how="demo", at=SINCE
        )
    if account.role:
        grant_mandate(actor=None, person=person, unit=unit, role=account.role, title=account.title, at=SINCE)
    return person
