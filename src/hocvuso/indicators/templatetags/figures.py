"""Words and links around figures."""

from __future__ import annotations

from datetime import date
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.translation import gettext as _

from hocvuso.indicators import words
from hocvuso.indicators.queries import Figure
from hocvuso.kernel.periods import Period

register = template.Library()


@register.filter
def day_month(day: date | None) -> str:
    """`31/12`, in English `31 Dec`."""
    return words.day_month(day) if day else "–"


@register.filter
def period_name(period: Period) -> str:
    """`Tháng 11/2026 (15/10 – 14/11)`."""
    return _("Month %(month)s (%(first)s – %(last)s)") % {
        "month": f"{period.last.month}/{period.last.year}",
        "first": words.day_month(period.first),
        "last": words.day_month(period.last),
    }


@register.filter
def group_word(group: str) -> str:
    return words.group_word(group)


@register.filter
def per_day(pace: float | None) -> str:
    """People a day: whole numbers from ten on, one decimal below."""
    if pace is None:
        return "–"
    return words.number(ceil(pace)) if pace >= 10 else words.number(pace, 1)


@register.filter
def of_key(mapping: dict[Any, Any], key: Any) -> Any:
    return mapping.get(key)


@register.simple_tag
def query(kept: dict[str, str], **changes: Any) -> str:
    """`?ky=…&chi-tieu=…`: what links keep, with changes (an empty value drops one; `_` stands for `-`)."""
    changed = {name.replace("_", "-"): value for name, value in changes.items()}
    values = {name: value for name, value in {**kept, **changed}.items() if value not in ("", None)}
    return f"?{urlencode(values)}" if values else "?"


@register.simple_tag
def bar_words(figure: Figure) -> str:
    """What the bar shows, for those who cannot see it."""
    if figure.ratio is None:
        return _("No denominator yet.")
    if figure.expected_ratio is None or figure.target is None:
        return _("%(ratio)s so far.") % {"ratio": words.percent(figure.ratio)}
    return _("%(ratio)s so far, %(expected)s expected by %(day)s, target %(target)s.") % {
        "ratio": words.percent(figure.ratio),
        "expected": words.percent(figure.expected_ratio),
        "day": words.full_date(figure.target.due_on),
        "target": words.percent(figure.target_ratio, 0),
    }
