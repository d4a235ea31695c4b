"""Vietnamese text, numbers and dates."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.kernel import vietnamese


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đặng Thị Sáu", "dang thi sau"),
        ("  Phường   Bình Thạnh ", "phuong binh thanh"),
        ("ƯỜNG", "uong"),
        ("Lê Ý", "le y"),
    ],
)
def test_folded_drops_tone_marks_and_spaces(text, folded):
    assert vietnamese.folded(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing_and_does_not_depend_on_the_form(text):
    once = vietnamese.folded(text)
    assert vietnamese.folded(once) == once
    assert vietnamese.folded(unicodedata.normalize("NFD", vietnamese.composed(text))) == vietnamese.folded(
        vietnamese.composed(text)
    )


def test_names_sort_by_letters_first_then_tones():
    words = ["đa", "da", "dạ", "dà", "ăn", "an", "ân", "ba"]
    assert sorted(words, key=vietnamese.sort_key) == ["an", "ăn", "ân", "ba", "da", "dà", "dạ", "đa"]


def test_people_sort_by_given_name():
    names = ["Trần Văn Bình", "Nguyễn Thị An", "Lê Văn Bình"]
    assert sorted(names, key=vietnamese.person_sort_key) == ["Nguyễn Thị An", "Lê Văn Bình", "Trần Văn Bình"]


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1250000, 0, "1.250.000"),
        (82.5, 1, "82,5"),
        (0, 0, "0"),
        (None, 0, "–"),
        (-1234.567, 2, "-1.234,57"),
        (999, 0, "999"),
        (2.5, 0, "3"),
    ],
)
def test_numbers_are_written_the_vietnamese_way(value, decimals, text):
    assert vietnamese.number(value, decimals) == text


def test_missing_is_not_nought():
    assert (vietnamese.percent(None), vietnamese.percent(0)) == ("–", "0,0%")


def test_long_dates_have_a_nought_before_small_days_and_the_first_two_months():
    assert vietnamese.long_date(date(2026, 1, 5)) == "ngày 05 tháng 01 năm 2026"
    assert vietnamese.long_date(date(2026, 3, 15)) == "ngày 15 tháng 3 năm 2026"


def test_signs_that_cannot_be_printed_are_left_out():
    assert vietnamese.composed("Nguyễn\x00 Thị\x01\x0b Sáu\ufffe") == "Nguyễn Thị Sáu"
    assert vietnamese.folded("q\x00r") == "qr"
