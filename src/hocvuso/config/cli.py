"""The command-line tool `hocvuso`: what people who run the system need, in a few words."""

from __future__ import annotations

import os
import sys

# word: (Django command, what it does)
COMMANDS = {
    "setup": ("setup", "prepare the data folder: database, units, starter content, static files"),
    "serve": ("serve", "run the web server and the background worker"),
    "seed": ("seed", "make a believable demo city"),
    "evidence": ("evidence", "rebuild, verify, project or seal the ledger"),
    "curriculum": ("curriculum", "load and check the starter curriculum"),
    "assessment": ("assessment", "prove old results, calibrate the bank, simulate the adaptive test"),
    "units": ("units", "load provinces and communes; import, merge, undo"),
    "report": ("report", "write a report of a unit as DOCX or PDF"),
    "worker": ("worker", "run the background worker alone"),
    "manage": ("", "any Django command: hocvuso manage <command>"),
}


def usage() -> str:
    from hocvuso import __version__

    lines = [f"Học Vụ Số {__version__}", "", "  hocvuso <command> [options]      hocvuso <command> --help", ""]
    lines += [f"  {name:<12}{words}" for name, (_, words) in COMMANDS.items()]
    lines += [
        "",
        "HOCVUSO_DATA names the data folder (default: ./data). docs/reference/settings.md lists every variable.",
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
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocvuso.config.settings")
    if word == "serve":
        from hocvuso.config import serve

        serve.main(rest)
        return
    from django.core.management import execute_from_command_line

    if word == "manage":
        execute_from_command_line(["hocvuso manage", *rest])
        return
    execute_from_command_line(["hocvuso", COMMANDS[word][0], *rest])
