"""Aggregates that Django has for one database only."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, JSONField
from django.db.models.sql.compiler import SQLCompiler


class JSONList(Aggregate):
    """The group's values as one list, in no order; null for a group without rows in a subquery.

    Give it a `JSONArray` for rows of several columns. Decimals come back as floats: store no money by it.
    """

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        sql, parameters = self.as_sql(compiler, connection, function="JSONB_AGG", **extra)
        return sql, tuple(parameters)
