"""Reading what the units below wrote, and taking sentences over into one's own report."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError, NotAllowed
from hocvuso.people.public import Capability, can, require
from hocvuso.programme import queries, rules
from hocvuso.programme.policies import officer, unit_within
from hocvuso.programme.services import pick_sentences
from hocvuso.programme.words import period_name
from hocvuso.units.public import breadcrumb


@require(Capability.SEE_FIGURES)
def gather(request: HttpRequest, line: str, code: str, period_code: str, part: str) -> HttpResponse:
    """One part of the reports below, sentence by sentence; ticked ones go into the unit's own part."""
    chosen = next((one for one in rules.PARTS if one.code == part), None)
    if chosen is None:
        raise Http404
    person = officer(request)
    unit = unit_within(person, line, code)
    period = queries.period_for(unit, period_code)
    content = queries.report_of(unit, period, clock.today())
    may_write = content.is_open and can(person, Capability.WRITE_REPORT, unit)
    if request.method == "POST":
        picks = [_pick(value) for value in request.POST.getlist("cau")]
        version = request.POST.get("version", "")
        try:
            pick_sentences(
                actor=person,
                unit=unit,
                period=period,
                part=part,
                picks=[pick for pick in picks if pick],
                version=int(version) if version.isdigit() else -1,
                at=clock.now(),
            )
        except NotAllowed:
            raise
        except HocVuSoError as error:
            messages.error(request, str(error))
            return redirect(request.get_full_path())
        words = ngettext(
            "%(number)d sentence is in your report now.", "%(number)d sentences are in your report now.", len(picks)
        )
        messages.success(request, words % {"number": len(picks)})
        return redirect("programme:report", unit.line, unit.code, period_code)
    page = queries.words_below(unit, period, part, request.GET.get("sau", ""))
    context = {
        "unit": unit,
        "way": breadcrumb(unit),
        "period": period,
        "name": period_name(period),
        "part": chosen,
        "parts": [(one.label, one.code) for one in rules.PARTS],
        "page": page,
        "next": urlencode({"sau": page.next}) if page.next else "",
        "version": content.version,
        "may_write": may_write,
    }
    return render(request, "programme/gather.html", context)


def _pick(value: str) -> tuple[int, int] | None:
    unit_id, _, place = value.partition(":")
    return (int(unit_id), int(place)) if unit_id.isdigit() and place.isdigit() else None
