"""From codes to rows and back."""

from collections.abc import Iterable

from ..errors import UnknownCode
from ..models import Person, Unit


def unit_by_code(code: str) -> Unit:
    """The unit, or UnknownCode."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise UnknownCode(code)
    return unit


def person_by_code(code: str) -> Person:
    """The person, or UnknownCode."""
    person = Person.objects.filter(code=code).first()
    if person is None:
        raise UnknownCode(code)
    return person


def actor(code: str | None) -> Person | str:
    """Who answers for an act in the ledger: the person with this code, or the operator."""
    return person_by_code(code) if code else "operator"


def unit_ids(codes: Iterable[str]) -> dict[str, int]:
    """The ids of these unit codes; unknown ones are left out."""
    return dict(Unit.objects.filter(code__in=list(codes)).values_list("code", "pk"))


def person_ids(codes: Iterable[str]) -> dict[str, int]:
    """The ids of these officer codes; unknown ones are left out."""
    wanted = list(codes)
    found: dict[str, int] = {}
    for at in range(0, len(wanted), 5_000):
        rows = Person.objects.filter(code__in=wanted[at : at + 5_000])
        found.update(rows.values_list("code", "pk"))
    return found


def person_codes(people: Iterable[int]) -> dict[int, str]:
    """Officer codes by person id, of any number of people."""
    chosen = list(people)
    found: dict[int, str] = {}
    for start in range(0, len(chosen), 10_000):
        rows = Person.objects.filter(pk__in=chosen[start : start + 10_000])
        found.update(rows.values_list("pk", "code"))
    return found
