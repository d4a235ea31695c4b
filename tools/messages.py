"""Message catalogues of the rooms: extract, compile, and tell what is missing.

python tools/messages.py extract [ROOM ...]   needs GNU gettext
python tools/messages.py compile
python tools/messages.py missing              exit 1 if a Vietnamese sentence is missing or fuzzy
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parent.parent / "src" / "hocvuso"


def rooms() -> list[Path]:
    return sorted(path for path in SOURCE.iterdir() if (path / "apps.py").exists())


def extract(names: list[str]) -> None:
    """Write each room's sentences into its own catalogue, keeping what is translated."""
    for room in rooms():
        if names and room.name not in names:
            continue
        (room / "locale").mkdir(exist_ok=True)
        command = [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "-l",
            "vi",
            "--no-obsolete",
            "--no-wrap",
            "--add-location=file",
        ]
        command += ["--ignore=*/vendor/*", "--extension=html,txt,py,typ"]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": ""}
        subprocess.run(command, cwd=room, check=True, env=environment)
        catalogue = room / "locale" / "vi" / "LC_MESSAGES" / "django.po"
        if catalogue.exists():
            entries = polib.pofile(str(catalogue), wrapwidth=0)
            entries.metadata = {
                "Language": "vi",
                "MIME-Version": "1.0",
                "Content-Type": "text/plain; charset=UTF-8",
                "Content-Transfer-Encoding": "8bit",
                "Plural-Forms": "nplurals=1; plural=0;",
            }
            entries.metadata_is_fuzzy = False
            entries.header = f"Vietnamese sentences of the room {room.name}."
            entries.save()


def compile_all() -> None:
    for po in sorted(SOURCE.rglob("*.po")):
        target = po.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < po.stat().st_mtime:
            polib.pofile(str(po)).save_as_mofile(str(target))


def missing() -> int:
    count = 0
    for po in sorted(SOURCE.rglob("*.po")):
        for entry in polib.pofile(str(po)):
            if not entry.obsolete and (not entry.translated() or entry.fuzzy):
                count += 1
                print(f"{po.relative_to(SOURCE)}: {entry.msgid!r}")
    return count


if __name__ == "__main__":
    verb, *rest = sys.argv[1:] or ["compile"]
    if verb == "extract":
        extract(rest)
    elif verb == "compile":
        compile_all()
    elif verb == "missing":
        sys.exit(1 if missing() else 0)
    else:
        sys.exit(__doc__)
