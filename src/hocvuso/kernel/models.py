"""The audit trail."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from hocvuso.kernel.ids import new_id


class AppendOnly(Exception):
    """Rows of this table are written once; nothing changes or removes them."""


class AuditEntry(models.Model):
    """One thing somebody did that changed a standing, a target, a credential, a mandate or money. Insert-only.

    `actor_id` is the acting person (none for the system itself, then `actor_name` says which part of it).
    Holds personal data: the actor's id; old and new values are masked by the caller.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120)
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=80)
    unit_id = models.BigIntegerField(null=True)
    old = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    new = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "at"], name="audit_object"),
            models.Index(fields=["unit_id", "at"], name="audit_unit"),
            models.Index(fields=["actor_id", "at"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type}:{self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly


def record_audit(
    *,
    at: datetime,
    action: str,
    object_type: str,
    object_id: object,
    actor_id: uuid.UUID | None = None,
    actor_name: str = "",
    unit_id: int | None = None,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry to the audit trail, in the caller's transaction.

    Either actor_id or actor_name (a part of the system, `system:projector`) must be given; ValueError otherwise.
    """
    if actor_id is None and not actor_name:
        raise ValueError("an audit entry needs an actor")
    return AuditEntry.objects.create(
        at=at,
        actor_id=actor_id,
        actor_name=actor_name,
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        unit_id=unit_id,
        old=old or {},
        new=new or {},
    )
