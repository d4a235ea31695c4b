"""Questions whose numbers look odd, for the studio's list of what needs care (curriculum.register_care)."""

from __future__ import annotations

from typing import Any

from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from hocvuso.assessment.choices import ItemState
from hocvuso.assessment.models import Item
from hocvuso.curriculum.models import Question
from hocvuso.curriculum.public import WEAK_QUESTION, CareRow, Key, beyond
from hocvuso.kernel.vietnamese import number, percent

# Fewer answers say too little.
ANSWERS_NEEDED = 50
TOO_HARD, TOO_EASY = 0.15, 0.98


def odd_questions(lessons: QuerySet[Any] | None, after: Key | None, limit: int) -> list[CareRow]:
    """Active questions that nearly nobody or nearly everybody answers rightly, or that the better people miss more often."""
    items = Item.objects.filter(state=ItemState.ACTIVE, answered__gte=ANSWERS_NEEDED).annotate(
        no_day=Value(""),
        share=Cast("right", FloatField()) / Cast("answered", FloatField()),
        together=F("rest_right_sum") * F("answered"),
        apart=F("rest_sum") * F("right"),
    )
    condition = beyond(after, WEAK_QUESTION, "question", day="no_day", code="code")
    if condition is None:
        return []
    odd = Q(share__lt=TOO_HARD) | Q(share__gt=TOO_EASY) | Q(together__lt=F("apart"))
    items = items.filter(odd, condition)
    if lessons is not None:
        items = items.filter(code__in=Question.objects.filter(lesson_slug__in=lessons).values("code"))
    rows = list(items.order_by("code")[:limit])
    texts = dict(Question.objects.filter(code__in=[row.code for row in rows]).values_list("code", "text"))
    return [
        CareRow(
            WEAK_QUESTION,
            "",
            "question",
            row.code,
            texts.get(row.code, row.code),
            _sentence(row),
            f"question/{row.code}",
        )
        for row in rows
    ]


def _sentence(item: Any) -> str:
    told = {"answered": number(item.answered), "share": percent(item.share)}
    if item.share < TOO_HARD:
        return _("Only %(share)s of %(answered)s answers are right. Is the key right, is the text clear?") % told
    if item.share > TOO_EASY:
        return _("%(share)s of %(answered)s answers are right. The question tells little.") % told
    return _("Those who do well miss it more often than others (%(answered)s answers). Read it with fresh eyes.") % told
