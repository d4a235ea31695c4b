"""Pages for those who lead meetings, and for officers and authors: run a pack, meetings held, what covers which skill."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvuso.curriculum import meetings, queries
from hocvuso.curriculum.coverage import coverage_of, frameworks_shown
from hocvuso.curriculum.errors import MeetingInFuture, MoreHandsThanPeople, PackNotFound
from hocvuso.curriculum.forms import MeetingRunForm
from hocvuso.kernel.clock import now, today
from hocvuso.kernel.ids import new_id
from hocvuso.people.public import Capability, get_unit_within, person_of, reach_of, require, units_with
from hocvuso.units.public import Unit, children

# Enough for a ward with its neighbourhoods; whoever holds more chooses the unit above.
MOST_UNITS = 300


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead a meeting from one phone: part by part, hands counted, recorded at the end by whoever holds a mandate."""
    digest = queries.current_digest("meeting", slug)
    if digest is None:
        raise PackNotFound
    content = queries.content_of(digest)
    person = person_of(request)
    units = _units_of(person) if person else []
    form = MeetingRunForm(
        request.POST if request.method == "POST" else None,
        units=units,
        quiz=content["quiz"],
        initial={"run": new_id(), "held_on": today(), "unit": units[0].pk if units else None},
    )
    if request.method == "POST" and person and units and form.is_valid():
        try:
            meetings.record_meeting(
                actor=person,
                run_id=form.cleaned_data["run"],
                digest=digest,
                unit=get_unit_within(person, Capability.PROPOSE, form.cleaned_data["unit"]),
                held_on=form.cleaned_data["held_on"],
                people_present=form.cleaned_data["people_present"],
                hands=form.hands(),
                at=now(),
            )
        except (MeetingInFuture, MoreHandsThanPeople) as problem:
            form.add_error(
                "held_on" if isinstance(problem, MeetingInFuture) else "people_present", str(problem.message)
            )
        else:
            messages.success(request, _("The meeting has been recorded."))
            return redirect("curriculum:runs")
    context = {"pack": content, "form": form, "may_record": bool(units), "signed_in": person is not None}
    return render(request, "curriculum/run.html", context, status=422 if form.errors else 200)


def _units_of(person: object) -> list[Unit]:
    """The units somebody may record for: the roots of their mandates and what lies directly below."""
    roots = units_with(person, Capability.PROPOSE)  # type: ignore[arg-type]
    found = list(roots)
    for root in roots[:5]:
        found += list(children(root, today())[:MOST_UNITS])
    return found[:MOST_UNITS]


@require_safe
@require(Capability.SEE_FIGURES)
def held(request: HttpRequest) -> HttpResponse:
    """Meetings held in the units within reach, the newest first."""
    within = reach_of(person_of(request), Capability.SEE_FIGURES).paths("unit__path")
    rows, following = meetings.runs_page(within=within, after=request.GET.get("sau", ""))
    day = today()
    context = {
        "rows": rows,
        "following": following,
        "this_year": meetings.meetings_held(within=within, since=day.replace(month=1, day=1), until=day),
    }
    return render(request, "curriculum/runs.html", context)


@require_safe
@require(Capability.AUTHOR, Capability.SEE_FIGURES)
def coverage(request: HttpRequest) -> HttpResponse:
    """Which skill of which framework has which lessons, practices and questions."""
    frameworks = frameworks_shown()
    chosen = next((one for one in frameworks if one.slug == request.GET.get("khung")), None)
    chosen = chosen or next((one for one in frameworks if one.slug == "ndct"), frameworks[0] if frameworks else None)
    context = {"frameworks": frameworks, "chosen": chosen, "rows": coverage_of(chosen) if chosen else []}
    return render(request, "curriculum/coverage.html", context)
