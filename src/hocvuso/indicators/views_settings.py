"""Officers' pages that set what figures are measured against: denominators, targets, who answers."""

from __future__ import annotations

import csv
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from hocvuso.indicators import queries, services, words
from hocvuso.indicators.choices import ImportState, TargetKind
from hocvuso.indicators.denominators import Denominators
from hocvuso.indicators.errors import FileNotReadable
from hocvuso.indicators.forms import DenominatorForm, PersonInChargeForm, TargetForm, UploadForm
from hocvuso.indicators.models import DenominatorImport, Target
from hocvuso.indicators.policies import officer, own_unit, unit_within
from hocvuso.indicators.reading import TEMPLATE_HEADINGS
from hocvuso.kernel import clock
from hocvuso.kernel.errors import NotFound
from hocvuso.people.choices import Group
from hocvuso.people.public import Capability, Person, can, require
from hocvuso.units.public import Unit, breadcrumb, children

PAGE = 50


@require(Capability.SEE_FIGURES)
def denominators_home(request: HttpRequest) -> HttpResponse:
    unit = own_unit(officer(request), Capability.SEE_FIGURES)
    return redirect("indicators:denominators", unit.line, unit.code)


@require(Capability.SEE_FIGURES)
def denominators(request: HttpRequest, line: str, code: str) -> HttpResponse:
    """The denominators of a unit and of those right below it; one can be given by hand."""
    today = clock.today()
    unit, reach = unit_within(officer(request), Capability.SEE_FIGURES, line, code, today)
    below = list(children(unit, today))
    may_set = can(officer(request), Capability.SET_TARGETS, unit)
    choices = [(place.pk, place.name) for place in [unit, *below]]
    form = DenominatorForm(request.POST or None, units=choices, initial={"on": today, "unit_id": unit.pk})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        given_to = next(place for place in [unit, *below] if place.pk == values["unit_id"])
        services.give_denominator(
            actor=officer(request),
            unit=given_to,
            group=values["group"],
            people=values["people"],
            on=values["on"],
            source=values["source"],
            source_on=values["on"],
            at=clock.now(),
        )
        messages.success(request, _("Saved. The figures of %(unit)s use it from now on.") % {"unit": given_to.name})
        return redirect("indicators:denominators", line, code)
    page = Paginator(below, PAGE).get_page(request.GET.get("trang"))
    wholes = Denominators(unit, below, Group.values, today)

    def row(place: Unit) -> dict[str, Any]:
        kept = [row for group in Group.values if (row := wholes.own_row(place.pk, group))]
        return {
            "unit": place,
            "cells": [
                {"group": words.group_word(group), "whole": wholes.of(place.pk, [group])} for group in Group.values
            ],
            "sources": list(dict.fromkeys((row.source, row.source_on) for row in kept)),
        }

    context = {
        "unit": unit,
        "way": [(above, reach.covers(above)) for above in breadcrumb(unit)[:-1]],
        "groups": [words.group_word(group) for group in Group.values],
        "own": row(unit),
        "rows": [row(place) for place in page],
        "page": page,
        "form": form,
        "upload": UploadForm(),
        "may_set": may_set,
        "imports": DenominatorImport.objects.filter(created_by=officer(request).pk, state=ImportState.DONE)
        .order_by("-created_at")
        .defer("rows", "errors")[:5],
    }
    return render(request, "indicators/denominators.html", context)


@require(Capability.SET_TARGETS)
def denominator_template(request: HttpRequest) -> HttpResponse:
    """An empty file with the headings and one example row."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="mau-so.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(TEMPLATE_HEADINGS)
    unit = own_unit(officer(request), Capability.SET_TARGETS)
    writer.writerow([unit.line, unit.code, Group.ADULT, "", clock.today().strftime("%d/%m/%Y"), "", ""])
    return response


@require_POST
@require(Capability.SET_TARGETS)
def denominator_upload(request: HttpRequest) -> HttpResponse:
    """Try a file: nothing is loaded yet."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, str(form.errors["file"][0]))
        return redirect("indicators:denominators-home")
    file = form.cleaned_data["file"]
    try:
        batch = services.try_import(actor=officer(request), file_name=file.name, content=file.read(), at=clock.now())
    except FileNotReadable as problem:
        messages.error(request, str(problem))
        return redirect("indicators:denominators-home")
    return redirect("indicators:denominator-import", batch.pk)


