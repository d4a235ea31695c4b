"""Officers' pages: how people are tested, the bank of questions."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hocvuso.assessment import desk
from hocvuso.assessment.choices import ItemState
from hocvuso.assessment.errors import NoSuchItem, NoSuchPolicy, PolicyUnsound, ReasonMissing
from hocvuso.assessment.models import BankClock, Item, Policy
from hocvuso.assessment.officer_forms import VersionForm, begin_with
from hocvuso.assessment.policies import may_set_policies
from hocvuso.assessment.services import bank as bank_services
from hocvuso.assessment.services import policies as policy_services
from hocvuso.curriculum.public import skill_titles
from hocvuso.kernel import clock
from hocvuso.people.public import Capability, Group, Person, person_of, require


def _officer(request: HttpRequest) -> Person:
    return cast(Person, person_of(request))


@require(Capability.SEE_FIGURES)
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """Every group's test as it is today, and what comes."""
    groups = dict(Group.choices)
    rows = [(row, groups.get(row.policy.group, row.policy.group)) for row in desk.policy_rows(clock.today())]
    actor = _officer(request)
    context = {
        "rows": rows,
        "may_set": may_set_policies(actor),
        "waiting": len(desk.rescorings_for(actor, clock.today())),
    }
    return render(request, "assessment/officers/policies.html", context)


@require(Capability.SEE_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, code: str) -> HttpResponse:
    """One policy with all its versions; whoever may, makes the next one."""
    rows = desk.version_rows(code, clock.today())
    if not rows:
        raise NoSuchPolicy
    newest: Policy = rows[0].policy
    may_set = may_set_policies(_officer(request))
    form = VersionForm(request.POST or None, initial={**begin_with(newest), "valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            made = policy_services.make_version(actor=_officer(request), code=code, new=form.version(), at=clock.now())
        except PolicyUnsound as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("Version %(version)s is saved. Tests taken before it keep their results.")
                % {"version": made.version},
            )
            return redirect("assessment:policy", code)
    context = {
        "policy": newest,
        "group": dict(Group.choices).get(newest.group, newest.group),
        "rows": rows,
        "skills": skill_titles(),
        "form": form if may_set else None,
    }
    return render(request, "assessment/officers/policy.html", context, status=422 if form.errors else 200)


@require(Capability.AUTHOR)
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """The bank: how hard, how telling and how often shown each question is."""
    state, only = request.GET.get("trang-thai", ""), request.GET.get("ma", "")[:80].strip()
    state = state if state in ItemState.values else ""
    rows, after = desk.item_rows(after=request.GET.get("sau", "")[:80], state=state, only=only)
    kept = {key: value for key, value in {"trang-thai": state, "ma": only}.items() if value}
    context = {
        "rows": rows,
        "state": state,
        "only": only,
        "states": ItemState.choices,
        "next": f"?{urlencode({**kept, 'sau': after})}" if after else "",
        "papers": BankClock.objects.values_list("papers", flat=True).first() or 0,
    }
    return render(request, "assessment/officers/items.html", context)


@require(Capability.AUTHOR)
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One question of the bank; it can be retired, taken back, or declared void."""
    row = desk.item_row(get_object_or_404(Item, code=code))
    if request.method == "POST":
        if request.POST.get("state") not in ItemState.values:
            raise NoSuchItem
        state, now = ItemState(request.POST["state"]), clock.now()
        try:
            bank_services.set_state(
                actor=_officer(request), code=code, state=state, reason=request.POST.get("reason", ""), at=now
            )
        except ReasonMissing as refused:
            return render(request, "assessment/officers/item.html", {"row": row, "problem": str(refused)}, status=422)
        if state == ItemState.VOIDED:
            done = bank_services.rescore_voided(at=now)
            messages.success(
                request, _("The question is void. %(count)s results were computed again so far.") % {"count": done}
            )
        else:
            messages.success(request, _("Saved."))
        return redirect("assessment:item", code)
    return render(request, "assessment/officers/item.html", {"row": row})
