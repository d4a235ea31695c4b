"""Officers' pages: browse units, look at one, import from a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from hocvuso.kernel.clock import now, today
from hocvuso.kernel.errors import HocVuSoError, NotFound
from hocvuso.units import queries
from hocvuso.units.choices import Line
from hocvuso.units.forms import ImportForm
from hocvuso.units.imports import apply_import, try_import, undo_import
from hocvuso.units.models import Coverage, Shape, Unit, UnitImport
from hocvuso.units.plans import sentence
from hocvuso.units.policies import guarded, roots_of

SAMPLE_ROWS = 20
COLUMN_LABELS = {
    "code": _lazy("Code"),
    "name": _lazy("Name"),
    "kind": pgettext_lazy("units", "Kind"),
    "parent_code": _lazy("Upper unit"),
    "valid_from": _lazy("Holds from"),
    "covers": _lazy("Looks after"),
}
# A header in Vietnamese, as offices fill it in; the import reads English ones as well.
TEMPLATE_FILE = (
    "Mã,Tên,Loại,Mã cấp trên,Từ ngày,Phụ trách\n"
    "26929-KP01,Khu phố 1,Khu phố,26929,01/07/2025,\n"
    "26929-KP02,Khu phố 2,Khu phố,26929,01/07/2025,\n"
)


@guarded
@require_GET
def unit_list(request: HttpRequest) -> HttpResponse:
    """Units of one line: its top units and those right below, or what was searched for."""
    line = request.GET.get("tuyen", Line.TERRITORY)
    if line not in Line.values:
        raise NotFound
    text = request.GET.get("tim", "").strip()[:100]
    day = today()
    tops = [] if text else list(Unit.objects.in_line(line).on(day).filter(depth=1)[:10])
    if text:
        found = Unit.objects.in_line(line).on(day).search(text)
    elif len(tops) == 1:
        found = queries.children(tops[0], on=day)
    else:
        found = Unit.objects.in_line(line).on(day).filter(depth=1)
    page = queries.page_of(found, after=request.GET.get("sau", ""))
    context = {
        "line": Line(line),
        "lines": Line,
        "text": text,
        "top": tops[0] if len(tops) == 1 else None,
        "page": page,
        "may_import": bool(roots_of(request.person)),  # type: ignore[attr-defined]
    }
    return render(request, "units/list.html", context)


@guarded
@require_GET
def unit_detail(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One unit: where it stands, since when, what it looks after, what it came from, and the units below."""
    unit = queries.get_unit(unit_id)
    context = {
        "place": unit,
        "way": queries.breadcrumb(unit),
        "line": Line(unit.line),
        "page": queries.page_of(queries.children(unit), after=request.GET.get("sau", "")),
        "covers": Coverage.objects.filter(unit=unit).select_related("territory").order_by("territory__path")[:200],
        "covered_by": Coverage.objects.filter(territory=unit).select_related("unit").order_by("unit__path")[:200],
        "predecessors": Unit.objects.filter(succeeded_by=unit)[:200],
        "successor": unit.succeeded_by,
        "shape": Shape.objects.filter(unit=unit).only("source").first(),
    }
    return render(request, "units/unit.html", context)


@guarded
def import_new(request: HttpRequest) -> HttpResponse:
    """Upload a file; see what was imported before."""
    person = request.person  # type: ignore[attr-defined]
    roots = roots_of(person)
    lines = list(dict.fromkeys(root.line for root in roots))
    form = ImportForm(
        request.POST or None, request.FILES or None, lines=lines, initial={"line": lines[0] if lines else ""}
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            record = try_import(
                actor=person,
                line=form.cleaned_data["line"],
                file_name=file.name,
                content=file.read(),
                roots=roots,
                at=now(),
            )
            return redirect("units:import-detail", record.pk)
        except HocVuSoError as error:
            form.add_error("file", str(error))
    earlier = UnitImport.objects.filter(created_by=person.id).defer("rows", "undo").order_by("-created_at", "-id")[:20]
    context = {"form": form, "earlier": earlier, "roots": roots}
    return render(request, "units/import_new.html", context, status=400 if form.errors else 200)


def _own_import(request: HttpRequest, import_id: UUID) -> UnitImport:
    """The import, if this person made it. Raises NotFound."""
    record = UnitImport.objects.filter(pk=import_id, created_by=request.person.id).first()  # type: ignore[attr-defined]
    if record is None:
        raise NotFound
    return record


@guarded
@require_GET
def import_detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What an import would do, or did: counts, rows to put right, and the next step."""
    record = _own_import(request, import_id)
    report = record.report
    context = {
        "record": record,
        "report": report,
        "line": Line(record.line),
        "problems": [
            {**message, "label": COLUMN_LABELS[message["column"]], "sentence": sentence(message)}
            for message in report["messages"]
        ],
        "sample": record.rows[:SAMPLE_ROWS],
        "row_count": len(record.rows),
        "moves": report["added"] + report["changed"],
    }
    return render(request, "units/import_detail.html", context)


@guarded
@require_POST
def import_apply(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Carry out a tried import."""
    record = _own_import(request, import_id)
    person = request.person  # type: ignore[attr-defined]
    try:
        apply_import(actor=person, unit_import=record, roots=roots_of(person), at=now())
        messages.success(request, _("Done. The units are in place."))
    except HocVuSoError as error:
        messages.error(request, str(error))
    return redirect("units:import-detail", record.pk)


@guarded
@require_POST
def import_undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take an import back."""
    record = _own_import(request, import_id)
    person = request.person  # type: ignore[attr-defined]
    try:
        undo_import(actor=person, unit_import=record, roots=roots_of(person), at=now())
        messages.success(request, _("Undone. Everything is as it was before this import."))
    except HocVuSoError as error:
        messages.error(request, str(error))
    return redirect("units:import-detail", record.pk)


@guarded
@require_GET
def import_template(request: HttpRequest) -> HttpResponse:
    """An example file to fill in."""
    headers: dict[str, Any] = {"Content-Disposition": 'attachment; filename="mau-don-vi.csv"'}
    return HttpResponse(("\ufeff" + TEMPLATE_FILE).encode(), content_type="text/csv; charset=utf-8", headers=headers)
