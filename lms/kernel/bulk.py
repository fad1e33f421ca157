"""Writing many rows past the ORM: COPY on PostgreSQL, one prepared statement on SQLite.

Three to five times as fast as `bulk_create`, and what imports of a million rows need. No signals, no
conflicts handled; defaults are those of the instances.
"""

import operator
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

Made = TypeVar("Made", bound=models.Model)
_FEW = 20  # rows for which COPY does not pay
_KEPT: "dict[type[models.Field[Any, Any]], type]" = {
    models.CharField: str,
    models.TextField: str,
    models.IntegerField: int,
    models.BooleanField: bool,
    models.BinaryField: bytes,
}


def make(model: type[Made], **values: Any) -> Made:
    """A new instance past `__init__`, in a fifth of its time: no signals, no check of names.

    Values by field names, relations as instances that have their primary keys.
    """
    constants, calls, relations = _blank(model)
    row = model.__new__(model)
    state = ModelState()
    attributes: dict[str, Any] = {"_state": state, **constants}
    for name, value in values.items():
        if name in relations:
            attributes[relations[name]] = None if value is None else value.pk
            state.fields_cache[name] = value
        else:
            attributes[name] = value
    for name, default in calls:
        if name not in values:
            attributes[name] = default()
    row.__dict__.update(attributes)
    return row


@cache
def _blank(
    model: type[models.Model],
) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]], dict[str, str]]:
    """Constant defaults by attribute, defaults that are made each time, attributes of relations."""
    constants: dict[str, Any] = {}
    calls: list[tuple[str, Callable[[], Any]]] = []
    for field in model._meta.concrete_fields:
        if field.has_default() and callable(field.default):
            calls.append((field.attname, field.default))
        else:
            constants[field.attname] = field.get_default()
    return constants, calls, {f.name: f.attname for f in model._meta.concrete_fields if f.is_relation}


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new instances of one model; gives them their primary keys."""
    if not rows:
        return
    model = type(rows[0])
    fields = model._meta.concrete_fields
    key = model._meta.pk
    if isinstance(key, models.AutoField | models.BigAutoField):
        for row, number in zip(rows, new_ids(model, len(rows)), strict=True):
            row.pk = number
    for field in fields:
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            for row in rows:
                field.pre_save(row, add=True)
    read = operator.attrgetter(*(field.attname for field in fields))
    insert_columns(model, [field.name for field in fields], map(read, rows))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def insert_columns(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Insert rows given as tuples of values in the order of the columns; the other columns must have none."""
    fields = [model._meta.get_field(name) for name in columns]
    quote = connection.ops.quote_name
    named = ", ".join(quote(str(field.column)) for field in fields)  # type: ignore[union-attr]
    table = quote(model._meta.db_table)
    writers = [_writer(field) for field in fields]  # type: ignore[arg-type]
    values = (tuple([write(value) for write, value in zip(writers, row, strict=True)]) for row in rows)
    first = [row for _, row in zip(range(_FEW), values, strict=False)]
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({named}) VALUES ({marks})", first)  # noqa: S608
        if len(first) < _FEW:
            return
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            cursor.connection.executemany(
                f"INSERT INTO {table} ({named}) VALUES ({marks})",  # noqa: S608
                values,
            )


def new_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Row ids that nobody else will be given. The transaction must hold the write lock on SQLite."""
    table = model._meta.db_table
    key = model._meta.pk
    assert key is not None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, key.column, count],
            )
            return sorted(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        first = cursor.fetchone()[0] + 1
    return range(first, first + count)


def _writer(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    """Makes a value what the driver takes. The common kinds are short cuts of `get_db_prep_save`."""
    postgresql = connection.vendor == "postgresql"

    def slowly(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    target = field.target_field if isinstance(field, models.ForeignKey) else field
    for kind, kept in _KEPT.items():
        if isinstance(target, kind):
            return lambda value: value if type(value) is kept or value is None else slowly(value)
    if isinstance(target, models.UUIDField):
        if postgresql:
            return lambda value: value if type(value) is uuid.UUID else slowly(value)
        return lambda value: value.hex if type(value) is uuid.UUID else slowly(value)
    if isinstance(target, models.DateTimeField):
        if postgresql:
            return slowly
        return lambda value: _sqlite_time(value) if type(value) is datetime else slowly(value)
    if isinstance(target, models.DateField):
        if postgresql:
            return lambda value: value if type(value) is date else slowly(value)
        return lambda value: value.isoformat() if type(value) is date else slowly(value)
    return slowly


def _sqlite_time(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
