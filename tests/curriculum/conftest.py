"""A small curriculum on disk: one framework, one course with two lessons, one path, one policy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from hocvuso.curriculum.loader import LoadReport, load
from hocvuso.curriculum.starter import read_folder

FILES = {
    "frameworks/khung.yaml": """
slug: khung
title: Khung thử
version: "1"
skills:
  - {code: kt-1, title: Thiết bị}
  - {code: kt-1.1, title: Dùng thiết bị, parent: kt-1}
  - {code: kt-4, title: An toàn}
  - {code: kt-4.2, title: Giữ mã, parent: kt-4}
""",
    "courses/khoa/course.yaml": """
slug: khoa
title: Khóa thử
summary: Hai bài.
groups: [ADULT]
lessons: [giu-ma, tra-tien]
""",
    "courses/khoa/giu-ma/lesson.yaml": """
slug: giu-ma
title: Giữ mã OTP
summary: Mã của mình thì mình giữ.
minutes: 4
icon: shield
groups: [ADULT, WORKER]
skills: [kt-4.2]
services: [vneid]
keywords: [căn cước, lừa đảo]
clauses: [R-24]
checked_on: 2026-11-01
next_check_on: 2027-02-01
sources:
  - {title: Nguồn thử, url: "https://example.gov.vn/nguon"}
author: Học Vụ Số
licence: CC BY 4.0
""",
    "courses/khoa/giu-ma/hieu.md": """## Mã OTP là gì?

Mã dùng **một lần**, gửi về điện thoại.

1. Tự đọc.
2. Tự gõ.

::: canh-bao
Có người xin mã? Tắt máy.
:::

::: nho
Mã chỉ để mình gõ.
:::
""",
    "courses/khoa/giu-ma/dung.yaml": """
intro: Giờ làm thật.
steps:
  - {id: mo_may, text: Mở máy., note: Máy của mình.}
  - {id: doc_tin, text: Đọc tin nhắn.}
link: {label: Trang chính thức, url: "https://example.gov.vn"}
help: Nhờ tổ công nghệ số.
service: vneid
""",
    "courses/khoa/giu-ma/lam-giu-ma-otp.yaml": """
slug: giu-ma-otp
title: Có người xin mã
skins: [android, iphone]
goal: Không đưa mã.
scam: true
start: goi
screens:
  goi:
    say: Chuông reo. Có người xin mã.
    app: {title: Cuộc gọi, kind: call}
    hint: Không đưa.
    blocks:
      - {type: button, id: doc, label: Đọc mã, tone: primary}
      - {type: button, id: tat, label: Tắt máy, tone: danger}
    moves:
      - {on: tap, id: doc, wrong: Khoan. Đọc mã là mất tiền.}
      - {on: tap, id: tat, go: xong}
  xong:
    say: Đúng rồi.
    end: pass
    blocks: []
""",
    "courses/khoa/giu-ma/cau-hoi.yaml": """
- id: nhanh-1
  kind: one
  skill: kt-4.2
  level: 1
  text: Mã OTP để ai dùng?
  options:
    - {id: a, text: Mình, right: true, why: Chìa khóa của mình.}
    - {id: b, text: Cán bộ, right: false, why: Cán bộ không xin mã.}
  graded: false
- id: kiem-tra-1
  kind: one
  skill: kt-4.2
  level: 2
  text: Câu bí mật của ngân hàng câu hỏi?
  options:
    - {id: a, text: Đáp án bí mật thứ nhất, right: true, why: Lý do bí mật thứ nhất.}
    - {id: b, text: Đáp án bí mật thứ hai, right: false, why: Lý do bí mật thứ hai.}
  graded: true
- id: kiem-tra-2
  kind: order
  skill: kt-1.1
  level: 1
  text: Xếp việc bí mật theo thứ tự.
  options:
    - {id: a, text: Việc bí mật một, why: Trước.}
    - {id: b, text: Việc bí mật hai, why: Sau.}
  graded: true
- id: ghep-1
  kind: match
  skill: kt-4.2
  level: 2
  text: Ghép mỗi thứ với cách giữ.
  options:
    - {id: a, text: Mã OTP, pair: Không đọc cho ai, why: Chìa khóa của mình.}
    - {id: b, text: Mật khẩu, pair: Tự nghĩ ra, why: Người khác khó đoán.}
    - {id: c, text: Tin lạ, pair: Hỏi người nhà, why: Hai người tỉnh hơn một.}
  graded: false
