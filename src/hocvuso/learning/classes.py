"""Classes: make one, invite, join with consent, leave, assign. Only the teacher of a class reaches it (R-26)."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q

from hocvuso.curriculum.public import catalogue, published_paths
from hocvuso.kernel.models import record_audit
from hocvuso.kernel.vietnamese import composed, folded
from hocvuso.learning.choices import TaskKind
from hocvuso.learning.errors import AgreementMissing, ClassNotFound, PlaceTaken, TooMany
from hocvuso.learning.models import ClassMember, ClassTask, SchoolClass
from hocvuso.people.public import Person

MOST_CLASSES = 50
MOST_MEMBERS = 200
# What a learner agrees to when joining; a change of the sentence is a new version.
AGREED_TEXT = "2026-11"
_CONSONANTS, _VOWELS = "bcdghlmntv", "aeiou"


def new_code() -> str:
    """Three syllables and two digits, easy to say and to hear: `batomi27`. 12.5 million of them."""
    syllables = "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(3))
    return f"{syllables}{secrets.randbelow(90) + 10}"


def spoken(code: str) -> str:
    """`batomi27` → `ba to mi 27`."""
    return f"{code[0:2]} {code[2:4]} {code[4:6]} {code[6:]}"


def read_code(text: str) -> tuple[str, int | None]:
    """What somebody typed: the code, and the number on the list behind a dash or after it. `Ba To Mi 27 - 12` → batomi27, 12."""
    signs = "".join(sign for sign in folded(text) if sign.isalnum() or sign == "-")
    head, _, tail = signs.partition("-")
    head, rest = head[:8], head[8:]
    number = tail or rest
    return head, int(number) if number.isdigit() and len(number) < 5 else None


def get_class(teacher: Person, class_id: uuid.UUID) -> SchoolClass:
    """A class of this teacher's; raises ClassNotFound for anybody else."""
    found = SchoolClass.objects.filter(teacher=teacher, pk=class_id).first()
    if found is None:
        raise ClassNotFound
    return found


def find_by_code(text: str) -> SchoolClass | None:
    """An open class by its code, as people type it."""
    code, _number = read_code(text)
    return SchoolClass.objects.filter(code=code, is_open=True).select_related("teacher").first()


@transaction.atomic
def make_class(*, teacher: Person, name: str, place: str, at: datetime) -> SchoolClass:
    """A class with a fresh code. Raises TooMany."""
    if SchoolClass.objects.filter(teacher=teacher).count() >= MOST_CLASSES:
        raise TooMany
    for _attempt in range(20):
        code = new_code()
        if not SchoolClass.objects.filter(code=code).exists():
            break
    found = SchoolClass.objects.create(
        teacher=teacher, name=composed(name)[:120], place=composed(place)[:200], code=code, created_at=at
    )
    record_audit(
        at=at,
        action="learning.class.made",
        object_type="school_class",
        object_id=found.pk,
        actor_id=teacher.pk,
        new={"name": found.name},
    )
    return found


@transaction.atomic
def join(*, person: Person, code: str, agreed: bool, at: datetime) -> ClassMember:
    """Join a class by its code; with a number, take that place of the roster. Joining again changes nothing.

    Raises AgreementMissing, ClassNotFound, PlaceTaken, TooMany.
    """
    if not agreed:
        raise AgreementMissing
    word, number = read_code(code)
    found = SchoolClass.objects.select_for_update().filter(code=word, is_open=True).first()
    if found is None:
        raise ClassNotFound
    mine = ClassMember.objects.filter(school_class=found, person=person).first()
    if mine is not None:
        return mine
    if number is not None:
        member = ClassMember.objects.filter(school_class=found, number=number).first()
        if member is None or member.person_id is not None:
            raise PlaceTaken
    else:
        if found.members.count() >= MOST_MEMBERS:
            raise TooMany
        member = ClassMember(school_class=found, number=_next_number(found), full_name=person.full_name)
    member.person, member.agreed_text, member.joined_at = person, AGREED_TEXT, at
    member.save()
    record_audit(
        at=at,
        action="learning.class.joined",
        object_type="school_class",
        object_id=found.pk,
        actor_id=person.pk,
        new={"agreed": AGREED_TEXT},
    )
    return member


