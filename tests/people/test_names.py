"""Finding people by part of their name, in lists of any size."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hocvuso.people import queries
from hocvuso.people.models import NameKey, Person
from hocvuso.people.public import erase_person, named
from hocvuso.people.rules import name_keys
from tests.conftest import NOW
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return sorted(Person.objects.filter(named(text)).values_list("full_name", flat=True))


@pytest.mark.parametrize("few", [1000, 1], ids=["by key", "by walking the list"])
def test_a_name_is_found_from_the_beginning_of_any_word(monkeypatch, few):
    monkeypatch.setattr(queries, "NAMED_BY_ID", few)
    for name in ("Đặng Thị Sáu", "Nguyễn Văn Sáu", "Trần Thị Hoa", "Lê Ái", "Nguyễn Thị Sáu"):
        make_person(name)
    assert found("sáu") == ["Nguyễn Thị Sáu", "Nguyễn Văn Sáu", "Đặng Thị Sáu"]
    assert found("Thi  SAU") == ["Nguyễn Thị Sáu", "Đặng Thị Sáu"]
    assert found("thi s") == ["Nguyễn Thị Sáu", "Đặng Thị Sáu"]
    assert found("dang") == ["Đặng Thị Sáu"]
    assert found("ai") == ["Lê Ái"]
    assert found("guyen") == [] and found("%") == [] and found("_") == []
    assert len(found("  ")) == 5


def test_keys_follow_the_name_and_go_with_the_person():
    person = make_person("Nguyễn Thị Sáu")
    person.full_name = "Nguyễn Thị Bảy"
    person.save(update_fields=["full_name", "search_name"])
    assert sorted(NameKey.objects.values_list("key", flat=True)) == ["bay", "nguyen thi bay", "thi bay"]
    with CaptureQueriesContext(connection) as asked:
        person.save(update_fields=["birth_year"])
    assert not any("namekey" in query["sql"] for query in asked)
    erase_person(actor=None, person=person, at=NOW)
    assert not NameKey.objects.exists()


def test_the_migration_gives_keys_to_people_who_were_there_before(monkeypatch):
    fill = import_module("hocvuso.people.migrations.0005_fill_name_keys")
    people = [make_person(name) for name in ("Đặng Thị Sáu", "Lê Ái", "Trần Thị Hoa")]
    NameKey.objects.all().delete()
    monkeypatch.setattr(fill, "BATCH", 2)
    fill.fill(apps, None)
    kept = {(key.person_id, key.key) for key in NameKey.objects.all()}
    assert kept == {(person.pk, key) for person in people for key in name_keys(person.search_name)}


def test_part_of_a_name_is_looked_up_in_an_index():
    make_person("Đặng Thị Sáu")
    with CaptureQueriesContext(connection) as asked:
        named("thi sau")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]['sql']}")
            plan = " ".join(row[3] for row in cursor.fetchall())
        assert "USING COVERING INDEX name_key_person" in plan
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off")
            cursor.execute(f"EXPLAIN {asked[0]['sql']}")
            plan = " ".join(row[0] for row in cursor.fetchall())
            cursor.execute("RESET enable_seqscan")
        assert "name_key_person" in plan and "~>=~" in plan
