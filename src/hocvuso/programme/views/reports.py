"""Officers' pages: which reports there are, and one report: reading it, writing it, handing it in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hocvuso.kernel import clock
from hocvuso.people.public import Capability, Person, reach_of, require
from hocvuso.programme import moves, queries, rules, tables
from hocvuso.programme.choices import ReportState, Side, Verb
from hocvuso.programme.documents import TO_WRITE
from hocvuso.programme.errors import BelowNotDone, EditedMeanwhile, HandedInAlready, PeriodStillRunning
from hocvuso.programme.forms import MoveForm, NarrativeForm
from hocvuso.programme.models import Report, ReportPeriod
from hocvuso.programme.policies import may_ask_for_reports, officer, own_unit, sides_of, unit_above, unit_within
from hocvuso.programme.queries import ReportContent
from hocvuso.programme.services import hand_in, save_narrative
from hocvuso.programme.words import period_name
from hocvuso.units.public import Unit, breadcrumb, children

# What the button says that hands in although parts are empty.
ANYWAY = "anyway"


@require(Capability.SEE_FIGURES)
def home(request: HttpRequest) -> HttpResponse:
    """The reports of the person's own unit."""
    unit = own_unit(officer(request))
    return redirect("programme:unit-reports", unit.line, unit.code)


@require(Capability.SEE_FIGURES)
def unit_reports(request: HttpRequest, line: str, code: str) -> HttpResponse:
    """Periods that have begun, newest first, and where each report stands."""
    person = officer(request)
    unit = unit_within(person, line, code)
    today, now = clock.today(), clock.now()
    periods = queries.periods_to_report(unit, today)
    stored = {row.period_id: row for row in Report.objects.filter(unit=unit, period__in=periods)}
    has_below = children(unit).exists()
    handed = queries.below_by_period(unit, periods) if has_below else {}
    reminders = queries.reminders_of(unit, periods)
    rows: list[dict[str, Any]] = []
    for period in periods:
        report = stored.get(period.pk)
        state = report.state if report else ""
        rows.append(
            {
                "period": period,
                "name": period_name(period),
                "report": report,
                "state": state,
                "running": period.last > today,
                "handed": handed.get(period.pk, (0, 0))[0],
                "waiting": handed.get(period.pk, (0, 0))[1],
                "reminder": reminders.get(period.pk),
                "late": state in {"", *moves.OPEN} and period.due_at < now and _stood_in(unit, period),
                "owed": queries.is_owed(state, period, today),
            }
        )
    context = {
        "unit": unit,
        "way": breadcrumb(unit),
        "rows": rows,
        "owed": sorted((row for row in rows if row["owed"]), key=lambda row: row["period"].due_at)
        if Side.UNIT in sides_of(person, unit)
        else [],
        "waiting": [row for row in rows if row["waiting"]] if may_ask_for_reports(person, unit) else [],
        "today": today,
        "has_below": has_below,
        "may_ask": has_below and may_ask_for_reports(person, unit),
    }
    return render(request, "programme/reports.html", context)


def _stood_in(unit: Unit, period: ReportPeriod) -> bool:
    """Whether there was such a unit at the end of a period; who came later owes nothing for it."""
    return unit.valid_from is None or unit.valid_from <= period.last


@require(Capability.SEE_FIGURES)
def report(request: HttpRequest, line: str, code: str, period_code: str) -> HttpResponse:
    """One report: figures from evidence, the parts that people write, and where it stands."""
    person = officer(request)
    unit = unit_within(person, line, code)
    period = queries.period_for(unit, period_code)
    content = queries.report_of(unit, period, clock.today(), get_language() or "vi")
    initial = {**content.narrative, "version": content.version}
    form = NarrativeForm(request.POST or None, initial=initial, carried=content.carried)
    if request.method != "POST" or not form.is_valid():
        return _page(request, person, content, form, status=400 if form.errors else 200)
    values, remark, hands_in = form.narrative, form.cleaned_data["remark"], "hand-in" in request.POST
    empty = [part.label for part in rules.PARTS if not values.get(part.code)]
    as_opened = content.is_open and content.version == form.cleaned_data["version"]
    if hands_in and empty and as_opened and request.POST["hand-in"] != ANYWAY:
        return _ask_before(request, content, form, empty)
    what: dict[str, Any] = {
        "actor": person,
        "unit": unit,
        "period": period,
        "narrative": values,
        "still_true": form.still_true,
        "version": form.cleaned_data["version"],
    }
    try:
        if hands_in:
            hand_in(**what, remark=remark, at=clock.now())
        else:
            save_narrative(**what, at=clock.now())
    except HandedInAlready as error:
        unsaved = [(part.label, values[part.code]) for part in rules.PARTS if values.get(part.code)]
        return _page(request, person, content, NarrativeForm(), problem=str(error), unsaved=unsaved, status=409)
    except EditedMeanwhile as error:
        form = NarrativeForm({**request.POST.dict(), "version": content.version}, carried=content.carried)
        form.is_valid()
        form.add_error(None, str(error))
        theirs = {code: text for code, text in content.narrative.items() if text != values.get(code)}
        shown = [(part.label, theirs[part.code]) for part in rules.PARTS if part.code in theirs]
        return _page(request, person, content, form, theirs=shown, status=409)
    except (PeriodStillRunning, BelowNotDone) as error:
        messages.warning(request, str(error))
        return redirect(request.path)
    if hands_in:
        messages.success(request, _("The report is handed in to %(unit)s.") % {"unit": unit_above(unit).name})
    else:
        messages.success(request, _("The report is saved."))
    return redirect(f"{request.path}#words" if "go-on" in request.POST else request.path)


