"""Officers propose, confirm, refuse, correct and revoke."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from hocvuso.credentials import services
from hocvuso.credentials.choices import ConfirmationState
from hocvuso.credentials.errors import NothingChosen, TooManyChosen
from hocvuso.credentials.models import Certificate, Confirmation
from hocvuso.credentials.queries import (
    both_reaches,
    chosen_within,
    confirmation_page,
    confirmations_within,
    count_by_state,
    history_of,
    states_of,
)
from hocvuso.evidence.public import RevocationReason
from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError, NotAllowed, NotFound
from hocvuso.people.public import Capability, Person, person_of, reach_of, require
from hocvuso.units.public import Unit

STEPS: dict[str, Any] = {
    "propose": services.propose_confirmation,
    "confirm": services.confirm,
    "refuse": services.refuse,
    "take-back": services.take_proposal_back,
    "correct": services.correct_rejected,
    "withdraw": services.withdraw,
}
STEP_DONE = {
    "propose": gettext_lazy("%(name)s is proposed. Another officer confirms."),
    "confirm": gettext_lazy("%(name)s is confirmed."),
    "refuse": gettext_lazy("%(name)s is refused, and reads your reason."),
    "take-back": gettext_lazy("The proposal of %(name)s is taken back."),
    "correct": gettext_lazy("%(name)s can be handed over again."),
    "withdraw": gettext_lazy("%(name)s is withdrawn."),
}
WITH_REASON = {"refuse", "withdraw"}
SIZES = (20, 50, 100)
TABS = (
    ConfirmationState.ELIGIBLE,
    ConfirmationState.PROPOSED,
    ConfirmationState.CONFIRMED,
    ConfirmationState.SENT,
    ConfirmationState.ACCEPTED,
    ConfirmationState.REFUSED,
    ConfirmationState.REJECTED,
    ConfirmationState.WITHDRAWN,
    ConfirmationState.REVOKED,
)


def _me(request: HttpRequest) -> Person:
    person = person_of(request)
    if person is None:
        raise NotFound
    return person


def _chosen_state(request: HttpRequest, *, confirms: bool) -> str:
    state = request.GET.get("tinh-trang", "")
    if state in ConfirmationState.values:
        return state
    return ConfirmationState.PROPOSED if confirms else ConfirmationState.ELIGIBLE


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.PROPOSE, Capability.CONFIRM, Capability.SEE_PEOPLE)
def confirmations(request: HttpRequest) -> HttpResponse:
    """The list by state; ticked people are proposed, confirmed, refused … together."""
    person = _me(request)
    reach = both_reaches(person)
    if request.method == "POST":
        return _take_step(request, person)
    proposes, confirms = (reach_of(person, c) for c in (Capability.PROPOSE, Capability.CONFIRM))
    state = _chosen_state(request, confirms=bool(confirms.roots))
    within = confirmations_within(reach)
    chosen_unit = _unit_of(request, reach)
    if chosen_unit is not None:
        within = within.filter(unit__path__startswith=chosen_unit.path)
    size = int(request.GET.get("so", "50")) if request.GET.get("so", "50") in {str(s) for s in SIZES} else 50
    name = request.GET.get("ten", "")[:80]
    page = confirmation_page(within.filter(state=state), after=request.GET.get("sau", "")[:90], name=name, size=size)
    counts = count_by_state(within)
    context = {
        "tabs": [(value, value.label, counts[value]) for value in TABS if counts[value] or value in TABS[:5]],
        "state": state,
        "state_label": ConfirmationState(state).label,
        "count": counts[state],
        "page": page,
        "name": name,
        "size": size,
        "sizes": SIZES,
        "paged": bool(request.GET.get("sau")),
        "unit": chosen_unit,
        "units": _units_below(reach),
        "me": person,
        "may_propose": bool(proposes.roots),
        "may_confirm": bool(confirms.roots),
        "query": _query(request),
    }
    return render(request, "credentials/confirmations.html", context)


def _query(request: HttpRequest) -> str:
    """The filters without the place in the list, for the next page and the export."""
    kept = request.GET.copy()
    kept.pop("sau", None)
    return kept.urlencode()


def _unit_of(request: HttpRequest, reach: Any) -> Unit | None:
    unit_id = request.GET.get("don-vi", "")
    if not unit_id.isdecimal() or len(unit_id) > 12:
        return None
    return Unit.objects.filter(reach.units(), pk=int(unit_id)).first()


def _units_below(reach: Any) -> list[Unit]:
    """The units within reach and their children, to filter by: at most 400."""
    found: list[Unit] = []
    for root in reach.roots:
        found += [root, *root.get_children().order_by("search_name", "pk")[:200]]
    return found[:400]


def _take_step(request: HttpRequest, person: Person) -> HttpResponse:
    step = STEPS.get(request.POST.get("viec", ""))
    if step is None:
        raise NothingChosen
    name = request.POST["viec"]
    capability = Capability.CONFIRM if name in {"confirm", "refuse"} else Capability.PROPOSE
    rows = chosen_within(reach_of(person, capability), request.POST.getlist("chon"))
    values = {"reason": request.POST.get("ly_do", "")} if name in WITH_REASON else {}
    try:
        outcome = services.in_bulk(step, actor=person, confirmations=rows, at=clock.now(), **values)
    except (NothingChosen, TooManyChosen) as error:
        messages.error(request, str(error))
    else:
        _tell(request, name, outcome)
    return redirect(f"{reverse('credentials:confirmations')}?{_query(request)}")


def _tell(request: HttpRequest, name: str, outcome: services.BulkOutcome) -> None:
    count = len(outcome.moved)
    if count == 1:
        messages.success(request, STEP_DONE[name] % {"name": outcome.moved[0].person.full_name})
    elif count:
        words = {
            "propose": ngettext("%(count)d person was proposed.", "%(count)d people were proposed.", count),
            "confirm": ngettext("%(count)d person was confirmed.", "%(count)d people were confirmed.", count),
            "refuse": ngettext("%(count)d person was refused.", "%(count)d people were refused.", count),
            "take-back": ngettext("%(count)d proposal was taken back.", "%(count)d proposals were taken back.", count),
            "correct": ngettext(
                "%(count)d person can be handed over again.", "%(count)d people can be handed over again.", count
            ),
            "withdraw": ngettext("%(count)d person was withdrawn.", "%(count)d people were withdrawn.", count),
        }
        messages.success(request, words[name] % {"count": count})
    reasons: dict[str, list[str]] = {}
    for confirmation, error in outcome.left:
        reasons.setdefault(str(error), []).append(confirmation.person.full_name)
    for reason, names in reasons.items():
        shown = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        messages.warning(
            request,
            _("Left as they were (%(count)d): %(names)s. %(reason)s")
            % {"count": len(names), "names": shown, "reason": reason},
        )


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.PROPOSE, Capability.CONFIRM, Capability.SEE_PEOPLE)
def confirmation(request: HttpRequest, person_id: UUID, confirmation_id: UUID) -> HttpResponse:
    """One person's result: its states, its history, and what may be done with it."""
    person = _me(request)
    row = (
        confirmations_within(both_reaches(person))
        .filter(person_id=person_id, id=confirmation_id)
        .select_related("person", "unit")
        .first()
    )
    if row is None:
        raise NotFound
    certificate = Certificate.objects.get(person_id=row.person_id, id=row.certificate_id)
    if request.method == "POST":
        try:
            _decide(request, person, row, certificate)
        except NotAllowed:
            raise
        except HocVuSoError as error:
            messages.error(request, str(error))
        return redirect("credentials:confirmation", person_id=row.person_id, confirmation_id=row.id)
    unit = row.unit
    proposes = unit is not None and reach_of(person, Capability.PROPOSE).covers(unit)
    confirms = unit is not None and reach_of(person, Capability.CONFIRM).covers(unit)
    context = {
        "row": row,
        "certificate": certificate,
        "states": states_of([certificate], [row])[certificate.id],
        "history": history_of(row),
        "may_propose": proposes,
        "may_confirm": confirms,
        "may_see_evidence": unit is not None and reach_of(person, Capability.SEE_PEOPLE).covers(unit),
        "own_proposal": row.proposed_by == person.pk,
        "key": f"{row.person_id}:{row.id}",
        "causes": [(value, label) for value, label in RevocationReason.choices if value != "IMPORT_UNDONE"],
    }
    return render(request, "credentials/confirmation.html", context)


