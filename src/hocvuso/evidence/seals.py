"""Daily seals: closing a day of the ledger, and finding out later whether anybody touched it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from cryptography.exceptions import InvalidSignature
from django.db import transaction

from hocvuso.evidence.digests import digest_of, entry_of
from hocvuso.evidence.models import Evidence, OpenDay, PendingEvidence, Seal, Tombstone
from hocvuso.evidence.projector import (
    check_code,
    exclusive,
    project_all,
    project_day,
    take_lock,
    wait_for_writers,
)
from hocvuso.evidence.rules import NO_LINK, add_digests, chain_link, commitment
from hocvuso.kernel.clock import local_date
from hocvuso.kernel.crypto import signing_key
from hocvuso.kernel.merkle import merkle_root
from hocvuso.people.public import Person

KEY = "ledger-seal"
# A day is sealed only after this much of the next one has passed, so that what was under way at midnight has landed.
REST = timedelta(minutes=30)


def seal_days(*, at: datetime) -> list[Seal]:
    """Seal every day that has ended (in Viet Nam) and is not sealed yet, oldest first; answers the new seals."""
    last_day = local_date(at - REST) - timedelta(days=1)
    project_all()
    days = list(OpenDay.objects.filter(day__lte=last_day).order_by("day").values_list("day", flat=True))
    return [seal_day(day, at=at) for day in days]


@transaction.atomic
def seal_day(day: date, *, at: datetime) -> Seal:
    """Close one day: from now on any row added to it, changed in it or missing from it shows.

    Entries that landed since the last projection are worked in first: the sum of a sealed day is gone, so that a later
    projection would open the day again.
    """
    wait_for_writers()
    take_lock()
    project_day(day)
    previous = Seal.objects.order_by("-day").first()
    rows, root = _root(day)
    link = chain_link(previous.link if previous else NO_LINK, day, rows, root)
    seal = Seal.objects.create(
        day=day,
        rows=rows,
        root=root,
        previous=previous.link if previous else NO_LINK,
        link=link,
        signature=signing_key(KEY).sign(link.encode()).hex(),
        sealed_at=at,
    )
    OpenDay.objects.filter(day=day).delete()
    return seal


def _root(day: date) -> tuple[int, str]:
    count = 0

    def digests() -> Iterator[str]:
        nonlocal count
        for digest in (
            Evidence.objects.filter(recorded_on=day).order_by("id").values_list("digest", flat=True).iterator(5000)
        ):
            count += 1
            yield digest

    root = merkle_root(digests())
    return count, root


@dataclass
class VerifyReport:
    """How much was read and what is wrong, in sentences (at most 100)."""

    rows: int = 0
    days: int = 0
    problems: list[str] = field(default_factory=list)

    def tell(self, sentence: str) -> None:
        if len(self.problems) < 100:
            self.problems.append(sentence)


def verify() -> VerifyReport:
    """Read the whole ledger again and compare it with its digests, its sealed days and the sums of its open days.

    Finds a row that was changed, removed, or put into a day that is over. Memory stays flat.
    """
    with exclusive():
        return _verify()


def _verify() -> VerifyReport:
    report = VerifyReport()
    seals = list(Seal.objects.order_by("day"))
    _verify_chain(seals, report)
    sealed = {seal.day for seal in seals}
    open_days = {row.day: row for row in OpenDay.objects.all()}
    pending = set(PendingEvidence.objects.values_list("evidence_id", flat=True))
    present = set(Evidence.objects.order_by().values_list("recorded_on", flat=True).distinct())
    for seal in seals:
        _verify_sealed_day(seal, report)
    for day in sorted(open_days.keys() | (present - sealed)):
        _verify_open_day(day, open_days.get(day), pending, report)
    return report


def _verify_chain(seals: list[Seal], report: VerifyReport) -> None:
    key = signing_key(KEY).public_key()
    before = NO_LINK
    for seal in seals:
        report.days += 1
        if seal.previous != before or chain_link(before, seal.day, seal.rows, seal.root) != seal.link:
            report.tell(f"{seal.day}: the seal does not follow from the one before")
        try:
            key.verify(bytes.fromhex(seal.signature), seal.link.encode())
        except (InvalidSignature, ValueError):
            report.tell(f"{seal.day}: the seal is not signed by this system")
        before = seal.link


def _rows(day: date, report: VerifyReport) -> Iterator[tuple[uuid.UUID, str]]:
    """The day's ids and digests in the order of ids, each digest computed anew from what its row says."""
    tombstones = set(Tombstone.objects.values_list("id", flat=True))
    rows = Evidence.objects.filter(recorded_on=day).order_by("id").iterator(chunk_size=2000)
    while chunk := list(islice(rows, 2000)):
        salts = dict(Person.objects.filter(id__in={row.person_id for row in chunk}).values_list("id", "salt"))
        for row in chunk:
            report.rows += 1
            digest = digest_of(entry_of(row))
            if digest != row.digest:
                report.tell(f"{day}: entry {row.id} was changed")
            if local_date(row.recorded_at) != row.recorded_on:
                report.tell(f"{day}: entry {row.id} was moved to another day")
            salt = salts.get(row.person_id)
            if row.person_id not in tombstones and (salt is None or commitment(row.person_id, salt) != row.commitment):
                report.tell(f"{day}: entry {row.id} was given to another person")
            yield row.id, digest


def _verify_sealed_day(seal: Seal, report: VerifyReport) -> None:
    before = report.rows
    root = merkle_root(digest for _, digest in _rows(seal.day, report))
    count = report.rows - before
    if count != seal.rows:
        report.tell(
            f"{seal.day}: {count} entries, the seal says {seal.rows}: some were added or removed after the day ended"
        )
    elif root != seal.root:
        report.tell(f"{seal.day}: the entries are not those that were sealed")


def _verify_open_day(day: date, open_day: OpenDay | None, pending: set[uuid.UUID], report: VerifyReport) -> None:
    report.days += 1
    total, count = "0" * 64, 0
    waiting = (
        set(Evidence.objects.filter(recorded_on=day, id__in=pending).values_list("id", flat=True)) if pending else set()
    )
    digests: list[str] = []
    for row_id, digest in _rows(day, report):
        if row_id in waiting:
            continue
        count += 1
        digests.append(digest)
        if len(digests) >= 5000:
            total, digests = add_digests(total, digests), []
    total = add_digests(total, digests)
    expected = open_day or OpenDay(day=day)
    if open_day is not None and open_day.check_code != check_code(open_day):
        report.tell(f"{day}: the running sum of the day was changed by hand")
    if (count, total) != (expected.rows, expected.digest_sum):
        report.tell(
            f"{day}: {count} entries, the running sum has {expected.rows}: some were added, changed or removed by hand"
        )
