"""How good the rules are on a city with a planted set: precision and recall, printed."""

from __future__ import annotations

import json
import resource
import time
from datetime import datetime
from pathlib import Path

from hocvuso.assessment.integrity import rules
from hocvuso.assessment.integrity.sweep import sweep
from hocvuso.assessment.models import Case, CaseMember, Trace
from hocvuso.assessment.models.integrity import RuleKind

BY_ASSESSOR = RuleKind.ODD_ASSESSOR.value


def report(*, labels: Path, at: datetime) -> list[str]:
    """Let the rules look, compare with the labels (kind → ids of people, of assessors for ODD_ASSESSOR); lines to print.

    Precision of a kind: of those it points at, how many were planted (for whatever reason). Recall: of those planted for this
    kind, how many any rule points at.
    """
    planted = {kind: set(ids) for kind, ids in json.loads(labels.read_text(encoding="utf-8")).items()}
    started = time.monotonic()
    opened = sweep(at=at)
    seconds = time.monotonic() - started
    found: dict[str, set[str]] = {kind: set() for kind in RuleKind.values}
    rows = CaseMember.objects.exclude(case__kind=BY_ASSESSOR).values_list("case__kind", "person_id")
    for kind, person_id in rows.iterator():
        found[kind].add(str(person_id))
    found[BY_ASSESSOR] = {
        str(one) for one in Case.objects.filter(kind=BY_ASSESSOR).values_list("assessor_id", flat=True)
    }
    people = set().union(*(ids for kind, ids in planted.items() if kind != BY_ASSESSOR))
    pointed = set().union(*(ids for kind, ids in found.items() if kind != BY_ASSESSOR))
    lines = [f"{'':<18}{'planted':>9}{'pointed at':>12}{'precision':>11}{'recall':>9}"]
    for kind in RuleKind.values:
        meant = planted.get(kind, set())
        truth = meant if kind == BY_ASSESSOR else people
        reached = found[kind] if kind == BY_ASSESSOR else pointed
        precision = rules.measure(found[kind], truth).precision
        recall = rules.measure(reached, meant).recall
        lines.append(f"{kind:<18}{len(meant):>9}{len(found[kind]):>12}{precision:>11.3f}{recall:>9.3f}")
    whole = rules.measure(pointed | found[BY_ASSESSOR], people | planted.get(BY_ASSESSOR, set()))
    tests = Trace.objects.count()
    lines += [
        f"{'all':<18}{whole.right + whole.missed:>9}{whole.right + whole.wrong:>12}{whole.precision:>11.3f}{whole.recall:>9.3f}",
        "",
        f"{tests} tests, {len(people)} people planted, {whole.wrong} clean ones pointed at, {opened} new cases, {seconds:.1f} s, "
        f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB",
    ]
    return lines
