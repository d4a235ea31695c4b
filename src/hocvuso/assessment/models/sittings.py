"""Tests under somebody's eyes: the sitting, who sits in it, what happened there, what the assessor's phone sent."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.ids import new_id
from hocvuso.kernel.models import AppendOnly


class SittingMode(models.TextChoices):
    """How people answer when an assessor is there."""

    SUPERVISED = "SUPERVISED", _("In a room, on their own phones")
    SPOKEN = "SPOKEN", _("Spoken: the assessor reads, the person answers")
    OBSERVED = "OBSERVED", _("Observed: the person does it, the assessor ticks")


class SittingState(models.TextChoices):
    OPEN = "OPEN", _("Open")
    CLOSED = "CLOSED", _("Closed")


class JoinedBy(models.TextChoices):
    CODE = "CODE", _("By the code")
    CALLED = "CALLED", _("Called by name")
    DOOR = "DOOR", _("Added at the door")


class IncidentKind(models.TextChoices):
    """The closed list; one tap each. What it means for the result stands in HOLDING."""

    HELPED = "HELPED", _("Somebody else gave the answers")
    WRONG_PERSON = "WRONG_PERSON", _("Not the person called")
    OTHER_PHONE = "OTHER_PHONE", _("Used another phone")
    LEFT_ROOM = "LEFT_ROOM", _("Left the room")
    PHONE_BROKE = "PHONE_BROKE", _("The phone failed")
    NO_NETWORK = "NO_NETWORK", _("Network or power failed")
    UNWELL = "UNWELL", _("Felt unwell")
    DISTURBED = "DISTURBED", _("The room was disturbed")


# A result with one of these waits for a re-check before it counts as supervised. The others are notes.
HOLDING = frozenset({IncidentKind.HELPED, IncidentKind.WRONG_PERSON, IncidentKind.OTHER_PHONE, IncidentKind.LEFT_ROOM})


class RecordKind(models.TextChoices):
    """What an assessor's phone writes down, in its order."""

    WALK_IN = "WALK_IN", _("Added at the door")
    PRESENT = "PRESENT", _("Presence ticked")
    ABSENT = "ABSENT", _("Presence taken back")
    ANSWER = "ANSWER", _("Answer recorded")
    INCIDENT = "INCIDENT", _("Incident")
    FINISH = "FINISH", _("Finished")


class RecordState(models.TextChoices):
    APPLIED = "APPLIED", _("Counted")
    KEPT = "KEPT", _("Kept, not counted")


# Why a line was kept and not counted; other reasons are the codes of errors.
PROBLEMS = {
    "chain_broken": _("the order of lines was changed on this phone"),
    "after_take_over": _("another assessor had taken the session over"),
    "seal_broken": _("an answer was changed after it was sealed"),
    "trace_refused": _("a practice cannot be played again as it was recorded"),
    "already_finished": _("this person was finished on another phone before"),
    "other_test": _("this person took the test on a phone of their own"),
    "no_paper": _("no questions had been handed out for this person"),
    "taught_them": _("the assessor taught this person"),
    "tick_stays": _("the test was finished before the tick was taken back"),
    "not_in_sitting": _("this person is not in the session"),
    "walk_in_waits": _("nobody has said yet who the person added at the door is"),
    "own_test": _("the assessor cannot assess themselves"),
    "already_passed": _("this person passed this test before an assessor already"),
    "other_test_open": _("this person is in the middle of this test on a phone of their own"),
    "person_has_to_agree": _("this person has not agreed that we keep results"),
    "records_unreadable": _("the server could not read this line"),
}


class Sitting(models.Model):
    """One occasion: an assessor, a place, a time, a policy, and a short code while it is open.

    `lock_public` is the key that assessors' phones seal answers with; `lock_key` opens them and never leaves the server.
    Holds personal data by reference.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    policy = models.ForeignKey("assessment.Policy", on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=SittingMode.choices)
    assessor = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    code = models.CharField(max_length=8)
    place = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=6, choices=SittingState.choices, default=SittingState.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    handed_out_at = models.DateTimeField(null=True)
    lock_key = models.TextField()
    lock_public = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=models.Q(state="OPEN"), name="sitting_code_open"),
            models.CheckConstraint(
                condition=models.Q(state="OPEN", closed_at__isnull=True)
                | models.Q(state="CLOSED", closed_at__isnull=False),
                name="sitting_closed_has_moment",
            ),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="sitting_ends_later"),
        ]
        indexes = [models.Index(fields=["unit", "starts_at", "id"], name="sitting_unit_list")]

    def __str__(self) -> str:
        return f"{self.code} {self.mode}"

    @property
    def is_open(self) -> bool:
        return self.state == SittingState.OPEN

    @property
    def by_assessor(self) -> bool:
        """Whether answers are recorded on the assessor's phone."""
        return self.mode != SittingMode.SUPERVISED


class Seat(models.Model):
    """One person in one sitting. `present_at`: the assessor ticked that they are there in person; only then is the result
    supervised. `paper`: questions with keys, drawn for this person when the sitting is worked on the assessor's phone.

    Holds personal data by reference.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="+")
    id = models.UUIDField(default=new_id)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="seats")
    how = models.CharField(max_length=6, choices=JoinedBy.choices)
    joined_at = models.DateTimeField()
    attempt_id = models.UUIDField(null=True)
    paper = models.JSONField(null=True)
    present_at = models.DateTimeField(null=True)
    present_by = models.UUIDField(null=True)
    device = models.CharField(max_length=32, blank=True)
    other_device_at = models.DateTimeField(null=True)
    asked_help_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "sitting"], name="seat_once"),
            models.CheckConstraint(
                condition=models.Q(present_at__isnull=True, present_by__isnull=True)
                | models.Q(present_at__isnull=False, present_by__isnull=False),
                name="seat_present_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.sitting_id}"


class Incident(models.Model):
    """Something of the closed list happened in a sitting, to one person or to the whole room (no person).

    Holds personal data by reference.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="incidents")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=IncidentKind.choices)
    happened_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.kind} in {self.sitting_id}"

    @property
    def holds(self) -> bool:
        return self.kind in HOLDING


class SittingRecord(models.Model):
    """One line of an assessor's phone, exactly as it was written there; sent twice it is stored once. Never changed but for
    `state` and `problem`, which say whether it counts.

    `line` is the phone's text, `mark` chains it to the line before (SHA-256); answers inside are sealed for the server.
    Holds personal data by reference.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="records")
    person_id = models.UUIDField(null=True)
    device = models.CharField(max_length=36)
    place = models.PositiveIntegerField()  # from 1, in the phone's order
    kind = models.CharField(max_length=8, choices=RecordKind.choices)
    line = models.TextField()
    mark = models.CharField(max_length=64)
    sent_by = models.UUIDField()
    happened_at = models.DateTimeField()  # by the server's clock
    received_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=RecordState.choices)
    problem = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["sitting", "device", "place"], name="sitting_record_order")]

    def __str__(self) -> str:
        return f"{self.kind} {self.place} of {self.device}"

    @property
    def problem_words(self) -> str:
        return str(PROBLEMS.get(self.problem, self.problem))

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly


class Briefing(models.Model):
    """An assessor read the guide for spoken and observed tests, in one version. Holds personal data by reference."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    version = models.PositiveSmallIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "version"], name="assessor_briefed_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.version}"
