"""What evidence tells for tables T2 and T3."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from hocvuso.curriculum.public import Service, meetings_held
from hocvuso.evidence.public import Assurance, Evidence, EvidenceKind
from hocvuso.kernel.clock import VIETNAM
from hocvuso.people.public import Membership
from hocvuso.programme.models import Report, ReportPeriod
from hocvuso.units.choices import Kind, Line
from hocvuso.units.public import Unit, children

# Units too large to count occasions in: they add up what the units below handed in.
LARGE = {Kind.NATION, Kind.PROVINCE, Kind.CITY, Kind.UNION_UPPER}
_QR = (Service.QR, Service.PAYMENT, Service.WALLET)
MOST_ROWS = 60


@dataclass(frozen=True)
class Support:
    """One row of T2. *times* are occasions, people head-counts (each once). None is missing, which is not nought.

    used_times: a digital service used for real; helped_times: of these, attested by a helper; helped_people: who they were.
    """

    title: str
    used_times: int | None
    helped_times: int | None
    helped_people: int | None
    vneid_times: int | None
    services_times: int | None
    payment_times: int | None


@dataclass(frozen=True)
class Computed:
    """Tables as evidence tells them. parts, whole: a large unit adds up the reports of `parts` of `whole` units below."""

    support: tuple[Support, ...]
    meetings_times: int
    meetings_people: int
    parts: int | None = None
    whole: int | None = None

    def plain(self) -> dict[str, object]:
        """For keeping in an edition."""
        return {**asdict(self), "support": [asdict(row) for row in self.support]}


def read_computed(values: dict[str, object]) -> Computed:
    rows = tuple(Support(**row) for row in values["support"])  # type: ignore[attr-defined]
    return Computed(**{**values, "support": rows})  # type: ignore[arg-type]


_NUMBERS = ("used_times", "helped_times", "helped_people", "vneid_times", "services_times", "payment_times")


def computed_tables(unit: Unit, period: ReportPeriod, as_of: date) -> Computed:
    """T2 and the meetings of T3 for a unit and period. At most six queries."""
    within = Q(unit__path__range=(unit.path, unit.path + "Z" * 20))
    meetings = meetings_held(within=within, since=period.first, until=as_of)
    if unit.kind in LARGE:
        rows, parts, whole = _added_up(unit, period)
        return Computed(rows, meetings.times, meetings.people, parts, whole)
    return Computed(_counted(unit, period, as_of), meetings.times, meetings.people)


def _added_up(unit: Unit, period: ReportPeriod) -> tuple[tuple[Support, ...], int, int]:
    """The sum of what the units below handed in. A person lives in one unit, so people may be added along the territory."""
    below = children(unit)
    rows = list(
        Report.objects.filter(period=period, unit__in=below.order_by().values("pk"), edition__isnull=False)
        .values_list("edition__content__tables__support__0", flat=True)
        .iterator(chunk_size=500)
    )
    known = [row for row in rows if isinstance(row, dict)]
    sums: dict[str, int | None] = {
        name: sum(row.get(name) or 0 for row in known) if known else None for name in _NUMBERS
    }
    return (Support(title=unit.name, **sums),), len(known), below.count()


def _counted(unit: Unit, period: ReportPeriod, as_of: date) -> tuple[Support, ...]:
    """The unit's own row first, then the units right below it (in the territory, where each person has one home)."""
    begin = datetime.combine(period.first, time(), tzinfo=VIETNAM)
    end = datetime.combine(as_of + timedelta(days=1), time(), tzinfo=VIETNAM)
    revoked = Evidence.objects.filter(person_id=OuterRef("person_id"), revokes=OuterRef("id"))
    uses = Evidence.objects.filter(
        ~Exists(revoked),
        kind=EvidenceKind.SERVICE_USED,
        recorded_on__gte=period.first,
        occurred_at__gte=begin,
        occurred_at__lt=end,
    )
    if unit.line != Line.TERRITORY:
        members = Membership.objects.on(as_of).filter(unit__path__startswith=unit.path)
        return (_row(unit.name, uses.filter(person__in=members.values("person")).aggregate(**_COUNTS)),)
    homes = Unit.objects.under(unit).order_by()
    by_path: dict[str, dict[str, int]] = {}
    here = uses.filter(person__home_unit__in=homes.values("pk")).values("person__home_unit__path")
    for counts in here.annotate(**_COUNTS).order_by():
        by_path[counts["person__home_unit__path"]] = {name: int(str(counts[name])) for name in _NUMBERS}  # type: ignore[literal-required]
    below = children(unit)[:MOST_ROWS]
    # Each person has one home, so head-counts of homes may be added.
    return tuple(_row(one.name, _sum(by_path, one.path)) for one in (unit, *below))


def _sum(by_path: dict[str, dict[str, int]], path: str) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int, dict.fromkeys(_NUMBERS, 0))
    for home, counts in by_path.items():
        if home.startswith(path):
            for name, number in counts.items():
                found[name] += number
    return found


_HELPED = Q(assurance__gte=Assurance.ATTESTED)
_COUNTS = {
    "used_times": Count("id"),
    "helped_times": Count("id", filter=_HELPED),
    "helped_people": Count("person_id", filter=_HELPED, distinct=True),
    "vneid_times": Count("id", filter=Q(subject=f"service:{Service.VNEID}")),
    "services_times": Count("id", filter=Q(subject=f"service:{Service.PUBLIC_SERVICES}")),
    "payment_times": Count("id", filter=Q(subject__in=[f"service:{one}" for one in _QR])),
}


def _row(title: str, counts: dict[str, int]) -> Support:
    return Support(title=title, **{name: counts[name] for name in _NUMBERS})
