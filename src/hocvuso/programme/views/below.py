"""Who below has handed in, and when; reminding those who have not; the list as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from hocvuso.kernel import clock
from hocvuso.people.public import Capability, can, require
from hocvuso.programme import exports, queries
from hocvuso.programme.choices import ReportState, Standing, Verb
from hocvuso.programme.policies import may_ask_for_reports, officer, unit_within
from hocvuso.programme.services import move_many, remind
from hocvuso.programme.views.files import XLSX
from hocvuso.programme.words import period_name
from hocvuso.units.public import breadcrumb, find_unit


def chosen(request: HttpRequest) -> str:
    """How the units are sorted: from the address, all when it says nothing known."""
    value = request.GET.get("loc", "")
    return value if value in Standing.values else Standing.ALL.value


@require(Capability.SEE_FIGURES)
def below(request: HttpRequest, line: str, code: str, period_code: str) -> HttpResponse:
    """The units right below by where their report stands, page by page."""
    person = officer(request)
    unit = unit_within(person, line, code)
    period = queries.period_for(unit, period_code)
    now, wanted = clock.now(), chosen(request)
    counts = queries.counts_of(unit, period, now)
    page = queries.standing_page(unit, period, wanted, now, request.GET.get("sau", ""))
    context = {
        "unit": unit,
        "way": breadcrumb(unit),
        "period": period,
        "name": period_name(period),
        "total": counts[Standing.ALL],
        "missing": counts[Standing.MISSING],
        "in_hand": counts[Standing.ALL] - counts[Standing.MISSING],
        "tabs": [(label, value, counts[value]) for value, label in Standing.choices],
        "wanted": wanted,
        "page": page,
        "over": now > period.due_at,
        "paged": bool(request.GET.get("sau")),
        "next": urlencode({"loc": wanted, "sau": page.next}) if page.next else "",
        "bulk": bulk_move(wanted) if can(person, Capability.APPROVE_REPORT, unit) else "",
        "may_remind": may_ask_for_reports(person, unit) and counts[Standing.MISSING],
    }
    return render(request, "programme/below.html", context)


def bulk_move(wanted: str) -> str:
    """Which move a leader makes on several reports of a list: approve those that wait, lock those that are approved."""
    return {Standing.WAITING.value: Verb.APPROVE.value, Standing.DONE.value: Verb.LOCK.value}.get(wanted, "")


@require_POST
@require(Capability.APPROVE_REPORT)
def move_below(request: HttpRequest, line: str, code: str, period_code: str) -> HttpResponse:
    """Approve or lock the ticked reports; those that cannot be moved are told with the reason, the others go on."""
    person = officer(request)
    unit = unit_within(person, line, code)
    period = queries.period_for(unit, period_code)
    wanted = chosen(request)
    seen = dict(value.split(":", 1) for value in request.POST.getlist("chon")[: queries.PAGE] if ":" in value)
    picked = {int(pk): int(version) for pk, version in seen.items() if pk.isdigit() and version.isdigit()}
    verb, remark = bulk_move(wanted), request.POST.get("ly_do", "")
    back = redirect(f"{reverse('programme:below', args=[unit.line, unit.code, period.code])}?loc={wanted}")
    if not verb or not picked:
        messages.error(request, _("Tick at least one report. Nothing was changed."))
        return back
    reports = [(report, picked[report.unit_id]) for report in queries.reports_below(unit, period, picked)]
    done, left = move_many(actor=person, reports=reports, verb=Verb(verb), remark=remark, at=clock.now())
    if done:
        words = ngettext("%(number)d report is done.", "%(number)d reports are done.", done)
        messages.success(request, words % {"number": done})
    for why, names in left.items():
        messages.error(request, f"{', '.join(names[:5])}{'…' if len(names) > 5 else ''}: {why}")
    return back


@require_POST
@require(Capability.WRITE_REPORT, Capability.APPROVE_REPORT)
def remind_below(request: HttpRequest, line: str, code: str, period_code: str) -> HttpResponse:
    """Remind all that have not handed in, or one of them."""
    person = officer(request)
    unit = unit_within(person, line, code)
    period = queries.period_for(unit, period_code)
    only = find_unit(line, request.POST["don_vi"]) if request.POST.get("don_vi") else None
    made = remind(
        actor=person, owner=unit, period=period, words=request.POST.get("loi_nhan", ""), only=only, at=clock.now()
    )
    if made:
        words = ngettext("%(number)d unit is reminded.", "%(number)d units are reminded.", made) % {"number": made}
        messages.success(
            request, words + " " + _("They see it on their page now; e-mail goes out between 07:00 and 21:00.")
        )
    else:
        messages.info(request, _("Nobody new to remind: they handed in, or were reminded today already."))
    return redirect("programme:below", unit.line, unit.code, period_code)


@require(Capability.SEE_FIGURES)
def below_file(
    request: HttpRequest, line: str, code: str, period_code: str, form: str
) -> HttpResponse | StreamingHttpResponse:
    """The list as CSV or XLSX, as it is sorted on the page."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    unit = unit_within(officer(request), line, code)
    period = queries.period_for(unit, period_code)
    labels: dict[str, Any] = {"": _("Not begun"), **{value: str(label) for value, label in ReportState.choices}}
    headings = [_("Code"), _("Unit"), _("State"), _("First handed in"), _("Days late"), _("Reminded")]
    rows = (
        exports.standing_cells(row, labels[row.state])
        for row in queries.all_standings(unit, period, chosen(request), clock.now())
    )
    response: HttpResponse | StreamingHttpResponse
    if form == "csv":
        response = StreamingHttpResponse(exports.csv_lines(headings, rows), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(exports.xlsx_file(period.code, headings, rows), content_type=XLSX)
    name = f"nop-bao-cao-{unit.code}-{period.code}.{form}"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response
