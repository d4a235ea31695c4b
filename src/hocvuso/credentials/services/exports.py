"""Lists of names as files: one officer asks, a second approves, the file can be fetched for a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from hocvuso.credentials import policies
from hocvuso.credentials.choices import ConfirmationState, ExportPurpose, ExportState
from hocvuso.credentials.errors import ExportNotReady, NobodyToSend, TooManyListed
from hocvuso.credentials.models import Confirmation, ExportRequest
from hocvuso.credentials.queries import ListedConfirmation, confirmation_page
from hocvuso.credentials.services.shared import audit
from hocvuso.kernel.clock import local_date
from hocvuso.people.public import Person
from hocvuso.units.public import Unit

MOST_EXPORTED = 10_000
OPEN_FOR = timedelta(days=1)
PAGE = 500


@transaction.atomic
def ask_export(*, actor: Person, unit: Unit, state: str, purpose: str, at: datetime) -> ExportRequest:
    """Ask for the people of a unit whose result stands in a state, as a file. Nobody gets it before a second person approves.

    actor: an officer who proposes or confirms over the unit. Raises NotAllowed, OutOfReach, NobodyToSend, TooManyListed.
    """
    policies.check_either(actor, unit, local_date(at))
    listed, why = ConfirmationState(state), ExportPurpose(purpose)
    people = Confirmation.objects.filter(unit__path__startswith=unit.path, state=listed)[: MOST_EXPORTED + 1].count()
    if not people:
        raise NobodyToSend
    if people > MOST_EXPORTED:
        raise TooManyListed
    request = ExportRequest.objects.create(
        unit=unit, listed_state=listed, purpose=why, people=people, asked_by=actor.pk, asked_at=at
    )
    _audit("asked", request, actor, at)
    return request


@transaction.atomic
def decide_export(*, actor: Person, request: ExportRequest, approve: bool, at: datetime) -> ExportRequest:
    """Let a list out, or not. actor: a second officer of the unit. Raises NotAllowed, OutOfReach, SamePersonApproves,
    ExportNotReady (decided already)."""
    locked = ExportRequest.objects.select_for_update(of=("self",)).select_related("unit").get(pk=request.pk)
    policies.check_second_approves(actor, locked, local_date(at))
    if locked.state != ExportState.ASKED:
        raise ExportNotReady
    locked.state = ExportState.APPROVED if approve else ExportState.REFUSED
    locked.decided_by, locked.decided_at = actor.pk, at
    locked.save(update_fields=["state", "decided_by", "decided_at"])
    _audit("approved" if approve else "refused", locked, actor, at)
    return locked


def is_open(request: ExportRequest, at: datetime) -> bool:
    """Whether the file can be fetched now."""
    return (
        request.state == ExportState.APPROVED and request.decided_at is not None and at < request.decided_at + OPEN_FOR
    )


def export_rows(*, actor: Person, request: ExportRequest, at: datetime) -> Iterator[ListedConfirmation]:
    """The rows of an approved list, read page by page. Only who asked gets it; every fetching is written down.

    Raises NotAllowed, OutOfReach, ExportNotReady.
    """
    policies.check_either(actor, request.unit, local_date(at))
    if request.asked_by != actor.pk or not is_open(request, at):
        raise ExportNotReady
    _audit("fetched", request, actor, at)
    return _rows(request)


def _rows(request: ExportRequest) -> Iterator[ListedConfirmation]:
    rows = Confirmation.objects.filter(unit__path__startswith=request.unit.path, state=request.listed_state)
    after, given = "", 0
    while given < MOST_EXPORTED:
        page = confirmation_page(rows, after=after, size=PAGE)
        yield from page.rows
        given += len(page.rows)
        if not page.following:
            return
        after = page.following


def _audit(what: str, request: ExportRequest, actor: Person, at: datetime) -> None:
    audit(
        f"export.{what}",
        "confirmation_list",
        request.id,
        actor,
        at,
        unit_id=request.unit_id,
        new={"people": request.people, "state": request.listed_state, "purpose": request.purpose},
    )
