"""What the database refuses, told by the name of the constraint that refuses it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction


@contextmanager
def refused(name: str) -> Iterator[None]:
    """What is done inside is refused by this constraint and by no other.

    `name` is the constraint's own, or `table.column` for a column that is unique by itself.
    tests/architecture/test_constraints.py holds that every promise of the register is broken so.
    """
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    by = refused_by(caught.value)
    assert by == name, f"refused by {by}, not by {name}"


def refused_by(error: IntegrityError) -> str:
    """PostgreSQL tells the name; SQLite tells it too, but for uniqueness the columns."""
    told = getattr(error.__cause__, "diag", None)
    if told is None:
        kind, _, what = str(error).partition(" constraint failed: ")
        columns = what.split(", ") if kind == "UNIQUE" and "'" not in what else None
        name = what.removeprefix("index ").strip("'") or str(error)
    else:
        name = told.constraint_name or f"{told.table_name}.{told.column_name}"
        columns = None if name in _named() else _columns_on_postgresql(told.table_name, name)
    if columns is None:
        return name
    return _unique_columns().get(frozenset(columns), ", ".join(columns))


def _named() -> set[str]:
    return {constraint.name for model in apps.get_models() for constraint in model._meta.constraints}


def _columns_on_postgresql(table: str, name: str) -> list[str] | None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).get(name)
    return [f"{table}.{column}" for column in found["columns"]] if found else None


def _unique_columns() -> dict[frozenset[str], str]:
    """Constraints of uniqueness by their columns; no two of one table may have the same."""
    result: dict[frozenset[str], str] = {}
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
                columns = [model._meta.get_field(name).column for name in constraint.fields]
                key = frozenset(f"{model._meta.db_table}.{column}" for column in columns)
                if key in result:
                    raise AssertionError(f"{result[key]} and {constraint.name} cannot be told apart")
                result[key] = constraint.name
    return result
