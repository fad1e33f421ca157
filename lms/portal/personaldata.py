"""Everything held of one human being, found by walking the models, so that none is forgotten.

A row is the person's own where its `person` or `user` names them, or where it belongs to such a row: told
whole, but for secrets. Where another key names them they acted in somebody else's affair: told are what, in
which part, and when, and nothing of the other person.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from lms.kernel.facts import BOOKKEEPING, RecordedFact
from lms.roster import queries as roster
from lms.roster.queries import Person

OWN = frozenset({"person", "user"})
"""Keys by which a row is about whom they name."""
SECRET = frozenset(
    {"password", "session_key", "sealed", "fingerprint", "device", "preview", "submit_key", "lease", "token"}
)
"""Columns that open something, or that are kept unreadable on purpose."""
SECRET_MODELS = frozenset({"mfa.Authenticator", "usersessions.UserSession"})
"""Rows whose `data` holds a key: told is that they exist and since when."""
LIBRARY_COPIES = frozenset({"wagtailcore.Revision"})
"""A copy of a page with every word in it; told as an act."""
_PLAIN = (str, int, float, bool, type(None))


@dataclass(frozen=True, slots=True)
class Way:
    """How a model's rows lead to the person: a lookup, and whether the rows are the person's own."""

    model: type[models.Model]
    lookup: str
    own: bool

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.lookup}"


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one kind, as columns and values that JSON can hold."""

    kind: str
    by: str
    own: bool
    rows: tuple[Mapping[str, Any], ...]


@cache
def ways() -> tuple[Way, ...]:
    """Every way from a row to a person or a sign-in, over all models; own rows' own rows follow."""
    direct = [
        Way(model, field.name, field.name in OWN and model._meta.label not in LIBRARY_COPIES)
        for model in _models()
        for field in _keys(model)
        if field.related_model in _anchors()
    ]
    found, known = list(direct), {way.model for way in direct if way.own}
    edge = [way for way in direct if way.own]
    while edge:
        deeper = [
            Way(model, f"{field.name}__{way.lookup}", True)
            for way in edge
            for model in _models()
            for field in _keys(model)
            if field.related_model is way.model and model not in known
        ]
        known |= {way.model for way in deeper}
        found += deeper
        edge = deeper
    return tuple(found)


def everything_about(person: Person) -> list[Section]:
    """All rows of all codes of this human being: one query for each way, however many rows."""
    codes = roster.codes_of_human(person.pk)
    people = list(Person.objects.filter(pk__in=codes).select_related("user"))
    users = [one.user_id for one in people if one.user_id is not None]
    anchors = [Section("roster.Person", "pk", True, tuple(_own(one) for one in people))]
    anchors.append(
        Section("accounts.User", "pk", True, tuple(_own(one.user) for one in people if one.user is not None))
    )
    return [section for section in [*anchors, *_sections(codes, users)] if section.rows]


def _sections(people: list[int], users: list[int]) -> Iterator[Section]:
    for way in ways():
        names = way.lookup.rpartition("__")[2]
        last = _target(way)
        ids: Iterable[int] = users if last is not Person else people
        rows = way.model._default_manager.filter(**{f"{way.lookup}__in": ids}).order_by("pk")
        if way.own:
            rows = rows.select_related(*(field.name for field in _keys(way.model)))
        tell = _own if way.own else _act
        yield Section(way.model._meta.label, names, way.own, tuple(tell(row) for row in rows))


def _target(way: Way) -> type[models.Model]:
    model: Any = way.model
    for step in way.lookup.split("__"):
        model = model._meta.get_field(step).related_model
    return model  # type: ignore[no-any-return]


def _own(row: models.Model) -> dict[str, Any]:
    """Every column of a row that is the person's own, other rows by what they are called."""
    left_out = SECRET | (BOOKKEEPING if isinstance(row, RecordedFact) else set())
    if row._meta.label in SECRET_MODELS:
        left_out |= {"data"}
    told: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.name in left_out or isinstance(field, models.BinaryField) or field.attname == "password":
            continue
        told[field.name] = _called(row, field)
    if isinstance(row, RecordedFact):
        told["believed_now"] = row.superseded_entry is None
    return told


def _called(row: models.Model, field: "models.Field[Any, Any]") -> Any:
    """The value; another row by its code, title or public id."""
    if not field.is_relation:
        return _plain(getattr(row, field.attname))
    other = getattr(row, field.name) if getattr(row, field.attname) is not None else None
    names = (getattr(other, name, None) for name in ("code", "title", "public_id"))
    return _plain(next((name for name in names if name), getattr(row, field.attname)))


def _act(row: models.Model) -> dict[str, Any]:
    """That something was done, and when; nothing of whom it was done to."""
    told: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.name in ("public_id", "chain") or isinstance(field, models.DateField):
            told[field.name] = _plain(getattr(row, field.attname))
    return told or {"id": _plain(row.pk)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, _PLAIN) else str(value)


@cache
def _models() -> tuple[type[models.Model], ...]:
    """Concrete models and the tables between many and many; a child table is told by its parent."""
    return tuple(
        model
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy and not any(model._meta.parents.values()) and model not in _anchors()
    )


def _keys(model: type[models.Model]) -> "list[models.ForeignKey[Any, Any]]":
    return [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]


@cache
def _anchors() -> tuple[type[models.Model], ...]:
    return (Person, apps.get_model("accounts", "User"))
