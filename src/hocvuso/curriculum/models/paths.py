"""Paths: which lessons a group needs to have finished."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, RevisionMixin, WorkflowMixin

from hocvuso.people.choices import Group


class Path(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, ClusterableModel):
    """The lessons one population group learns, in a recommended order. `slug` is stable. No personal data."""

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title of the text"), max_length=200)
    group = models.CharField(_("for"), max_length=10, choices=Group.choices)
    policy = models.SlugField(
        _("assessment that follows"), max_length=60, blank=True, help_text=_("The code of the assessment policy.")
    )

    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="path",
        for_concrete_model=False,
    )

    panels = [
        FieldPanel("title"),
        FieldPanel("slug"),
        FieldPanel("group"),
        InlinePanel("path_lessons", heading=_("Lessons, in the order we advise"), label=_("Lesson")),
        FieldPanel("policy"),
    ]

    class Meta:
        verbose_name = _("path")
        verbose_name_plural = _("paths")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title


class PathLesson(Orderable):
    """A lesson's place on a path. No personal data."""

    path = ParentalKey(Path, on_delete=models.CASCADE, related_name="path_lessons")
    lesson = models.ForeignKey(
        "curriculum.LessonPage", verbose_name=_("lesson"), on_delete=models.CASCADE, related_name="path_places"
    )

    panels = [PageChooserPanel("lesson", "curriculum.LessonPage")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["path", "lesson"], name="lesson_once_per_path")]

    def __str__(self) -> str:
        return f"{self.path_id}: {self.lesson_id}"
