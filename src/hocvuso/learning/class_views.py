"""Pages of classes, for learners and for whoever teaches them. Personal: never kept on the device."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvuso.kernel import clock
from hocvuso.kernel.documents import qr_svg
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.learning import class_queries, class_sheets, classes
from hocvuso.learning.errors import BadRoster
from hocvuso.learning.forms import ClassForm, ClassSettingsForm, JoinForm, RosterForm, TaskForm
from hocvuso.learning.models import SchoolClass
from hocvuso.learning.rosters import read_roster
from hocvuso.people.public import Person, person_of

P = ParamSpec("P")
PersonView = Callable[Concatenate[HttpRequest, Person, P], HttpResponse]
ROSTER_SALT = "learning.roster"
AN_HOUR = 3600


def for_person(view: PersonView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page for a signed-in person; others go through the door or the first steps."""

    @wraps(view)
    @login_required
    def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = person_of(request)
        if person is None:
            return redirect("people:welcome")
        return view(request, person, *args, **kwargs)

    return inner


# --- learners ---------------------------------------------------------------------------------------------------------


@for_person
@require_safe
def my_classes(request: HttpRequest, person: Person) -> HttpResponse:
    """Lớp của tôi: what is to be done by when, a place to type a code, and the classes one teaches."""
    context = {
        "joined": class_queries.classes_joined(person, clock.today()),
        "taught": class_queries.classes_taught(person),
        "form": JoinForm(),
    }
    return render(request, "learning/my_classes.html", context)


@for_person
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, person: Person) -> HttpResponse:
    """The code leads to whose class it is and what they will see; joining takes a tick that is never set beforehand."""
    code = (request.POST if request.method == "POST" else request.GET).get("ma", "").strip()[:40]
    found = classes.find_by_code(code) if code else None
    problem = ""
    if request.method == "POST" and found is not None:
        try:
            classes.join(person=person, code=code, agreed=request.POST.get("agree") == "on", at=clock.now())
            messages.success(request, _("You are in the class %s.") % found.name)
            return redirect("learning:my-classes")
        except HocVuSoError as error:
            problem = str(error)
    form = JoinForm({"ma": code} if code else None)
    if code and found is None:
        form.add_error("ma", _("No class has this code. Look at it once more, or ask your teacher."))
    context = {"found": found, "code": code, "form": form, "problem": problem}
    return render(request, "learning/join.html", context, status=400 if problem else 200)


@for_person
@require_POST
def leave(request: HttpRequest, person: Person, class_id: uuid.UUID) -> HttpResponse:
    classes.leave(person=person, class_id=class_id, at=clock.now())
    messages.success(request, _("You have left. The teacher no longer sees what you do."))
    return redirect("learning:my-classes")


# --- teachers ---------------------------------------------------------------------------------------------------------


@for_person
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, person: Person) -> HttpResponse:
    form = ClassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = classes.make_class(teacher=person, at=clock.now(), **form.cleaned_data)
        return redirect("learning:class", found.pk)
    return render(request, "learning/class_new.html", {"form": form})


def _join_address(found: SchoolClass) -> str:
    return f"{settings.PUBLIC_URL}{reverse('learning:join')}?ma={found.code}"


@for_person
@require_safe
def class_page(request: HttpRequest, person: Person, class_id: uuid.UUID) -> HttpResponse:
    """A class for its teacher: the code, the tasks, and how far everybody is."""
    found = classes.get_class(person, class_id)
    after = request.GET.get("sau", "")
    page = class_queries.class_page(
        found, today=clock.today(), after=int(after) if after.isdecimal() and len(after) < 6 else 0
    )
    context = {
        "class": found,
        "page": page,
        "spoken": classes.spoken(found.code),
        "address": _join_address(found),
        "next": f"?sau={page.next_after}#danh-sach" if page.next_after else "",
        "form": TaskForm(choices=class_queries.things_to_assign()),
    }
    return render(request, "learning/class.html", context)


@for_person
@require_safe
def code_qr(request: HttpRequest, person: Person, class_id: uuid.UUID) -> HttpResponse:
    """The QR code of a class as a picture."""
    found = classes.get_class(person, class_id)
    return HttpResponse(qr_svg(_join_address(found)), content_type="image/svg+xml")


