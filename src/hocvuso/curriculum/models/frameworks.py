"""Skill frameworks."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from hocvuso.curriculum.fields import WordsField

FRAMEWORK_FIELDS = (
    "title", "slug", "version", "provisional", "base", "locality", "note", "source_title", "source_url",
)  # fmt: skip


class Framework(models.Model):
    """A list of skills that an office, or this house for the time being, has laid down. `slug` is stable. No personal data."""

    slug = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title of the text"), max_length=200)
    version = models.CharField(_("version"), max_length=40)
    provisional = models.BooleanField(_("provisional, waiting for the official text"), default=False)
    base = models.ForeignKey(
        "self",
        verbose_name=_("variant of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="variants",
        help_text=_("A locality may word a framework in its own way: name the framework it varies."),
    )
    locality = models.CharField(
        _("locality"), max_length=120, blank=True, help_text=_("Where it is used. Empty: everywhere.")
    )
    note = models.CharField(_("remark"), max_length=500, blank=True)
    source_title = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)

    panels = [FieldPanel(name) for name in FRAMEWORK_FIELDS]

    class Meta:
        verbose_name = _("skill framework")
        verbose_name_plural = _("skill frameworks")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title


class Skill(models.Model):
    """One skill of a framework. `code` is stable and used in lessons, questions and policies (`ndct-4.2`). No personal data."""

    framework = models.ForeignKey(
        Framework, verbose_name=_("framework"), on_delete=models.CASCADE, related_name="skills"
    )
    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title of the text"), max_length=200)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="children",
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    same_as = WordsField(
        _("corresponds to"),
        help_text=_("Codes of skills of other frameworks; what teaches those counts for this one too."),
    )

    panels = [FieldPanel(name) for name in ("framework", "code", "title", "parent", "position", "same_as")]

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["framework", "position", "code"]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"
