"""Every clause of docs/requirements.md with the tests, pages and lessons that exist because of it.

Tests carry `@pytest.mark.clause("R-41")`, pages a comment `# R-41` behind their path in urls.py, lessons `clauses: [R-24]`.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLAUSE = re.compile(r"R-\d+[a-e]?")


def clauses() -> dict[str, str]:
    rows = re.findall(
        r"^\| (R-\d+[a-e]?) \| (.+?) \|$", (ROOT / "docs/requirements.md").read_text(encoding="utf-8"), re.M
    )
    return dict(rows)


def tests() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        lines = file.read_text(encoding="utf-8").splitlines()
        held: list[str] = []
        for line in lines:
            stripped = line.strip()
            if "mark.clause(" in stripped:
                ids = CLAUSE.findall(stripped)
                if stripped.startswith("pytestmark"):
                    for clause in ids:
                        found[clause].append(f"{file.relative_to(ROOT)} (all)")
                else:
                    held += ids
            elif match := re.match(r"(?:async )?def (test_\w+)", stripped):
                for clause in held:
                    found[clause].append(f"{file.relative_to(ROOT)}::{match[1]}")
                held = []
    return found


def pages() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "src").rglob("*urls.py")):
        for match in re.finditer(r'path\(\s*"([^"]*)"[^\n]*#([^\n]*)', file.read_text(encoding="utf-8")):
            for clause in CLAUSE.findall(match[2]):
                found[clause].append("/" + match[1])
    return found


def lessons() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "curriculum").rglob("lesson.yaml")):
        match = re.search(r"^clauses:(.*)$", file.read_text(encoding="utf-8"), re.M)
        for clause in CLAUSE.findall(match[1]) if match else []:
            found[clause].append(f"/bai/{file.parent.name}/")
    return found


def main() -> int:
    known, by_test, by_page, by_lesson = clauses(), tests(), pages(), lessons()
    without = []
    for clause, title in known.items():
        print(f"{clause}  {title[:110]}")
        for label, places in (("test", by_test[clause]), ("page", by_page[clause]), ("lesson", by_lesson[clause])):
            for place in places:
                print(f"    {label:<7}{place}")
        if not (by_test[clause] or by_page[clause] or by_lesson[clause]):
            without.append(clause)
            print("    none yet")
    print(
        f"\n{len(known) - len(without)} of {len(known)} clauses have a test, a page or a lesson. None yet: {', '.join(without)}"
    )
    strange = sorted((by_test.keys() | by_page.keys() | by_lesson.keys()) - known.keys())
    if strange:
        print(f"Not clauses of docs/requirements.md: {', '.join(strange)}", file=sys.stderr)
    return 1 if strange else 0


if __name__ == "__main__":
    sys.exit(main())
