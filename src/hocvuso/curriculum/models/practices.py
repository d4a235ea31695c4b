"""Practices on the simulated phone."""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import Any

import yaml
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from hocvuso.curriculum import practice as engine
from hocvuso.curriculum.models.previews import ShownByViews
from hocvuso.kernel.vietnamese import composed

SAMPLE = """slug: ma-cua-bai
title: Tên bài thực hành
skins: [android, iphone]
goal: Làm xong thì người học biết gì.
start: man_hinh_dau
screens:
  man_hinh_dau:
    say: Điều người học đọc ở trên máy. Nhiều nhất hai câu.
    app: {title: Tin nhắn, kind: sms}
    hint: Lời gợi ý khi bị mắc.
    blocks:
      - {type: sms, sender: Số lạ, text: "Bấm vào đây để nhận quà."}
      - {type: link, id: duong_dan, label: "qua-tang.example"}
      - {type: button, id: xoa, label: Xóa tin, tone: primary}
    moves:
      - {on: tap, id: duong_dan, wrong: "Khoan. Đường dẫn lạ dễ là bẫy. Thử cách khác."}
      - {on: tap, id: xoa, go: xong}
  xong:
    say: Đúng rồi.
    end: pass
    blocks: []
"""


def problem_sentences(definition: object) -> list[str]:
    """What keeps a practice from being published, in the reader's language."""
    return [
        gettext(problem.template) % problem.params if isinstance(problem, engine.Problem) else str(problem)
        for problem in engine.problems(definition)
    ]


@lru_cache(maxsize=128)
def _parsed(source: str) -> Any:
    # One save asks for the same text half a dozen times.
    return engine.read_practice(source)


def read_source(source: str) -> dict[str, Any]:
    """The definition written in YAML. Raises ValidationError with the line where the writing breaks off."""
    try:
        definition = copy.deepcopy(_parsed(source))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ValidationError(
            gettext("Line %(line)s cannot be read. Look for a missing quote, colon or space at the start of the line.")
            % {"line": line}
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        raise ValidationError(gettext("This text cannot be read as a practice.")) from error
    if not isinstance(definition, dict):
        raise ValidationError(gettext("A practice is a set of named fields: slug, title, screens and so on."))
    return definition


class Practice(
    ShownByViews, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model
):
    """A drill on the simulated phone, written as YAML (docs/reference/content-format.md, Practice).

    `slug` is stable and unique in the whole curriculum; `title` and `slug` follow the source. No personal data.
    """

    slug = models.SlugField(_("code"), max_length=80, unique=True, editable=False)
    title = models.CharField(_("title of the text"), max_length=200, editable=False)
    source = models.TextField(
        _("the practice, step by step"),
        default=SAMPLE,
        help_text=_("One screen after another. The preview on the right plays it as learners will see it."),
    )

    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="practice",
        for_concrete_model=False,
    )

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.follow_source()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        definition = read_source(self.source)
        found = problem_sentences(definition)
        if found:
            raise ValidationError({"source": found})
        self.follow_source()
        if Practice.objects.exclude(pk=self.pk).filter(slug=self.slug).exists():
            raise ValidationError({"source": gettext("Another practice has the code “%s”.") % self.slug})
        before = Practice.objects.filter(pk=self.pk).values_list("slug", flat=True).first()
        if before and before != self.slug:
            raise ValidationError(
                {"source": gettext("The code (slug) stays “%s”: learners' results point to it.") % before}
            )

    def follow_source(self) -> None:
        """Take title and code from the source."""
        definition = self.definition
        self.title = composed(str(definition.get("title") or self.title))[:200]
        self.slug = str(definition.get("slug") or self.slug)[:80]

    @property
    def definition(self) -> dict[str, Any]:
        """The practice as data; empty while the source cannot be read."""
        try:
            return read_source(self.source)
        except ValidationError:
            return {}
