"""Courses and lessons, as pages of the studio. They are served by this room's own views, not by Wagtail's addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page

from hocvuso.curriculum.choices import Service
from hocvuso.curriculum.fields import ChosenWordsFormField, PictureChooserBlock, WordsField
from hocvuso.curriculum.models.previews import ShownByViews
from hocvuso.curriculum.rules import LESSON_BYTES, weight_at_most
from hocvuso.kernel.vietnamese import composed, folded
from hocvuso.people.choices import Group

FEATURES = ["h2", "bold", "ol", "ul"]
# Every picture that a lesson of ours uses: what is not in the list would be lost when the lesson is saved in the studio.
ICONS = [
    ("ai", _("AI")),
    ("bank", _("Bank")),
    ("book", _("Book")),
    ("certificate", _("Certificate")),
    ("chart", _("Chart")),
    ("chat", _("Conversation")),
    ("clock", _("Clock")),
    ("document", _("Document")),
    ("download", _("Download")),
    ("edit", _("Pencil")),
    ("eye", _("Eye")),
    ("filter", _("Funnel")),
    ("flag", _("Flag")),
    ("hand", _("Hand")),
    ("health", _("Health")),
    ("heart", _("Heart")),
    ("id-card", _("Identity card")),
    ("lock", _("Lock")),
    ("market", _("Market stall")),
    ("no-network", _("No network")),
    ("people", _("People")),
    ("phone", _("Phone")),
    ("phone-call", _("Call")),
    ("qr", _("QR code")),
    ("school", _("School building")),
    ("search", _("Magnifying glass")),
    ("shield", _("Shield")),
    ("tax", _("Tax")),
    ("text", _("Written words")),
    ("user", _("One person")),
    ("wallet", _("Wallet")),
    ("warning", _("Warning sign")),
]


def code_of(title: str) -> str:
    """`Gửi ảnh qua Zalo` → `gui-anh-qua-zalo`."""
    return re.sub(r"[^a-z0-9]+", "-", folded(title)).strip("-")[:80].strip("-")


def _box(label: Any, icon: str) -> blocks.RichTextBlock:
    return blocks.RichTextBlock(features=["bold", "ol", "ul"], label=label, icon=icon)


def _picture() -> blocks.StructBlock:
    return blocks.StructBlock(
        [
            ("picture", PictureChooserBlock("curriculum.Picture", label=_("Picture"))),
            (
                "alt",
                blocks.CharBlock(
                    label=_("What it shows in this lesson"),
                    help_text=_("Empty: what the picture itself says it shows."),
                    required=False,
                    max_length=300,
                ),
            ),
        ],
        label=_("Picture"),
        icon="image",
    )


class ServedByTheRoom(Page):
    """A page whose address belongs to this room's views."""

    # Wagtail comes without types; these two are what the rooms use of a page's own fields.
    title: Any
    slug: Any

    class Meta:
        abstract = True

    def _set_core_field_defaults(self) -> None:
        # Wagtail's own way from title to code loses Vietnamese letters.
        if not self.slug and self.title:
            self.slug = code_of(self.title)
        super()._set_core_field_defaults()

    def own_address(self) -> str | None:
        """The path of the page for learners, without language prefix; None where there is none."""
        return None

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        address = self.own_address()
        return None if address is None else (1, settings.PUBLIC_URL, address)

    def get_url(self, request: Any = None, current_site: Any = None) -> str | None:
        return self.own_address()

    url = property(get_url)

    def get_full_url(self, request: Any = None) -> str | None:
        address = self.own_address()
        return None if address is None else settings.PUBLIC_URL + address

    full_url = property(get_full_url)


