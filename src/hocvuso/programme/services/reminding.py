"""Reminding units of reports they owe: by the unit above, and by the system before and after the day."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hocvuso.kernel.clock import VIETNAM, local_date
from hocvuso.kernel.models import record_audit
from hocvuso.kernel.vietnamese import short_date
from hocvuso.people.public import Account, Capability, Mandate, Person, roles_with
from hocvuso.programme import moves
from hocvuso.programme.choices import ReminderKind, Standing
from hocvuso.programme.models import Report, ReportPeriod, ReportReminder
from hocvuso.programme.policies import check_may_ask_for_reports
from hocvuso.programme.queries.handing_in import units_standing
from hocvuso.programme.words import period_name
from hocvuso.units.public import Unit, children

log = logging.getLogger(__name__)

# Nothing is sent between these hours of Viet Nam.
NIGHT_FROM, NIGHT_TO = time(21), time(7)
MOST_TRIES = 5
MAILS_AT_ONCE = 50
BATCH = 500


def is_night(at: datetime) -> bool:
    """Whether people sleep: 21:00 to 07:00 in Viet Nam."""
    clock = at.astimezone(VIETNAM).time()
    return clock >= NIGHT_FROM or clock < NIGHT_TO


@transaction.atomic
def remind(
    *, actor: Person, owner: Unit, period: ReportPeriod, words: str, only: Unit | None = None, at: datetime
) -> int:
    """Remind every unit right below that has not handed in (only: this one); answers how many, once a day each.

    They see it on their page at once; the e-mail waits for the morning. Raises NotAllowed. Writes the audit trail.
    """
    check_may_ask_for_reports(actor, owner)
    units = units_standing(owner, period, Standing.MISSING, at)
    if only is not None:
        units = units.filter(pk=only.pk)
    made = _remind(
        units.values_list("pk", flat=True), period, ReminderKind.ASKED, at, by=actor, words=words.strip()[:300]
    )
    if made:
        record_audit(
            at=at,
            actor_id=actor.id,
            action="programme.report.reminded",
            object_type="programme.ReportPeriod",
            object_id=period.code,
            unit_id=owner.pk,
            new={"units": made, "words": words},
        )
    return made


def remind_by_calendar(*, at: datetime) -> int:
    """The system's own reminders: the day before a report is owed, and the day after. Units that have an officer; twice without harm."""
    if is_night(at):
        return 0
    today = local_date(at)
    made = 0
    due = ReportPeriod.objects.filter(
        called_off_at__isnull=True, due_on__in=[today + timedelta(days=1), today - timedelta(days=1)]
    )
    for period in due.select_related("owner").order_by("due_on", "id"):
        kind = ReminderKind.SOON if period.due_on > today else ReminderKind.OVERDUE
        if period.series and kind == ReminderKind.SOON:
            continue  # a campaign's day has not begun the day before
        if ReportReminder.objects.filter(period=period, kind=kind, on=today).exists():
            continue
        made += _remind(_owing(period, today), period, kind, at)
    return made


def _owing(period: ReportPeriod, today: date) -> Iterable[int]:
    """Units with an officer of their own whose report is not handed in. One query."""
    written = Mandate.objects.on(today).filter(role__in=roles_with(Capability.WRITE_REPORT), unit=OuterRef("pk"))
    closed = Report.objects.filter(period=period, unit=OuterRef("pk")).exclude(
        state__in=[state.value for state in moves.OPEN]
    )
    units = Unit.objects.on(today)
    if period.owner is not None:
        asked = Q(pk__in=period.asked.values("unit"))
        units = units.filter(asked | Q(pk__in=children(period.owner).values("pk")) if period.everyone else asked)
    return units.filter(Exists(written), ~Exists(closed)).order_by("path").values_list("pk", flat=True)


@transaction.atomic
def _remind(
    unit_ids: Iterable[int],
    period: ReportPeriod,
    kind: ReminderKind,
    at: datetime,
    *,
    by: Person | None = None,
    words: str = "",
) -> int:
    today = local_date(at)
    known = set(ReportReminder.objects.filter(period=period, kind=kind, on=today).values_list("unit_id", flat=True))
    rows = [
        ReportReminder(
            period=period, unit_id=unit_id, kind=kind, on=today, at=at, by=by.id if by else None, words=words
        )
        for unit_id in unit_ids
        if unit_id not in known
    ]
    ReportReminder.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)


def mail_reminders(*, at: datetime) -> int:
    """Send the e-mails that wait, a few at a time, never at night; answers how many reminders were settled.

    A mail server that is away is asked again next time, five times in all. Nobody is written to about a report that came meanwhile.
    """
    if is_night(at):
        return 0
    waiting = list(
        ReportReminder.objects.filter(mailed_at__isnull=True, tries__lt=MOST_TRIES)
        .select_related("period", "unit")
        .order_by("at", "id")[:MAILS_AT_ONCE]
    )
    if not waiting:
        return 0
    handed_in = set(
        Report.objects.filter(period__in={row.period_id for row in waiting}, unit__in={row.unit_id for row in waiting})
        .exclude(state__in=[state.value for state in moves.OPEN])
        .values_list("period_id", "unit_id")
    )
    writers = _writers({row.unit_id for row in waiting}, local_date(at))
    connection = get_connection()
    settled = 0
    for row in waiting:
        accounts = [] if (row.period_id, row.unit_id) in handed_in else writers[row.unit_id]
        row.tries += 1
        try:
            row.mails = (
                connection.send_messages([_letter(row, account) for account in accounts]) or 0 if accounts else 0
            )
            row.mailed_at = at
            settled += 1
        except (OSError, SMTPException) as error:
            log.error("reminders not mailed: %s", type(error).__name__)  # its text may name the recipient
    ReportReminder.objects.bulk_update(waiting, ["mailed_at", "mails", "tries"], batch_size=BATCH)
    return settled


def _writers(unit_ids: set[int], today: date) -> dict[int, list[Account]]:
    """Accounts with an address of those who write the reports of these very units. Two queries."""
    held = Mandate.objects.on(today).filter(unit__in=unit_ids, role__in=roles_with(Capability.WRITE_REPORT))
    people: dict[int, set[UUID]] = defaultdict(set)
    for unit_id, person_id in held.values_list("unit_id", "person_id"):
        people[unit_id].add(person_id)
    everybody = {person for group in people.values() for person in group}
    accounts = {
        account.person_id: account
        for account in Account.objects.filter(person__in=everybody, is_active=True).exclude(email="")
    }
    return defaultdict(
        list, {unit_id: [accounts[one] for one in group if one in accounts] for unit_id, group in people.items()}
    )


def _letter(row: ReportReminder, account: Account) -> EmailMessage:
    with translation.override(account.language or "vi"):
        values = {"period": period_name(row.period), "unit": row.unit.name, "day": short_date(row.period.due_on)}
        late = row.kind == ReminderKind.OVERDUE
        subject = _("Report of %(period)s is overdue") if late else _("Report of %(period)s is owed by %(day)s")
        lines = [
            _("%(unit)s has not handed in its report of %(period)s. It is owed by %(day)s.") % values,
            _("The unit above adds: “%(words)s”") % {"words": row.words} if row.words else "",
            _("The figures are there already. Look, write what figures cannot say, and hand it in:"),
            settings.PUBLIC_URL + reverse("programme:report", args=[row.unit.line, row.unit.code, row.period.code]),
        ]
        return EmailMessage(subject % values, "\n\n".join(line for line in lines if line), to=[account.email])
