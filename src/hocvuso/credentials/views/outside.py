"""Results of other platforms: sources, imports with a trial run and undo, the queue of doubtful ones; and the API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from hocvuso.credentials import outside
from hocvuso.credentials.choices import OutsideState
from hocvuso.credentials.errors import BadOutsideFile, ImportNotUndoable, NotQueued, UnknownSource
from hocvuso.credentials.forms import SourceForm
from hocvuso.credentials.models import OutsideResult, OutsideSource
from hocvuso.credentials.outside.files import MOST_BYTES, RowProblem
from hocvuso.credentials.queries import imports_of, queue_of, sources_within
from hocvuso.kernel import clock
from hocvuso.kernel.errors import NotFound
from hocvuso.kernel.ids import parse_id
from hocvuso.people.public import (
    Capability,
    IdentityKey,
    Person,
    find_people_by,
    get_visible_person,
    person_of,
    reach_of,
    require,
)

MOST_ITEMS = 500
SHOWN_PROBLEMS = 50


def _me(request: HttpRequest) -> Person:
    person = person_of(request)
    if person is None:
        raise NotFound
    return person


def _source(person: Person, source_id: UUID) -> OutsideSource:
    found = sources_within(reach_of(person, Capability.MANAGE_PEOPLE)).filter(pk=source_id).first()
    if found is None:
        raise NotFound
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.MANAGE_PEOPLE)
def sources(request: HttpRequest) -> HttpResponse:
    """The other platforms this office answers for; a new one."""
    person = _me(request)
    reach = reach_of(person, Capability.MANAGE_PEOPLE)
    form = SourceForm(request.POST or None, units=reach.roots)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = outside.register_source(
                actor=person,
                unit=values["unit"],
                code=values["code"],
                name=values["name"],
                assurance=int(values["assurance"]),
                at=clock.now(),
            )
        except UnknownSource:
            form.add_error("code", _("Another source has this code already. Choose another code."))
        else:
            return redirect("credentials:outside-source", source_id=made.pk)
    context = {"sources": list(sources_within(reach).order_by("name", "pk")[:200]), "form": form}
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "credentials/outside_sources.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Capability.MANAGE_PEOPLE)
def source(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """One source: try or import a file, a token for its programs, imports with undo, the queue."""
    person = _me(request)
    found = _source(person, source_id)
    shown: dict[str, object] = {}
    if request.method == "POST":
        try:
            shown = _take_step(request, person, found)
        except (BadOutsideFile, ImportNotUndoable, NotQueued) as error:
            messages.error(request, str(error))
        if not shown:
            return redirect("credentials:outside-source", source_id=found.pk)
    queue = queue_of(found)
    context = {
        "source": found,
        "imports": imports_of(found),
        "queue": queue,
        "columns": "ma_ket_qua, ho_ten, nam_sinh, so_dinh_danh, dien_thoai, email, ma_khoa_hoc, ten_khoa_hoc, ngay, diem, dat",
        **shown,
    }
    return render(request, "credentials/outside_source.html", context)


def _take_step(request: HttpRequest, person: Person, found: OutsideSource) -> dict[str, object]:
    """What the page shows besides: a trial, what an import did, a new token; nothing when it is enough to come back."""
    what, at = request.POST.get("viec", ""), clock.now()
    if what in {"try", "import"}:
        file = request.FILES.get("tep")
        if file is None or (file.size or 0) > MOST_BYTES:
            raise BadOutsideFile(_("Choose a file of at most 4 MB."))
        content = file.read()
        if what == "try":
            taken = outside.try_file(content, source=found, at=at)
        else:
            results, problems = outside.read_file(content, today=clock.today())
            taken = outside.take_results(
                results, source=found, actor=person, at=at, problems=problems, file_name=file.name or ""
            )
        return {"taken": taken, "trial": what == "try", "problems": taken.problems[:SHOWN_PROBLEMS]}
    if what == "token":
        return {"token": outside.issue_token(actor=person, source=found, at=at)}
    if what == "undo":
        batch = next((one for one in imports_of(found) if str(one.pk) == request.POST.get("ma")), None)
        if batch is None:
            raise ImportNotUndoable
        count = outside.undo_import(actor=person, batch=batch, at=at)
        messages.success(request, _("Undone: %(count)d results were taken back.") % {"count": count})
    elif what in {"take", "aside"}:
        _decide(request, person, found, take=what == "take")
    return {}


def _decide(request: HttpRequest, person: Person, found: OutsideSource, *, take: bool) -> None:
    row_id = parse_id(request.POST.get("ma", ""))
    row = OutsideResult.objects.filter(pk=row_id, source=found, state=OutsideState.QUEUED).first() if row_id else None
    if row is None:
        raise NotQueued
    whose = None
    if take:
        key = request.POST.get("khoa", "").strip()
        chosen = _owner_of(key) if key else row.suggested_id
        if chosen is None:
            raise NotQueued
        try:
            whose = get_visible_person(person, Capability.MANAGE_PEOPLE, chosen)
        except NotFound as error:
            raise NotQueued from error
    outside.decide_queued(actor=person, result=row, person=whose, at=clock.now())
    messages.success(request, _("Recorded for this person.") if take else _("Set aside."))


def _owner_of(key: str) -> UUID | None:
    """Whom a personal number, phone or e-mail belongs to, as an officer types it."""
    owners = {person.pk for person in find_people_by([(kind, key) for kind in IdentityKey.Kind.values]).values()}
    return owners.pop() if len(owners) == 1 else None


# --- the API ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Problem:
    status: int
    code: str
    words: str


def _say(problem: _Problem) -> JsonResponse:
    return JsonResponse({"error": problem.code, "message": problem.words}, status=problem.status)


@csrf_exempt
@require_POST
def api(request: HttpRequest) -> JsonResponse:
    """Take up to 500 results of one source. Idempotent: a result is stored once by its id, however often it comes."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    found = outside.source_by_token(token.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        return _say(
            _Problem(401, "credentials.unknown_source", _("This token is not known. Ask the office for a new one."))
        )
    if len(request.body) > MOST_BYTES:
        return _say(_Problem(413, "credentials.too_large", _("At most 4 MB and 500 results in one call.")))
    try:
        items = json.loads(request.body)["ket_qua"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return _say(_Problem(400, "credentials.unreadable", _('The body is JSON like {"ket_qua": [ … ]}.')))
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        return _say(_Problem(413, "credentials.too_many", _("At most 4 MB and 500 results in one call.")))
    at, today = clock.now(), clock.today()
    read = [outside.read_item(number, item, today=today) for number, item in enumerate(items, start=1)]
    problems = [one for one in read if isinstance(one, RowProblem)]
    good: dict[str, outside.GivenResult] = {}
    for one in read:
        if isinstance(one, outside.GivenResult):
            good.setdefault(one.id, one)
    taken = outside.take_results(list(good.values()), source=found, actor=None, at=at, problems=problems)
    answers: list[dict[str, object]] = []
    for number, one in enumerate(read, start=1):
        if isinstance(one, RowProblem):
            answers.append({"so": number, "trang_thai": "rejected", "ly_do": str(one.words)})
        else:
            answers.append({"so": number, "ma_ket_qua": one.id, "trang_thai": taken.answers.get(number, "duplicate")})
    return JsonResponse({"ket_qua": answers})
