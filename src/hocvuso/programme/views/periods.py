"""Asking the units below for a report, and taking that back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.people.public import Capability, require
from hocvuso.programme import queries
from hocvuso.programme.forms import PeriodForm
from hocvuso.programme.policies import check_may_ask_for_reports, officer, unit_within
from hocvuso.programme.services import call_off_period, make_period
from hocvuso.units.public import breadcrumb, children


@require(Capability.WRITE_REPORT, Capability.APPROVE_REPORT)
def new_period(request: HttpRequest, line: str, code: str) -> HttpResponse:
    """Ask the units right below for a report; below the form, what was asked for."""
    person = officer(request)
    unit = unit_within(person, line, code)
    check_may_ask_for_reports(person, unit)
    form = PeriodForm(request.POST or None, below=list(children(unit)))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = make_period(
                actor=person,
                owner=unit,
                name=values["name"],
                first=values["first"],
                last=values["last"],
                due_on=values["due_on"] or values["last"],
                daily=values["rhythm"] == PeriodForm.DAILY,
                units=form.chosen,
                at=clock.now(),
            )
        except HocVuSoError as error:
            form.add_error(None, str(error))
        else:
            words = ngettext(
                "The units below now see the period “%(name)s” (%(days)d).",
                "The units below now see the %(days)d days of “%(name)s”.",
                len(made),
            )
            messages.success(request, words % {"name": made[0].name, "days": len(made)})
            return redirect(request.path)
    context = {"unit": unit, "way": breadcrumb(unit), "form": form, "made": queries.periods_made(unit)}
    return render(request, "programme/period_new.html", context, status=400 if form.errors else 200)


@require_POST
@require(Capability.WRITE_REPORT, Capability.APPROVE_REPORT)
def call_off(request: HttpRequest, line: str, code: str, period_code: str) -> HttpResponse:
    """Take a period back that nobody has begun to report on."""
    person = officer(request)
    unit = unit_within(person, line, code)
    period = queries.period_for(unit, period_code)
    try:
        call_off_period(actor=person, period=period, at=clock.now())
    except HocVuSoError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("“%(name)s” is called off. The units below no longer see it.") % {"name": period.name}
        )
    return redirect("programme:period-new", unit.line, unit.code)
