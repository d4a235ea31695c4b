"""Officers' pages: a unit's dashboard, the people behind a figure, the evidence behind a person."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hocvuso.credentials.public import work_waiting
from hocvuso.indicators import behind, dashboards, queries, words
from hocvuso.indicators.choices import Sort
from hocvuso.indicators.forms import FindUnitForm
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.policies import officer, own_unit, unit_within
from hocvuso.indicators.waiting import waiting_elsewhere
from hocvuso.kernel import clock
from hocvuso.kernel.errors import NotFound
from hocvuso.kernel.models import record_audit
from hocvuso.people.public import Capability, Reach, can, get_unit_within, get_visible_person, reach_of, require
from hocvuso.units.public import Shape, Unit, breadcrumb, children

CHILDREN_PAGE = 20
SPARK_WEEKS = 12
TREND_WEEKS = 26


@require()
def home(request: HttpRequest) -> HttpResponse:
    """The dashboard of the person's own unit; who works elsewhere (assessors, authors) is led there."""
    if not reach_of(officer(request), Capability.SEE_FIGURES).roots:
        return redirect("web:after-sign-in")
    unit = own_unit(officer(request), Capability.SEE_FIGURES)
    return redirect("indicators:dashboard", unit.line, unit.code)


@require(Capability.SEE_FIGURES)
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The dashboard of a unit known by its id, for the switcher in the bar."""
    found = get_unit_within(officer(request), Capability.SEE_FIGURES, unit_id)
    return redirect("indicators:dashboard", found.line, found.code)


@require(Capability.SEE_FIGURES)
def find(request: HttpRequest) -> HttpResponse:
    """Units within reach whose code or name fits; without words, the person's own."""
    form = FindUnitForm(request.GET or None)
    text = form.cleaned_data["tim"] if form.is_bound and form.is_valid() else ""
    reach = reach_of(officer(request), Capability.SEE_FIGURES)
    if text:
        found = list(Unit.objects.on(clock.today()).filter(reach.units()).search(text)[:50])
    else:
        found = list(reach.roots)
    return render(
        request, "indicators/find.html", {"form": form, "text": text, "units": found, "ways": queries.ways_to(found)}
    )


@require(Capability.SEE_FIGURES)
def dashboard(request: HttpRequest, line: str, code: str) -> HttpResponse:
    """One unit: will it make its targets, why, and where to push. The part with the units below is also sent alone."""
    today = clock.today()
    unit, reach = unit_within(officer(request), Capability.SEE_FIGURES, line, code, today)
    moment = dashboards.moment(request.GET.get("ky", ""), today)
    figures = queries.figures(unit, moment.on, moment.since)
    answer = dashboards.answer(figures, moment.on)
    indicator = chosen_indicator(request.GET.get("chi-tieu", ""), figures, answer)
    below = queries.children_figures(unit, moment.on, indicator, sort_of(request))
    context = {
        "unit": unit,
        "moment": moment,
        "indicator": indicator,
        "query": query_of(moment, indicator, sort_of(request)),
        **children_context(request, below, indicator, moment),
    }
    if request.htmx and request.htmx.target == "units-below":  # type: ignore[attr-defined]
        return render(request, "indicators/_units_below.html", context)
    in_charge = queries.people_in_charge([unit], moment.on)
    context |= {
        "way": [(above, reach.covers(above)) for above in breadcrumb(unit)[:-1]],
        "kind_word": words.kind_word(unit.kind),
        "figures": [figure for figure in figures if figure.indicator.headline],
        "activity": [figure for figure in figures if not figure.indicator.headline],
        "answer": answer,
        "sources": sources_of(figures),
        "holders": dashboards.holders_of_half(below) if answer.focus and answer.focus.indicator == indicator else [],
        "steps": dashboards.steps(unit, moment.on),
        "breakdown": breakdown_rows(unit, figures, moment),
        "trend": queries.trend(unit, indicator, moment.on, TREND_WEEKS),
        "chosen": next(figure for figure in figures if figure.indicator == indicator),
        "has_shapes": Shape.objects.filter(unit__in=[figure.unit.pk for figure in below]).exists(),
        "in_charge": in_charge.get((unit.pk, "")),
        "in_charge_of": {key[1]: row for key, row in in_charge.items() if key[1]},
        "waiting": work_waiting(officer(request)),
        "waiting_elsewhere": waiting_elsewhere(officer(request), unit),
        "may_set": can(officer(request), Capability.SET_TARGETS, unit),
        "periods": dashboards.months_before(today),
        "today": today,
    }
    return render(request, "indicators/dashboard.html", context)


