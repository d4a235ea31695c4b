"""Tags and filters of the shell: icons, figures written the Vietnamese way, small drawings of numbers, form fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hocvuso.kernel import vietnamese
from hocvuso.kernel.clock import local_date

register = template.Library()

BAR_WIDTH, BAR_HEIGHT, BAR_TOP = 192, 14, 5
SPARK_WIDTH, SPARK_HEIGHT = 96, 28
LANGUAGE_PREFIX = re.compile("^/(?:{})(?=/|$)".format("|".join(code for code, _ in settings.LANGUAGES)))
ENGLISH_SEPARATORS = str.maketrans(",.", ".,")


def _in_language(text: str) -> str:
    """Vietnamese separators, swapped on English pages."""
    return text.translate(ENGLISH_SEPARATORS) if get_language() == "en" else text


@register.filter
def vn_number(value: int | float | Decimal | None, decimals: int = 0) -> str:
    """`{{ 1250000|vn_number }}` → `1.250.000`, in English `1,250,000`; none is an en dash."""
    return _in_language(vietnamese.number(value, decimals))


@register.filter
def vn_percent(ratio: float | Decimal | None, decimals: int = 1) -> str:
    """`{{ 0.825|vn_percent }}` → `82,5%`, in English `82.5%`; none is an en dash."""
    return _in_language(vietnamese.percent(ratio, decimals))


@register.filter
def vn_money(value: int | Decimal | None) -> str:
    """`{{ 1250000|vn_money }}` → `1.250.000 đ`."""
    return "–" if value is None else f"{vn_number(value)}\u00a0đ"


@register.filter
def vn_date(day: date | datetime | None) -> str:
    """`10/10/2026`, in English `10 Oct 2026`; none is an en dash."""
    if day is None or day == "":
        return "–"
    if get_language() == "en":
        local = local_date(day) if isinstance(day, datetime) else day
        return f"{local.day} {local:%b %Y}"
    return vietnamese.short_date(day)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of `web/icons.svg` in the colour of the text around it; decorative unless it has a label."""
    address = f"{static('web/icons.svg')}#{name}"
    classes = f"icon {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, address
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', classes, address
    )


@register.simple_tag(takes_context=True)
def language_url(context: template.Context, code: str) -> str:
    """This page in another language: the same path with or without its prefix."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return "/" if code == settings.LANGUAGE_CODE else f"/{code}/"
    path = LANGUAGE_PREFIX.sub("", request.get_full_path()) or "/"
    return path if code == settings.LANGUAGE_CODE else f"/{code}{path}"


def _share(value: float | Decimal | None, whole: float) -> int:
    return 0 if value is None else round(min(max(float(value) / whole, 0), 1) * BAR_WIDTH)


@register.inclusion_tag("web/components/figure_bar.html")
def figure_bar(
    today: float | None, forecast: float | None = None, target: float | None = 1, label: str = ""
) -> dict[str, Any]:
    """A solid bar for today, hatched up to the forecast, a tick at the target. Ratios (0.825); over 1 widens the scale.

    `label` says the same in words, for those who cannot see it.
    """
    whole = max(1.0, *(float(value) for value in (today, forecast, target) if value is not None))
    solid, ahead = _share(today, whole), _share(forecast, whole)
    bottom = BAR_TOP + BAR_HEIGHT
    stripes = []
    for start in range(solid - BAR_HEIGHT, ahead, 6):
        left, right = max(start, solid), min(start + BAR_HEIGHT, ahead)
        if right > left:
            stripes.append(f"M{left} {bottom - (left - start)}L{right} {bottom - (right - start)}")
    return {
        "label": label,
        "width": BAR_WIDTH,
        "today": solid,
        "forecast": max(ahead - solid, 0),
        "stripes": "".join(stripes),
        "target": None if target is None else _share(target, whole),
        "height": BAR_HEIGHT,
        "top": BAR_TOP,
    }


@register.inclusion_tag("web/components/sparkline.html")
def sparkline(values: Iterable[float | None], label: str = "") -> dict[str, Any]:
    """A small line of a series, oldest first; a missing value is a gap. Falling overall is drawn in brick."""
    series = list(values)
    known = [float(value) for value in series if value is not None]
    if len(known) < 2:
        return {"label": label, "runs": []}
    low, high = min(known), max(known)
    step = SPARK_WIDTH / max(len(series) - 1, 1)

    def point(place: int, value: float) -> tuple[float, float]:
        height = 0.5 if high == low else (float(value) - low) / (high - low)
        return round(place * step, 1), round(SPARK_HEIGHT - 4 - height * (SPARK_HEIGHT - 8), 1)

    runs: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(series):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(point(place, value))
    drawn = [" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1]
    last = next(
        (point(place, value) for place, value in reversed(list(enumerate(series))) if value is not None), (0.0, 0.0)
    )
    return {
        "label": label,
        "runs": drawn,
        "last_x": str(last[0]),
        "last_y": str(last[1]),
        "falling": known[-1] < known[0],
        "width": SPARK_WIDTH,
        "height": SPARK_HEIGHT,
    }


@register.inclusion_tag("web/components/lamps.html")
def lamps(lit: int = 0, current: int = 0, small: bool = False, links: Sequence[str] = ()) -> dict[str, Any]:
    """Hiểu · Làm · Dùng: how many are lit (0–3), which one is open (1–3), small without words; `links` to the steps."""
    return {"lit": lit, "current": current, "small": small, "links": [*links, "", "", ""][:3]}


@register.inclusion_tag("web/components/field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """A form field with its label, hint and error tied together for screen readers."""
    hint_id = f"{bound.auto_id}_hint"
    error_id = f"{bound.auto_id}_error"
    words = hint or bound.help_text
    described = [name for name, there in ((hint_id, words), (error_id, bound.errors)) if there]
    attributes: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    widget = bound.field.widget
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attributes),
        "hint": words,
        "hint_id": hint_id,
        "error_id": error_id,
        "single_check": isinstance(widget, CheckboxInput),
        "several": isinstance(widget, (RadioSelect, CheckboxSelectMultiple)),
        "hidden": bound.is_hidden,
    }
