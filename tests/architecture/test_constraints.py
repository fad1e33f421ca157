"""The database keeps the promise: each constraint of the register has a test that breaks it, by its name.

Such a test says `with refused("the_constraint"):` (tests/refusals.py). What every fact inherits is broken for
every kind of fact at once in tests/kernel/test_promises.py.
"""

import ast
from pathlib import Path

from django.apps import apps
from django.db import models

from lms.kernel.facts import DatedFact, RecordedFact, fact_models

TESTS = Path(__file__).resolve().parents[1]
ROOMS = ("lms.kernel.", "lms.roster.", "lms.coverage.")
"""Rooms of which every table is held; of the others, the facts."""


def _held() -> list[type[models.Model]]:
    facts = set(fact_models().values())
    return [model for model in apps.get_models() if model in facts or model.__module__.startswith(ROOMS)]


def _inherited(model: type[models.Model]) -> set[str]:
    base = next((base for base in (DatedFact, RecordedFact) if issubclass(model, base)), None)
    words = {"class": model.__name__.lower(), "app_label": model._meta.app_label}
    return {constraint.name % words for constraint in base._meta.constraints} if base else set()


def _promised() -> set[str]:
    names = set()
    for model in _held():
        names |= {constraint.name for constraint in model._meta.constraints} - _inherited(model)
        names |= {
            f"{model._meta.db_table}.{field.column}"
            for field in model._meta.concrete_fields
            # Random ids are unique by their making.
            if field.unique and not field.primary_key and not isinstance(field, models.UUIDField)
        }
    return names


def _broken() -> set[str]:
    """The names that calls of `refused` are given: as they stand there, or by the parameters of the test."""
    names = set()
    for path in TESTS.rglob("test_*.py"):
        module = ast.parse(path.read_text())
        tables = {
            ast.unparse(target): node.value
            for node in module.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        }
        for test in (node for node in module.body if isinstance(node, ast.FunctionDef)):
            for given in _refused_in(test):
                if isinstance(given, ast.Name):
                    for decorator in test.decorator_list:
                        names |= _texts(decorator)
                        for node in ast.walk(decorator):
                            if isinstance(node, ast.Name) and node.id in tables:
                                names |= _texts(tables[node.id])
                else:
                    names |= _texts(given)
    return names


def _refused_in(test: ast.AST) -> list[ast.expr]:
    return [
        node.args[0]
        for node in ast.walk(test)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "refused" and node.args
    ]


def _texts(tree: ast.AST) -> set[str]:
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in found if isinstance(value, str)}


def test_every_promise_of_the_register_has_a_test_that_breaks_it() -> None:
    assert sorted(_promised() - _broken()) == []


def test_every_fact_has_what_its_base_promises() -> None:
    missing = {
        label: _inherited(model) - {constraint.name for constraint in model._meta.constraints}
        for label, model in fact_models().items()
    }
    assert {label: names for label, names in missing.items() if names} == {}
