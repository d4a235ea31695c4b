"""What `hocvuso` says to somebody who types something wrong."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

import pytest
from django.core.management.base import BaseCommand

from hocvuso.config.cli import COMMANDS, main, usage


@pytest.mark.parametrize("word", sorted(set(COMMANDS) - {"manage", "check"}))
def test_every_command_explains_itself_in_vietnamese(spoken, capsys, word):
    with pytest.raises(SystemExit) as ended:
        main([word, "--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert "cách dùng: hocvuso" in told and "--settings" not in told
    assert COMMANDS[word][1] in usage()


@pytest.fixture
def spoken(monkeypatch):
    """The parser's own words come back afterwards."""
    for owner, name in ((argparse, "_"), (argparse, "ngettext"), (BaseCommand, "suppressed_base_arguments")):
        monkeypatch.setattr(owner, name, getattr(owner, name))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["bogus"], "không có lệnh 'bogus'"),
        (["units", "import", "x.csv"], "Còn thiếu: --line."),
        (["units", "merge", "A", "--into", "B", "--on", "mai"], "--on: không dùng được 'mai' ở đây"),
        (["evidence", "dance"], "VIỆC: không có 'dance'; chọn một trong"),
        (["report", "26929", "--bogus"], "Không hiểu: --bogus"),
        (["serve", "--port"], "cần một giá trị đi kèm"),
    ],
)
def test_wrong_words_are_answered_in_vietnamese(spoken, capsys, words, told):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_a_folder_that_was_never_prepared_is_no_crash(tmp_path):
    environment = {**os.environ, "HOCVUSO_DATA": str(tmp_path), "HOCVUSO_DEMO": "0"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "hocvuso", "evidence", "status"]
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert answer.returncode == 1
    assert "hocvuso setup" in answer.stderr and "Traceback" not in answer.stderr
