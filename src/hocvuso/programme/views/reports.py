"""Officers' pages: which reports there are, one report, its files, how it is headed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hocvuso.kernel import clock
from hocvuso.people.public import Capability, can, require
from hocvuso.programme import documents, queries, rules
from hocvuso.programme.errors import EditedMeanwhile
from hocvuso.programme.forms import LetterheadForm, NarrativeForm
from hocvuso.programme.models import Report
from hocvuso.programme.policies import may_ask_for_reports, officer, own_unit, unit_within
from hocvuso.programme.services import save_letterhead, save_narrative
from hocvuso.programme.words import period_name
from hocvuso.units.public import breadcrumb, children

# An old period without a saved report is history, not a reminder.
RECENT = timedelta(days=31)
MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@require(Capability.SEE_FIGURES)
def home(request: HttpRequest) -> HttpResponse:
    """The reports of the person's own unit."""
    unit = own_unit(officer(request))
    return redirect("programme:unit-reports", unit.line, unit.code)


@require(Capability.SEE_FIGURES)
def unit_reports(request: HttpRequest, line: str, code: str) -> HttpResponse:
    """Periods that have begun, newest first, and what was written for each."""
    person = officer(request)
    unit = unit_within(person, line, code)
    today, now = clock.today(), clock.now()
    periods = queries.periods_to_report(unit, today)
    written = dict(Report.objects.filter(unit=unit, period__in=periods).values_list("period_id", "updated_at"))
    rows = [
        {
            "period": period,
            "name": period_name(period),
            "saved_at": written.get(period.pk),
            "running": period.last >= today,
            "late": today - RECENT < period.due_on <= today and period.due_at < now and period.pk not in written,
        }
        for period in periods
    ]
    may_ask = may_ask_for_reports(person, unit) and children(unit).exists()
    context = {"unit": unit, "way": breadcrumb(unit), "rows": rows, "today": today, "may_ask": may_ask}
    return render(request, "programme/reports.html", context)


@require(Capability.SEE_FIGURES)
def report(request: HttpRequest, line: str, code: str, period_code: str) -> HttpResponse:
    """One report: figures from evidence, and the parts that people write."""
    person = officer(request)
    unit = unit_within(person, line, code)
    content = queries.report_of(unit, queries.period_for(unit, period_code), clock.today(), get_language() or "vi")
    may_write = can(person, Capability.WRITE_REPORT, unit)
    form = NarrativeForm(request.POST or None, initial={**content.narrative, "version": content.version})
    theirs: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = dict(form.cleaned_data)
        version = values.pop("version")
        try:
            save_narrative(
                actor=person, unit=unit, period=content.period, narrative=values, version=version, at=clock.now()
            )
        except EditedMeanwhile as error:
            form = NarrativeForm({**request.POST.dict(), "version": content.version})
            form.is_valid()
            form.add_error(None, str(error))
            theirs = {code: text for code, text in content.narrative.items() if text != values.get(code)}
        else:
            messages.success(request, _("The report is saved."))
            return redirect(request.path)
    context = {
        "unit": unit,
        "way": breadcrumb(unit),
        "content": content,
        "name": period_name(content.period),
        # The sentence is part of the document, which is Vietnamese; in English the table speaks for itself.
        "summary": rules.summary_sentence(content.headlines) if get_language() == "vi" else "",
        "form": form,
        "theirs": [(part.label, theirs[part.code]) for part in rules.PARTS if part.code in theirs],
        "may_write": may_write,
    }
    return render(request, "programme/report.html", context, status=409 if theirs else 200)


@require(Capability.SEE_FIGURES)
def report_file(request: HttpRequest, line: str, code: str, period_code: str, form: str) -> HttpResponse:
    """The report as a file; `?phan=than` gives the body alone, to paste into another report."""
    if form not in MIME:
        raise Http404
    unit = unit_within(officer(request), line, code)
    content = queries.report_of(unit, queries.period_for(unit, period_code), clock.today())
    header = request.GET.get("phan") != "than"
    body = documents.render_report(content, form, header=header)  # type: ignore[arg-type]
    name = documents.file_name(content, form, header=header)  # type: ignore[arg-type]
    response = HttpResponse(body, content_type=MIME[form])
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


@require(Capability.WRITE_REPORT)
def letterhead(request: HttpRequest, line: str, code: str) -> HttpResponse:
    """How the unit's documents are headed and signed."""
    person = officer(request)
    unit = unit_within(person, line, code)
    form = LetterheadForm(request.POST or None, instance=queries.letterhead_of(unit))
    if request.method == "POST" and form.is_valid():
        save_letterhead(actor=person, unit=unit, values=form.cleaned_data, at=clock.now())
        messages.success(request, _("The letterhead is saved."))
        return redirect("programme:unit-reports", unit.line, unit.code)
    return render(request, "programme/letterhead.html", {"unit": unit, "way": breadcrumb(unit), "form": form})
