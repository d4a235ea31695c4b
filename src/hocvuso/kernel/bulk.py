"""Many rows into a table at once, past the ORM: for fast paths that make hundreds of thousands of rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

Convert = Callable[[Any], Any]


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values in the order of the field names; every column without a database default must be named.

    Values have the types that the ORM gives back: UUID, aware datetime, date, dict or list for JSON, the key for a foreign key.
    Nothing is validated and no signal is sent. Several times as fast as bulk_create; the same rows result.
    """
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(f'"{field.column}"' for field in fields)  # type: ignore[union-attr]
    table = model._meta.db_table
    converts = [_converter(field) for field in fields]
    values = (
        [value if convert is None else convert(value) for convert, value in zip(converts, row, strict=True)]
        for row in rows
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in values:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(fields))
            statement = f'INSERT INTO "{table}" ({columns}) VALUES ({places})'  # noqa: S608 (names of a model)
            cursor.executemany(statement, values)  # type: ignore[arg-type] # the driver takes any iterable


def _converter(field: Any) -> Convert | None:
    """How the database's driver wants the values of a field; none: as they are."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if connection.vendor == "postgresql":
        return _pg_json if isinstance(field, models.JSONField) else None
    if isinstance(field, models.JSONField):
        return _Json()
    return next((convert for kind, convert in _SQLITE if isinstance(field, kind)), None)


def _pg_json(value: Any) -> Any:
    from psycopg.types.json import Jsonb

    return None if value is None else Jsonb(value)


def _hex(value: UUID | None) -> str | None:
    return None if value is None else value.hex


def _moment(value: datetime | None) -> str | None:
    return None if value is None else str(value.astimezone(UTC).replace(tzinfo=None))


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


class _Json:
    """Text of a JSON value; the same object in row after row is written once."""

    def __init__(self) -> None:
        self.value: Any = None
        self.text: str | None = None

    def __call__(self, value: Any) -> str | None:
        if value is not self.value:
            self.value, self.text = value, json.dumps(value)
        return self.text if value is not None else None


# What Django's SQLite backend stores; DateTimeField before DateField, which it is a kind of.
_SQLITE: tuple[tuple[type[models.Field[Any, Any]], Convert], ...] = (
    (models.UUIDField, _hex),
    (models.DateTimeField, _moment),
    (models.DateField, _day),
)
