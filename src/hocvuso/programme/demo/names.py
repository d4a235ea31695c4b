"""Vietnamese names as people in the South bear them: family names by weight, middle and given names by sex and age.

Own lists, put together from everyday usage; no register was copied. Plain values in and out.
"""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random

# Weights are roughly parts in a thousand; the southern spellings (Huỳnh, Võ) outweigh the northern ones (Hoàng, Vũ).
FAMILY = {
    "Nguyễn": 310, "Trần": 112, "Lê": 92, "Phạm": 62, "Huỳnh": 46, "Hoàng": 14, "Võ": 38, "Vũ": 16, "Phan": 32,
    "Đặng": 24, "Bùi": 21, "Đỗ": 17, "Hồ": 19, "Ngô": 17, "Dương": 14, "Lý": 12, "Trương": 17, "Đinh": 9, "Lâm": 12,
    "Mai": 8, "Đoàn": 8, "Trịnh": 7, "Tô": 6, "Lưu": 6, "Cao": 7, "Châu": 6, "Tạ": 5, "Thái": 6, "Quách": 4, "Hà": 5,
    "Kiều": 3, "Tăng": 4, "Văn": 3, "Lương": 6, "Phùng": 4, "Từ": 3, "Nghiêm": 2, "La": 3, "Danh": 2, "Thạch": 3,
    "Vương": 4, "Âu": 2, "Triệu": 3, "Chung": 2, "Mạc": 2, "Khưu": 2, "Giang": 2, "Bành": 1, "Ông": 1, "Tiêu": 1,
}  # fmt: skip

