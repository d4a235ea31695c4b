"""Figures and dates are written the way of the page's language; small drawings show what they are told."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override


def drawn(text: str, **values) -> str:
    return Template("{% load web %}" + text).render(Context(values))


@pytest.mark.parametrize(
    ("text", "value", "vietnamese", "english"),
    [
        ("{{ v|vn_number }}", 1250000, "1.250.000", "1,250,000"),
        ("{{ v|vn_number:1 }}", 82.5, "82,5", "82.5"),
        ("{{ v|vn_number }}", None, "–", "–"),
        ("{{ v|vn_percent }}", 0.825, "82,5%", "82.5%"),
        ("{{ v|vn_percent:0 }}", 1.02, "102%", "102%"),
        ("{{ v|vn_money }}", 31000, "31.000\u00a0đ", "31,000\u00a0đ"),
        ("{{ v|vn_date }}", date(2026, 10, 5), "05/10/2026", "5 Oct 2026"),
        ("{{ v|vn_date }}", datetime(2026, 10, 5, 18, 0, tzinfo=UTC), "06/10/2026", "6 Oct 2026"),
        ("{{ v|vn_date }}", None, "–", "–"),
    ],
)
def test_figures_follow_the_language(text, value, vietnamese, english):
    with override("vi"):
        assert drawn(text, v=value) == vietnamese
    with override("en"):
        assert drawn(text, v=value) == english


def test_a_bar_shows_today_forecast_and_target():
    svg = drawn("{% figure_bar 0.5 0.75 1 label='nửa' %}")
    assert 'class="figure-bar__today" x="0" y="5" width="96"' in svg
    assert 'class="figure-bar__forecast" x="96" y="5" width="48"' in svg
    assert 'd="M192 1V23"' in svg
    assert 'aria-label="nửa"' in svg


def test_a_bar_over_a_hundred_percent_widens_the_scale_instead_of_clipping():
    svg = drawn("{% figure_bar 1.25 None 1 label='' %}")
    assert 'width="192" height="14" rx="3"/><rect class="figure-bar__today" x="0" y="5" width="192"' in svg
    assert 'd="M154 1V23"' in svg


def test_a_bar_without_a_figure_is_empty():
    assert "figure-bar__today" not in drawn("{% figure_bar None None 1 label='' %}")


def test_stripes_stay_inside_the_forecast():
    svg = drawn("{% figure_bar 0.5 0.75 1 label='' %}")
    stripes = re.search(r'figure-bar__stripe" d="([^"]+)"', svg)
    assert stripes
    places = [int(x) for x in re.findall(r"[ML](\d+) ", stripes[1])]
    assert (min(places), max(places)) == (96, 144)


def test_a_sparkline_leaves_a_gap_where_nothing_is_known():
    svg = drawn("{% sparkline values label='nhịp' %}", values=[1, 2, None, 3, 4])
    assert svg.count("<polyline") == 2
    assert "sparkline--down" not in svg
    assert "sparkline--down" in drawn("{% sparkline values %}", values=[4, 3])
    assert drawn("{% sparkline values %}", values=[4]).strip().startswith("<span")


def test_lamps_tell_how_many_are_lit_and_which_is_open():
    text = drawn("{% lamps lit=2 current=2 %}")
    assert text.count("data-lit") == 2
    assert text.count('aria-current="step"') == 1
    with override("vi"):
        assert 'aria-label="Xong 1 trong 3 bước"' in drawn("{% lamps lit=1 small=True %}")


class Form(forms.Form):
    phone = forms.CharField(label="Số điện thoại", help_text="Đủ 10 số.")


def test_a_field_ties_hint_and_error_to_its_input():
    text = drawn("{% field form.phone %}", form=Form(data={}))
    assert 'aria-describedby="id_phone_hint id_phone_error"' in text
    assert 'aria-invalid="true"' in text
    assert 'id="id_phone_error"' in text and 'id="id_phone_hint"' in text
    assert text.count("aria-describedby") == 1


def test_a_field_without_error_is_not_called_wrong():
    text = drawn("{% field form.phone %}", form=Form())
    assert "aria-invalid" not in text and "field--wrong" not in text


def test_an_icon_is_hidden_from_readers_unless_it_has_words():
    assert 'aria-hidden="true"' in drawn("{% icon 'check' %}")
    assert 'role="img" aria-label="Xong"' in drawn("{% icon 'check' label='Xong' %}")
