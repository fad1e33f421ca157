"""Facts: rows that are true for a span of days and known from a moment on (docs/coverage.md §1).

A fact is never edited or deleted. A correction supersedes the row that was believed and adds the row that is
believed now; both stay, so that every earlier answer can be given again. Facts are written by
`lms.kernel.services` alone, which writes the ledger's entry in the same transaction.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, NoReturn, Self

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from lms.kernel.errors import Refused

BOOKKEEPING = frozenset({"recorded_entry", "recorded", "superseded_entry", "superseded"})
"""The columns that say when a belief was held; the only ones of a row that ever change."""


class FactIsWritten(Refused):
    """A fact was to be edited or deleted; the kernel's services record, correct and withdraw facts."""

    code = "fact_is_written"


class FactQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Facts by what was known when."""

    def known_at(self, number: int) -> Self:
        """The facts as known at ledger size `number`: recorded by then and not superseded by then."""
        return self.filter(recorded__lte=number).filter(Q(superseded__isnull=True) | Q(superseded__gt=number))

    def current(self) -> Self:
        """What is believed now, numbered by the ledger or not yet."""
        return self.filter(superseded_entry__isnull=True)

    def update(self, **values: Any) -> int:
        if not values.keys() <= BOOKKEEPING | self.model.erasable:
            raise FactIsWritten("correct_fact writes what is believed now")
        return super().update(**values)

    def delete(self) -> NoReturn:
        raise FactIsWritten("withdraw_fact ends what is no longer believed")


class DatedQuerySet(FactQuerySet):
    """Facts that hold for a span of days."""

    def on(self, day: date) -> Self:
        """The facts whose half-open span covers `day`."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)

    def overlapping(self, since: date, until: date | None) -> Self:
        """The facts whose span shares at least one day with [since, until)."""
        rows = self.filter(Q(until__isnull=True) | Q(until__gt=since))
        return rows if until is None else rows.filter(since__lt=until)


class RecordedFact(models.Model):
    """One belief about one fact. Rows with the same `chain` are successive beliefs about the same fact."""

    ledger_type: ClassVar[str] = ""
    """What the ledger calls such facts, for ever: "roster.posting". By default the label of the model."""
    ledger_version: ClassVar[int] = 1
    """Of the form of `fact()`; goes up when a column is added that belongs to the fact."""
    columns_since: ClassVar[Mapping[str, int]] = MappingProxyType({})
    """The version that added a column, for columns that were not there in version 1."""
    not_stated: ClassVar[frozenset[str]] = frozenset()
    """Columns that follow from others, and so are no part of the fact: a folded name."""
    erasable: ClassVar[frozenset[str]] = frozenset()
    """Columns that the erasure of a person's data may empty."""

    chain = models.UUIDField(default=uuid.uuid4, editable=False)
    """Identity of the fact through its corrections; the ledger's `subject`."""
    recorded_entry = models.BigIntegerField(editable=False)
    """Row id of the ledger entry that recorded this belief."""
    recorded = models.BigIntegerField(null=True, editable=False)
    """The entry's number, once the sequencer has given it one."""
    superseded_entry = models.BigIntegerField(null=True, editable=False)
    superseded = models.BigIntegerField(null=True, editable=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            # One index for the promise and for the history of a chain.
            models.UniqueConstraint(
                "chain", Coalesce("superseded_entry", 0), name="%(class)s_has_one_current_belief"
            ),
            models.CheckConstraint(
                condition=Q(superseded__isnull=True) | Q(superseded__gt=F("recorded")),
                name="%(class)s_is_superseded_after_recorded",
            ),
            models.CheckConstraint(
                condition=Q(superseded__isnull=True) | Q(superseded_entry__isnull=False),
                name="%(class)s_is_superseded_by_an_entry",
            ),
            # Nearly empty indexes, by which the sequencer finds the rows that wait for their numbers.
            models.UniqueConstraint(
                fields=["recorded_entry"],
                condition=Q(recorded__isnull=True),
                name="%(class)s_waits_for_its_number",
            ),
            models.UniqueConstraint(
                fields=["superseded_entry"],
                condition=Q(superseded_entry__isnull=False, superseded__isnull=True),
                name="%(class)s_waits_for_its_end_number",
            ),
        ]

    def fact(self, version: int | None = None) -> dict[str, Any]:
        """What the ledger commits to: every column of the version, other rows by their codes.

        The same for ever, since `ledger verify` computes it again from the row. Overridden where other tables
        are part of the fact.
        """
        wanted = self.ledger_version if version is None else version
        return {
            name: _code_of(getattr(self, name)) if reads is None else reads(getattr(self, name))
            for name, since, reads in _stated(type(self))
            if since <= wanted
        }

    def is_whole(self) -> bool:
        """Whether what lies beside the row, and is bound by what it states, is still what was recorded.

        Overridden where a fact states the hash of something that is kept elsewhere.
        """
        return True

    @classmethod
    def for_ledger(cls) -> "models.QuerySet[Self]":
        """The rows with what `fact()` needs of other tables, for going through all of them."""
        relations = [field.name for field in cls._meta.concrete_fields if field.is_relation]
        rows = cls._default_manager.all()
        return rows.select_related(*relations) if relations else rows

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.recorded_entry is None or not self._state.adding:
            raise FactIsWritten("record_fact, correct_fact and withdraw_fact write facts")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise FactIsWritten("withdraw_fact ends what is no longer believed")


class DatedFact(RecordedFact):
    """A belief that holds on the days `since <= day < until`; an empty `until` means "still"."""

    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()  # type: ignore[misc]

    class Meta(RecordedFact.Meta):
        abstract = True
        constraints = [
            *RecordedFact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="%(class)s_ends_after_it_begins",
            ),
        ]


@cache
def _stated(model: type[RecordedFact]) -> list[tuple[str, int, Callable[[Any], Any] | None]]:
    """The columns of a fact: name, version, and how the value is read; None for another row."""
    left_out = BOOKKEEPING | model.not_stated | {"chain"}
    return [
        (field.name, model.columns_since.get(field.name, 1), None if field.is_relation else _reader(field))
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in left_out
    ]


def _reader(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    """Gives a value as it will come back from the database, whatever it was assigned as."""
    if isinstance(field, models.DecimalField):
        unit = Decimal(1).scaleb(-field.decimal_places)
        return lambda value: None if value is None else Decimal(field.to_python(value)).quantize(unit)
    return field.to_python


def _code_of(row: Any) -> str | None:
    """What another row is called outside the database."""
    if row is None:
        return None
    if isinstance(row, RecordedFact):
        return str(row.chain)
    return str(getattr(row, "code", None) or getattr(row, "public_id", None) or row.pk)


def ledger_type(model: type[RecordedFact]) -> str:
    return model.ledger_type or model._meta.label_lower


@cache
def fact_models() -> dict[str, type[RecordedFact]]:
    """Every kind of fact that the installation records, by its name in the ledger."""
    kinds = [
        model for model in apps.get_models(include_auto_created=False) if issubclass(model, RecordedFact)
    ]
    return {ledger_type(model): model for model in sorted(kinds, key=ledger_type)}
