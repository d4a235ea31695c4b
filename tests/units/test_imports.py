"""Import of neighbourhoods and organisations: dry run, all or nothing, undo."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocvuso.kernel.models import AuditEntry
from hocvuso.units.choices import Kind, Line
from hocvuso.units.errors import CannotUndo, ImportHasErrors
from hocvuso.units.imports import apply_import, try_import, undo_import
from hocvuso.units.models import Coverage, Unit, UnitImport
from hocvuso.units.plans import sentence
from hocvuso.units.public import find_unit, get_unit, merge_units
from tests.conftest import NOW

from .conftest import make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.clause("R-02")]
CLEAN = ([], [], [], [], [])


def content(*rows):
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(["code", "name", "kind", "parent_code", "valid_from", "covers"])
    writer.writerows([*row, *[""] * (6 - len(row))] for row in rows)
    return target.getvalue().encode()


def tried(*rows, line=Line.TERRITORY, roots=None):
    return try_import(actor=None, line=line, file_name="a.csv", content=content(*rows), roots=roots, at=NOW)


def applied(*rows, line=Line.TERRITORY):
    return apply_import(actor=None, unit_import=tried(*rows, line=line), roots=None, at=NOW)


def messages(record):
    return [(message["row"], message["column"], message["code"]) for message in record.report["messages"]]


def picture():
    """Everything an undo must bring back."""
    parents = dict(Unit.objects.values_list("path", "code"))
    units = {
        (unit.line, unit.code): (
            unit.pk, unit.name, unit.search_name, unit.kind, unit.valid_from, unit.valid_to, unit.numchild,
            parents.get(unit.path[: -Unit.steplen]),
        )
        for unit in Unit.objects.all()
    }  # fmt: skip
    return units, sorted(Coverage.objects.values_list("unit__code", "territory__code"))


def test_a_try_changes_nothing_and_tells_the_counts(country):
    before = picture()
    record = tried(
        ["A1", "Khu phố A1", "NEIGHBOURHOOD", "A"], ["A3", "Khu phố 3", "Khu phố", "A"], ["A2", "Tên mới", "Ấp", "A"]
    )
    assert (record.report["added"], record.report["changed"], record.report["same"], record.report["errors"]) == (
        1,
        1,
        1,
        0,
    )
    assert record.state == UnitImport.State.TRIED
    assert picture() == before


def test_apply_adds_changes_moves_and_composes_names(country):
    applied(
        ["B3-1", "Tổ 1", "Tổ dân phố", "C", "01/08/2026"],
        ["A1", "Khu pho\u0302\u0301 Mo\u031b\u0301i", "Khu phố", "B"],
    )
    new, moved = find_unit(Line.TERRITORY, "B3-1"), get_unit(country["A1"].pk)
    assert (new.name, new.get_parent().code, new.valid_from) == ("Tổ 1", "C", date(2026, 8, 1))
    assert (moved.name, moved.search_name, moved.get_parent().code) == ("Khu phố Mới", "khu pho moi", "B")
    assert Unit.find_problems() == CLEAN
    assert [entry.action for entry in AuditEntry.objects.all()] == ["units.import.applied"]


def test_rows_may_stand_in_any_order_and_below_each_other(country):
    applied(
        ["CDCS-1", "Công đoàn cơ sở Chợ Bà Chiểu", "Công đoàn cơ sở", "CDP"],
        ["CDP", "Công đoàn phường", "Công đoàn phường", "TLD", "", "A; B"],
        ["TLD", "Tổng Liên đoàn", "Công đoàn cấp trên", ""],
        line=Line.UNION,
    )
    grassroots = find_unit(Line.UNION, "CDCS-1")
    assert [unit.code for unit in grassroots.get_ancestors()] == ["TLD", "CDP"]
    assert sorted(Coverage.objects.values_list("unit__code", "territory__code")) == [("CDP", "A"), ("CDP", "B")]
    assert Unit.find_problems() == CLEAN


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["", "Không mã", "Khu phố", "A"]], [(2, "code", "no_code")]),
        ([["A 3", "Mã có chỗ trống", "Khu phố", "A"]], [(2, "code", "bad_code")]),
        ([["A3", "", "Khu phố", "A"]], [(2, "name", "no_name")]),
        ([["A3", "x" * 201, "Khu phố", "A"]], [(2, "name", "long_name")]),
        ([["A3", "Một", "Khu phố", "A"], ["A3", "Hai", "Khu phố", "A"]], [(3, "code", "twice")]),
        ([["A3", "Một", "Quận", "A"]], [(2, "kind", "bad_kind")]),
        ([["A3", "Một", "UNION_UPPER", "A"]], [(2, "kind", "bad_kind")]),
        ([["A3", "Một", "Khu phố", "A", "31/02/2026"]], [(2, "valid_from", "bad_date")]),
        ([["A3", "Một", "Khu phố", ""]], [(2, "parent_code", "no_parent")]),
        ([["A3", "Một", "Khu phố", "Z"]], [(2, "parent_code", "unknown_parent")]),
        ([["A3", "Một", "Khu phố", "79"]], [(2, "parent_code", "wrong_parent")]),
        ([["B", "Phường B", "Khu phố", "A"]], [(2, "kind", "wrong_change")]),
        ([["A3", "Một", "Khu phố", "A", "", "B"]], [(2, "covers", "covers_territory")]),
    ],
)  # fmt: skip
def test_each_bad_row_is_named_with_its_column_and_nothing_is_applied(country, rows, expected):
    before = picture()
    record = tried(["C9", "Hàng đúng", "Khu phố", "C"], *rows)
    assert messages(record) == [(row + 1, column, code) for row, column, code in expected]
    with pytest.raises(ImportHasErrors):
        apply_import(actor=None, unit_import=record, roots=None, at=NOW)
    assert picture() == before


def test_organisations_refuse_circles_and_unknown_territories(country):
    make_unit("O1", line=Line.STATE, kind=Kind.ORGANISATION)
    make_unit("O2", Unit.objects.get(code="O1"), line=Line.STATE, kind=Kind.ORGANISATION)
    record = tried(
        ["O1", "Sở", "Cơ quan", "O3"],
        ["O3", "Phòng", "Cơ quan", "O2"],
        ["O4", "Trạm", "Cơ quan", "O1", "", "A;không có"],
        line=Line.STATE,
    )
    assert messages(record) == [(2, "parent_code", "cycle"), (4, "covers", "unknown_territory")]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_messages_are_sentences_in_the_reader_s_language(country, language):
    record = tried(["A3", "Một", "Khu phố", "007"])
    with translation.override(language):
        text = sentence(record.report["messages"][0])
    assert "007" in text
    assert ("Không có đơn vị" in text) == (language == "vi")


def test_a_manager_imports_within_their_units_only(country):
    roots = [country["A"]]
    assert messages(tried(["A3", "Một", "Khu phố", "A"], roots=roots)) == []
    assert messages(tried(["B3", "Một", "Khu phố", "B"], roots=roots)) == [(2, "parent_code", "not_yours")]
    assert messages(tried(["B1", "Lấy về", "Khu phố", "A"], roots=roots)) == [(2, "parent_code", "not_yours")]
    assert messages(tried(["A1", "Đẩy đi", "Khu phố", "B"], roots=roots)) == [(2, "parent_code", "not_yours")]
    assert messages(tried(["O", "Gốc", "Cơ quan", ""], line=Line.STATE, roots=roots)) == [
        (2, "parent_code", "not_yours")
    ]


def test_a_closed_code_opens_again_only_from_the_day_it_closed(country, now):
    merge_units(actor=None, sources=[country["A"]], target=country["B"], on=date(2026, 7, 1), at=now)
    assert messages(tried(["A", "Phường A", "Phường", "79", "30/06/2026"])) == [(2, "code", "code_closed")]
    assert messages(tried(["A", "Phường A", "Phường", "79", "01/07/2026"])) == []


def test_applying_twice_changes_nothing_more(country):
    record = applied(["A3", "Một", "Khu phố", "A"])
    before = picture()
    apply_import(actor=None, unit_import=record, roots=None, at=NOW)
    assert picture() == before


def test_apply_looks_again_at_what_changed_since_the_try(country, now):
    record = tried(["A3", "Một", "Khu phố", "A"])
    merge_units(actor=None, sources=[country["A"]], target=country["B"], on=date(2026, 7, 1), at=now)
    with pytest.raises(ImportHasErrors):
        apply_import(actor=None, unit_import=record, roots=None, at=NOW)
    record.refresh_from_db()
    assert messages(record) == [(2, "parent_code", "unknown_parent")]
    assert record.state == UnitImport.State.TRIED


def test_undo_brings_everything_back(country):
    make_unit("O1", line=Line.STATE, kind=Kind.ORGANISATION)
    applied(["O1", "Sở", "Cơ quan", "", "", "A;B"], line=Line.STATE)
    before = picture()
    first = applied(["A1", "Đổi tên", "Khu phố", "B"], ["A3", "Mới", "Khu phố", "A"], ["W", "Phường W", "Phường", "79"])
    second = applied(["O1", "Sở mới", "Cơ quan", "", "", "B;C"], line=Line.STATE)
    assert picture() != before

    undo_import(actor=None, unit_import=second, roots=None, at=NOW)
    undone = undo_import(actor=None, unit_import=first, roots=None, at=NOW)

    assert picture() == before
    assert undone.state == UnitImport.State.UNDONE
    assert Unit.find_problems() == CLEAN


@pytest.mark.parametrize(
    "later",
    [
        lambda country: applied(["A3", "Tên sau", "Khu phố", "A"]),
        lambda country: applied(["A3", "Mới", "Khu phố", "B"]),
        lambda country: applied(["O", "Sở", "Cơ quan", "", "", "A3"], line=Line.STATE),
        lambda country: merge_units(
            actor=None,
            sources=[find_unit(Line.TERRITORY, "A3")],
            target=country["A1"],
            on=date(2026, 9, 1),
            at=NOW,
        ),
        lambda country: merge_units(
            actor=None,
            sources=[country["A1"]],
            target=find_unit(Line.TERRITORY, "A3"),
            on=date(2026, 9, 1),
            at=NOW,
        ),
    ],
    ids=["renamed", "moved", "looked after", "merged away", "merged into"],
)
def test_undo_is_refused_when_something_later_depends_on_it(country, later):
    record = applied(["A3", "Mới", "Khu phố", "A", "01/07/2026"])
    later(country)
    before = picture()
    with pytest.raises(CannotUndo):
        undo_import(actor=None, unit_import=record, roots=None, at=NOW)
    assert picture() == before


def test_undo_is_refused_when_people_live_there(country):
    from hocvuso.people.models import Person

    record = applied(["A3", "Mới", "Khu phố", "A"])
    Person.objects.create(full_name="Đặng Thị Sáu", home_unit=find_unit(Line.TERRITORY, "A3"), created_at=NOW)
    with pytest.raises(CannotUndo) as caught, translation.override("en"):
        undo_import(actor=None, unit_import=record, roots=None, at=NOW)
    assert find_unit(Line.TERRITORY, "A3") is not None
    with translation.override("en"):
        assert "People, mandates or figures" in str(caught.value)


def test_undo_happens_once(country):
    record = undo_import(actor=None, unit_import=applied(["A3", "Mới", "Khu phố", "A"]), roots=None, at=NOW)
    with pytest.raises(CannotUndo):
        undo_import(actor=None, unit_import=record, roots=None, at=NOW)
    with pytest.raises(ImportHasErrors):
        apply_import(actor=None, unit_import=record, roots=None, at=NOW)


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([["A3", "Mới", "Khu phố", "A"]], "Mới"),
        ([["A1", "Tên khác", "Khu phố", "A"]], "Tên khác"),
        ([["B1", "Khu phố 1", "Khu phố", "A"]], "Khu phố 1"),
        ([["C1", "Khu phố 1", "Khu phố", "B"]], "Phường C"),
    ],
    ids=["added", "changed", "moved out of", "moved in from a foreign ward"],
)
def test_undo_is_refused_for_units_out_of_today_s_reach(country, rows, name):
    """Whoever imported as manager of the city and manages one ward today undoes in that ward alone."""
    record = applied(*rows)
    before = picture()
    reach = [country["B"]]
    with pytest.raises(CannotUndo) as caught, translation.override("vi"):
        undo_import(actor=None, unit_import=record, roots=reach, at=NOW)
    with translation.override("vi"):
        assert "ngoài" in str(caught.value) and name in str(caught.value)
    assert picture() == before
    undo_import(actor=None, unit_import=record, roots=[country["79"]], at=NOW)


CODES = [f"O{number}" for number in range(8)]
FILE = st.lists(
    st.tuples(
        st.sampled_from(CODES),
        st.text("aăâđêôơưáàảãạ ", min_size=1, max_size=8).map(lambda text: "Đội " + text),
        st.sampled_from(["Cơ quan", "Trường học"]),
        st.sampled_from(["", *CODES]),
        st.sampled_from(["", "01/01/2026", "2026-02-03"]),
        st.sampled_from(["", "A", "B;C"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row[0],
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=FILE, second=FILE)
def test_any_two_imports_undo_to_the_very_same_tree(country, first, second):
    from django.db import transaction

    sid = transaction.savepoint()
    pictures = [picture()]
    done = []
    for rows in (first, second):
        record = tried(*[list(row) for row in rows], line=Line.EDUCATION)
        if record.report["errors"]:
            assert {message["code"] for message in record.report["messages"]} <= {"unknown_parent", "cycle"}
            continue
        done.append(apply_import(actor=None, unit_import=record, roots=None, at=NOW))
        assert Unit.find_problems() == CLEAN
        assert tried(*[list(row) for row in rows], line=Line.EDUCATION).report["same"] == len(rows)
        pictures.append(picture())
    for record in reversed(done):
        pictures.pop()
        undo_import(actor=None, unit_import=record, roots=None, at=NOW)
        assert picture() == pictures[-1]
        assert Unit.find_problems() == CLEAN
    transaction.savepoint_rollback(sid)


@pytest.mark.parametrize("number", [1, 3])
def test_a_try_takes_the_same_number_of_queries_for_any_rows(country, number, django_assert_num_queries):
    rows = [[f"A{n}", f"Khu phố {n}", "Khu phố", "A"] for n in range(1, number + 1)]
    with django_assert_num_queries(4):
        tried(*rows)
