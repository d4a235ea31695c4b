"""Who did what to a report, when, why and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hocvuso.people.public import Person
from hocvuso.programme.choices import ReportState, Verb
from hocvuso.programme.models import Report


@dataclass(frozen=True)
class HistoryLine:
    """who: empty when the system did it. digest: of what was handed in, on the lines that hand in or lock."""

    at: datetime
    who: str
    verb: str
    words: str
    target: str
    remark: str
    until: date | None
    digest: str


def history_of(report: Report) -> list[HistoryLine]:
    """Every move of a report, the newest first. Two queries."""
    rows = list(report.moves.select_related("edition").order_by("-at", "-id"))
    names = dict(Person.objects.filter(pk__in={row.actor_id for row in rows}).values_list("pk", "full_name"))
    return [
        HistoryLine(
            at=row.at,
            who=names.get(row.actor_id, "") if row.actor_id else "",
            verb=row.verb,
            words=str(Verb(row.verb).label),
            target=str(ReportState(row.target).label),
            remark=row.remark,
            until=row.until,
            digest=row.edition.digest if row.edition and row.verb in {Verb.HAND_IN, Verb.LOCK, Verb.RELOCK} else "",
        )
        for row in rows
    ]
