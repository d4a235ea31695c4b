"""Tables of cases for phones, personal numbers, masks and clocks."""

from __future__ import annotations

from datetime import date

import pytest

from hocvuso.people import rules
from hocvuso.people.choices import Right
from hocvuso.people.errors import BadEmail, BadPersonalNumber, BadPhone, NumberDoesNotMatchBirthYear

DAY = date(2026, 11, 10)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("0908123412", "+84908123412"),
        ("0908 123 412", "+84908123412"),
        ("0908.123.412", "+84908123412"),
        ("+84 908 123 412", "+84908123412"),
        ("84908123412", "+84908123412"),
        ("(090) 812-3412", "+84908123412"),
        ("0355123456", "+84355123456"),
        ("+1 650 253 0000", "+16502530000"),
    ],
)
def test_phone_normalises(typed, normal):
    assert rules.normal_phone(typed) == normal


@pytest.mark.parametrize("typed", ["", "abc", "0908", "0908123", "01234567890", "09081234123", "113"])
def test_phone_refuses(typed):
    with pytest.raises(BadPhone):
        rules.normal_phone(typed)


def test_masks_show_enough_for_the_owner():
    assert rules.masked_phone("+84908123412") == "09x xxx x412"
    assert rules.masked_email("lan.nguyen@thuduc.gov.vn") == "l…@thuduc.gov.vn"
    assert rules.masked_number("079188001234") == "079*****1234"


@pytest.mark.parametrize("typed", ["", "lan", "lan@", "@x.vn", "lan@x", "a b@x.vn", "a@b@x.vn"])
def test_email_refuses(typed):
    with pytest.raises(BadEmail):
        rules.normal_email(typed)


@pytest.mark.parametrize(
    ("number", "birth_year"),
    [
        ("079188001234", 1988),  # female, 20th century
        ("001088001234", 1988),  # male, 20th century
        ("096305001234", 2005),  # female, 21st century
        ("079 188 001 234", 1988),
        ("172088001234", 1988),  # born abroad: a country's code
        ("079188001234", None),
    ],
)
def test_personal_number_passes(number, birth_year):
    assert rules.checked_personal_number(number, birth_year=birth_year, on=DAY) == "".join(number.split())


@pytest.mark.parametrize(
    "number",
    [
        "",
        "07918800123",
        "0791880012345",
        "07918800123a",
        "003188001234",
        "000188001234",
        "079427001234",
        "٠79188001234",
    ],
)
def test_personal_number_refuses(number):
    with pytest.raises(BadPersonalNumber):
        rules.checked_personal_number(number, on=DAY)


@pytest.mark.parametrize(("number", "birth_year"), [("079188001234", 1987), ("079388001234", 1988)])
def test_personal_number_must_fit_the_stated_birth_year(number, birth_year):
    with pytest.raises((NumberDoesNotMatchBirthYear, BadPersonalNumber)):
        rules.checked_personal_number(number, birth_year=birth_year, on=DAY)


def test_there_were_63_provinces():
    assert len(rules.BIRTH_PROVINCES) == 63


@pytest.mark.parametrize(
    ("right", "asked_on", "acknowledge_by", "answer_by"),
    [
        (Right.ACCESS, date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 20)),
        (Right.RECTIFY, date(2026, 11, 13), date(2026, 11, 17), date(2026, 11, 23)),  # over a weekend
        (Right.WITHDRAW, date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 25)),
        (Right.OBJECT, date(2026, 11, 14), date(2026, 11, 17), date(2026, 11, 29)),  # asked on a Saturday
        (Right.ERASE, date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 30)),
    ],
)
def test_clocks_of_the_data_law(right, asked_on, acknowledge_by, answer_by):
    assert rules.due_dates(right, asked_on) == (acknowledge_by, answer_by)


def test_a_child_is_below_16_and_unknown_age_is_grown_up():
    assert [rules.is_child(year, on=DAY) for year in (2011, 2010, None)] == [True, False, False]
