"""How periods are called on a page."""

from __future__ import annotations

from django.utils.translation import get_language

from hocvuso.kernel.periods import PeriodKind
from hocvuso.programme import rules
from hocvuso.programme.models import ReportPeriod


def period_name(period: ReportPeriod) -> str:
    """`tháng 11 năm 2026`, in English its code `2026-M11`; a period somebody asked for has a name of its own."""
    if period.name:
        return (
            f"{period.name}, {rules.period_name(period.period)}"
            if period.kind == PeriodKind.CAMPAIGN_DAY
            else period.name
        )
    return rules.period_name(period.period) if get_language() == "vi" else period.code