@for_person
@require_POST
def assign(request: HttpRequest, person: Person, class_id: uuid.UUID) -> HttpResponse:
    found = classes.get_class(person, class_id)
    if "bo" in request.POST:
        task = request.POST["bo"]
        if task.isdecimal() and len(task) < 18:
            classes.unassign(school_class=found, task_id=int(task))
        return redirect("learning:class", found.pk)
    form = TaskForm(request.POST, choices=class_queries.things_to_assign())
    if form.is_valid():
        classes.assign(
            school_class=found, what=form.cleaned_data["what"], due_on=form.cleaned_data["due_on"], at=clock.now()
        )
        messages.success(request, _("Assigned. Learners see it at once."))
    else:
        messages.error(request, _("Choose a lesson or a path, and a day as day/month/year."))
    return redirect("learning:class", found.pk)


@for_person
@require_http_methods(["GET", "POST"])
def roster(request: HttpRequest, person: Person, class_id: uuid.UUID) -> HttpResponse:
    """Names from a file: first what it would do, row by row; only then it is done."""
    found = classes.get_class(person, class_id)
    if request.method == "POST" and "plan" in request.POST:
        return _apply_roster(request, person, found)
    form = RosterForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"class": found, "form": form}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            known = list(found.members.values_list("full_name", flat=True))
            rows = read_roster(upload.name, upload.read(), known)
        except BadRoster as error:
            form.add_error("file", str(error))
        else:
            good = [(row.full_name, row.reference) for row in rows if not row.problem]
            context |= {"rows": rows, "good": len(good), "bad": len(rows) - len(good)}
            context["plan"] = signing.dumps({"class": str(found.pk), "names": good}, salt=ROSTER_SALT, compress=True)
    return render(request, "learning/roster.html", context)


def _apply_roster(request: HttpRequest, person: Person, found: SchoolClass) -> HttpResponse:
    try:
        plan = signing.loads(request.POST["plan"], salt=ROSTER_SALT, max_age=AN_HOUR)
    except signing.BadSignature:
        messages.error(request, _("This list stood open for too long. Nothing was added; choose the file again."))
        return redirect("learning:roster", found.pk)
    if plan["class"] != str(found.pk):
        return redirect("learning:roster", found.pk)
    # Pressed twice: names that are there by now are not added again.
    known = set(found.members.values_list("full_name", "reference"))
    names = [(name, reference) for name, reference in plan["names"] if (name, reference) not in known]
    number = classes.add_names(teacher=person, school_class=found, names=names, at=clock.now())
    messages.success(request, _("Added: %s.") % number)
    return redirect("learning:class", found.pk)


@for_person
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, person: Person, class_id: uuid.UUID) -> HttpResponse:
    """Name, place, whether the code works; and deleting the class."""
    found = classes.get_class(person, class_id)
    if request.method == "POST" and request.POST.get("xoa") == "on":
        classes.delete_class(teacher=person, school_class=found, at=clock.now())
        messages.success(request, _("The class is deleted. What people learnt stays theirs."))
        return redirect("learning:my-classes")
    initial = {"name": found.name, "place": found.place, "is_open": found.is_open}
    form = ClassSettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        classes.change_class(school_class=found, **form.cleaned_data)
        return redirect("learning:class", found.pk)
    return render(request, "learning/class_change.html", {"class": found, "form": form})


@for_person
@require_POST
def remove(request: HttpRequest, person: Person, class_id: uuid.UUID, number: int) -> HttpResponse:
    found = classes.get_class(person, class_id)
    classes.remove_member(teacher=person, school_class=found, number=number, at=clock.now())
    return redirect("learning:class", found.pk)


@for_person
@require_safe
def sheet(request: HttpRequest, person: Person, class_id: uuid.UUID) -> HttpResponse:
    """The list to print: names, progress, room to sign."""
    found = classes.get_class(person, class_id)
    page = class_queries.class_page(found, today=clock.today(), size=classes.MOST_MEMBERS)
    pdf = class_sheets.sheet_pdf(
        found, page, teacher=person.full_name, address=_join_address(found), today=clock.today()
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="lop-{found.code}.pdf"'
    return response


@for_person
@require_safe
def results(request: HttpRequest, person: Person, class_id: uuid.UUID) -> HttpResponse:
    """Results for a spreadsheet."""
    found = classes.get_class(person, class_id)
    page = class_queries.class_page(found, today=clock.today(), size=classes.MOST_MEMBERS)
    response = HttpResponse(class_sheets.results_csv(page), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="lop-{found.code}.csv"'
    return response