def _ask_before(request: HttpRequest, content: ReportContent, form: NarrativeForm, empty: list[str]) -> HttpResponse:
    """Says which parts are still empty before anything is handed in; what was typed goes along, either way."""
    context = {
        "unit": content.unit,
        "way": breadcrumb(content.unit),
        "content": content,
        "name": period_name(content.period),
        "empty": empty,
        "printed": TO_WRITE,
        "above": unit_above(content.unit),
        "typed": [(name, request.POST[name]) for name in form.fields if request.POST.get(name)],
        "anyway": ANYWAY,
    }
    return render(request, "programme/hand_in.html", context)


def _page(
    request: HttpRequest,
    person: Person,
    content: ReportContent,
    form: NarrativeForm,
    *,
    problem: str = "",
    unsaved: list[tuple[str, str]] | None = None,
    theirs: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    unit, period = content.unit, content.period
    sides = sides_of(person, unit)
    below = queries.standing_below(unit, period)
    context = {
        "unit": unit,
        "way": breadcrumb(unit),
        "above": unit_above(unit),
        "content": content,
        "name": period_name(period),
        "own": any(root.pk == unit.pk for root in reach_of(person, Capability.SEE_FIGURES).roots),
        # The sentence is part of the document, which is Vietnamese; in English the table speaks for itself.
        "summary": rules.summary_sentence(content.headlines) if get_language() == "vi" else "",
        "form": form,
        "parts": [(part.label, content.narrative.get(part.code, "")) for part in rules.PARTS],
        "tables": [
            {
                "table": table,
                "rows": table_rows(table, content.rows.get(table.code, [])),
                "carried": table.code in content.carried,
            }
            for table in tables.TABLES
        ],
        # What the document itself says of its figures, word for word.
        "origin": rules.origin_sentence(own_rows=any(content.rows.values())) if get_language() == "vi" else "",
        "gathers": bool(below.begun),
        "may_write": content.is_open and Side.UNIT in sides,
        "may_hand_in": period.last <= clock.today(),
        "below": below,
        "say_why": bool(below.begun and below.open),
        "history": queries.history_of(content.report) if content.report else [],
        "late": clock.now() > period.due_at and not (content.report and content.report.first_handed_in_at),
        "moves": moves_for(person, content, sides),
        "problem": problem,
        "unsaved": unsaved or [],
        "theirs": theirs or [],
    }
    return render(request, "programme/report.html", context, status=status)


def table_rows(table: tables.Table, rows: list[dict[str, Any]]) -> list[list[tuple[tables.Column, Any]]]:
    """The cells of each row in the order of the columns; none where nothing was written."""
    return [[(column, row.get(column.code)) for column in table.columns] for row in rows]


def moves_for(person: Person, content: ReportContent, sides: frozenset[Side]) -> list[dict[str, Any]]:
    """The moves this person may make now, each with its form; a move that four eyes forbid is told, not hidden."""
    if content.report is None:
        return []
    found = []
    for move in moves.moves_from(content.state):
        if move.verb == Verb.HAND_IN or move.side not in sides:
            continue
        own = move.verb in moves.FOUR_EYES and str(person.pk) in content.report.writers
        form = MoveForm(move=move, initial={"version": content.version, "verb": move.verb})
        found.append({"move": move, "form": form, "own": own, "label": MOVE_LABELS[move.verb]()})
    return found


MOVE_LABELS = {
    Verb.TAKE_BACK: lambda: _("Take it back to correct it"),
    Verb.RETURN: lambda: _("Return with remarks"),
    Verb.APPROVE: lambda: _("Approve"),
    Verb.LOCK: lambda: _("Lock the figures"),
    Verb.UNLOCK: lambda: _("Open by exception"),
    Verb.RELOCK: lambda: _("Lock again"),
}
STATE_TONES = {
    ReportState.SUBMITTED: "blue",
    ReportState.RETURNED: "brick",
    ReportState.APPROVED: "leaf",
    ReportState.LOCKED: "leaf",
    ReportState.UNLOCKED: "lamp",
}