- id: tim-1
  kind: spot
  scene: {kind: sms, from: Số lạ}
  skill: kt-4.2
  level: 2
  text: Chỗ nào lộ ra lừa đảo?
  options:
    - {id: a, text: Kính chào anh chị., right: false, why: Ai cũng chào.}
    - {id: b, text: Đọc mã ngay kẻo khóa., right: true, why: Giục gấp và xin mã.}
  graded: false
- id: huong-1
  kind: situation
  story: Chị Ba đang nấu cơm. Máy báo có mã.
  skill: kt-4.2
  level: 1
  text: Nên làm gì?
  options:
    - {id: a, text: Bỏ qua, right: true, why: Không xin thì không gõ.}
    - {id: b, text: Đọc mã, right: false, why: Đọc là lộ.}
  graded: false
""",
    "courses/khoa/tra-tien/lesson.yaml": """
slug: tra-tien
title: Trả tiền bằng QR
summary: Xem tên trước khi chuyển.
minutes: 5
icon: qr
groups: [ADULT]
skills: [kt-1.1]
keywords: [chuyển khoản, đường dẫn]
checked_on: 2026-11-01
next_check_on: 2027-02-01
sources:
  - {title: Nguồn hai}
author: Học Vụ Số
licence: CC BY 4.0
""",
    "courses/khoa/tra-tien/hieu.md": "Xem tên người nhận.\n",
    "courses/khoa/tra-tien/dung.yaml": """
intro: Thử trả một ly nước.
steps:
  - {id: quet, text: Quét mã.}
help: Nhờ người nhà.
""",
    "courses/khoa/tra-tien/lam-tra-ly-nuoc.yaml": """
slug: tra-ly-nuoc
title: Trả tiền ly nước
skins: [android, iphone]
goal: Trả đúng người.
start: quet
screens:
  quet:
    say: {android: Mở máy ảnh., iphone: Mở Camera.}
    app: {title: Máy ảnh, kind: camera}
    hint: Bấm vào khung.
    blocks:
      - {type: camera, id: khung, label: Khung quét}
    moves:
      - {on: tap, id: khung, go: so_tien}
  so_tien:
    say: Gõ 20.000.
    app: {title: Ngân hàng, kind: bank}
    hint: Hai mươi nghìn.
    blocks:
      - {type: field, id: tien, label: Số tiền, input: money, submit: Tiếp}
    moves:
      - {on: type, id: tien, is: ["20.000"], go: xong}
      - {on: type, id: tien, wrong: Xem lại số tiền.}
      - {on: back, go: quet}
  xong:
    say: Xong.
    end: pass
    blocks: []
""",
    "paths/duong.yaml": """
slug: duong
title: Đường học thử
group: ADULT
lessons: [tra-tien, giu-ma]
policy: bai-thu
""",
    "policies/bai-thu.yaml": """
code: bai-thu
version: 1
title: Bài thử
group: ADULT
questions: 2
minutes: 5
pass_ratio: 0.5
retry_after_hours: 0
provisional: true
blueprint:
  - {skills: [kt-1], count: 1}
  - {skills: [kt-4], count: 1}
""",
}

NOTES = "\n".join(
    f"## {heading}\n\nNgồi cạnh người học, không cầm máy thay. Hỏi một câu, chờ trả lời. Để họ tự bấm, bấm sai thì quay lại. Nhắc một câu đáng nhớ rồi cho làm lại lần nữa.\n"
    for heading in ("Bên bàn bếp", "Lớp 30 người", "Nỗi sợ thường gặp", "Lỗi hay gặp")
)
LOUDSPEAKER = """Bà con nghe giúp. Mã OTP gửi về máy là chìa khóa của mình. Mình tự đọc, tự gõ. Không đọc cho ai nghe.

Ai gọi tới xin mã thì tắt máy. Rồi kể cho người nhà. Cần giúp thì ghé tổ công nghệ số cộng đồng ở khu phố mình nhé.
"""
HANDOUT = """
title: Giữ mã OTP
lines:
  - Tự đọc tin nhắn.
  - Tự gõ mã.
  - Tắt máy.
remember: Mã chỉ để mình gõ.
ask: Hỏi tổ công nghệ số.
"""
for lesson in ("giu-ma", "tra-tien"):
    FILES[f"courses/khoa/{lesson}/giao-an.md"] = NOTES
    FILES[f"courses/khoa/{lesson}/loa.md"] = LOUDSPEAKER
    FILES[f"courses/khoa/{lesson}/to-roi.yaml"] = HANDOUT
FILES["courses/khoa/tra-tien/cau-hoi.yaml"] = """
- id: tra-1
  kind: one
  skill: kt-1.1
  level: 1
  text: Quét xong thì xem gì?
  options:
    - {id: a, text: Tên người nhận, right: true, why: Đúng tên mới trả.}
    - {id: b, text: Màu của tấm bảng, right: false, why: Màu không nói lên gì.}
  graded: false