def _address(name: str, **kwargs: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return reverse(name, kwargs=kwargs)


class CurriculumIndexPage(ServedByTheRoom):
    """The root of all courses; there is one. No personal data."""

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["curriculum.CoursePage"]
    preview_modes: list[tuple[str, str]] = []

    class Meta:
        verbose_name = _("curriculum")
        verbose_name_plural = _("curricula")

    def own_address(self) -> str:
        return _address("curriculum:catalogue")


class CoursePage(ServedByTheRoom):
    """Lessons that belong together, in an advised order. `slug` is stable. No personal data."""

    summary = models.CharField(_("in one or two sentences"), max_length=300, blank=True)
    groups = WordsField(_("for"), max_length=100)

    parent_page_types = ["curriculum.CurriculumIndexPage"]
    subpage_types = ["curriculum.LessonPage"]
    preview_modes: list[tuple[str, str]] = []

    content_panels = [
        TitleFieldPanel("title", targets=[], heading=_("Name of the course")),
        FieldPanel("summary"),
        FieldPanel("groups"),
    ]
    promote_panels = [FieldPanel("slug")]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def own_address(self) -> str:
        return f"{_address('curriculum:catalogue')}#{self.slug}"


def _skill_choices() -> list[tuple[str, str]]:
    from hocvuso.curriculum.models.frameworks import Skill

    return [(skill.code, str(skill)) for skill in Skill.objects.order_by("framework__slug", "position", "code")]


def in_their_order(before: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """What was chosen, in the order in which it stood: boxes know no order, and the first skill of a lesson means something."""
    kept = [word for word in before if word in chosen]
    return [*kept, *(word for word in chosen if word not in kept)]


class CourseForm(WagtailAdminPageForm):
    """Codes are made from titles; people never have to think of one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self) -> Any:
        if "slug" in self.fields and not self.cleaned_data.get("slug"):
            self.cleaned_data["slug"] = code_of(self.cleaned_data.get("title") or "")
        for name, field in self.fields.items():
            if isinstance(field, ChosenWordsFormField) and name in self.cleaned_data:
                self.cleaned_data[name] = in_their_order(getattr(self.instance, name), self.cleaned_data[name])
        return super().clean()

    groups = ChosenWordsFormField(label=_("For"), choices=Group.choices, widget=forms.CheckboxSelectMultiple)


CoursePage.base_form_class = CourseForm


class LessonForm(CourseForm):
    skills = ChosenWordsFormField(
        label=_("Skills"), choices=_skill_choices, required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    services = ChosenWordsFormField(
        label=_("Services it leads to"), choices=Service.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class LessonPage(ShownByViews, ServedByTheRoom):
    """A lesson: understand, practise, use (R-03). `slug` is stable and unique in the whole curriculum. No personal data.

    Published states live on as `Release`; this row is the newest published text, drafts are revisions.
    """

    summary = models.CharField(_("in one or two sentences"), max_length=300)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    icon = models.CharField(_("picture"), max_length=40, default="book")
    groups = WordsField(_("for"), max_length=100)
    skills = WordsField(_("skills"), max_length=800)
    services = WordsField(_("services it leads to"), max_length=200)
    keywords = WordsField(_("words people search by"), help_text=_("With commas between them."))
    clauses = WordsField(_("clauses"), max_length=200)
    author = models.CharField(_("author"), max_length=200, default="Học Vụ Số")
    licence = models.CharField(_("licence"), max_length=60, default="CC BY 4.0")
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    next_check_on = models.DateField(_("to be checked again on"), null=True, blank=True)
    sources = StreamField(
        [
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
        ],
        blank=True,
        verbose_name=_("sources"),
    )
    understand = StreamField(
        [
            ("text", blocks.RichTextBlock(features=FEATURES, label=_("Text"), icon="pilcrow")),
            ("nho", _box(_("To remember"), "pin")),
            ("canh_bao", _box(_("Danger: what it looks like, what to do"), "warning")),
            ("chuyen", _box(_("A short story"), "openquote")),
            ("hinh", _picture()),
        ],
        verbose_name=_("step 1: understand"),
        help_text=_("Three minutes of reading at most, about 400 words."),
    )
    use_intro = models.CharField(_("opening sentence"), max_length=300, blank=True)
    use_steps = StreamField(
        [
            (
                "step",
                blocks.StructBlock(
                    [
                        ("text", blocks.CharBlock(label=_("One action"), max_length=300)),
                        ("note", blocks.TextBlock(label=_("A hint under it"), required=False, rows=2)),
                        ("code", blocks.CharBlock(label=_("Code"), required=False, max_length=40)),
                    ],
                    label=_("Step"),
                    icon="tick",
                ),
            )
        ],
        blank=True,
        verbose_name=_("things to do"),
    )
    use_link_label = models.CharField(_("words of the link"), max_length=120, blank=True)
    use_link_url = models.URLField(_("address of the official page"), max_length=500, blank=True)
    use_help = models.CharField(_("who can help"), max_length=300, blank=True)
    use_service = models.CharField(
        _("finishing all of it means: I now use"), max_length=40, blank=True, choices=Service.choices
    )
    teaching_notes = models.TextField(
        _("teaching notes"),
        blank=True,
        help_text=_(
            "For whoever teaches this lesson, with these four headings: ## Bên bàn bếp, ## Lớp 30 người, ## Nỗi sợ thường gặp, ## Lỗi hay gặp."
        ),
    )
    loudspeaker = models.TextField(
        _("for the loudspeaker"), blank=True, help_text=_("About one minute of spoken language: 60 to 130 words.")
    )
    handout_title = models.CharField(_("title of the hand-out"), max_length=60, blank=True)
    handout_lines = models.TextField(
        _("lines of the hand-out"), blank=True, help_text=_("Three to six lines, one action each, at most 14 words.")
    )
    handout_remember = models.CharField(_("one sentence to remember"), max_length=200, blank=True)
    handout_ask = models.CharField(_("whom to ask"), max_length=200, blank=True)
    translations = models.JSONField(_("in other languages"), default=dict, blank=True, editable=False)
    search_title = models.CharField(max_length=255, editable=False, default="")
    search_text = models.TextField(editable=False, default="")

    parent_page_types = ["curriculum.CoursePage"]
    subpage_types: list[str] = []
    base_form_class = LessonForm

    head_panels = [
        TitleFieldPanel("title", targets=[], heading=_("Name of the lesson")),
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("minutes"), FieldPanel("icon", widget=forms.Select(choices=ICONS))]),
        FieldPanel("groups"),
        FieldPanel("keywords"),
    ]
    practise_panels = [
        InlinePanel("lesson_practices", heading=_("Practices, in this order"), label=_("Practice")),
        InlinePanel("lesson_questions", heading=_("Quick questions"), label=_("Question")),
    ]
    use_panels = [
        FieldPanel("use_intro"),
        FieldPanel("use_steps"),
        FieldRowPanel([FieldPanel("use_link_label"), FieldPanel("use_link_url")]),
        FieldPanel("use_help"),
        FieldPanel("use_service"),
    ]
    teach_panels = [
        FieldPanel("teaching_notes", widget=forms.Textarea(attrs={"rows": 18})),
        MultiFieldPanel(
            [FieldPanel(f"handout_{name}") for name in ("title", "lines", "remember", "ask")],
            heading=_("Hand-out (A5)"),
        ),
        FieldPanel("loudspeaker"),
    ]
    more_panels = [
        FieldPanel("slug"),
        FieldPanel("skills"),
        FieldPanel("services"),
        MultiFieldPanel(
            [
                FieldPanel("sources"),
                FieldRowPanel([FieldPanel("checked_on"), FieldPanel("next_check_on")]),
                FieldRowPanel([FieldPanel("author"), FieldPanel("licence")]),
            ],
            heading=_("Sources and checking"),
        ),
        FieldPanel("clauses"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(head_panels, heading=_("Lesson")),
            ObjectList([FieldPanel("understand")], heading=_("1. Understand")),
            ObjectList(practise_panels, heading=_("2. Practise")),
            ObjectList(use_panels, heading=_("3. Use")),
            ObjectList(teach_panels, heading=_("For teachers")),
            ObjectList(more_panels, heading=_("Sources and skills")),
        ]
    )

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        self.search_title = folded(self.title)[:255]
        self.search_text = folded(" ".join([self.title, self.summary, *self.keywords]))
        self.name_steps()
        return super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self.title = composed(self.title)
        self.name_steps()
        if LessonPage.objects.exclude(pk=self.pk).filter(slug=self.slug).exists():
            raise ValidationError({"slug": gettext("Another lesson has the code “%s”.") % self.slug})
        before = LessonPage.objects.filter(pk=self.pk, live=True).values_list("slug", flat=True).first()
        if before and before != self.slug:
            raise ValidationError(
                {"slug": gettext("The code (slug) stays “%s”: learners' results point to it.") % before}
            )

        self._refuse_too_heavy()

    def _refuse_too_heavy(self) -> None:
        pictures = [block.value.get("picture") for block in self.understand if block.block_type == "hinh"]
        shown = {picture.pk: picture for picture in pictures if picture is not None}
        if not shown:
            return
        written = sum(len(str(block.value.source).encode()) for block in self.understand if block.block_type != "hinh")
        written += sum(
            len(place.practice.source.encode()) for place in self.lesson_practices.all() if place.practice_id
        )
        total = weight_at_most(written, sum(picture.weight for picture in shown.values()))
        if total > LESSON_BYTES:
            heaviest = max(shown.values(), key=lambda picture: picture.weight)
            raise ValidationError(
                {
                    "understand": gettext(
                        "With its pictures this lesson weighs about %(total)s KB; 300 KB is the most. Take one out, or bring a lighter one: the heaviest is “%(title)s” with %(weight)s KB."
                    )
                    % {"total": total // 1000, "title": heaviest.title, "weight": heaviest.weight // 1000}
                }
            )

    def name_steps(self) -> None:
        """Give each thing to do a stable code; results of learners point to it."""
        used: set[str] = set()
        for number, block in enumerate(self.use_steps, start=1):
            code = block.value.get("code") or f"viec_{number}"
            while code in used:
                code = f"{code}_{number}"
            used.add(code)
            block.value["code"] = code

    def own_address(self) -> str:
        return _address("curriculum:lesson", slug=self.slug or "-")


class LessonPractice(Orderable):
    """A practice's place in a lesson. No personal data."""

    page = ParentalKey(LessonPage, on_delete=models.CASCADE, related_name="lesson_practices")
    practice = models.ForeignKey(
        "curriculum.Practice", verbose_name=_("practice"), on_delete=models.PROTECT, related_name="lesson_places"
    )

    panels = [FieldPanel("practice")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "practice"], name="practice_once_per_lesson")]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.practice_id}"


class LessonQuestion(Orderable):
    """A quick question's place in a lesson; graded questions cannot stand here. No personal data."""

    page = ParentalKey(LessonPage, on_delete=models.CASCADE, related_name="lesson_questions")
    question = models.ForeignKey(
        "curriculum.Question", verbose_name=_("question"), on_delete=models.PROTECT, related_name="lesson_places"
    )

    panels = [FieldPanel("question")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "question"], name="question_once_per_lesson")]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.question_id}"

    def clean(self) -> None:
        super().clean()
        if self.question_id and self.question.graded:
            raise ValidationError(
                {"question": gettext("This question is for the assessment only and cannot stand in a lesson.")}
            )
