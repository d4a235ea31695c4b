"""Pages of integrity: re-checks to work through, random re-tests, and the public page of a draw."""

from __future__ import annotations

import csv
import uuid
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from hocvuso.assessment.integrity import queries, rules, services
from hocvuso.assessment.integrity.errors import NoSuchCase
from hocvuso.assessment.models import RetestDraw
from hocvuso.assessment.models.integrity import CaseReason, CaseState
from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.ids import parse_id
from hocvuso.people.public import Capability, Person, get_unit_within, person_of, require, units_with


def _me(request: HttpRequest) -> Person:
    person = person_of(request)
    if person is None:
        raise NoSuchCase
    return person


@require_safe
@require(Capability.AUDIT)
def cases(request: HttpRequest) -> HttpResponse:
    """What waits to be looked at again, and what was decided."""
    me, state = _me(request), request.GET.get("tinh-trang", "")
    state = state if state in CaseState.values else CaseState.OPEN.value
    rows = queries.page_of_cases(me, clock.today(), state, parse_id(request.GET.get("sau", "")))
    more = len(rows) > queries.PAGE_SIZE
    rows = rows[: queries.PAGE_SIZE]
    numbers = queries.counts(me, clock.today())
    context = {
        "rows": rows,
        "state": state,
        "tabs": [(value, label, numbers.get(value, 0)) for value, label in CaseState.choices],
        "waiting": numbers.get(CaseState.OPEN, 0),
        "following": rows[-1].pk if more else "",
        "paged": "sau" in request.GET,
    }
    return render(request, "assessment/integrity/cases.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.AUDIT)
def case(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """One re-check: what stands out, whom it touches, the decision."""
    me = _me(request)
    found = services.get_case(me, case_id, clock.today())
    if request.method == "POST":
        state, _colon, reason = request.POST.get("quyet_dinh", "").partition(":")
        try:
            services.decide(actor=me, case=found, state=state, reason=reason, at=clock.now())
            messages.success(request, _("Written down with your name and the time."))
        except HocVuSoError as error:
            messages.error(request, str(error))
        return redirect("assessment:case", case_id=found.pk)
    labels = dict(CaseReason.choices)
    decisions = [
        (target, target.label, [(reason, labels[reason]) for reason in reasons])
        for target, (sources, reasons) in rules.MOVES.items()
        if found.state in sources
    ]
    context = {"case": found, "members": queries.members_of(found), "decisions": decisions}
    return render(request, "assessment/integrity/case.html", context)


class DrawForm(forms.Form):
    """A list to draw re-tests from."""

    unit = forms.TypedChoiceField(label=gettext_lazy("Unit"), coerce=int)
    since = forms.DateField(
        label=gettext_lazy("Passed from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("Passed until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    wanted = forms.IntegerField(label=gettext_lazy("How many to draw"), min_value=1, max_value=1000, initial=20)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.AUDIT)
def draws(request: HttpRequest) -> HttpResponse:
    """Random re-tests: fix a list; the seed comes by itself with the next daily seal."""
    me = _me(request)
    today = clock.today()
    form = DrawForm(request.POST or None, initial={"since": today - timedelta(days=30), "until": today})
    form.fields["unit"].choices = [(unit.pk, unit.name) for unit in units_with(me, Capability.AUDIT)]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = services.fix_list(
                actor=me,
                unit=get_unit_within(me, Capability.AUDIT, told["unit"]),
                since=told["since"],
                until=told["until"],
                wanted=told["wanted"],
                at=clock.now(),
            )
        except HocVuSoError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The list is fixed. Nobody can change it now."))
            return redirect("assessment:draw", draw_id=made.pk)
    context = {"form": form, "rows": queries.draws_within(me, today)[: queries.PAGE_SIZE]}
    return render(request, "assessment/integrity/draws.html", context, status=422 if form.errors else 200)


@require_safe
@require(Capability.AUDIT)
def draw(request: HttpRequest, draw_id: uuid.UUID) -> HttpResponse:
    """One draw with the names of those to invite."""
    found = queries.draws_within(_me(request), clock.today()).filter(pk=draw_id).first()
    if found is None:
        raise NoSuchCase
    return render(request, "assessment/integrity/draw.html", {"draw": found, "picked": queries.picked_people(found)})


@require_safe
def public_draw(request: HttpRequest, draw_id: uuid.UUID) -> HttpResponse:
    """For everybody: the seed, the hash of the list, and how to draw again. No names."""
    found = get_object_or_404(RetestDraw.objects.select_related("unit"), pk=draw_id)
    return render(request, "assessment/integrity/public.html", {"draw": found})


@require_safe
def public_list(request: HttpRequest, draw_id: uuid.UUID) -> StreamingHttpResponse:
    """The list of a draw as CSV: codes that say nothing about anybody."""
    found = get_object_or_404(RetestDraw, pk=draw_id)

    class Echo:
        def write(self, value: str) -> str:
            return value

    writer = csv.writer(Echo())
    lines = (writer.writerow([code, int(picked)]) for code, picked in queries.list_of(found))
    header = writer.writerow(["ma", "duoc_rut"])
    response = StreamingHttpResponse((line for part in ([header], lines) for line in part), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="danh-sach-rut-mau-{found.pk}.csv"'
    response["Cache-Control"] = "public, max-age=60"
    return response