@require(Capability.SET_TARGETS)
def denominator_import(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """What a file would do; load it, or take a loaded one back."""
    if request.method == "POST":
        return _act_on_import(request, officer(request), import_id)
    batch = DenominatorImport.objects.filter(pk=import_id, created_by=officer(request).pk).first()
    if batch is None:
        raise NotFound
    fresh = [row for row in batch.rows if not row["same"]]
    context = {
        "batch": batch,
        "rows": [row | {"group_word": words.group_word(row["group"])} for row in batch.rows[:200]],
        "row_count": len(batch.rows),
        "fresh_count": len(fresh),
        "same_count": len(batch.rows) - len(fresh),
        "may_load": batch.state == ImportState.TRIED and not batch.errors and bool(fresh),
        "may_take_back": batch.state == ImportState.DONE,
    }
    return render(request, "indicators/denominator_import.html", context)


def _act_on_import(request: HttpRequest, actor: Person, import_id: uuid.UUID) -> HttpResponse:
    if "take_back" in request.POST:
        count = services.take_back_import(actor=actor, import_id=import_id, at=clock.now())
        text = ngettext("Taken back: %(count)s row.", "Taken back: %(count)s rows.", count)
    else:
        count = services.load_import(actor=actor, import_id=import_id, at=clock.now())
        text = ngettext("Loaded: %(count)s row.", "Loaded: %(count)s rows.", count)
    messages.success(request, text % {"count": count})
    return redirect("indicators:denominator-import", import_id)


@require(Capability.SEE_FIGURES)
def targets_home(request: HttpRequest) -> HttpResponse:
    unit = own_unit(officer(request), Capability.SEE_FIGURES)
    return redirect("indicators:targets", unit.line, unit.code)


@require(Capability.SEE_FIGURES)
def targets(request: HttpRequest, line: str, code: str) -> HttpResponse:
    """The targets of a unit, where each comes from, who answers, and the history; both can be set here."""
    today = clock.today()
    unit, reach = unit_within(officer(request), Capability.SEE_FIGURES, line, code, today)
    figures = [figure for figure in queries.figures(unit, today) if figure.indicator.headline]
    choices = [(figure.indicator.code, figure.indicator.short_title) for figure in figures]
    posted = request.POST if request.method == "POST" else None
    target_form = TargetForm(
        posted if posted and "set_target" in posted else None,
        indicators=choices,
        initial={"due_on": figures[0].target.due_on if figures and figures[0].target else None},
    )
    person_form = PersonInChargeForm(posted if posted and "set_person" in posted else None, indicators=choices)
    if target_form.is_bound and target_form.is_valid():
        values = target_form.cleaned_data
        services.set_target(
            actor=officer(request),
            unit=unit,
            indicator_code=values["indicator_code"],
            due_on=values["due_on"],
            kind=TargetKind(values["kind"]),
            ratio=target_form.ratio,
            people=values["people"],
            note=values["note"],
            at=clock.now(),
        )
        messages.success(request, _("The target is set. The row before it stays in the history."))
        return redirect("indicators:targets", line, code)
    if person_form.is_bound and person_form.is_valid():
        services.name_person_in_charge(
            actor=officer(request),
            unit=unit,
            name=person_form.cleaned_data["name"],
            title=person_form.cleaned_data["title"],
            indicator_code=person_form.cleaned_data["indicator_code"],
            on=today,
            at=clock.now(),
        )
        messages.success(request, _("Saved. The name stands beside the figures from today on."))
        return redirect("indicators:targets", line, code)
    in_charge = queries.people_in_charge([unit], today)
    context = {
        "unit": unit,
        "way": [(above, reach.covers(above)) for above in breadcrumb(unit)[:-1]],
        "rows": [
            {"figure": figure, "in_charge": in_charge.get((unit.pk, figure.indicator.code))} for figure in figures
        ],
        "in_charge": in_charge.get((unit.pk, "")),
        "titles": dict(choices),
        "history": history_of(unit),
        "target_form": target_form,
        "person_form": person_form,
        "may_set": can(officer(request), Capability.SET_TARGETS, unit),
    }
    return render(request, "indicators/targets.html", context)


def history_of(unit: Unit) -> list[dict[str, Any]]:
    """The unit's own targets, newest first, with the names of who set them. Two queries."""
    rows = list(Target.objects.filter(unit=unit).order_by("-at", "-id")[:50])
    names = {
        person.pk: person.full_name
        for person in Person.objects.filter(pk__in={row.set_by for row in rows if row.set_by})
    }
    titles = {indicator.code: indicator.short_title for indicator in queries.indicators()}
    return [
        {
            "target": row,
            "set_by": names.get(row.set_by, "") if row.set_by else "",
            "title": titles.get(row.indicator_code, row.indicator_code),
        }
        for row in rows
    ]
