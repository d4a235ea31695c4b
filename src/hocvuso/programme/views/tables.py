"""Writing the rows of a table that no evidence tells."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hocvuso.kernel import clock
from hocvuso.people.public import Capability, check_may, require
from hocvuso.programme import queries, tables
from hocvuso.programme.errors import EditedMeanwhile, HandedInAlready
from hocvuso.programme.forms import RowFormSet
from hocvuso.programme.policies import officer, unit_within
from hocvuso.programme.services import save_rows
from hocvuso.programme.words import period_name
from hocvuso.units.public import breadcrumb

BLANK_ROWS = 2


@require(Capability.WRITE_REPORT)
def edit_table(request: HttpRequest, line: str, code: str, period_code: str, table_code: str) -> HttpResponse:
    """The rows of one table, with blank ones at the end; an emptied row is taken out."""
    table = tables.BY_CODE.get(table_code)
    if table is None:
        raise Http404
    person = officer(request)
    unit = unit_within(person, line, code)
    check_may(person, Capability.WRITE_REPORT, unit)
    period = queries.period_for(unit, period_code)
    content = queries.report_of(unit, period, clock.today())
    rows = content.rows.get(table.code, [])
    blank: list[dict[str, object]] = [{}] * min(BLANK_ROWS, table.most - len(rows))
    formset = RowFormSet(request.POST or None, initial=[*rows, *blank], form_kwargs={"table": table}, prefix="dong")
    problem, status = "", 200
    if request.method == "POST" and formset.is_valid():
        version = request.POST.get("version", "")
        try:
            save_rows(
                actor=person,
                unit=unit,
                period=period,
                table=table,
                rows=[form.cleaned_data for form in formset],
                version=int(version) if version.isdigit() else -1,
                at=clock.now(),
            )
        except (EditedMeanwhile, HandedInAlready) as error:
            problem, status = str(error), 409
        else:
            messages.success(request, _("The table is saved."))
            if "more" in request.POST:
                return redirect(request.path)
            return redirect("programme:report", unit.line, unit.code, period_code)
    context = {
        "unit": unit,
        "way": breadcrumb(unit),
        "period": period,
        "name": period_name(period),
        "table": table,
        "formset": formset,
        "version": content.version,
        "problem": problem,
        "room": len(rows) + BLANK_ROWS < table.most,
        "is_open": content.is_open,
    }
    return render(
        request, "programme/table.html", context, status=status if not formset.is_bound or formset.is_valid() else 400
    )
