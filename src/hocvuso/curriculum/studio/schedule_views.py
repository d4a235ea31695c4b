"""When texts go live and come down: the list, and the page where a moment is set."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvuso.curriculum import scheduling
from hocvuso.curriculum.checking import publication_problems
from hocvuso.curriculum.choices import ScheduleAction
from hocvuso.curriculum.things import edit_address, get_thing, may_write, own_address
from hocvuso.kernel.clock import VIETNAM, now
from hocvuso.kernel.errors import HocVuSoError


@require_safe
def schedules(request: HttpRequest) -> HttpResponse:
    """What is going to happen, what could not be done, what was done."""
    chosen = request.GET.get("xem", "cho")
    if chosen not in scheduling.VIEWS:
        chosen = "cho"
    rows, following = scheduling.schedule_page(scheduling.VIEWS[chosen], after=_key(request.GET.get("sau", "")))
    publishes = scheduling.may_publish(request.user)
    context = {
        "rows": [
            {
                "change": row,
                "address": own_address(request.user, row.kind, row.object_id),
                "may_cancel": publishes or (row.state == "PROPOSED" and row.set_by_id == request.user.pk),
            }
            for row in rows
        ],
        "following": urlencode({"xem": chosen, "sau": f"{following[0].isoformat()} {following[1]}"})
        if following
        else "",
        "chosen": chosen,
        "views": [("cho", _("To come")), ("hong", _("Could not be done")), ("xong", _("Done, called off"))],
    }
    return render(request, "curriculum/studio_schedules.html", context)


def _key(text: str) -> tuple[datetime, int] | None:
    moment, _space, number = text.partition(" ")
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if found.tzinfo is None or not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    return found, int(number)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Set when one text goes live or comes down, or propose it."""
    thing = get_thing(kind, pk)
    publishes = scheduling.may_publish(request.user)
    writes = may_write(request.user, thing)
    refused, status = "", 200
    typed = {name: request.POST.get(name, "")[:40] for name in ("dang", "go")}
    if request.method == "POST":
        action = "go" if "dat_go" in request.POST else "dang"
        moment = _moment(typed[action])
        try:
            if moment is None:
                refused = _("Choose a day and an hour.")
            elif action == "go":
                scheduling.schedule_withdrawal(user=request.user, thing=thing, moment=moment, at=now())
            else:
                scheduling.schedule_publication(user=request.user, thing=thing, moment=moment, at=now())
        except HocVuSoError as problem:
            refused, status = str(problem), problem.status
        if not refused:
            messages.success(request, _("The moment is set. It can be called off until then."))
            return redirect("curriculum_studio:schedule", kind=kind, pk=pk)
        status = status if status != 200 else 422
    changes = scheduling.open_changes(thing)
    on_desk = publishes and scheduling.waits_at_publisher(thing, request.user)
    context = {
        "thing": thing,
        "kind": kind,
        "address": edit_address(kind, pk) if on_desk else own_address(request.user, kind, pk),
        "publication": changes.get(ScheduleAction.PUBLISH),
        "withdrawal": changes.get(ScheduleAction.WITHDRAW),
        "publishes": publishes,
        "writes": writes,
        "on_desk": on_desk,
        "problems": publication_problems(thing.get_latest_revision_as_object()),
        "last_refused": scheduling.refused_change(thing),
        "refused": refused,
        "typed": typed,
        "earliest": (now() + timedelta(minutes=1)).astimezone(VIETNAM).strftime("%Y-%m-%dT%H:%M"),
    }
    return render(request, "curriculum/studio_schedule.html", context, status=status)


def _moment(text: str) -> datetime | None:
    """The moment somebody chose, on the clocks of Viet Nam."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=VIETNAM) if found.tzinfo is None else None


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a moment off."""
    if pk > 2**62:
        raise Http404
    if scheduling.cancel_change(user=request.user, change_id=pk, at=now()):
        messages.success(request, _("The moment is called off. The text stays as it is."))
    else:
        messages.info(request, _("This moment is over or was called off before."))
    return redirect("curriculum_studio:schedules")
