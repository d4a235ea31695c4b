"""Databases for the tests: migrate one, copy it for every worker.

`make` runs the migrations once; `copy N` gives each of N workers a database of its own as the migrations leave it; `drop`
removes what PostgreSQL keeps. On SQLite, or on PostgreSQL with HOCVUSO_TEST_DATABASE_URL. Called by tools/test.sh.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ["HOCVUSO_DATA"])
URL = os.environ.get("HOCVUSO_TEST_DATABASE_URL", "")
NAME = urlsplit(URL).path.lstrip("/")
TEMPLATE = f"{NAME}_migrated"


def at(name: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(URL)._replace(path=f"/{name}"))


def sql(*statements: str) -> None:
    import psycopg

    with psycopg.connect(at("postgres"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]


def workers(number: int) -> list[str]:
    """What pytest-xdist puts behind the name; nothing for a run without it."""
    return ["", *(f"_gw{place}" for place in range(number))]


def make() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "hocvuso.config.settings_test"}
    if URL:
        sql(f'DROP DATABASE IF EXISTS "{TEMPLATE}" WITH (FORCE)', f'CREATE DATABASE "{TEMPLATE}"')
        environment["HOCVUSO_TEST_DATABASE_URL"] = at(TEMPLATE)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)


def copy(number: int) -> None:
    for worker in workers(number):
        if URL:
            name = f"test_{NAME}{worker}"
            sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
            continue
        for end in ("", "-wal", "-shm"):
            (DATA / f"test.sqlite3{worker}{end}").unlink(missing_ok=True)
            if (made := DATA / f"hocvuso.sqlite3{end}").exists():
                shutil.copyfile(made, DATA / f"test.sqlite3{worker}{end}")


def drop(number: int = 8) -> None:
    if URL:
        sql(
            *(
                f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
                for name in [TEMPLATE, *(f"test_{NAME}{worker}" for worker in workers(number))]
            )
        )


if __name__ == "__main__":
    {"make": make, "copy": copy, "drop": drop}[sys.argv[1]](*(int(one) for one in sys.argv[2:]))
