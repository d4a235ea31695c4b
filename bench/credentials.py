"""How fast certificates are issued, credentials signed, QR codes written and status lists made, on one core."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--certificates", type=int, default=300)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="hocvuso-bench-")
    os.environ["HOCVUSO_DATA"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "hocvuso.config.settings"
    try:
        measure(options.certificates)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def timed(what: str, times: int, work: Callable[[int], object]) -> None:
    """Run work for 0 to times - 1; tell how many a second of this process's own time, and the median of each on the clock."""
    each, started = [], time.process_time()
    for number in range(times):
        before = time.perf_counter()
        work(number)
        each.append(time.perf_counter() - before)
    spent = time.process_time() - started
    print(f"{what:<46} {times / spent:10,.0f} /s/core   median {statistics.median(each) * 1000:8.2f} ms")


def measure(count: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("units", "load", verbosity=0)
    from django.utils import timezone

    from hocvuso.credentials import openbadges, services
    from hocvuso.credentials.certificates import certificate_pdf, compact_of, credential_of, status_list_of
    from hocvuso.credentials.compact import read_compact
    from hocvuso.credentials.keys import find_public_key, key_by_short_name
    from hocvuso.credentials.openbadges import LIST_SIZE, raw_bits
    from hocvuso.credentials.services import AssessedResult
    from hocvuso.people.models import Person
    from hocvuso.units.models import Unit

    at = timezone.now()
    ward = Unit.objects.filter(kind="WARD").first()
    people = [
        Person(full_name=f"Nguyễn Thị Mẫu {n}", search_name=f"nguyen thi mau {n}", home_unit=ward, created_at=at)
        for n in range(count)
    ]
    Person.objects.bulk_create(people)
    result = AssessedResult(
        "pho-cap",
        "Kiểm tra kỹ năng số cơ bản",
        "1",
        True,
        0.93,
        0.8,
        skills=(("ndct-1", "Tìm kiếm"), ("ndct-4", "An toàn")),
    )
    issued: list = []
    timed(
        "issue (certificate, code, evidence, audit)",
        count,
        lambda n: issued.append(
            services.issue_certificate(person_id=people[n].pk, attempt_id=uuid.uuid4(), result=result, at=at)
        ),
    )
    signed: list = []
    timed("sign as Open Badges 3.0 (eddsa-rdfc-2022)", count, lambda n: signed.append(credential_of(issued[n], n, at)))
    timed("verify that", min(count, 100), lambda n: openbadges.verify(signed[n], find_key=find_public_key, at=at))
    short: list = []
    timed("sign the short form of the QR code", count, lambda n: short.append(compact_of(issued[n], n, at)))
    timed("verify that", count, lambda n: read_compact(short[n], find_key=key_by_short_name))
    timed("draw the PDF", min(count, 30), lambda n: certificate_pdf(issued[n], n, at))
    marked = list(range(0, LIST_SIZE, 100))
    timed(f"sign a status list of {LIST_SIZE:,} with 1% set", 10, lambda n: status_list_of(0, "revocation", marked, at))
    print(
        f"a list with 1% set: {len(openbadges.encode_bits(marked)):,} bytes; empty: {len(openbadges.encode_bits([])):,}"
    )
    print(f"lists for 75 million adults: {75_000_000 // LIST_SIZE + 1:,} of {len(raw_bits([])):,} bytes unpacked each")


if __name__ == "__main__":
    main()
