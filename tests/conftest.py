"""What every test can use."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import translation

from tests.factories.curriculum import small_curriculum

NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)  # a Tuesday morning, 09:00 in Viet Nam


@pytest.fixture
def now() -> datetime:
    """A fixed moment, so that no test depends on the day it runs."""
    return NOW


@pytest.fixture(autouse=True)
def _in_vietnamese() -> None:
    """A request to an English page leaves its language behind in the thread."""
    translation.activate("vi")


@pytest.fixture(scope="session", autouse=True)
def _content_types_first(request: pytest.FixtureRequest) -> None:
    """Before a test with `serialized_rollback` Django puts back the rows of the migrations: the content types go first.

    Merely making a Wagtail `Task` in memory looks its content type up, and writes a new one where the table is still empty.
    """
    creation = type(connection.creation)
    put_back = creation.deserialize_db_from_string

    def types_first(self: Any, data: str) -> None:
        ContentType = apps.get_model("contenttypes", "ContentType")
        ContentType.objects.clear_cache()
        rows = [row for row in json.loads(data) if row["model"] == "contenttypes.contenttype"]
        if not ContentType.objects.exists():
            ContentType.objects.bulk_create([ContentType(pk=row["pk"], **row["fields"]) for row in rows])
        put_back(self, data)

    creation.deserialize_db_from_string = types_first
    request.addfinalizer(lambda: setattr(creation, "deserialize_db_from_string", put_back))


@pytest.fixture(scope="session")
def four_lessons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter curriculum cut down to its four first lessons, as a folder: enough for every room, and quick."""
    return small_curriculum(tmp_path_factory.mktemp("curriculum"))


@pytest.fixture(scope="session")
def starter_rows(django_db_setup: None, django_db_blocker: Any, four_lessons: Path) -> list[dict[str, Any]]:
    """The rows that loading the small curriculum makes, loaded once a session and rolled back."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    core = [
        "Locale",
        "Collection",
        "Page",
        "Site",
        "Revision",
        "Task",
        "Workflow",
        "WorkflowTask",
        "WorkflowPage",
        "WorkflowContentType",
    ]
    models = [
        apps.get_model("auth", "Group"),
        *(apps.get_model("wagtailcore", name) for name in core),
        *apps.get_app_config("curriculum").get_models(),
    ]
    with django_db_blocker.unblock(), transaction.atomic():
        if not apps.get_model("wagtailcore", "Page").objects.exists():
            # A test with real commits emptied the tables, also of what migrations put there.
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
        call_command("curriculum", "load", str(four_lessons), verbosity=0, stdout=io.StringIO())
        rows = [row for model in models for row in _plain(model)]
        transaction.set_rollback(True)
    # What was looked up meanwhile may have been rolled back with the rest.
    ContentType.objects.clear_cache()
    return rows


def _plain(model: Any) -> list[dict[str, Any]]:
    """A table's rows; content types by name, for their numbers change when a test with real commits emptied the tables."""
    return serializers.serialize("python", model._base_manager.order_by("pk"), use_natural_foreign_keys=True)


@pytest.fixture
def starter(db: None, starter_rows: list[dict[str, Any]]) -> None:
    """Four lessons of the starter curriculum with frameworks, paths and policies, published, put in quickly."""
    with transaction.atomic():  # what points at each other is checked when all is there
        for found in serializers.deserialize("python", starter_rows):
            found.save()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that touch a database, and those that commit for real: Django empties every table after them (tools/test.sh)."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        names = set(getattr(item, "fixturenames", ()))
        if marker or {"db", "transactional_db"} & names:
            item.add_marker("database")
        if (marker and marker.kwargs.get("transaction")) or {"transactional_db", "live_server"} & names:
            item.add_marker("commits")
