"""What is kept how long (retention.yaml): read by the page on personal data, kept to by the nightly job."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.db import models
from django.utils.translation import get_language

from lms.kernel.facts import RecordedFact

FILE = Path(__file__).with_name("retention.yaml")
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: what, how long, by what law; and what the night deletes by it."""

    tables: tuple[str, ...]
    words: Mapping[str, Mapping[str, str]]
    model: str = ""
    column: str = ""
    days: int = 0

    def covers(self, table: str) -> bool:
        return any(fnmatch(table, pattern) for pattern in self.tables)

    def word(self, of: str) -> str:
        """`what`, `how_long` or `law`, in the language of the reader."""
        told = self.words[of]
        return told.get(get_language() or "vi", told["vi"])

    @property
    def what(self) -> str:
        return self.word("what")

    @property
    def how_long(self) -> str:
        return self.word("how_long")

    @property
    def law(self) -> str:
        return self.word("law")


@cache
def rules() -> tuple[Rule, ...]:
    """The lines of the file, in its order; a line that deletes facts of the ledger is refused."""
    return tuple(_rule(line) for line in yaml.safe_load(FILE.read_text(encoding="utf-8")))


def delete_what_is_due(now: datetime) -> dict[str, int]:
    """Delete the rows whose time is over, a few thousand at a time; how many of each table."""
    gone: dict[str, int] = {}
    for rule in rules():
        if not rule.model:
            continue
        model = apps.get_model(rule.model)
        due = model._default_manager.filter(**{f"{rule.column}__lt": _before(model, rule, now)})
        gone[rule.model] = 0
        while ids := list(due.values_list("pk", flat=True)[:_AT_ONCE]):
            gone[rule.model] += model._default_manager.filter(pk__in=ids).delete()[0]
    return gone


def _before(model: type[models.Model], rule: Rule, now: datetime) -> Any:
    moment = now - timedelta(days=rule.days)
    timed = isinstance(model._meta.get_field(rule.column), models.DateTimeField)
    return moment if timed else moment.date()


def _rule(line: dict[str, Any]) -> Rule:
    delete = line.get("delete", {})
    if delete and issubclass(apps.get_model(delete["model"]), RecordedFact):
        raise ValueError(f"{delete['model']} is a fact; facts are erased, never deleted")
    return Rule(tuple(line["tables"]), {name: line[name] for name in ("what", "how_long", "law")}, **delete)
