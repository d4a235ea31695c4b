"""What is used in a room full of people, and what others offer: meeting packs, courses of others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, WorkflowMixin

from hocvuso.curriculum.choices import Audience
from hocvuso.curriculum.fields import ChosenWordsFormField, WordsField
from hocvuso.people.choices import Group


def _answer_block() -> blocks.StructBlock:
    return blocks.StructBlock(
        [
            ("code", blocks.CharBlock(label=_("Letter"), max_length=4)),
            ("text", blocks.CharBlock(label=_("Possible answer"), max_length=300)),
            ("right", blocks.BooleanBlock(label=_("Right"), required=False)),
            ("why", blocks.TextBlock(label=_("Why"), rows=2)),
        ],
        label=_("Possible answer"),
    )


SCRIPT = [
    (
        "part",
        blocks.StructBlock(
            [
                ("minutes", blocks.IntegerBlock(label=_("Minutes"), min_value=1, max_value=60)),
                ("title", blocks.CharBlock(label=_("Title"), max_length=120)),
                ("say", blocks.TextBlock(label=_("What the leader reads aloud"), rows=4)),
                ("do", blocks.TextBlock(label=_("What the leader does"), required=False, rows=2)),
                ("quiz", blocks.BooleanBlock(label=_("The quiz is here"), required=False)),
            ],
            label=_("Part"),
            icon="time",
        ),
    )
]
QUIZ = [
    (
        "question",
        blocks.StructBlock(
            [
                ("text", blocks.CharBlock(label=_("Question"), max_length=400)),
                ("options", blocks.ListBlock(_answer_block(), label=_("Possible answers"), min_num=2, max_num=4)),
            ],
            label=_("Question"),
            icon="help",
        ),
    )
]
SOURCE = [
    (
        "source",
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("Title"), max_length=300)),
                ("url", blocks.URLBlock(label=_("Address"), required=False)),
            ],
            label=_("Source"),
            icon="link",
        ),
    )
]


class MeetingPackForm(WagtailAdminModelForm):
    audiences = ChosenWordsFormField(
        label=_("For meetings of"), choices=Audience.choices, widget=forms.CheckboxSelectMultiple
    )
    groups = ChosenWordsFormField(label=_("For"), choices=Group.choices, widget=forms.CheckboxSelectMultiple)


class MeetingPack(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, models.Model):
    """Fifteen minutes that anybody can lead from one phone (R-25): script, quiz by show of hands, hand-out.

    `slug` is stable. Published states live on as `Release`. No personal data.
    """

    slug = models.SlugField(_("code"), max_length=80, unique=True)
    title = models.CharField(_("title of the text"), max_length=120)
    summary = models.CharField(_("in one or two sentences"), max_length=300)
    audiences = WordsField(_("for meetings of"), max_length=100)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=15, validators=[MinValueValidator(5), MaxValueValidator(60)]
    )
    lessons = WordsField(_("lessons it belongs to"))
    skills = WordsField(_("skills"), max_length=800)
    groups = WordsField(_("for"), max_length=100)
    prepare = models.TextField(_("to prepare"), blank=True, help_text=_("One thing a line."))
    script = StreamField(SCRIPT, verbose_name=_("script"))
    quiz = StreamField(QUIZ, verbose_name=_("quiz by show of hands"), blank=True)
    handout_title = models.CharField(_("title of the hand-out"), max_length=60, blank=True)
    handout_lines = models.TextField(
        _("lines of the hand-out"), blank=True, help_text=_("Three to six lines, one action each, at most 14 words.")
    )
    handout_remember = models.CharField(_("one sentence to remember"), max_length=200, blank=True)
    handout_ask = models.CharField(_("whom to ask"), max_length=200, blank=True)
    author = models.CharField(_("author"), max_length=200, default="Học Vụ Số")
    licence = models.CharField(_("licence"), max_length=60, default="CC BY 4.0")
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    next_check_on = models.DateField(_("to be checked again on"), null=True, blank=True)
    sources = StreamField(SOURCE, blank=True, verbose_name=_("sources"))

    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="meeting_pack",
        for_concrete_model=False,
    )

    base_form_class = MeetingPackForm
    panels = [
        FieldPanel("title"),
        FieldPanel("slug"),
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("audiences"), FieldPanel("minutes")]),
        FieldPanel("groups"),
        FieldPanel("lessons"),
        FieldPanel("skills"),
        FieldPanel("prepare", widget=forms.Textarea(attrs={"rows": 3})),
        FieldPanel("script"),
        FieldPanel("quiz"),
        MultiFieldPanel(
            [FieldPanel(f"handout_{name}") for name in ("title", "lines", "remember", "ask")],
            heading=_("Hand-out (A5)"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("sources"),
                FieldRowPanel([FieldPanel("checked_on"), FieldPanel("next_check_on")]),
                FieldRowPanel([FieldPanel("author"), FieldPanel("licence")]),
            ],
            heading=_("Sources and checking"),
        ),
    ]

    class Meta:
        verbose_name = _("meeting pack")
        verbose_name_plural = _("meeting packs")
        ordering = ["title", "slug"]

    def __str__(self) -> str:
        return self.title

    def as_dict(self) -> dict[str, Any]:
        """The pack as its release holds it."""
        return {
            "v": 1,
            "kind": "meeting",
            "slug": self.slug,
            "title": self.title,
            "summary": self.summary,
            "for": list(self.audiences),
            "minutes": self.minutes,
            "lessons": list(self.lessons),
            "skills": list(self.skills),
            "groups": list(self.groups),
            "prepare": lines_of(self.prepare),
            "script": [
                {
                    "minutes": part.value["minutes"],
                    "title": part.value["title"],
                    "say": part.value["say"],
                    "do": part.value.get("do") or "",
                    "quiz": bool(part.value.get("quiz")),
                }
                for part in self.script
            ],
            "quiz": [
                {
                    "text": one.value["text"],
                    "options": [
                        {
                            "id": option["code"],
                            "text": option["text"],
                            "right": bool(option.get("right")),
                            "why": option["why"],
                        }
                        for option in one.value["options"]
                    ],
                }
                for one in self.quiz
            ],
            "handout": handout_of(self),
            "author": self.author,
            "licence": self.licence,
            "checked_on": self.checked_on.isoformat() if self.checked_on else None,
            "next_check_on": self.next_check_on.isoformat() if self.next_check_on else None,
            "sources": [{"title": one.value["title"], "url": one.value.get("url") or ""} for one in self.sources],
        }


class ExternalCourseForm(WagtailAdminModelForm):
    groups = ChosenWordsFormField(label=_("For"), choices=Group.choices, widget=forms.CheckboxSelectMultiple)


class ExternalCourse(models.Model):
    """A course of somebody else, linked and credited in the catalogue (R-28). `slug` is stable. No personal data."""

    slug = models.SlugField(_("code"), max_length=80, unique=True)
    title = models.CharField(_("title of the text"), max_length=200)
    provider = models.CharField(_("offered by"), max_length=200)
    url = models.URLField(_("address"), max_length=500)
    summary = models.CharField(_("in one or two sentences"), max_length=400)
    groups = WordsField(_("for"), max_length=100)
    skills = WordsField(_("skills"), max_length=800)
    credit = models.CharField(_("whose work it is"), max_length=300)
    checked_on = models.DateField(_("checked on"))
    next_check_on = models.DateField(_("to be checked again on"), null=True, blank=True)

    base_form_class = ExternalCourseForm
    panels = [
        FieldPanel("title"),
        FieldPanel("slug"),
        FieldRowPanel([FieldPanel("provider"), FieldPanel("url")]),
        FieldPanel("summary"),
        FieldPanel("groups"),
        FieldPanel("skills"),
        FieldPanel("credit"),
        FieldRowPanel([FieldPanel("checked_on"), FieldPanel("next_check_on")]),
    ]

    class Meta:
        verbose_name = _("course of others")
        verbose_name_plural = _("courses of others")
        ordering = ["title", "slug"]

    def __str__(self) -> str:
        return self.title


def lines_of(text: str) -> list[str]:
    """What stands on lines of its own; empty lines say nothing."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def handout_of(thing: Any) -> dict[str, Any] | None:
    """The hand-out of a lesson or a pack; None where it has none."""
    if not thing.handout_title:
        return None
    return {
        "title": thing.handout_title,
        "lines": lines_of(thing.handout_lines),
        "remember": thing.handout_remember,
        "ask": thing.handout_ask,
    }
