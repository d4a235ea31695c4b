"""Who stands below whom, and on which day."""

from __future__ import annotations

from datetime import date

import pytest

from hocvuso.kernel.errors import NotFound
from hocvuso.units.models import Unit
from hocvuso.units.public import ancestor_ids, breadcrumb, children, find_unit, get_unit, merge_units

from .conftest import make_unit

pytestmark = pytest.mark.django_db
BEFORE, DAY, AFTER = date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2)


def codes(units):
    return [unit.code for unit in units]


def test_ancestor_ids_lists_the_unit_and_everything_above_it(country):
    assert ancestor_ids([country["A1"].pk, country["80"].pk]) == {
        country["A1"].pk: [country[code].pk for code in ("A1", "A", "79", "VN")],
        country["80"].pk: [country[code].pk for code in ("80", "VN")],
    }


@pytest.mark.parametrize("number", [1, 3])
def test_ancestor_ids_takes_two_queries_for_any_number(country, number, django_assert_num_queries):
    wanted = [country[code].pk for code in ("A1", "B2", "C1")][:number]
    with django_assert_num_queries(2):
        ancestor_ids(wanted)


def test_ancestor_ids_leaves_out_ids_that_no_unit_has(country):
    assert ancestor_ids([987654]) == {}


@pytest.mark.clause("R-02")
def test_a_merged_unit_counts_in_itself_and_in_its_successor_and_nowhere_else(country, now):
    merge_units(actor=None, sources=[country["A"]], target=country["80"], on=DAY, at=now)
    assert ancestor_ids([country["A"].pk])[country["A"].pk] == [country[code].pk for code in ("A", "80", "VN")]


def test_a_chain_of_mergers_is_followed_to_its_end(country, now):
    merge_units(actor=None, sources=[country["A"]], target=country["B"], on=date(2026, 3, 1), at=now)
    merge_units(actor=None, sources=[get_unit(country["B"].pk)], target=country["C"], on=DAY, at=now)

    expected = [country[code].pk for code in ("A1", "A", "B", "C", "79", "VN")]
    assert ancestor_ids([country["A1"].pk])[country["A1"].pk] == expected
    assert codes(children(get_unit(country["C"].pk), on=DAY)) == ["C1", "C2", "B1", "B2", "A1", "A2"]
    assert codes(breadcrumb(get_unit(country["A1"].pk))) == ["VN", "79", "C", "A1"]
    assert Unit.find_problems() == ([], [], [], [], [])


def test_children_follow_the_day(country, now):
    merge_units(actor=None, sources=[country["A"]], target=country["B"], on=DAY, at=now)
    city, merged, successor = (get_unit(country[code].pk) for code in ("79", "A", "B"))

    assert codes(children(city, on=BEFORE)) == ["B", "A", "C"]
    assert codes(children(merged, on=BEFORE)) == ["A1", "A2"]
    assert codes(children(successor, on=BEFORE)) == ["B1", "B2"]
    assert codes(children(city, on=DAY)) == ["B", "C"]
    assert codes(children(successor, on=DAY)) == ["B1", "B2", "A1", "A2"]


def test_breadcrumb_of_a_merged_unit_shows_where_it_stood(country, now):
    merge_units(actor=None, sources=[country["A"]], target=country["80"], on=DAY, at=now)
    assert codes(breadcrumb(get_unit(country["A"].pk))) == ["VN", "79", "A"]


def test_find_unit_looks_at_the_day(country, now):
    merge_units(actor=None, sources=[country["A"]], target=country["B"], on=DAY, at=now)
    again = make_unit("A", country["79"], name="Phường A mới", kind="WARD", valid_from=AFTER)

    assert find_unit("TERRITORY", "A", on=BEFORE).pk == country["A"].pk
    assert find_unit("TERRITORY", "A", on=DAY) is None
    assert find_unit("TERRITORY", "A", on=AFTER) == again
    assert find_unit("UNION", "A", on=BEFORE) is None


def test_get_unit_says_not_found(country):
    with pytest.raises(NotFound):
        get_unit(987654)


def test_search_disregards_tone_marks(country):
    assert codes(Unit.objects.search("ho chi minh")) == ["79"]
    assert codes(Unit.objects.search("80")) == ["80"]


def test_under_takes_the_subtree_alone(country):
    assert codes(Unit.objects.under(country["A"])) == ["A", "A1", "A2"]
