"""`hocvuso units …` and the outlines for the map."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from hocvuso.units import services
from hocvuso.units.models import Shape, UnitImport
from hocvuso.units.public import find_unit, on_merge
from hocvuso.units.services import merge_units
from hocvuso.units.signals import UnitsMerged, units_merged

pytestmark = pytest.mark.django_db
SQUARE = {"type": "Polygon", "coordinates": [[[106, 10], [107, 10], [107, 11], [106, 10]]]}


def run(capsys, *words: str) -> str:
    call_command("units", *words)
    return str(capsys.readouterr().out)


def test_import_undo_and_tree(country, tmp_path, capsys):
    file = tmp_path / "donvi.csv"
    file.write_text("code,name,kind,parent_code\nA3,Khu phố 3,Khu phố,A\n", encoding="utf-8")

    assert "Chỉ thử: chưa có gì thay đổi." in run(capsys, "import", str(file), "--line", "TERRITORY", "--dry-run")
    assert find_unit("TERRITORY", "A3") is None
    run(capsys, "import", str(file), "--line", "TERRITORY")
    assert "A3  Khu phố 3" in run(capsys, "tree", "--under", "A")
    assert "Không có gì để làm." in run(capsys, "import", str(file), "--line", "TERRITORY")
    run(capsys, "undo", str(UnitImport.objects.get(state="DONE").pk))
    assert find_unit("TERRITORY", "A3") is None


def test_import_with_errors_stops_and_names_the_rows(country, tmp_path, capsys):
    file = tmp_path / "donvi.csv"
    file.write_text("code,name,kind,parent_code\nA3,Khu phố 3,Khu phố,ZZ\n", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("units", "import", str(file), "--line", "TERRITORY")
    assert "dòng 2, cột parent_code" in capsys.readouterr().out


def test_merge_by_codes(country, capsys):
    run(capsys, "merge", "A", "B", "--into", "C", "--on", "2026-07-01")
    assert find_unit("TERRITORY", "A", on=date(2026, 7, 1)) is None
    assert find_unit("TERRITORY", "A", on=date(2026, 6, 30)).succeeded_by_id == country["C"].pk
    with pytest.raises(CommandError):
        call_command("units", "merge", "A", "--into", "C", "--on", "2026-07-01")


def test_shapes_are_matched_by_code_and_replaced(country, tmp_path, capsys):
    file = tmp_path / "a.geojson"
    features = [{"type": "Feature", "properties": {"ma_xa": code}, "geometry": SQUARE} for code in ("A", "B", "99999")]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    for _ in range(2):
        said = run(capsys, "shapes", str(file), "--source", "Thử nghiệm")
        assert "Đã lưu 2 ranh giới." in said and "1 mã không có đơn vị nào đang hoạt động: 99999" in said
    assert Shape.objects.get(unit=country["A"]).geometry == SQUARE
    assert Shape.objects.count() == 2


@pytest.mark.parametrize(
    "text", ["", "[]", '{"features": []}', '{"features": [{"properties": {"ten": 1}, "geometry": {}}]}']
)
def test_shapes_refuse_what_is_no_map(country, tmp_path, text):
    file = tmp_path / "a.geojson"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("units", "shapes", str(file))


def test_listeners_run_inside_the_merger_and_the_signal_after_it(
    country, now, monkeypatch, django_capture_on_commit_callbacks
):
    heard: list[object] = []
    monkeypatch.setattr(services, "_merge_listeners", [])
    on_merge(heard.append)
    units_merged.connect(lambda merged, **rest: heard.append(merged), weak=False, dispatch_uid="test")
    with django_capture_on_commit_callbacks(execute=True):
        merge_units(actor=None, sources=[country["A"]], target=country["B"], on=date(2026, 7, 1), at=now)
        assert [type(item).__name__ for item in heard] == ["Merge"]
    units_merged.disconnect(dispatch_uid="test")
    assert heard[1] == UnitsMerged((country["A"].pk,), country["B"].pk, date(2026, 7, 1))


def test_a_failing_listener_undoes_the_merger(country, now, monkeypatch):
    monkeypatch.setattr(services, "_merge_listeners", [])

    @on_merge
    def fail(merge):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        merge_units(actor=None, sources=[country["A"]], target=country["B"], on=date(2026, 7, 1), at=now)
    assert find_unit("TERRITORY", "A", on=date(2026, 7, 2)) == country["A"]


@pytest.mark.parametrize(
    ("sources", "target", "day"),
    [
        ([], "B", date(2026, 7, 1)),
        (["A"], "A", date(2026, 7, 1)),
        (["79"], "A", date(2026, 7, 1)),
        (["A"], "B", date(2025, 7, 1)),
        (["A"], "B", date(2025, 6, 1)),
    ],
    ids=["none", "itself", "into its own child", "on its first day", "before it opened"],
)
def test_mergers_that_make_no_sense_are_refused(country, now, sources, target, day):
    with pytest.raises(services.CannotMerge):
        merge_units(actor=None, sources=[country[code] for code in sources], target=country[target], on=day, at=now)
