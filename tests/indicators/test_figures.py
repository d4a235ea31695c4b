"""Exact figures from small ledgers: counts, denominators, targets, trends, queries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hocvuso.evidence.public import EvidenceKind, Standing, project_all, revoke_evidence
from hocvuso.indicators.behind import standings_behind
from hocvuso.indicators.choices import DenominatorKind, Outlook
from hocvuso.indicators.public import (
    breakdown,
    children_figures,
    figures,
    indicators,
    people_reached,
    trend,
)
from hocvuso.units.public import merge_units
from tests.factories.figures import give_denominator, make_passed, set_target
from tests.factories.spine import MORNING, make_person, record

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 10)


def figure(unit, code="R-10c", on=ON, since=None):
    return next(row for row in figures(unit, on, since) if row.indicator.code == code)


@pytest.mark.clause("R-10a")
@pytest.mark.clause("R-10b")
@pytest.mark.clause("R-10c")
@pytest.mark.clause("R-10d")
@pytest.mark.clause("R-10e")
def test_the_five_indicators_count_their_group_and_milestone(city):
    home = city.khu_pho_1
    make_passed(home, 2, groups=["PUBLIC", "ADULT"])
    make_passed(home, 3, groups=["PUPIL"], kind=EvidenceKind.PATH_COMPLETED)
    make_passed(home, 1, groups=["STUDENT", "ADULT"], kind=EvidenceKind.PATH_COMPLETED)
    make_passed(home, 4, groups=["ADULT"], kind=EvidenceKind.VNEID_ACCEPTED)
    make_passed(home, 5, groups=["WORKER", "ADULT"])
    found = {row.indicator.code: row.people for row in figures(city.binh_thanh, ON)}
    assert found == {"R-10a": 2, "R-10b": 4, "R-10c": 7, "R-10d": 4, "R-10e": 5, "A-01": 11, "A-02": 0, "A-03": 0}


def test_a_figure_of_a_past_day_leaves_later_days_out(city):
    make_passed(city.khu_pho_1, 2, days=-10)
    make_passed(city.khu_pho_2, 3, days=2)
    before, after = MORNING.date() - timedelta(days=1), MORNING.date() + timedelta(days=2)
    assert [figure(city.binh_thanh, on=day).people for day in (before, after)] == [2, 5]
    assert people_reached(city.binh_thanh, "PASSED", "ADULT", until=before) == 2
    assert people_reached(city.binh_thanh, "PASSED", "ADULT", since=after) == 3


def test_new_people_are_those_since_the_first_day_of_the_period(city):
    make_passed(city.khu_pho_1, 2, days=-19)  # 15/10
    make_passed(city.khu_pho_1, 4, days=-20)  # 14/10
    row = figure(city.binh_thanh, since=date(2026, 10, 15))
    assert (row.people, row.new_people) == (6, 2)


def test_a_revoked_result_leaves_the_figure(city):
    person = make_person(city.khu_pho_1)
    entry = record(person)
    project_all()
    revoke_evidence(actor=None, person_id=person.pk, evidence_id=entry, reason="Thi hộ", at=MORNING + timedelta(days=1))
    project_all()
    assert figure(city.binh_thanh).people == 0


def test_the_ratio_keeps_its_denominator_with_source_and_date(city):
    make_passed(city.khu_pho_1, 3)
    give_denominator(city.binh_thanh, 99, on=date(2025, 12, 31), source="Số cũ")
    give_denominator(city.binh_thanh, 12)
    give_denominator(city.binh_thanh, 15, on=date(2027, 1, 1))
    row = figure(city.binh_thanh)
    assert (row.ratio, row.whole.people, row.whole.source, row.whole.source_on) == (
        0.25,
        12,
        "Công an phường",
        date(2026, 6, 30),
    )


def test_missing_is_not_zero_and_zero_is_not_missing(city):
    assert (figure(city.binh_thanh).ratio, figure(city.binh_thanh).outlook) == (None, Outlook.NO_DENOMINATOR)
    give_denominator(city.binh_thanh, 0)
    row = figure(city.binh_thanh)
    assert (row.whole.people, row.ratio, row.whole.kind) == (0, None, DenominatorKind.OWN)


def test_a_parent_without_its_own_row_adds_up_its_parts_only_when_all_have_one(city):
    give_denominator(city.khu_pho_1, 40)
    whole = figure(city.binh_thanh).whole
    assert (whole.people, whole.parts, whole.missing_parts) == (None, 2, 1)
    give_denominator(city.khu_pho_2, 60, on=date(2026, 5, 31))
    whole = figure(city.binh_thanh).whole
    assert (whole.people, whole.parts, whole.kind) == (100, 2, DenominatorKind.SUM)
    assert (whole.source, whole.source_on) == ("Công an phường", date(2026, 5, 31))
    give_denominator(city.an_khanh, 50)
    assert figure(city.city).whole.people == 150  # one ward by its parts, the other by its own row
    give_denominator(city.city, 170)
    assert figure(city.city).whole.people == 170


def test_the_parts_of_a_merged_ward_stay_in_the_sum(city):
    for unit, people in ((city.khu_pho_1, 40), (city.khu_pho_2, 60), (city.an_khanh, 50)):
        give_denominator(unit, people)
    khu_pho_3 = city.an_khanh.add_child(
        line="TERRITORY", kind="NEIGHBOURHOOD", code="27094-KP03", name="Khu phố 3", valid_from=date(2025, 7, 1)
    )
    give_denominator(khu_pho_3, 25)
    city.an_khanh.refresh_from_db()
    merge_units(actor=None, sources=[city.binh_thanh], target=city.an_khanh, on=date(2026, 10, 1), at=MORNING)
    city.city.refresh_from_db()
    city.an_khanh.refresh_from_db()
    assert figure(city.an_khanh).whole.people == 50
    give_denominator(city.an_khanh, 150, on=date(2026, 10, 1))
    assert figure(city.city).whole.people == 150


def test_two_groups_have_a_whole_only_when_both_have(city):
    give_denominator(city.binh_thanh, 30, "PUPIL")
    assert figure(city.binh_thanh, "R-10b").whole.people is None
    give_denominator(city.binh_thanh, 0, "STUDENT")
    assert figure(city.binh_thanh, "R-10b").whole.people == 30


def test_over_a_hundred_percent_is_shown_as_a_fault_not_clipped(city):
    make_passed(city.khu_pho_1, 3)
    give_denominator(city.binh_thanh, 2)
    row = figure(city.binh_thanh)
    assert (row.ratio, row.outlook) == (1.5, Outlook.OVER_WHOLE)


@pytest.mark.parametrize(
    ("day", "code", "ratio"),
    [
        (date(2025, 12, 31), "R-10c", 0.8),
        (date(2026, 1, 1), "R-10c", 1.0),
        (date(2025, 10, 1), "R-10b", 1.0),
        (date(2027, 3, 1), "R-10d", 1.0),
    ],
)
@pytest.mark.clause("R-11")
def test_the_targets_of_the_plan_hold_everywhere(city, day, code, ratio):
    target = figure(city.khu_pho_1, code, on=day).target
    assert (float(target.ratio), target.everywhere, target.own) == (ratio, True, False)


@pytest.mark.clause("R-11")
def test_a_ratio_is_inherited_from_the_nearest_unit_above(city):
    set_target(city.city, ratio="0.9")
    assert float(figure(city.khu_pho_1).target.ratio) == 0.9
    set_target(city.binh_thanh, ratio="0.95")
    target = figure(city.khu_pho_1).target
    assert (float(target.ratio), target.set_on_unit) == (0.95, city.binh_thanh)
    assert float(figure(city.an_khanh).target.ratio) == 0.9
    assert figure(city.binh_thanh).target.own


@pytest.mark.clause("R-11")
def test_the_newest_row_counts_and_the_old_one_stays(city):
    set_target(city.binh_thanh, ratio="0.7")
    set_target(city.binh_thanh, ratio="0.75", at=MORNING + timedelta(hours=1))
    assert float(figure(city.binh_thanh).target.ratio) == 0.75


@pytest.mark.clause("R-11")
def test_a_number_of_people_binds_its_own_unit_only(city):
    set_target(city.binh_thanh, people=40)
    give_denominator(city.khu_pho_1, 30)
    assert figure(city.binh_thanh).projection.target_people == 40
    assert figure(city.khu_pho_1).projection.target_people == 30


@pytest.mark.clause("R-11")
def test_a_promise_counts_only_when_it_asks_for_more(city):
    give_denominator(city.binh_thanh, 100)
    set_target(city.city, ratio="0.9")
    set_target(city.binh_thanh, ratio="0.5", kind="REGISTERED")
    assert float(figure(city.binh_thanh).target.ratio) == 0.9
    set_target(city.binh_thanh, people=95, kind="REGISTERED", at=MORNING + timedelta(hours=1))
    assert figure(city.binh_thanh).target.people == 95


def test_the_units_below_stand_in_the_order_of_need(city, passed):
    for unit, whole in ((city.khu_pho_1, 4), (city.khu_pho_2, 10)):
        give_denominator(unit, whole)
    khu_pho_3 = city.binh_thanh.add_child(
        line="TERRITORY", kind="NEIGHBOURHOOD", code="26929-KP03", name="Khu phố 3", valid_from=date(2025, 7, 1)
    )
    make_passed(city.khu_pho_1, 4)
    make_passed(city.khu_pho_2, 1, days=-60)
    found = children_figures(city.binh_thanh, ON, passed)
    assert [(row.unit.code, row.people, row.projection.short_by) for row in found] == [
        ("26929-KP02", 1, 9),
        (khu_pho_3.code, 0, None),
        ("26929-KP01", 4, 0),
    ]
    names = [row.unit.name for row in children_figures(city.binh_thanh, ON, passed, "ten")]
    assert names == ["Khu phố 1", "Khu phố 2", "Khu phố 3"]


def test_a_union_counts_its_members_wherever_they_live(city):
    make_passed(city.khu_pho_1, 2, groups=["WORKER"], unions=[city.union])
    make_passed(city.an_khanh, 1, groups=["WORKER"], unions=[city.union])
    assert (figure(city.federation, "R-10e").people, figure(city.binh_thanh, "R-10e").people) == (3, 2)


def test_the_trend_ends_at_the_figure(city, passed):
    make_passed(city.khu_pho_1, 2, days=0)  # 3/11, the week before the last
    make_passed(city.khu_pho_1, 1, days=1)  # 4/11, the last week
    make_passed(city.khu_pho_1, 4, days=-100)
    points = trend(city.binh_thanh, passed, ON, weeks=3)
    assert [(point.first, point.new_people, point.people) for point in points] == [
        (date(2026, 10, 21), 0, 4),
        (date(2026, 10, 28), 2, 6),
        (date(2026, 11, 4), 1, 7),
    ]


@pytest.mark.clause("R-13")
def test_the_breakdown_tells_women_and_people_of_sixty_and_over(city):
    make_passed(city.khu_pho_1, 2, sex="F", birth_year=1950)
    make_passed(city.khu_pho_1, 1, sex="M", birth_year=1950)
    make_passed(city.khu_pho_1, 4, sex="F", birth_year=1990)
    assert breakdown(city.binh_thanh, ON)["R-10c"] == {"FEMALE": 6, "AGE60": 3}


@pytest.mark.clause("R-04")
def test_the_list_behind_a_figure_is_as_long_as_the_figure(city):
    make_passed(city.khu_pho_1, 3, groups=["PUBLIC", "ADULT"], unions=[city.union, city.federation])
    make_passed(city.khu_pho_2, 2, groups=["PUPIL"], kind=EvidenceKind.PATH_COMPLETED)
    make_passed(city.an_khanh, 4, groups=["ADULT"], days=20)
    for unit in (city.city, city.binh_thanh, city.khu_pho_1, city.federation):
        for row in figures(unit, ON):
            rows = standings_behind(unit, row.indicator, ON)
            here = rows.filter(
                person__in=Standing.objects.filter(person__home_unit__path__startswith=unit.path).values("person_id")
            )
            if unit.line == "TERRITORY":
                assert here.count() == row.people, (unit, row.indicator.code)


def queries_of(call) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        call()
    return len(captured)


def test_figures_take_the_same_number_of_queries_for_any_number_of_people_and_rows(city, passed):
    make_passed(city.khu_pho_1, 1)
    give_denominator(city.khu_pho_1, 5)
    give_denominator(city.khu_pho_2, 5)
    few = queries_of(lambda: figures(city.binh_thanh, ON))
    make_passed(city.khu_pho_2, 5)
    set_target(city.city, ratio="0.9")
    assert queries_of(lambda: figures(city.binh_thanh, ON)) == few <= 12


def test_the_units_below_take_the_same_number_of_queries_for_one_and_for_three(city, passed):
    make_passed(city.an_khanh, 1)
    one = city.an_khanh.add_child(
        line="TERRITORY", kind="NEIGHBOURHOOD", code="K1", name="Khu phố 1", valid_from=date(2025, 7, 1)
    )
    give_denominator(one, 9)
    alone = queries_of(lambda: children_figures(city.an_khanh, ON, passed))
    for number in (2, 3):
        more = (
            type(one)
            .objects.get(pk=city.an_khanh.pk)
            .add_child(
                line="TERRITORY",
                kind="NEIGHBOURHOOD",
                code=f"K{number}",
                name=f"Khu phố {number}",
                valid_from=date(2025, 7, 1),
            )
        )
        give_denominator(more, 9)
        make_passed(more, 2)
    found = children_figures(city.an_khanh, ON, passed)
    assert [row.people for row in found if row.unit.code in {"K2", "K3"}] == [2, 2]
    assert queries_of(lambda: children_figures(city.an_khanh, ON, passed)) == alone


def test_definitions_load_twice_without_change_and_refuse_to_count_something_else(db, tmp_path):
    import yaml

    from hocvuso.indicators.definitions import DATA_FILE, load_definitions
    from hocvuso.indicators.errors import DefinitionChanged

    assert load_definitions() == 0
    assert [row.code for row in indicators()] == [
        "R-10a",
        "R-10b",
        "R-10c",
        "R-10d",
        "R-10e",
        "A-01",
        "A-02",
        "A-03",
    ]
    data = yaml.safe_load(DATA_FILE.read_text(encoding="utf-8"))
    data["indicators"][2]["milestone"] = "LEARNED"
    changed = tmp_path / "changed.yaml"
    changed.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DefinitionChanged):
        load_definitions(changed)
    data["indicators"][2]["version"] = 2
    changed.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    assert load_definitions(changed) == 1
    assert [row.version for row in indicators() if row.code == "R-10c"] == [2]
