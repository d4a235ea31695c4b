"""What the command line itself says (usage, wrong arguments), in Vietnamese: Python's parser knows English only."""

from __future__ import annotations

import argparse

WORDS = {
    "usage: ": "cách dùng: ",
    "positional arguments": "cho biết",
    "options": "tùy chọn",
    "subcommands": "việc",
    "show this help message and exit": "hiện phần trợ giúp này",
    "show program's version number and exit": "hiện phiên bản",
    "%(prog)s: error: %(message)s\n": "%(prog)s: chưa làm gì cả. %(message)s\n",
    "the following arguments are required: %s": "Còn thiếu: %s.",
    "one of the arguments %s is required": "Cần một trong các tùy chọn: %s.",
    "unrecognized arguments: %s": "Không hiểu: %s. Xem lại bằng --help.",
    "expected one argument": "cần một giá trị đi kèm",
    "expected at least one argument": "cần ít nhất một giá trị đi kèm",
    "expected %s argument": "cần %s giá trị đi kèm",
    "expected %s arguments": "cần %s giá trị đi kèm",
    "expected at most one argument": "chỉ nhận một giá trị",
    "ignored explicit argument %r": "không nhận giá trị %r",
    "not allowed with argument %s": "không dùng cùng lúc với %s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s có thể là %(matches)s; viết đủ tên tùy chọn.",
    "invalid choice: %(value)r (choose from %(choices)s)": "không có %(value)r; chọn một trong: %(choices)s",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "không có việc %(parser_name)r; chọn một trong: %(choices)s",
    "invalid %(type)s value: %(value)r": "không dùng được %(value)r ở đây",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s.",
}


def speak_vietnamese() -> None:
    """Give Python's parser of arguments its words in Vietnamese, for this process."""
    argparse._ = _word  # type: ignore[attr-defined]
    argparse.ngettext = lambda one, many, count: _word(one if count == 1 else many)  # type: ignore[attr-defined]


def _word(text: str) -> str:
    return WORDS.get(text, text)
