"""What the database itself keeps of every kind of fact, whichever room it lives in."""

import itertools
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import models, transaction

from lms.kernel.facts import DatedFact, RecordedFact, fact_models
from lms.reports.models import ClosedReport
from tests.refusals import refused

pytestmark = pytest.mark.django_db
FACTS = list(fact_models().values())
DAY = date(2026, 5, 1)
# What a kind of fact asks of its columns, where any value will not do.
LEAST: dict[str, dict[str, Any]] = {
    "coverage.contest": {"about": "missing", "contested": None, "due": date(2026, 5, 4)},
    "coverage.evidence": {"source": "class"},
    "reports.closedreport": {"number": 1, "known_at": 0},
}
_number = itertools.count(1000)


def row(model: type[RecordedFact], **values: Any) -> RecordedFact:
    """A fact whose columns hold anything, none of it twice; what it points at need not be there."""
    filled = {
        field.attname: _anything(field)
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.has_default() or field.null)
    }
    number = next(_number)
    bookkeeping = {"recorded_entry": number, "recorded": number}
    return model(**{**filled, **bookkeeping, **LEAST.get(model._meta.label_lower, {}), **values})


def _anything(field: "models.Field[Any, Any]") -> Any:
    match field:
        case models.DateTimeField():
            return None
        case models.DateField():
            return DAY
        case models.CharField(choices=[(first, _), *_]):
            return first
        case models.CharField() | models.TextField():
            return f"x{next(_number)}"
        case models.JSONField():
            return []
        case models.UUIDField():
            return uuid4()
        case models.BooleanField():
            return False
        case models.DecimalField():
            return 1
        case _:
            return next(_number)


def insert(*rows: RecordedFact) -> None:
    """Write past the guards that stand before the database."""
    for each in rows:
        type(each)._base_manager.bulk_create([each])


def refusing(model: type[RecordedFact], promise: str) -> Any:
    return refused(f"{model.__name__.lower()}_{promise}")


def each_fact(*, dated: bool = False) -> pytest.MarkDecorator:
    kinds = [model for model in FACTS if issubclass(model, DatedFact) or not dated]
    return pytest.mark.parametrize("model", kinds, ids=lambda model: model._meta.label_lower)


@each_fact()
def test_the_row_that_the_other_tests_spoil_is_sound(model) -> None:
    before = transaction.savepoint()
    insert(row(model), row(model, recorded=None))
    transaction.savepoint_rollback(before)


@each_fact()
def test_a_fact_has_one_current_belief(model) -> None:
    first = row(model)
    with refusing(model, "has_one_current_belief"):
        insert(first, row(model, chain=first.chain))


@each_fact()
def test_a_fact_is_superseded_after_it_was_recorded(model) -> None:
    ends = {} if model is ClosedReport else {"superseded_entry": 9}
    with refusing(model, "is_superseded_after_recorded"):
        insert(row(model, recorded=8, superseded=8, **ends))


@each_fact()
def test_a_fact_is_superseded_by_an_entry(model) -> None:
    with refusing(model, "is_superseded_by_an_entry"):
        insert(row(model, recorded=8, superseded=9))


@each_fact()
def test_an_entry_records_one_belief(model) -> None:
    with refusing(model, "waits_for_its_number"):
        insert(*(row(model, recorded_entry=7, recorded=None) for _ in range(2)))


@pytest.mark.parametrize(
    "model",
    [model for model in FACTS if model is not ClosedReport],  # never superseded at all
    ids=lambda model: model._meta.label_lower,
)
def test_an_entry_supersedes_one_belief(model) -> None:
    with refusing(model, "waits_for_its_end_number"):
        insert(*(row(model, superseded_entry=9) for _ in range(2)))


@each_fact(dated=True)
def test_a_dated_fact_ends_after_it_begins(model) -> None:
    with refusing(model, "ends_after_it_begins"):
        insert(row(model, since=DAY, until=DAY))


@each_fact()
def test_a_fact_without_an_entry_is_refused(model) -> None:
    with refused(f"{model._meta.db_table}.recorded_entry"):
        insert(row(model, recorded_entry=None))
