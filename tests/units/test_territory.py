"""The shipped list of provinces and communes."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest

from hocvuso.kernel.models import AuditEntry
from hocvuso.units.choices import COMMUNE_KINDS, Kind, Line
from hocvuso.units.models import Unit
from hocvuso.units.public import children, find_unit, load_territory

pytestmark = pytest.mark.django_db


@pytest.mark.clause("R-02")
def test_load_territory_brings_in_every_province_and_commune_with_official_codes(now):
    assert load_territory(at=now) == (3356, 3)

    territory = Unit.objects.in_line(Line.TERRITORY)
    assert territory.filter(kind__in=[Kind.PROVINCE, Kind.CITY]).count() == 34
    assert territory.filter(kind__in=COMMUNE_KINDS).count() == 3321
    for code, communes in {"79": 168, "01": 126, "12": 38}.items():
        assert children(find_unit(Line.TERRITORY, code)).count() == communes
    ward = find_unit(Line.TERRITORY, "26929")
    assert (ward.name, ward.kind, ward.get_parent().code) == ("Phường Bình Thạnh", Kind.WARD, "79")
    assert Unit.find_problems() == ([], [], [], [], [])


def test_load_territory_twice_changes_nothing(now):
    load_territory(at=now)
    before = list(Unit.objects.values())

    assert load_territory(at=now) == (0, 0)

    assert list(Unit.objects.values()) == before
    assert AuditEntry.objects.count() == 1


def test_names_are_composed_unicode(now):
    load_territory(at=now)
    assert [n for n in Unit.objects.values_list("name", flat=True) if n != unicodedata.normalize("NFC", n)] == []


def test_a_province_becomes_a_city_on_its_day_and_not_before():
    load_territory(at=datetime(2026, 4, 29, 12, tzinfo=UTC))
    assert find_unit(Line.TERRITORY, "75").kind == Kind.PROVINCE

    assert load_territory(at=datetime(2026, 4, 30, 12, tzinfo=UTC)) == (0, 1)
    dong_nai = find_unit(Line.TERRITORY, "75")
    assert (dong_nai.name, dong_nai.kind) == ("Thành phố Đồng Nai", Kind.CITY)


def test_load_territory_needs_few_queries(now, django_assert_max_num_queries):
    with django_assert_max_num_queries(100):
        load_territory(at=now)