"""
ENGLISH = "courses/khoa/giu-ma/en"
FILES[f"{ENGLISH}/lesson.yaml"] = """
title: Keep your code
summary: The code is yours.
"""
FILES[f"{ENGLISH}/hieu.md"] = "Read it yourself, type it yourself.\n\n::: nho\nThe code is yours alone.\n:::\n"
FILES[f"{ENGLISH}/dung.yaml"] = """
intro: Now for real.
steps:
  - {id: mo_may, text: Open the phone.}
  - {id: doc_tin, text: Read the message.}
help: Ask the digital team.
"""
FILES[f"{ENGLISH}/cau-hoi.yaml"] = """
- id: nhanh-1
  text: Whose is the code?
  options: [{id: a, text: Mine, why: It is my key.}, {id: b, text: The officer's, why: No officer asks for it.}]
- id: ghep-1
  text: Which goes with which?
  options:
    - {id: a, text: OTP code, pair: Tell nobody, why: It is my key.}
    - {id: b, text: Password, pair: Think of one, why: Hard to guess.}
    - {id: c, text: Strange message, pair: Ask at home, why: Two see more.}
- id: tim-1
  text: What betrays it?
  options: [{id: a, text: Dear customer, why: Everybody says so.}, {id: b, text: Read me the code now, why: It hurries and begs.}]
- id: huong-1
  story: Ba is cooking. A code arrives.
  text: What now?
  options: [{id: a, text: Leave it, why: Not asked for.}, {id: b, text: Read it out, why: That gives it away.}]
"""
FILES[f"{ENGLISH}/lam-giu-ma-otp.yaml"] = (
    FILES["courses/khoa/giu-ma/lam-giu-ma-otp.yaml"]
    .replace("Chuông reo. Có người xin mã.", "It rings. Somebody asks for the code.")
    .replace("Có người xin mã", "Somebody asks for the code")
)
FILES["meetings/hop.yaml"] = """
slug: hop
title: Mười lăm phút giữ mã
summary: Cho tổ dân phố.
for: [NEIGHBOURHOOD]
minutes: 15
lessons: [giu-ma]
skills: [kt-4.2]
groups: [ADULT]
prepare: [In tờ rơi.]
author: Học Vụ Số
licence: CC BY 4.0
checked_on: 2026-11-01
next_check_on: 2027-02-01
sources: [{title: Nguồn thử}]
handout: {title: Giữ mã, lines: [Một., Hai., Ba.], remember: Mã của mình., ask: Hỏi tổ.}

# the script

script:
  - {minutes: 10, title: Mở đầu, say: Chào bà con.}
  - {minutes: 5, title: Đố nhanh, say: Ai chọn câu đầu?, do: Đếm tay giơ., quiz: true}
quiz:
  - text: Mã để ai dùng?
    options: [{id: a, text: Mình, right: true, why: Chìa khóa.}, {id: b, text: Cán bộ, right: false, why: Không xin.}]
  - text: Có người xin mã?
    options: [{id: a, text: Đọc, right: false, why: Lộ.}, {id: b, text: Tắt máy, right: true, why: Dừng.}]
  - text: Lỡ đọc rồi?
    options: [{id: a, text: Giấu, right: false, why: Mất thêm.}, {id: b, text: Gọi ngân hàng, right: true, why: Khóa.}]
"""
FILES["external/ngoai.yaml"] = """
slug: ngoai
title: Khóa của trường bạn
provider: Trường bạn
url: https://example.edu.vn
summary: Học thêm.
groups: [ADULT]
skills: [kt-1]
credit: Bài của trường bạn.
checked_on: 2026-11-01
next_check_on: 2027-02-01
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small curriculum as files."""
    for name, text in FILES.items():
        path = tmp_path / "curriculum" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    return tmp_path / "curriculum"


@pytest.fixture
def rewrite(folder: Path) -> Callable[[str, str, str], None]:
    """Replace words in one file."""

    def replace(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture
def reload(folder: Path, db: None, now: datetime) -> Callable[..., LoadReport]:
    """Load the folder as it is now."""

    def again(*, force: bool = False) -> LoadReport:
        starter = read_folder(folder)
        assert starter.problems == []
        return load(starter=starter, at=now, force=force)

    return again


@pytest.fixture
def loaded(reload: Callable[..., LoadReport]) -> LoadReport:
    """The small curriculum, published."""
    return reload()
