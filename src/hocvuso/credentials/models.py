"""Certificates, their codes, confirmations and hand-overs to VNeID."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment.public import CaseReason
from hocvuso.credentials.choices import (
    BatchState,
    CertificateState,
    ConfirmationState,
    DeliveryState,
    ExportPurpose,
    ExportState,
    OutsideState,
    QueueReason,
    RecallState,
    RowOutcome,
)
from hocvuso.evidence.public import Assurance
from hocvuso.kernel.ids import new_id

PROVISIONAL_MARK = " (khung tạm)"  # how a framework that waits for its official text marks its skills


class Certificate(models.Model):
    """A person passed an assessment, written down as it was on that day.

    The name, the policy and its version are snapshots and never change; a slip in the name is corrected by a new certificate
    that takes the place of this one. `code` is what people type, stable for ever. Holds personal data (name, result).
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="certificates")
    id = models.UUIDField(default=new_id)
    code = models.CharField(max_length=13)
    attempt_id = models.UUIDField()
    edition = models.PositiveSmallIntegerField(default=1)  # 1, and one more for each correction
    full_name = models.CharField(_("full name"), max_length=120)
    policy_code = models.CharField(max_length=60)
    policy_title = models.CharField(max_length=200)
    policy_version = models.CharField(max_length=20)
    provisional = models.BooleanField(default=False)  # the policy is a default that waits for an official text
    level = models.CharField(max_length=80, blank=True)
    signatory = models.CharField(max_length=200, blank=True)  # as the policy of the attempt says
    score_ratio = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    pass_ratio = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    skills = models.JSONField(default=list)  # [{"code": "ndct-1", "name": "…"}]
    issued_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=CertificateState.choices, default=CertificateState.VALID)
    state_changed_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    replaced_by = models.UUIDField(null=True)  # id of the corrected certificate of the same person
    evidence_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "attempt_id", "edition"], name="certificate_once_per_attempt"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_valid(self) -> bool:
        return self.state == CertificateState.VALID

    @property
    def skill_names(self) -> list[str]:
        """Names of the skills, without the mark of a provisional framework, which the certificate carries once."""
        return [str(skill["name"]).removesuffix(PROVISIONAL_MARK) for skill in self.skills]

    @property
    def score_percent(self) -> int | None:
        """Whole per cent, rounded down: 79.9% has not reached 80%."""
        return None if self.score_ratio is None else int(self.score_ratio * 100)

    @property
    def pass_percent(self) -> int | None:
        return None if self.pass_ratio is None else int(self.pass_ratio * 100)


class CertificateCode(models.Model):
    """Finds a certificate by its code, in one place for all people; `serial` is its bit in the status lists.

    `ended_at`: when the certificate stopped being valid for good; `suspended_at`: since when it is stopped for a time. An
    erased person's row stays without the person, so that the code still says "ended" and its bit stays set.
    """

    serial = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=13, unique=True)
    person_id = models.UUIDField(null=True, db_index=True)
    certificate_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["serial"], condition=Q(ended_at__isnull=False), name="certificate_code_ended"),
            models.Index(fields=["serial"], condition=Q(suspended_at__isnull=False), name="certificate_code_suspended"),
        ]

    def __str__(self) -> str:
        return self.code


class HandoverBatch(models.Model):
    """One file of confirmed people for VNeID: prepared by one officer, released by another, answered row by row.

    `id` names the file and never changes; making the file again gives the same bytes. Holds no personal data itself.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.PREPARED)
    withdraws = models.BooleanField(default=False)  # tells VNeID that accepted results were revoked
    people = models.PositiveIntegerField(default=0)
    prepared_by = models.UUIDField()
    prepared_at = models.DateTimeField()
    released_by = models.UUIDField(null=True)
    released_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the CSV at release
    key_name = models.CharField(max_length=40, blank=True)
    last_answer_at = models.DateTimeField(null=True)
    delivery = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.BY_HAND)
    tries = models.PositiveSmallIntegerField(default=0)  # since the last time it worked
    next_try_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "prepared_at"], name="handover_unit"),
            models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="handover_due"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    """Chainable picks of confirmations."""

    def in_state(self, *states: str) -> ConfirmationQuerySet:
        return self.filter(state__in=states)

    def waiting_longer_than(self, moment: datetime) -> ConfirmationQuerySet:
        return self.filter(state_changed_at__lt=moment)


class Confirmation(models.Model):
    """A person's result on its way to being confirmed by the unit they live in, and on to VNeID.

    One row a certificate that stands (a corrected certificate takes the row over). `unit` is the home unit that answers for the
    person; brought up to date at every move. Moves: rules.MOVES, made by services alone. Holds personal data by reference, and
    the reason somebody wrote.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="confirmations")
    id = models.UUIDField(default=new_id)
    certificate_id = models.UUIDField()
    policy_code = models.CharField(max_length=60)
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    state = models.CharField(max_length=10, choices=ConfirmationState.choices, default=ConfirmationState.ELIGIBLE)
    state_changed_at = models.DateTimeField()
    eligible_at = models.DateTimeField()
    proposed_by = models.UUIDField(null=True)
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=60, blank=True)  # the number VNeID gave
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    confirmed_evidence_id = models.UUIDField(null=True)
    accepted_evidence_id = models.UUIDField(null=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "certificate_id"], name="confirmation_once_per_certificate"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(decided_by=models.F("proposed_by")),
                name="confirmation_needs_a_second_person",
                violation_error_message=_("Confirmation needs a second person."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "state_changed_at", "id"], name="confirmation_unit_state"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"


