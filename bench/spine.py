"""How fast evidence is stored, worked in, rebuilt and verified."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from datetime import timedelta


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="hocvuso-bench-")
    os.environ["HOCVUSO_DATA"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "hocvuso.config.settings"
    try:
        measure(options.people)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(people: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("units", "load", verbosity=0)
    from hocvuso.evidence.public import EvidenceKind, NewEvidence, project_all, record_many
    from hocvuso.evidence.rebuild import rebuild
    from hocvuso.evidence.seals import verify
    from hocvuso.kernel.clock import now
    from hocvuso.people.models import Person, PersonGroup
    from hocvuso.units.models import Unit

    at = now()
    wards = list(Unit.objects.filter(code__startswith="2", kind="WARD")[:168])
    persons = [
        Person(
            full_name=f"Người {n}",
            search_name=f"nguoi {n}",
            home_unit=wards[n % len(wards)],
            birth_year=1960 + n % 45,
            created_at=at,
        )
        for n in range(people)
    ]
    Person.objects.bulk_create(persons, batch_size=2000)
    PersonGroup.objects.bulk_create(
        [PersonGroup(person=p, group="ADULT", valid_from=at.date()) for p in persons], batch_size=2000
    )
    kinds = [
        EvidenceKind.LESSON_COMPLETED,
        EvidenceKind.PRACTICE_PASSED,
        EvidenceKind.PATH_COMPLETED,
        EvidenceKind.ASSESSMENT_PASSED,
    ]
    items = [
        NewEvidence(person.id, kind, "bench", 1, "bench", at - timedelta(minutes=place))
        for person in persons
        for place, kind in enumerate(kinds)
    ]

    def timed(label: str, work, count: int) -> None:
        started = time.perf_counter()
        work()
        seconds = time.perf_counter() - started
        print(f"{label:<28}{count / seconds:>12,.0f} entries/s   ({count:,} in {seconds:.2f} s)")

    def store() -> None:
        for start in range(0, len(items), 2000):
            record_many(items[start : start + 2000], at)

    timed("store (batches of 2,000)", store, len(items))
    timed("project", project_all, len(items))
    timed("rebuild --check", lambda: rebuild(check=True), len(items))
    timed("verify", verify, len(items))


if __name__ == "__main__":
    main()
