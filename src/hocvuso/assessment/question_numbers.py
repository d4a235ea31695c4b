"""What the answers say of each question, for its authors in the studio (curriculum.register_numbers)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from hocvuso.assessment.bank import EXPOSURE_FROM
from hocvuso.assessment.care import ANSWERS_NEEDED, TOO_EASY, TOO_HARD
from hocvuso.assessment.models import BankClock, Item
from hocvuso.assessment.services.bank import discrimination_index
from hocvuso.curriculum.public import Numbers


def numbers_of_questions(codes: Sequence[str]) -> Mapping[str, Numbers]:
    """The numbers of these questions; two queries."""
    papers = BankClock.objects.values_list("papers", flat=True).first() or 0
    return {item.code: _numbers(item, papers) for item in Item.objects.filter(code__in=codes)}


def _numbers(item: Item, papers: int) -> Numbers:
    enough = item.answered >= ANSWERS_NEEDED
    since = papers - item.papers_before
    share = item.right / item.answered if enough else None
    apart = discrimination_index(item) if enough else None
    return Numbers(
        answered=item.answered,
        share=share,
        apart=apart,
        shown=item.exposure_ratio if since >= EXPOSURE_FROM else None,
        papers=max(0, since),
        answers_needed=ANSWERS_NEEDED,
        papers_needed=EXPOSURE_FROM,
        remark=_remark(share, apart),
    )


def _remark(share: float | None, apart: float | None) -> str:
    if share is None:
        return ""
    if share < TOO_HARD:
        return _("Hardly anybody gets it right: look at the key and the words.")
    if share > TOO_EASY:
        return _("Nearly everybody gets it right: it tells little.")
    if apart is not None and apart < 0:
        return _("Those who do well miss it more often: read it with fresh eyes.")
    return ""
