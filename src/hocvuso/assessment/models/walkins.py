"""People who come to a sitting without being on its list, and the papers kept ready for them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment.models.sittings import Sitting
from hocvuso.kernel.ids import new_id


class WalkInState(models.TextChoices):
    """What became of somebody who was added at the door."""

    MATCHED = "MATCHED", _("Known here already")
    NEW = "NEW", _("Registered now")
    QUEUED = "QUEUED", _("For a person to look at")
    SET_ASIDE = "ASIDE", _("Set aside, nothing counted")


class WalkInReason(models.TextChoices):
    """Why the system does not decide by itself who somebody is."""

    OTHER_NAME = "OTHER_NAME", _("the phone number fits, the name is another")
    OTHER_YEAR = "OTHER_YEAR", _("the phone number fits, the year of birth is another")
    LOOKS_ALIKE = "LOOKS_ALIKE", _("somebody here has the same name")
    BAD_DETAILS = "BAD_DETAILS", _("the name, the year or the phone number cannot be right")


class SparePaper(models.Model):
    """A paper drawn for somebody who may come unannounced. Every phone of the sitting holds it. Holds no personal data."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="spares")
    paper = models.JSONField()

    def __str__(self) -> str:
        return str(self.id)


class WalkIn(models.Model):
    """Somebody whom an assessor's phone added at the door. `id` is what the lines of that phone call them; `person` is who it
    is, once that is known. `details` (name, year, phone, consent) is encrypted, and gone once it is known.

    Holds personal data, encrypted.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="walk_ins")
    spare = models.ForeignKey(SparePaper, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=WalkInState.choices)
    reason = models.CharField(max_length=12, choices=WalkInReason.choices, blank=True)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.CASCADE, related_name="+")
    details = models.TextField(blank=True)
    added_by = models.UUIDField()
    added_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[WalkInState.MATCHED, WalkInState.NEW], person__isnull=False)
                | models.Q(state__in=[WalkInState.QUEUED, WalkInState.SET_ASIDE], person__isnull=True),
                name="walk_in_known_is_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"

    @property
    def is_known(self) -> bool:
        return self.state in {WalkInState.MATCHED, WalkInState.NEW}
