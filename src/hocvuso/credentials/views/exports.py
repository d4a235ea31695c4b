"""Lists of names as files, let out by a second person."""

from __future__ import annotations

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hocvuso.credentials import services
from hocvuso.credentials.choices import ConfirmationState, ExportPurpose, ExportState
from hocvuso.credentials.errors import ExportNotReady, NobodyToSend, TooManyListed
from hocvuso.credentials.models import ExportRequest
from hocvuso.credentials.queries import ListedConfirmation, deciding_reach, exports_within, names_of
from hocvuso.credentials.services.exports import is_open
from hocvuso.kernel import clock
from hocvuso.kernel.errors import NotFound
from hocvuso.kernel.vietnamese import short_date
from hocvuso.people.public import Capability, Person, Reach, person_of, require
from hocvuso.units.public import Unit

PAGE_SIZE = 50


def _me(request: HttpRequest) -> Person:
    person = person_of(request)
    if person is None:
        raise NotFound
    return person


def _get(reach: Reach, request_id: UUID) -> ExportRequest:
    found = exports_within(reach).filter(pk=request_id).first()
    if found is None:
        raise NotFound
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.PROPOSE, Capability.CONFIRM)
def exports(request: HttpRequest) -> HttpResponse:
    """Ask for a list, approve somebody else's, fetch one's own."""
    person = _me(request)
    reach = deciding_reach(person)
    if request.method == "POST":
        _take_step(request, person, reach)
        return redirect("credentials:exports")
    at = clock.now()
    listed = list(exports_within(reach).order_by("-asked_at", "-id")[:PAGE_SIZE])
    names = names_of({item.asked_by for item in listed} | {item.decided_by for item in listed})
    state = request.GET.get("tinh-trang", "")
    context = {
        "rows": [
            {
                "request": item,
                "asker": names.get(item.asked_by, ""),
                "decider": names.get(item.decided_by, ""),
                "own": item.asked_by == person.pk,
                "open": is_open(item, at),
                "waits": item.state == ExportState.ASKED,
                "over": item.state == ExportState.APPROVED and not is_open(item, at),
            }
            for item in listed
        ],
        "waiting": sum(1 for item in listed if item.state == ExportState.ASKED and item.asked_by != person.pk),
        "units": reach.roots,
        "states": ConfirmationState.choices,
        "state": state if state in ConfirmationState.values else ConfirmationState.CONFIRMED,
        "purposes": ExportPurpose.choices,
    }
    return render(request, "credentials/exports.html", context)


def _take_step(request: HttpRequest, person: Person, reach: Reach) -> None:
    what, at = request.POST.get("viec", ""), clock.now()
    try:
        if what == "ask":
            services.ask_export(actor=person, at=at, **_asked(request, reach))
            messages.success(
                request, _("Asked. A second person of your unit approves it, then you can fetch it for a day.")
            )
            return
        wanted = request.POST.get("ma", "")
        found = next(
            (one for one in exports_within(reach).filter(state=ExportState.ASKED) if str(one.pk) == wanted), None
        )
        if found is None:
            raise ExportNotReady
        services.decide_export(actor=person, request=found, approve=what == "approve", at=at)
        messages.success(
            request, _("Approved. Who asked can fetch it for a day.") if what == "approve" else _("Refused.")
        )
    except (ExportNotReady, NobodyToSend, TooManyListed) as error:
        messages.error(request, _("Nobody stands in this list now.") if isinstance(error, NobodyToSend) else str(error))


def _asked(request: HttpRequest, reach: Reach) -> dict[str, Any]:
    unit_id, state = request.POST.get("don_vi", ""), request.POST.get("tinh_trang", "")
    purpose = request.POST.get("muc_dich", "")
    unit = next((root for root in reach.roots if str(root.pk) == unit_id), None)
    if unit is None or state not in ConfirmationState.values or purpose not in ExportPurpose.values:
        raise ExportNotReady
    return {"unit": Unit.objects.get(pk=unit.pk), "state": state, "purpose": purpose}


@require_safe
@require(Capability.PROPOSE, Capability.CONFIRM)
def file(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The approved list as CSV for a spreadsheet; without numbers or birth dates."""
    person = _me(request)
    found = _get(deciding_reach(person), request_id)
    rows = services.export_rows(actor=person, request=found, at=clock.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="xac-nhan-{found.listed_state.lower()}.csv"'
    response["Cache-Control"] = "private, no-store"
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(
        [
            _("Name"),
            _("Where they live"),
            _("Certificate"),
            _("Result (%)"),
            _("Passed on"),
            _("State"),
            _("Since"),
            _("Proposed by"),
            _("Decided by"),
            _("Reason"),
        ]
    )
    for item in rows:
        writer.writerow([_plain(value) for value in _cells(item)])
    return response


def _cells(item: ListedConfirmation) -> list[object]:
    row, held = item.confirmation, item.certificate
    return [
        held.full_name if held else row.person.full_name,
        row.unit.name if row.unit else "",
        held.code if held else "",
        held.score_percent if held else "",
        short_date(held.issued_at) if held else "",
        row.get_state_display(),
        short_date(row.state_changed_at),
        item.proposer,
        item.decider,
        row.reason,
    ]


def _plain(value: object) -> object:
    """A cell that a spreadsheet does not run as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value