class HandoverRow(models.Model):
    """One person in one batch, and what VNeID answered. `id` is the row's name in the file. Holds personal data by reference."""

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="handovers")
    id = models.UUIDField(default=new_id)
    batch = models.ForeignKey(HandoverBatch, on_delete=models.CASCADE, db_index=False, related_name="rows")
    confirmation_id = models.UUIDField()
    outcome = models.CharField(max_length=10, choices=RowOutcome.choices, default=RowOutcome.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "batch", "confirmation_id"], name="handover_row_once"),
        ]
        indexes = [models.Index(fields=["batch", "id"], name="handover_batch_rows")]

    def __str__(self) -> str:
        return str(self.id)


class Recall(models.Model):
    """A re-check found the test behind a certificate irregular. Until officers decide, the certificate is valid.

    Three people: who found it, who stops the certificate, who revokes it or lets it count again. `appeal` is what its holder
    says to it. Holds personal data.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="+")
    id = models.UUIDField(default=new_id)
    attempt_id = models.UUIDField()
    case_id = models.UUIDField()
    finding = models.CharField(max_length=14, choices=CaseReason.choices)
    found_by = models.UUIDField()
    found_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=RecallState.choices, default=RecallState.WAITS)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    appeal = models.CharField(max_length=1000, blank=True)
    appealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "attempt_id", "case_id"], name="recall_once"),
            models.CheckConstraint(
                condition=(Q(decided_by__isnull=True) | ~Q(decided_by=models.F("found_by")))
                & (
                    Q(ended_by__isnull=True) | (~Q(ended_by=models.F("found_by")) & ~Q(ended_by=models.F("decided_by")))
                ),
                name="recall_different_people",
            ),
        ]
        indexes = [models.Index(fields=["found_at"], condition=Q(ended_at__isnull=True), name="recall_open")]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.state}"


class ReasonNote(models.Model):
    """What an officer wrote when a certificate or a confirmation was refused, suspended, corrected or revoked.

    Kept beside the audit trail, which holds no free text: belongs to the entry of the same object and moment, and goes when
    its time is over or the person is erased. Holds personal data (whatever somebody wrote).
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, db_index=False, related_name="+")
    id = models.UUIDField(default=new_id)
    object_id = models.UUIDField()
    text = models.CharField(max_length=300)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="reason_note_expiry")]

    def __str__(self) -> str:
        return f"{self.object_id} {self.at:%Y-%m-%d}"


class ExportRequest(models.Model):
    """An officer asks for a list of names as a file; a second one approves it, for a day. Holds no names itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    listed_state = models.CharField(max_length=10, choices=ConfirmationState.choices)
    purpose = models.CharField(max_length=10, choices=ExportPurpose.choices)
    people = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.ASKED)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
                name="export_needs_a_second_person",
                violation_error_message=_("A list of names needs a second person."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "asked_at"], name="export_unit")]

    def __str__(self) -> str:
        return str(self.id)


class OutsideSource(models.Model):
    """Another platform whose results are brought in: the national platform, a school system. Answered for by a unit.

    `code` never changes and stands in the evidence (`import:<code>`). Holds no personal data.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=200)
    assurance = models.PositiveSmallIntegerField(choices=Assurance.choices)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    token_digest = models.CharField(max_length=64, null=True, unique=True)
    active = models.BooleanField(default=True)
    created_by = models.UUIDField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class OutsideImport(models.Model):
    """One file, or one delivery of a source's program, that brought something new. Holds no personal data."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.ForeignKey(OutsideSource, on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200, blank=True)
    stored = models.PositiveIntegerField(default=0)
    queued = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    imported_by = models.UUIDField(null=True)
    at = models.DateTimeField()
    undone_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["source", "at"], name="outside_import_source")]

    def __str__(self) -> str:
        return str(self.id)


class OutsideResult(models.Model):
    """One result of another platform, once per source and its id. Without a person while somebody has to look.

    `sealed` holds what a person needs to decide whose it is, encrypted and bound to the row; emptied by the decision. Holds
    personal data.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.ForeignKey(OutsideSource, on_delete=models.PROTECT, related_name="results")
    batch = models.ForeignKey(OutsideImport, on_delete=models.CASCADE, related_name="results")
    outside_id = models.CharField(max_length=80)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.CASCADE, related_name="+")
    suggested_id = models.UUIDField(null=True)
    course = models.CharField(max_length=60)
    course_title = models.CharField(max_length=200)
    passed = models.BooleanField()
    score_ratio = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    taken_on = models.DateField()
    state = models.CharField(max_length=10, choices=OutsideState.choices)
    why = models.CharField(max_length=10, choices=QueueReason.choices, blank=True)
    sealed = models.TextField(blank=True)
    evidence_id = models.UUIDField(null=True)
    certificate_id = models.UUIDField(null=True)
    received_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "outside_id"], name="outside_result_once"),
            models.CheckConstraint(
                condition=~Q(state=OutsideState.MATCHED) | Q(person__isnull=False), name="outside_matched_has_person"
            ),
        ]
        indexes = [
            models.Index(
                fields=["source", "received_at", "id"], condition=Q(state=OutsideState.QUEUED), name="outside_queue"
            ),
        ]

    def __str__(self) -> str:
        return self.outside_id
