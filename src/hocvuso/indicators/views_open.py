"""Public figures for everybody: a plain page, and the same as open data."""

from __future__ import annotations

import csv
import json

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from hocvuso.indicators import openness
from hocvuso.indicators.forms import FindUnitForm
from hocvuso.indicators.queries import indicators, ways_to
from hocvuso.kernel import clock
from hocvuso.kernel.errors import NotFound
from hocvuso.units.public import Line, Unit, breadcrumb

CACHE_SECONDS = 600
ROWS_A_PAGE = 50
DICTIONARY = {
    "unit_code": _("Official code of the unit (nation, province or city, commune, ward or special zone)."),
    "unit_name": _("Name of the unit. Names repeat: match by code."),
    "unit_kind": _("What the unit is: NATION, PROVINCE, CITY, COMMUNE, WARD, SPECIAL_ZONE."),
    "indicator": _("Code of the indicator, the same on every page."),
    "indicator_version": _("Version of the rule. A version never changes what it counts."),
    "indicator_title": _("What the indicator counts, in the language of the page."),
    "on": _("The figure is as of the end of this day."),
    "people": _("People reached so far, each counted once. Empty when hidden."),
    "people_hidden": _("True when the count is not shown, so that nobody can be recognised."),
    "denominator": _("How many people the unit answers for. Empty means no figure yet, not zero."),
    "denominator_source": _("Who gave the denominator."),
    "denominator_on": _("The day of the denominator's source."),
    "ratio": _("people divided by denominator, 0 to 1. Over 1 means a fault in the data; it is never cut."),
    "target_ratio": _("The target as a ratio, 0 to 1."),
    "target_due_on": _("The day the target is due."),
}


def _public_unit(code: str) -> Unit:
    unit = openness.public_unit(code, clock.today())
    if unit is None:
        raise NotFound
    return unit


def home(request: HttpRequest) -> HttpResponse:
    """Begin where the figures are, or find a unit by name."""
    form = FindUnitForm(request.GET or None)
    text = form.cleaned_data["tim"].strip() if form.is_bound and form.is_valid() else ""
    today = clock.today()
    if text:
        found = Unit.objects.in_line(Line.TERRITORY).on(today).filter(kind__in=openness.PUBLIC_KINDS).search(text)
        matches = list(found[:31])
        if len(matches) == 1:
            return redirect("indicators:open-unit", matches[0].code)
        context = {"form": form, "text": text, "matches": matches[:30], "more": len(matches) > 30}
        return render(request, "indicators/open_find.html", context | {"ways": ways_to(matches)})
    unit = openness.first_unit(today)
    if unit is None:
        return render(request, "indicators/open_find.html", {"form": form, "matches": [], "nothing": True})
    return _page(request, unit)


def unit(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _public_unit(code))


def _page(request: HttpRequest, unit: Unit) -> HttpResponse:
    today = clock.today()
    whole_table = openness.public_table(unit, today)
    page = Paginator(whole_table, ROWS_A_PAGE).get_page(request.GET.get("trang"))
    table = page.object_list
    context = {
        "page": page,
        "place": unit,
        "way": breadcrumb(unit)[:-1],
        "figures": openness.public_figures(unit, today),
        "table": table,
        "heads": [cell.indicator for cell in table[0]] if table else [],
        "has_hidden": any(cell.hidden for row in table for cell in row),
        "form": FindUnitForm(),
        "today": today,
    }
    return render(request, "indicators/open.html", context)


def dictionary(request: HttpRequest) -> HttpResponse:
    """What every column of the open data means, and what each indicator counts."""
    context = {"columns": [(name, DICTIONARY[name]) for name in openness.COLUMNS], "indicators": indicators()}
    return render(request, "indicators/open_dictionary.html", context)


def _records(unit: Unit) -> list[openness.PublicFigure]:
    today = clock.today()
    rows = openness.public_figures(unit, today)
    return rows + [cell for row in openness.public_table(unit, today) for cell in row]


def csv_data(request: HttpRequest, code: str) -> HttpResponse:
    """The unit and those right below it, one row per indicator. UTF-8 with a mark, so that spreadsheets show the letters."""
    unit = _public_unit(code)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="hoc-vu-so-{unit.code}.csv"'
    response["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
    response.write("\ufeff")
    writer = csv.DictWriter(response, openness.COLUMNS)
    writer.writeheader()
    for figure in _records(unit):
        record = openness.as_record(figure)
        writer.writerow({name: _cell(value) for name, value in record.items()})
    return response


def _cell(value: object) -> object:
    """Text as spreadsheets must not run it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value


def json_data(request: HttpRequest, code: str) -> HttpResponse:
    unit = _public_unit(code)
    body = {
        "unit": {"code": unit.code, "name": unit.name},
        "on": clock.today().isoformat(),
        "columns": {name: str(text) for name, text in DICTIONARY.items()},
        "licence": "CC BY 4.0",
        "rows": [openness.as_record(figure) for figure in _records(unit)],
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/json; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
    response["Access-Control-Allow-Origin"] = "*"
    return response