OLD_WOMEN = (
    "Thị Hai", "Thị Ba", "Thị Tư", "Thị Năm", "Thị Sáu", "Thị Bảy", "Thị Tám", "Thị Chín", "Thị Mười", "Thị Út",
    "Thị Lan", "Thị Cúc", "Thị Mai", "Thị Đào", "Thị Huệ", "Thị Sen", "Thị Hoa", "Thị Liên", "Thị Nga", "Thị Ngọc",
    "Thị Thu", "Thị Xuân", "Thị Bé", "Thị Lệ", "Thị Kim Anh", "Thị Kim Loan", "Thị Ánh Nguyệt", "Thị Bạch Tuyết",
    "Thị Hồng Hoa", "Thị Mỹ Dung", "Thị Thanh", "Thị Vân", "Thị Phượng", "Thị Hiền", "Thị Thảo", "Thị Lý",
)  # fmt: skip
MIDDLE_WOMEN = (
    "Thị Hồng", "Thị Thu Hà", "Thị Ngọc Hân", "Thị Kim Chi", "Thị Mỹ Linh", "Thị Thanh Thủy", "Thị Bích Ngọc",
    "Thị Phương", "Thị Hương", "Thị Hằng", "Thị Tuyết Mai", "Thị Minh Châu", "Thị Cẩm Tú", "Thị Diễm My", "Thị Trang",
    "Thị Thu Trang", "Thị Yến", "Thị Ngọc Bích", "Thị Quỳnh Như", "Thị Lan Anh", "Thị Thùy Dung", "Thị Hoài Thu",
    "Ngọc Lan", "Kim Ngân", "Thị Nhung", "Thị Hạnh", "Thị Oanh", "Thị Thúy", "Thị Diệu Hiền", "Thị Loan", "Thị Tâm",
    "Thị Kiều Oanh", "Thị Mộng Tuyền", "Thị Xuân Mai", "Thị Bảo Trân", "Thị Duyên",
)  # fmt: skip
YOUNG_WOMEN = (
    "Ngọc Anh", "Khánh Linh", "Bảo Ngọc", "Gia Hân", "Thảo Vy", "Minh Anh", "Quỳnh Anh", "Phương Thảo", "Bảo Trân",
    "Thanh Trúc", "Ngọc Hân", "Kim Ngân", "Tường Vy", "Khánh An", "Minh Thư", "Anh Thư", "Hà My", "Trúc Linh",
    "Mai Phương", "Thùy Linh", "Như Ý", "Bảo Châu", "Ngọc Diệp", "Cát Tường", "Lan Chi", "Thị Thanh Tâm", "Yến Nhi",
    "Uyên Nhi", "Phương Uyên", "Huỳnh Như", "Ngọc Trâm", "Thủy Tiên", "Diễm Quỳnh", "Mỹ Duyên", "Hoàng Yến", "Tú Anh",
)  # fmt: skip
OLD_MEN = (
    "Văn Hai", "Văn Ba", "Văn Tư", "Văn Năm", "Văn Sáu", "Văn Bảy", "Văn Tám", "Văn Chín", "Văn Mười", "Văn Út",
    "Văn Thành", "Văn Hùng", "Văn Dũng", "Văn Phước", "Văn Lợi", "Văn Đức", "Văn Tài", "Văn Minh", "Văn Bình",
    "Văn Hòa", "Văn Thạnh", "Văn Sơn", "Công Danh", "Hữu Nghĩa", "Đình Trọng", "Ngọc Ẩn", "Văn Khánh", "Văn Lộc",
    "Thanh Liêm", "Trung Trực", "Văn Nhơn", "Bá Phúc", "Văn Quý", "Thành Công", "Văn Kiệt", "Hoàng Diệu",
)  # fmt: skip
MIDDLE_MEN = (
    "Văn Tuấn", "Văn Cường", "Minh Tuấn", "Quốc Hùng", "Thanh Tùng", "Hoàng Nam", "Đức Thắng", "Anh Dũng", "Văn Hải",
    "Minh Trí", "Quang Vinh", "Thành Đạt", "Hữu Phước", "Trọng Nghĩa", "Ngọc Sơn", "Văn Toàn", "Tấn Phát", "Thanh Bình",
    "Hồng Phúc", "Xuân Trường", "Hoài Nam", "Chí Thanh", "Đình Khôi", "Nhật Trường", "Thế Vinh", "Văn Lâm", "Văn Quân",
    "Duy Khánh", "Minh Nhựt", "Phước Thịnh", "Thanh Phong", "Công Minh", "Trung Kiên", "Văn Hậu", "Văn Long", "Việt Hùng",
)  # fmt: skip
YOUNG_MEN = (
    "Gia Bảo", "Minh Khang", "Hoàng Long", "Anh Khoa", "Minh Quân", "Đăng Khôi", "Gia Huy", "Quốc Bảo", "Nhật Minh",
    "Tuấn Kiệt", "Phúc Khang", "Thiên Ân", "Bảo Long", "Đức Anh", "Hải Đăng", "Quang Huy", "Minh Nhật", "Khánh Duy",
    "Thành Đạt", "Gia Khánh", "Trung Nguyên", "Hữu Tín", "Nam Phong", "Trọng Phúc", "Anh Tuấn", "Duy Anh", "Chí Hào",
    "Tấn Dũng", "Quốc Khánh", "Hoàng Phúc", "Minh Triết", "Đình Phong", "Thái Sơn", "Việt Anh", "Phát Đạt", "Bá Tùng",
)  # fmt: skip

_FAMILIES = tuple(FAMILY)
_CUMULATED = tuple(accumulate(FAMILY.values()))
_GIVEN = {
    ("F", 0): OLD_WOMEN, ("F", 1): MIDDLE_WOMEN, ("F", 2): YOUNG_WOMEN,
    ("M", 0): OLD_MEN, ("M", 1): MIDDLE_MEN, ("M", 2): YOUNG_MEN,
}  # fmt: skip


def cohort(birth_year: int) -> int:
    """0: born before 1970, 1: before 1995, 2: later. Names change about once a generation."""
    return 0 if birth_year < 1970 else 1 if birth_year < 1995 else 2


def full_name(rng: Random, sex: str, birth_year: int) -> str:
    """A family name, a middle name and a given name that somebody of this sex (`F`, `M`) and year may well have."""
    family = _FAMILIES[bisect(_CUMULATED, rng.random() * _CUMULATED[-1])]
    given = _GIVEN[sex, cohort(birth_year)]
    return f"{family} {given[int(rng.random() * len(given))]}"