def sources_of(figures: list[queries.Figure]) -> list[tuple[str, date]]:
    """Where the denominators come from, each source and day once."""
    found = {
        (figure.whole.source or _("several sources"), figure.whole.source_on): None
        for figure in figures
        if figure.indicator.headline and figure.whole.people is not None and figure.whole.source_on
    }
    return [(source, day) for source, day in found if day]


def chosen_indicator(code: str, figures: list[queries.Figure], answer: dashboards.Answer) -> Indicator:
    """The indicator the reader chose; else the one that falls short most, else the first that is not reached."""
    known = {figure.indicator.code: figure.indicator for figure in figures}
    if code in known:
        return known[code]
    if answer.focus:
        return answer.focus.indicator
    open_ones = [figure.indicator for figure in figures if figure.outlook not in dashboards.WILL_REACH]
    return (open_ones or [figure.indicator for figure in figures])[0]


def sort_of(request: HttpRequest) -> str:
    sort = request.GET.get("xep", "")
    return sort if sort in Sort.values else Sort.ATTENTION


def query_of(moment: dashboards.Moment, indicator: Indicator, sort: str) -> dict[str, str]:
    """What the page's links keep."""
    kept = {"ky": moment.code, "chi-tieu": indicator.code, "xep": "" if sort == Sort.ATTENTION else sort}
    return {name: value for name, value in kept.items() if value}


