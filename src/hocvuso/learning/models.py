"""What people did in lessons, and how far they are."""

from __future__ import annotations

from django.db import models

from hocvuso.kernel.ids import new_id
from hocvuso.learning.choices import ActivityKind, TaskKind


class Activity(models.Model):
    """One thing a device says a person did, as it came in. Kept short (see docs/reference/settings.md, telemetry).

    `id` is made by the device, so that sending it again stores nothing twice. `payload` holds the replayed trace or the steps
    ticked. Holds personal data by reference; behaviour on online services is sensitive data (Decree 356/2025/NĐ-CP).
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="+")
    id = models.UUIDField()
    kind = models.CharField(max_length=12, choices=ActivityKind.choices)
    lesson = models.CharField(max_length=120)
    practice = models.CharField(max_length=120, blank=True)
    release = models.CharField(max_length=64, blank=True)
    payload = models.JSONField(default=dict)
    passed = models.BooleanField(default=True)
    device_id = models.UUIDField(null=True)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["received_at"], name="activity_received")]

    def __str__(self) -> str:
        return f"{self.kind} {self.lesson}"


class LessonProgress(models.Model):
    """How far a person is in a lesson: three lamps. Derived from activities; the earliest moment of each counts.

    `known_at`: the quick questions were all right without the lesson (test-out); with every practice passed the lesson is finished.
    `touched_at`: the latest activity, so that another device can go on where this one stopped.
    """

    pk = models.CompositePrimaryKey("person_id", "lesson")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="+")
    lesson = models.CharField(max_length=120)
    understood_at = models.DateTimeField(null=True)
    practised = models.JSONField(default=dict)  # practice slug → moment of the first pass, ISO
    used_at = models.DateTimeField(null=True)
    known_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.lesson}"


class PathProgress(models.Model):
    """A person finished a learning path (hoàn thành học)."""

    pk = models.CompositePrimaryKey("person_id", "path")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="+")
    path = models.CharField(max_length=120)
    completed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.path}"


class Bookmark(models.Model):
    """Where a person stopped, and what they said they want to be able to do: what a phone shows first, on any device.

    `who` and `goal` are codes of learning.goals, `screen` the place inside the lesson. The newest of each half counts. Holds personal
    data by reference.
    """

    person = models.OneToOneField("people.Person", on_delete=models.CASCADE, primary_key=True, related_name="+")
    who = models.CharField(max_length=20, blank=True)
    goal = models.CharField(max_length=20, blank=True)
    chosen_at = models.DateTimeField(null=True)
    lesson = models.CharField(max_length=120, blank=True)
    screen = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.lesson} {self.screen}"


class SchoolClass(models.Model):
    """People whom one person teaches: a school class, an evening class of a neighbourhood, neighbours at a kitchen table (R-26).

    `code` is what learners type or scan; it works while `is_open`. Only the teacher sees who is in it and how far they are. Holds
    personal data by reference.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    teacher = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=12, unique=True)
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["teacher", "-created_at"], name="class_of_teacher")]

    def __str__(self) -> str:
        return self.name


class ClassMember(models.Model):
    """A name on the list of a class; `person` once they have joined and agreed that the teacher sees how far they are.

    Names of a roster wait without a person and take their place by `number` ("ba to mi 27 - 12"). `agreed_text` is the version of
    what was agreed to; leaving takes the person away and nothing of theirs is seen any more. Holds personal data.
    """

    school_class = models.ForeignKey(SchoolClass, on_delete=models.CASCADE, related_name="members")
    number = models.PositiveSmallIntegerField()
    full_name = models.CharField(max_length=120)
    reference = models.CharField(max_length=40, blank=True)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, null=True, related_name="+")
    agreed_text = models.CharField(max_length=20, blank=True)
    joined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school_class", "number"], name="class_number_once"),
            models.UniqueConstraint(fields=["school_class", "person"], name="class_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.full_name}"


class ClassTask(models.Model):
    """A lesson or a path that a class has been asked to do by a day. No personal data."""

    school_class = models.ForeignKey(SchoolClass, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=6, choices=TaskKind.choices)
    slug = models.CharField(max_length=120)
    due_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school_class", "kind", "slug"], name="class_task_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"
