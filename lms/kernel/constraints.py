"""A promise that Django has no words for on both databases: spans that share no day."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Q

_EXCLUSION = (
    "CONSTRAINT %(name)s EXCLUDE USING gist"
    " (int8range(%(column)s, %(column)s, '[]') WITH &&, daterange(since, until) WITH &&)"
    " WHERE (superseded_entry IS NULL)"
)
_TRIGGER = (
    "CREATE TRIGGER %(trigger)s AFTER %(event)s ON %(table)s WHEN NEW.superseded_entry IS NULL AND EXISTS ("
    "SELECT 1 FROM %(table)s AS other WHERE other.%(column)s = NEW.%(column)s AND other.id <> NEW.id"
    " AND other.superseded_entry IS NULL AND (other.until IS NULL OR other.until > NEW.since)"
    " AND (NEW.until IS NULL OR other.since < NEW.until))"
    " BEGIN SELECT RAISE(ABORT, 'EXCLUDE constraint failed: %(name)s'); END"
)


class SpansApart(BaseConstraint):
    """No two dated facts with the same `field`, as believed now, hold on the same day.

    PostgreSQL keeps it by an exclusion constraint, SQLite by triggers.
    """

    def __init__(self, *, field: str, name: str) -> None:
        super().__init__(name=name)
        self.field = field

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return self._statement(_EXCLUSION, model, schema_editor)
        # Set up once the table is there; deferred, so that a table that Django makes anew keeps them.
        for event in ("INSERT", "UPDATE"):
            trigger = schema_editor.quote_name(f"{self.name}_{event.lower()}")
            statement = self._statement(_TRIGGER, model, schema_editor, event=event, trigger=trigger)
            schema_editor.deferred_sql.append(statement)
        return None

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """PostgreSQL alone asks for this; on SQLite the table is made anew."""
        return self._statement("ALTER TABLE %(table)s ADD " + _EXCLUSION, model, schema_editor)

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return self._statement("ALTER TABLE %(table)s DROP CONSTRAINT %(name)s", model, schema_editor)

    def _statement(self, template: str, model: Any, schema_editor: Any, **parts: str) -> Statement:
        return Statement(
            template,
            table=Table(model._meta.db_table, schema_editor.quote_name),
            column=schema_editor.quote_name(model._meta.get_field(self.field).column),
            name=self.name,
            **parts,
        )

    def validate(
        self, model: type[models.Model], instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS
    ) -> None:
        if instance.superseded_entry is not None:
            return
        others = model._default_manager.using(using).filter(
            Q(until__isnull=True) | Q(until__gt=instance.since),
            **{self.field: getattr(instance, self.field)},
            superseded_entry__isnull=True,
        )
        if instance.until is not None:
            others = others.filter(since__lt=instance.until)
        if others.exclude(pk=instance.pk).exists():
            raise ValidationError(self.get_violation_error_message())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, SpansApart):
            return (self.name, self.field) == (other.name, other.field)
        return NotImplemented

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}