def children_context(
    request: HttpRequest, below: list[queries.Figure], indicator: Indicator, moment: dashboards.Moment
) -> dict[str, Any]:
    """One page of the units below, with twelve weeks of each."""
    pages = max((len(below) + CHILDREN_PAGE - 1) // CHILDREN_PAGE, 1)
    number = request.GET.get("trang", "1")
    page = min(max(int(number), 1), pages) if number.isascii() and number.isdigit() else 1
    shown = below[(page - 1) * CHILDREN_PAGE : page * CHILDREN_PAGE]
    weekly = queries.weekly([figure.unit.pk for figure in shown], indicator, moment.on, SPARK_WEEKS)
    in_charge = queries.people_in_charge([figure.unit for figure in shown], moment.on)
    return {
        "children": [
            {
                "figure": figure,
                "weeks": weekly[figure.unit.pk],
                "in_charge": in_charge.get((figure.unit.pk, indicator.code)) or in_charge.get((figure.unit.pk, "")),
            }
            for figure in shown
        ],
        "children_count": len(below),
        "faulty_count": sum(1 for figure in below if figure.outlook == "OVER_WHOLE"),
        "unknown_count": sum(1 for figure in below if figure.outlook == "NO_DENOMINATOR"),
        "page": page,
        "pages": pages,
        "sort": sort_of(request),
        "sorts": Sort.choices,
        "spark_weeks": SPARK_WEEKS,
    }


def breakdown_rows(unit: Unit, figures: list[queries.Figure], moment: dashboards.Moment) -> list[dict[str, Any]]:
    """Women and people aged 60 and over among those reached (R-13), for the indicators that count somebody."""
    found = queries.breakdown(unit, moment.on, [figure.indicator for figure in figures])
    return [
        {
            "figure": figure,
            "women": found[figure.indicator.code]["FEMALE"],
            "aged": found[figure.indicator.code]["AGE60"],
        }
        for figure in figures
        if figure.people and figure.indicator.headline
    ]


@require(Capability.SEE_FIGURES)
def shapes(request: HttpRequest, line: str, code: str) -> JsonResponse:
    """The outlines of the units right below a unit as GeoJSON, each with its figure of one indicator."""
    today = clock.today()
    unit, _ = unit_within(officer(request), Capability.SEE_FIGURES, line, code, today)
    moment = dashboards.moment(request.GET.get("ky", ""), today)
    indicator = queries.get_indicator(request.GET.get("chi-tieu", "")) or queries.indicators()[0]
    outlines = {shape.unit_id: shape for shape in Shape.objects.filter(unit__in=children(unit, moment.on).values("pk"))}
    features = [
        {
            "type": "Feature",
            "geometry": outlines[figure.unit.pk].geometry,
            "properties": {
                "code": figure.unit.code,
                "name": figure.unit.name,
                "people": figure.people,
                "whole": figure.whole.people,
                "ratio": figure.ratio,
                "href": reverse("indicators:dashboard", args=[figure.unit.line, figure.unit.code]),
            },
        }
        for figure in queries.children_figures(unit, moment.on, indicator)
        if figure.unit.pk in outlines
    ]
    sources = sorted({outline.source for outline in outlines.values()})
    return JsonResponse({"type": "FeatureCollection", "features": features, "source": "; ".join(sources)})


@require(Capability.SEE_FIGURES)
def people(request: HttpRequest, line: str, code: str, indicator: str) -> HttpResponse:
    """The people whom a figure counts, newest first, fifty at a time."""
    found = queries.get_indicator(indicator)
    if found is None:
        raise NotFound
    return people_page(request, line, code, found)


@require(Capability.SEE_FIGURES)
def people_of_state(request: HttpRequest, line: str, code: str, milestone: str) -> HttpResponse:
    """The people of all groups who reached one of the four states, newest first, fifty at a time."""
    found = next((state for state in behind.FOUR_STATES if state.value == milestone), None)
    if found is None:
        raise NotFound
    return people_page(request, line, code, behind.WholeState(found))


def people_page(request: HttpRequest, line: str, code: str, found: Indicator | behind.WholeState) -> HttpResponse:
    """A page of the people whom an indicator or one of the four states counts in a unit."""
    today = clock.today()
    unit, reach = unit_within(officer(request), Capability.SEE_FIGURES, line, code, today)
    moment = dashboards.moment(request.GET.get("ky", ""), today)
    within = part_of(unit, request.GET.get("noi", ""), reach)
    figure: queries.Figure | dashboards.Step
    if isinstance(found, behind.WholeState):
        figure = next(row for row in dashboards.steps(within, moment.on) if row.milestone == found.milestone)
    else:
        figure = next(row for row in queries.figures(within, moment.on, moment.since) if row.indicator == found)
    page, following = behind.people_behind(
        viewer=officer(request),
        unit=within,
        indicator=found,
        on=moment.on,
        people=figure.people,
        after=request.GET.get("sau", ""),
    )
    context = {
        "unit": unit,
        "within": within,
        "below": list(children(unit, moment.on)[:200]),
        "way": [(above, reach.covers(above)) for above in breadcrumb(unit)],
        "figure": figure,
        "indicator": found,
        "moment": moment,
        "people": page,
        "following": following,
        "is_first": not request.GET.get("sau"),
        "names_hidden": any(not row.may_open and not row.erased for row in page),
    }
    return render(request, "indicators/people.html", context)


def part_of(unit: Unit, code: str, reach: Reach) -> Unit:
    """The unit below with a code that the reader narrows the list to; the unit itself without one. Raises NotFound."""
    if not code:
        return unit
    below = children(unit).filter(code=code).first()
    if below is None or not reach.covers(below):
        raise NotFound
    return below


@require(Capability.SEE_PEOPLE)
def evidence(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """What the ledger says about one person, and the four states with their dates. Opening it is itself kept on record."""
    person = get_visible_person(officer(request), Capability.SEE_PEOPLE, person_id)
    record_audit(
        at=clock.now(),
        actor_id=officer(request).pk,
        action="indicators.evidence.opened",
        object_type="person",
        object_id=person.pk,
        unit_id=person.home_unit_id,
    )
    home_unit = Unit.objects.filter(Q(pk=person.home_unit_id)).first() if person.home_unit_id else None
    reach = reach_of(officer(request), Capability.SEE_FIGURES)
    context = {
        "person": person,
        "home_unit": home_unit,
        "way": [(above, reach.covers(above)) for above in breadcrumb(home_unit)] if home_unit else [],
        "states": [
            {
                "name": milestone.label,
                "state": "done" if standing else "",
                "on": standing.reached_on if standing else None,
            }
            for milestone, standing in behind.four_states(person.pk)
        ],
        "entries": behind.evidence_behind(person.pk),
    }
    return render(request, "indicators/evidence.html", context)
