"""What `hocvuso` says to somebody who types something wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HOCVUSO_DATA": str(folder), "HOCVUSO_DEMO": "0", "DJANGO_SETTINGS_MODULE": ""}
    environment.pop("DJANGO_SETTINGS_MODULE")
    command = [sys.executable, "-m", "hocvuso", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["bogus"], "không có lệnh 'bogus'"),
        (["units", "import", "x.csv"], "Còn thiếu: --line."),
        (["units", "merge", "A", "--into", "B", "--on", "mai"], "--on: không dùng được 'mai' ở đây"),
        (["evidence", "dance"], "không có 'dance'; chọn một trong"),
        (["report", "26929", "--bogus"], "Không hiểu: --bogus"),
        (["serve", "--port"], "cần một giá trị đi kèm"),
    ],
)
def test_wrong_words_are_answered_in_vietnamese(tmp_path, words, told):
    answer = run(tmp_path, *words)
    assert answer.returncode == 2
    assert told in answer.stderr and "Traceback" not in answer.stderr


def test_a_folder_that_was_never_prepared_is_no_crash(tmp_path):
    answer = run(tmp_path, "evidence", "status")
    assert answer.returncode == 1
    assert "hocvuso setup" in answer.stderr and "Traceback" not in answer.stderr


def test_check_tells_what_is_missing_for_real_people(tmp_path):
    answer = run(tmp_path, "check")
    assert "people.W001" in answer.stderr and "people.W002" in answer.stderr
