"""The command-line tool `hocvuso`: what people who run the system need, in a few words."""

from __future__ import annotations

import os
import sys

from hocvuso.config.arguments import speak_vietnamese

# word: (Django command, what it does)
COMMANDS = {
    "setup": ("setup", "chuẩn bị thư mục dữ liệu: cơ sở dữ liệu, đơn vị, bài học, tệp tĩnh"),
    "serve": ("serve", "chạy máy chủ và việc nền"),
    "check": ("check", "cho biết còn thiếu gì trước khi người dân dùng thật"),
    "seed": ("seed", "tạo thành phố mẫu"),
    "evidence": ("evidence", "sổ minh chứng: cộng, dựng lại, kiểm tra, niêm phong"),
    "curriculum": ("curriculum", "bài học: nạp, kiểm tra, xuất ra tệp, hỏi các đường dẫn"),
    "assessment": ("assessment", "bài kiểm tra: tính lại, hiệu chỉnh, thử trên người giả định, tìm điều bất thường"),
    "units": ("units", "đơn vị: nạp, nhập từ tệp, hoàn tác, sáp nhập, ranh giới bản đồ"),
    "report": ("report", "viết báo cáo của một đơn vị, tệp DOCX hoặc PDF"),
    "worker": ("worker", "chỉ chạy việc nền"),
    "manage": ("", "lệnh bất kỳ của Django: hocvuso manage <lệnh>"),
}
# For builders; they work, but do not stand in the help of a command.
DJANGO_OPTIONS = frozenset(
    {
        "--version",
        "--verbosity",
        "--settings",
        "--pythonpath",
        "--traceback",
        "--no-color",
        "--force-color",
        "--skip-checks",
    }
)


def usage() -> str:
    from hocvuso import __version__

    lines = [f"Học Vụ Số {__version__}", "", "  hocvuso <lệnh> [tùy chọn]      hocvuso <lệnh> --help", ""]
    lines += [f"  {name:<12}{words}" for name, (_, words) in COMMANDS.items()]
    lines += [
        "",
        "HOCVUSO_DATA chỉ thư mục dữ liệu (mặc định: ./data). Mọi biến cài đặt: docs/reference/settings.md.",
    ]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Run one command. Exit code 2 for a word it does not know."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(usage())
        return
    if arguments[0] in {"-V", "--version"}:
        from hocvuso import __version__

        print(__version__)
        return
    word, rest = arguments[0], arguments[1:]
    if word not in COMMANDS:
        print(f"hocvuso: không có lệnh '{word}' (no such command).\n\n{usage()}", file=sys.stderr)
        raise SystemExit(2)
    speak_vietnamese()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocvuso.config.settings")
    if word == "serve":
        from hocvuso.config import serve

        serve.main(rest)
        return
    from django.core.management.base import BaseCommand

    if word == "manage":
        from django.core.management import execute_from_command_line

        execute_from_command_line(["hocvuso manage", *rest])
        return
    if word == "check":
        rest = ["--deploy", *rest]
    BaseCommand.suppressed_base_arguments = set(DJANGO_OPTIONS)
    _run(["hocvuso", COMMANDS[word][0], *rest])


def _run(words: list[str]) -> None:
    """Run a command of ours. A data folder that was never prepared is not a crash; --traceback shows everything."""
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError, ProgrammingError

    try:
        execute_from_command_line(words)
    except (OperationalError, ProgrammingError) as error:
        if "--traceback" in words:
            raise
        print(
            f"hocvuso: không đọc hoặc ghi được cơ sở dữ liệu ({str(error).splitlines()[0]}).\n"
            "Nếu thư mục dữ liệu còn mới, chạy `hocvuso setup` trước. Xem lỗi đầy đủ: thêm --traceback.",
            file=sys.stderr,
        )
        raise SystemExit(1) from None