def _decide(request: HttpRequest, person: Person, row: Confirmation, certificate: Certificate) -> None:
    """One step for one person, from the page of that person."""
    name, reason, at = request.POST.get("viec", ""), request.POST.get("ly_do", ""), clock.now()
    cause = request.POST.get("nguyen_nhan", "")
    if name == "correct-name":
        full_name = request.POST.get("ho_ten", "")
        services.correct_name(actor=person, certificate=certificate, full_name=full_name, reason=reason, at=at)
        messages.success(request, _("The corrected certificate is issued. The old code now points to it."))
    elif name == "revoke-certificate":
        services.revoke_certificate(actor=person, certificate=certificate, reason=reason, at=at, cause=cause)
        messages.success(request, _("The certificate is revoked. Whoever checks its code sees that."))
    elif name == "suspend-certificate":
        services.suspend_certificate(actor=person, certificate=certificate, reason=reason, at=at)
        messages.success(request, _("The certificate is suspended. Whoever checks its code sees that."))
    elif name == "resume-certificate":
        services.resume_certificate(actor=person, certificate=certificate, at=at)
        messages.success(request, _("The certificate counts again."))
    elif name == "revoke":
        services.revoke_confirmation(actor=person, confirmation=row, reason=reason, at=at, cause=cause)
        messages.success(request, _("The confirmation is revoked, and the figures follow."))
    elif name in STEPS:
        values = {"reason": reason} if name in WITH_REASON else {}
        STEPS[name](actor=person, confirmation=row, at=at, **values)
        messages.success(request, STEP_DONE[name] % {"name": certificate.full_name})
    else:
        raise NothingChosen
