"""What the data folder was last prepared with. No Django here: `serve` looks before it loads anything."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent


def starter_curriculum() -> Path:
    """The starter content: at the root of a checkout, or inside the installed package."""
    packaged = PACKAGE / "starter" / "curriculum"
    return packaged if packaged.is_dir() else ROOT / "curriculum"


def version_of_files() -> str:
    """Changes when migrations, units, starter content, static files or catalogues change (by name, size and time)."""
    digest = hashlib.sha256(os.environ.get("HOCVUSO_DATABASE_URL", "").encode())
    folders = [starter_curriculum(), *sorted(PACKAGE.glob("*/migrations")), *sorted(PACKAGE.glob("*/static"))]
    folders += sorted(PACKAGE.glob("*/data"))
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                state = file.stat()
                digest.update(f"{file}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def is_current(data: Path, *, demo: bool) -> bool:
    """Whether the folder was prepared with just these files."""
    try:
        stamp = json.loads((data / "prepared.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(stamp.get("version") == version_of_files() and (stamp.get("demo") or not demo))


def write(data: Path, *, demo: bool) -> None:
    target = data / "prepared.json"
    fresh = target.with_suffix(".new")
    fresh.write_text(json.dumps({"version": version_of_files(), "demo": demo}), encoding="utf-8")
    fresh.replace(target)