@transaction.atomic
def leave(*, person: Person, class_id: uuid.UUID, at: datetime) -> None:
    """Leave a class: from now on its teacher sees nothing of this person. Raises ClassNotFound."""
    member = ClassMember.objects.filter(school_class_id=class_id, person=person).first()
    if member is None:
        raise ClassNotFound
    member.person, member.joined_at, member.agreed_text = None, None, ""
    member.save()
    record_audit(
        at=at,
        action="learning.class.left",
        object_type="school_class",
        object_id=class_id,
        actor_id=person.pk,
    )


@transaction.atomic
def add_names(*, teacher: Person, school_class: SchoolClass, names: Sequence[tuple[str, str]], at: datetime) -> int:
    """Put names (with their codes, or empty) on the list, each with the next number. Raises TooMany, and then adds none."""
    if school_class.members.count() + len(names) > MOST_MEMBERS:
        raise TooMany
    first = _next_number(school_class)
    ClassMember.objects.bulk_create(
        ClassMember(school_class=school_class, number=first + place, full_name=name, reference=reference)
        for place, (name, reference) in enumerate(names)
    )
    record_audit(
        at=at,
        action="learning.class.names_added",
        object_type="school_class",
        object_id=school_class.pk,
        actor_id=teacher.pk,
        new={"names": len(names)},
    )
    return len(names)


def _next_number(school_class: SchoolClass) -> int:
    return int(school_class.members.aggregate(last=Max("number"))["last"] or 0) + 1


def remove_member(*, teacher: Person, school_class: SchoolClass, number: int, at: datetime) -> None:
    """Take a name off the list. Nothing of what the person learnt is touched."""
    gone, _rows = ClassMember.objects.filter(school_class=school_class, number=number).delete()
    if gone:
        record_audit(
            at=at,
            action="learning.class.name_removed",
            object_type="school_class",
            object_id=school_class.pk,
            actor_id=teacher.pk,
            old={"number": number},
        )


def assign(*, school_class: SchoolClass, what: str, due_on: date | None, at: datetime) -> ClassTask:
    """Ask the class to do a lesson (`LESSON:slug`) or a path (`PATH:slug`) by a day; again changes the day. Raises ClassNotFound
    for something that is not published."""
    kind, _, slug = what.partition(":")
    known = {
        TaskKind.LESSON: {card.slug for card in catalogue()},
        TaskKind.PATH: {path.slug for path in published_paths()},
    }
    if kind not in TaskKind.values or slug not in known[TaskKind(kind)]:
        raise ClassNotFound
    task, _made = ClassTask.objects.update_or_create(
        school_class=school_class,
        kind=kind,
        slug=slug,
        defaults={"due_on": due_on},
        create_defaults={"due_on": due_on, "created_at": at},
    )
    return task


def unassign(*, school_class: SchoolClass, task_id: int) -> None:
    ClassTask.objects.filter(school_class=school_class, pk=task_id).delete()


def change_class(*, school_class: SchoolClass, name: str, place: str, is_open: bool) -> None:
    school_class.name, school_class.place, school_class.is_open = composed(name)[:120], composed(place)[:200], is_open
    school_class.save(update_fields=["name", "place", "is_open"])


@transaction.atomic
def delete_class(*, teacher: Person, school_class: SchoolClass, at: datetime) -> None:
    """Delete a class with its list and tasks; what its people learnt stays theirs."""
    record_audit(
        at=at,
        action="learning.class.deleted",
        object_type="school_class",
        object_id=school_class.pk,
        actor_id=teacher.pk,
        old={"name": school_class.name},
    )
    school_class.delete()


def forget_person(person_id: uuid.UUID, at: datetime) -> None:
    """A person is erased (people.on_erase): their name goes from every list, their own classes with it."""
    ClassMember.objects.filter(Q(person_id=person_id) | Q(school_class__teacher_id=person_id)).delete()
    SchoolClass.objects.filter(teacher_id=person_id).delete()
