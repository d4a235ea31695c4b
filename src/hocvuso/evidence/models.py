"""The ledger, what follows from it for each person, and the seals."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from hocvuso.evidence.choices import Assurance
from hocvuso.kernel.ids import new_id
from hocvuso.kernel.models import AppendOnly


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """The ledger is read; it is written through evidence.services alone."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly


class Evidence(models.Model):
    """One thing that happened to one person, vouched for to a degree. Never updated or deleted.

    `id` is made by whoever saw it happen (UUIDv7), so that sending it twice stores it once. `unit_ids`, `groups`, `traits` are
    how the person stood at that time: home unit first, then memberships. A correction is a new row that `revokes` an old one.
    Erasing a person replaces `person` by a tombstone id that no Person has; `commitment` keeps the digest checkable.
    Holds personal data by reference only.
    """

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey(
        "people.Person", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    id = models.UUIDField(default=new_id)
    kind = models.CharField(max_length=24)  # evidence.registry tells the kinds
    subject = models.CharField(max_length=120)  # "lesson:kich-hoat-vneid", "service:vneid", "path:nguoi-dan"
    unit_ids = models.JSONField(default=list)
    groups = models.JSONField(default=list)
    traits = models.JSONField(default=list)
    assurance = models.PositiveSmallIntegerField(choices=Assurance.choices)
    source = models.CharField(max_length=40)  # "app", "assessment", "credentials", "import:…", "demo"
    recorded_by = models.UUIDField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_on = models.DateField()  # the day in Viet Nam whose seal holds the row
    details = models.JSONField(default=dict)
    revokes = models.UUIDField(null=True)
    commitment = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "revokes"],
                condition=models.Q(revokes__isnull=False),
                name="evidence_revoked_once",
            ),
        ]
        indexes = [models.Index(fields=["recorded_on", "id"], name="evidence_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly


class PendingEvidence(models.Model):
    """Evidence that the projector has not worked in yet; written in the same transaction as the evidence itself.

    A queue rather than a position in the ledger, so that a transaction that commits late is never skipped.
    """

    id = models.BigAutoField(primary_key=True)
    person_id = models.UUIDField(db_index=True)
    evidence_id = models.UUIDField()

    def __str__(self) -> str:
        return str(self.evidence_id)


class Standing(models.Model):
    """The first time a person reached a milestone, computed from the ledger; `evidence rebuild` makes the same rows again."""

    pk = models.CompositePrimaryKey("person_id", "milestone")
    person = models.ForeignKey(
        "people.Person", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    milestone = models.CharField(max_length=12)
    reached_at = models.DateTimeField()
    reached_on = models.DateField()
    evidence_id = models.UUIDField()
    assurance = models.PositiveSmallIntegerField()
    groups = models.JSONField(default=list)
    segments = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["milestone", "reached_on", "person"], name="standing_milestone_day")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.milestone}"


class StandingUnit(models.Model):
    """A standing counts in a unit: the person's home unit or a unit they were a member of when they reached it."""

    pk = models.CompositePrimaryKey("person_id", "milestone", "unit_id")
    person = models.ForeignKey(
        "people.Person", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    milestone = models.CharField(max_length=12)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    reached_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["unit", "milestone", "reached_on", "person"], name="standing_unit_list")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.milestone} in {self.unit_id}"


class OpenDay(models.Model):
    """Running sum of the ledger's digests for a day that is not sealed yet, kept by the projector.

    `digest_sum` is the sum of the day's digests modulo 2^256: it does not depend on order, so late commits fit, and with the
    keyed `check_code` a removed or changed row shows before the day is sealed.
    """

    day = models.DateField(primary_key=True)
    rows = models.BigIntegerField(default=0)
    digest_sum = models.CharField(max_length=64, default="0" * 64)
    check_code = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.day}: {self.rows}"


class Seal(models.Model):
    """The seal of one day: Merkle root over the day's digests in the order of their ids, chained and signed (Ed25519)."""

    day = models.DateField(primary_key=True)
    rows = models.BigIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)  # `link` of the seal before, or 64 zeros
    link = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day}: {self.root[:12]}…"


class Tombstone(models.Model):
    """Somebody's right to be erased was honoured: their rows now carry this id, and the count stays."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    erased_at = models.DateTimeField()
    rows = models.PositiveIntegerField()

    def __str__(self) -> str:
        return str(self.id)
