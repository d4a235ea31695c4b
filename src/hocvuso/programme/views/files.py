"""The report as a file, and how its documents are headed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from hocvuso.kernel import clock
from hocvuso.people.public import Capability, require
from hocvuso.programme import documents, queries
from hocvuso.programme.forms import LetterheadForm
from hocvuso.programme.policies import officer, unit_within
from hocvuso.programme.services import save_letterhead
from hocvuso.units.public import breadcrumb

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


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
