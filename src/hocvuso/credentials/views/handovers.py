"""Hand-over to VNeID, batch by batch."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hocvuso.credentials import handover
from hocvuso.credentials.choices import BatchState, DeliveryState, RowOutcome
from hocvuso.credentials.errors import AnswerNotSigned, BadResponseFile, BatchNotReady, NoAnswerKey, NobodyToSend
from hocvuso.credentials.models import HandoverBatch
from hocvuso.credentials.queries import batches_within, dead_letters, deciding_reach, names_of, outcome_counts
from hocvuso.kernel import clock
from hocvuso.kernel.errors import NotFound
from hocvuso.kernel.ids import parse_id
from hocvuso.people.public import (
    Capability,
    Person,
    get_unit_within,
    person_of,
    reach_of,
    require,
)

PAGE_SIZE = 50


def _me(request: HttpRequest) -> Person:
    person = person_of(request)
    if person is None:
        raise NotFound
    return person


def _batch(person: Person, batch_id: UUID) -> HandoverBatch:
    found = batches_within(deciding_reach(person)).filter(pk=batch_id).first()
    if found is None:
        raise NotFound
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.PROPOSE, Capability.CONFIRM)
def batches(request: HttpRequest) -> HttpResponse:
    """Who can be handed over, who lacks what, and the batches so far."""
    person = _me(request)
    reach = deciding_reach(person)
    unit = reach.roots[0]
    wanted = request.POST.get("don_vi") or request.GET.get("don-vi") or ""
    if wanted.isdecimal() and len(wanted) <= 12:
        unit = next((root for root in reach.roots if root.pk == int(wanted)), unit)
    if request.method == "POST":
        unit = get_unit_within(person, Capability.PROPOSE, unit.pk)
        try:
            made = handover.prepare_batch(actor=person, unit=unit, at=clock.now())
        except (NobodyToSend, BatchNotReady) as error:
            messages.error(request, str(error))
            return redirect("credentials:handovers")
        messages.success(request, _("The batch is prepared. A second person releases it."))
        return redirect("credentials:handover", batch_id=made.pk)
    state = handover.readiness(unit)
    listed = list(batches_within(reach).order_by("-prepared_at", "-id")[:PAGE_SIZE])
    context = {
        "unit": unit,
        "roots": reach.roots,
        "ready": len(state.ready),
        "lacking": state.lacking[:PAGE_SIZE],
        "lacking_count": len(state.lacking),
        "full": len(state.ready) + len(state.lacking) >= handover.MOST_IN_A_BATCH,
        "batches": listed,
        "dead": list(dead_letters(reach).order_by("-released_at", "-id")[:PAGE_SIZE]),
        "waiting": next((item for item in listed if item.state == BatchState.PREPARED), None),
        "may_prepare": reach_of(person, Capability.PROPOSE).covers(unit),
    }
    return render(request, "credentials/handovers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.PROPOSE, Capability.CONFIRM)
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One batch: release it, fetch its file, read the answer, see who is still without one."""
    person = _me(request)
    found = _batch(person, batch_id)
    result: handover.Reconciliation | None = None
    if request.method == "POST":
        try:
            result = _take_step(request, person, found)
        except (AnswerNotSigned, BadResponseFile, BatchNotReady, NoAnswerKey, NobodyToSend) as error:
            messages.error(request, str(error))
        if result is None:
            return redirect("credentials:handover", batch_id=found.pk)
        found.refresh_from_db()
    rows = list(handover.rows_of(found, after=parse_id(request.GET.get("sau", "")), size=PAGE_SIZE))
    more = len(rows) > PAGE_SIZE
    counts = outcome_counts(found)
    officers = names_of({found.prepared_by, found.released_by})
    context = {
        "batch": found,
        "rows": rows[:PAGE_SIZE],
        "following": rows[PAGE_SIZE - 1].id if more else "",
        "counts": counts,
        "preparer": officers.get(found.prepared_by, ""),
        "releaser": officers.get(found.released_by, ""),
        "result": result,
        "stuck": found.state == BatchState.RELEASED
        and (found.delivery == DeliveryState.DEAD or bool(counts[RowOutcome.FAILED])),
        "by_hand": found.delivery == DeliveryState.BY_HAND,
        "may_release": reach_of(person, Capability.CONFIRM).covers(found.unit),
        "may_cancel": reach_of(person, Capability.PROPOSE).covers(found.unit),
        "own_batch": found.prepared_by == person.pk,
    }
    return render(request, "credentials/handover.html", context)


def _take_step(request: HttpRequest, person: Person, found: HandoverBatch) -> handover.Reconciliation | None:
    """Release, drop, or read the answer; the reconciliation of an answer."""
    what, at = request.POST.get("viec", ""), clock.now()
    if what == "release":
        handover.release_batch(actor=person, batch=found, at=at)
        messages.success(request, _("The batch is released. Fetch the file and hand it over."))
    elif what == "cancel":
        handover.cancel_batch(actor=person, batch=found, at=at)
        messages.success(request, _("The batch is dropped. Its people can go into the next one."))
    elif what == "retry":
        handover.retry_delivery(actor=person, batch=found, at=at)
        messages.success(request, _("It is tried again. Nobody is handed over twice."))
    elif what == "answer":
        file = request.FILES.get("tep")
        if file is None or (file.size or 0) > handover.MOST_ANSWER_BYTES:
            raise BadResponseFile
        return handover.import_answer(actor=person, batch=found, content=file.read(), at=at)
    else:
        raise BatchNotReady
    return None


@require_safe
@require(Capability.CONFIRM)
def file(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The signed file of a released batch."""
    person = _me(request)
    found = _batch(person, batch_id)
    content = handover.batch_file(actor=person, batch=found, at=clock.now())
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="vneid-{found.pk}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response
