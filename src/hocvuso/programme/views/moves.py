"""Returning, approving, locking, opening by exception: one door for every move but handing in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError, NotAllowed
from hocvuso.people.public import Capability, Person, require
from hocvuso.programme import moves, queries
from hocvuso.programme.choices import Verb
from hocvuso.programme.errors import NotHandedInYet
from hocvuso.programme.forms import MoveForm
from hocvuso.programme.models import Report
from hocvuso.programme.policies import officer, unit_within
from hocvuso.programme.services import move_report


@require_POST
@require(Capability.WRITE_REPORT, Capability.APPROVE_REPORT)
def move(request: HttpRequest, line: str, code: str, period_code: str) -> HttpResponse:
    """Make a move and come back to the report; what cannot be done is told there, with what was typed kept."""
    person = officer(request)
    unit = unit_within(person, line, code)
    report = queries.find_report(unit, queries.period_for(unit, period_code))
    if report is None:
        raise NotHandedInYet
    verb = Verb(request.POST["verb"]) if request.POST.get("verb") in set(Verb.values) - {Verb.HAND_IN} else None
    if verb is None:
        raise NotAllowed
    form = MoveForm(request.POST, move=moves.MOVES[verb])
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    else:
        _make(request, verb, form, report, person)
    return redirect("programme:report", unit.line, unit.code, period_code)


def _make(request: HttpRequest, verb: Verb, form: MoveForm, report: Report, person: Person) -> None:
    values = form.cleaned_data
    remark = values.get("remark", "")
    try:
        move_report(
            actor=person,
            report=report,
            verb=verb,
            version=values["version"],
            remark=remark,
            until=values.get("until"),
            at=clock.now(),
        )
    except NotAllowed:
        raise
    except HocVuSoError as error:
        messages.error(request, str(error))
        if remark:
            messages.info(request, _("What you wrote: “%(text)s”") % {"text": remark})
        return
    done = {
        Verb.TAKE_BACK: _("The report is a draft again. Correct it and hand it in."),
        Verb.RETURN: _("The report is returned. The unit reads your remarks on its page."),
        Verb.APPROVE: _("The report is approved."),
        Verb.LOCK: _("The figures are locked as they were handed in."),
        Verb.UNLOCK: _("The report is open by exception. It locks again by itself after the last day."),
        Verb.RELOCK: _("The report is locked again."),
    }
    messages.success(request, done[verb])
