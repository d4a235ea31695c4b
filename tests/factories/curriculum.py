"""The starter curriculum cut down to a few lessons, so that no test loads all of it without need."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import yaml

WHOLE = Path(__file__).resolve().parents[2] / "curriculum"
# Course of each lesson, in the order of the catalogue.
LESSONS = {
    "cuoc-goi-cong-an-gia": "an-toan-va-ai",
    "hoi-tro-ly-ai": "an-toan-va-ai",
    "kich-hoat-vneid": "song-so-hang-ngay",
    "tra-tien-qr": "song-so-hang-ngay",
}
PATHS = ("can-bo", "hoc-sinh", "nguoi-dan", "nguoi-lao-dong", "sinh-vien")


def small_curriculum(folder: Path) -> Path:
    """Write the four lessons with their courses, the frameworks, the policies and the five paths into a folder."""
    for name in ("frameworks", "policies"):
        shutil.copytree(WHOLE / name, folder / name)
    for course in dict.fromkeys(LESSONS.values()):
        here = WHOLE / "courses" / course
        lessons = [lesson for lesson, home in LESSONS.items() if home == course]
        for lesson in lessons:
            shutil.copytree(here / lesson, folder / "courses" / course / lesson)
        _write_with_lessons(here / "course.yaml", folder / "courses" / course / "course.yaml", lessons)
    _pictures(folder)
    for path in PATHS:
        source = WHOLE / "paths" / f"{path}.yaml"
        lessons = [one for one in yaml.safe_load(source.read_text(encoding="utf-8"))["lessons"] if one in LESSONS]
        # A path of the whole curriculum may leave some of the four out; here each holds all of them.
        lessons += [one for one in LESSONS if one not in lessons]
        _write_with_lessons(source, folder / "paths" / source.name, lessons)
    return folder


def _pictures(folder: Path) -> None:
    """The pictures that the four lessons show."""
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("courses/**/hieu.md")]
    for code in {code for text in texts for code in re.findall(r"\(hinh:([a-z0-9-]+)\)", text)}:
        for file in (WHOLE / "images").glob(f"{code}.*"):
            (folder / "images").mkdir(exist_ok=True)
            shutil.copy(file, folder / "images" / file.name)


def _write_with_lessons(source: Path, target: Path, lessons: list[str]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    text = source.read_text(encoding="utf-8")
    short, changed = re.subn(
        r"^lessons:(?: \[[^\]]*\]|(?:\n *- .*)+)", f"lessons: [{', '.join(lessons)}]", text, flags=re.M
    )
    assert changed == 1, f"no list of lessons in {source}"
    target.write_text(short, encoding="utf-8")
