"""What goes live, or comes down, by itself at a moment that was set."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvuso.curriculum.choices import ScheduleAction, ScheduleState, ThingKind


class ScheduledChange(models.Model):
    """One moment set for one text: published as it stood in `revision`, or taken down.

    `kind` and `object_id` name the text; `slug` and `title` are what it was called when the moment was set. `at` is the moment that was
    set, `due_at` when the background work looks at it (later than `at` only after a fault of ours). `told` holds the sentences why it was
    not published; `digest` the release it became (questions have none). A proposal becomes a moment when a publisher approves the text.
    Personal data: who set it.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ThingKind.choices)
    object_id = models.PositiveBigIntegerField()
    slug = models.CharField(_("code"), max_length=255)
    title = models.CharField(_("title of the text"), max_length=300)
    action = models.CharField(max_length=10, choices=ScheduleAction.choices)
    revision = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("at"))
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ScheduleState.choices)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    told = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="schedule_due"),
            models.Index(fields=["state", "at", "id"], name="schedule_list"),
        ]
        constraints = [
            # Setting twice, also at the same moment, sets once.
            models.UniqueConstraint(
                fields=["kind", "object_id", "action"],
                condition=Q(state__in=["PROPOSED", "WAITING"]),
                name="schedule_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.slug} {self.at:%Y-%m-%d %H:%M}"
