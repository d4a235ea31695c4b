"""Questions: quick ones inside a lesson, graded ones for the assessment only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from hocvuso.curriculum.choices import Level, QuestionKind, SceneKind
from hocvuso.curriculum.models.previews import ShownByViews
from hocvuso.curriculum.question_rules import WITHOUT_RIGHT, question_findings

CODE = RegexValidator(r"\A[a-z0-9]+(?:[-_.][a-z0-9]+)*\Z", _("Small letters without accents, digits and hyphens only."))


class QuestionForm(WagtailAdminModelForm):
    """Answers are judged together with their question: by the same rules as questions in files."""

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        rows = [
            form.cleaned_data
            for form in self.formsets["options"].forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        typed = self.cleaned_data
        kind = typed["kind"]
        question: dict[str, Any] = {
            "kind": kind,
            "story": typed["story"],
            "options": [_typed(row, kind) for row in rows],
        }
        if typed["scene_kind"]:
            question["scene"] = {"kind": typed["scene_kind"], "from": typed["scene_from"]}
        for sentence in dict.fromkeys(sentence for _place, sentence in question_findings(question)):
            self.add_error(None, sentence)
        return not self.errors


def _typed(row: dict[str, Any], kind: str) -> dict[str, Any]:
    option = {"id": row["code"], "text": row["text"], "why": row["why"]}
    if kind not in WITHOUT_RIGHT:
        option["right"] = row["right"]
    if row["pair"] or kind == QuestionKind.MATCH:
        option["pair"] = row["pair"]
    return option


class Question(
    ShownByViews, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel
):
    """One question with its options. `code` is stable. Graded ones, their keys and reasons never reach a phone before grading.

    No personal data.
    """

    code = models.CharField(_("code"), max_length=80, unique=True, validators=[CODE])
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind.choices, default=QuestionKind.ONE)
    skill = models.ForeignKey(
        "curriculum.Skill", verbose_name=_("skill"), to_field="code", on_delete=models.PROTECT, related_name="questions"
    )
    level = models.PositiveSmallIntegerField(_("how hard"), choices=Level.choices, default=Level.EASY)
    story = models.TextField(
        _("story"), blank=True, help_text=_("Of a situation only: two to four short sentences before the question.")
    )
    scene_kind = models.CharField(
        _("looks like"),
        max_length=10,
        blank=True,
        choices=SceneKind.choices,
        help_text=_("Of “find what betrays a scam” only; the answers are the parts of the message, in their order."),
    )
    scene_from = models.CharField(_("sent by"), max_length=80, blank=True)
    text = models.TextField(_("question"))
    graded = models.BooleanField(
        _("only for the assessment"),
        default=False,
        help_text=_("Ticked: the question stays on the server. Not ticked: it can stand in a lesson as a quick check."),
    )
    lesson_slug = models.CharField(_("lesson that teaches it"), max_length=255, blank=True)

    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="question",
        for_concrete_model=False,
    )

    base_form_class = QuestionForm
    panels = [
        FieldPanel("kind"),
        FieldPanel("story"),
        FieldRowPanel([FieldPanel("scene_kind"), FieldPanel("scene_from")]),
        FieldPanel("text"),
        InlinePanel("options", heading=_("Possible answers"), label=_("Possible answer"), min_num=2, max_num=6),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("level"), FieldPanel("skill", widget=forms.Select)]),
                FieldPanel("graded"),
                FieldRowPanel([FieldPanel("code"), FieldPanel("lesson_slug")]),
            ],
            heading=_("About this question"),
        ),
    ]

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["code"]
        indexes = [models.Index(fields=["graded", "live", "skill"], name="question_bank")]

    def __str__(self) -> str:
        return self.text

    def as_dict(self) -> dict[str, Any]:
        """The question with keys and reasons, as in docs/reference/content-format.md."""
        frame: dict[str, Any] = {}
        if self.kind == QuestionKind.SITUATION:
            frame["story"] = self.story
        if self.kind == QuestionKind.SPOT:
            frame["scene"] = {"kind": self.scene_kind, "from": self.scene_from}
        return {
            "id": self.code,
            "kind": self.kind,
            "skill": self.skill_id,
            "level": self.level,
            **frame,
            "text": self.text,
            "options": [option.as_dict(self.kind) for option in self.options.all()],
        }


class QuestionOption(Orderable):
    """One answer of a question; of an `order` question the answers stand in the right order. No personal data."""

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="options")
    code = models.CharField(_("letter"), max_length=20, validators=[CODE], help_text="a, b, c…")
    text = models.CharField(_("answer"), max_length=300)
    pair = models.CharField(_("partner"), max_length=300, blank=True, help_text=_("Of “give each its partner” only."))
    right = models.BooleanField(_("right"), default=False)
    why = models.TextField(_("why"), blank=True, help_text=_("Why it is right, or why it is tempting."))

    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("right")]),
        FieldPanel("text"),
        FieldPanel("pair"),
        FieldPanel("why"),
    ]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["question", "code"], name="option_once_per_question")]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        super().clean()
        if not self.text.strip():
            raise ValidationError({"text": gettext("Write the answer.")})

    def as_dict(self, kind: str) -> dict[str, Any]:
        """The answer with its key, in the form of the kind of question."""
        common = {"id": self.code, "text": self.text, "why": self.why}
        if kind == QuestionKind.ORDER:
            return common
        if kind == QuestionKind.MATCH:
            return common | {"pair": self.pair}
        return common | {"right": self.right}
