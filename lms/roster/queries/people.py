"""People with their names and posts of a day."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from lms.kernel.folding import fold

from ..models import Person, PersonRecord, Posting
from ..records import Contact, PersonOnDay, PostingOnDay
from .postings import postings_of
from .units import units_below


def person_of(user: AbstractBaseUser | AnonymousUser) -> Person | None:
    """Who the signed-in user is in the register; a user may have no place there."""
    if not user.is_authenticated:
        return None
    return Person.objects.filter(user_id=user.pk).first()


def people_on(people: QuerySet[Person], on: date) -> list[PersonOnDay]:
    """These people with their names and postings of that day, sorted by given name as lists are here."""
    chosen = people.values("pk")
    records = {
        record.person_id: record
        for record in PersonRecord.objects.current().filter(person__in=chosen).select_related("person")
    }
    postings: dict[int, list[PostingOnDay]] = {}
    for person, posting in postings_of(Posting.objects.current().on(on).filter(person__in=chosen), on):
        postings.setdefault(person, []).append(posting)
    described = [
        PersonOnDay(
            record.person_id,
            record.person.public_id,
            record.person.code,
            record.full_name,
            record.birth_date,
            tuple(postings.get(record.person_id, ())),
        )
        for record in records.values()
    ]
    return sorted(described, key=lambda person: (name_order(person.full_name), person.code))


def person_on(person_id: int, on: date) -> PersonOnDay:
    """One person with name and postings of that day; LookupError if the register holds no such person."""
    found = people_on(Person.objects.filter(pk=person_id), on)
    if not found:
        raise LookupError(person_id)
    return found[0]


def people_with_codes(codes: Iterable[str], on: date) -> list[PersonOnDay]:
    """These people, with names and postings of that day, sorted by given name."""
    return people_on(Person.objects.filter(code__in=list(codes)), on)


def people_here(unit: int, on: date) -> QuerySet[Person]:
    """The people who hold a posting, on that day, in this unit itself."""
    return Person.objects.filter(pk__in=Posting.objects.current().on(on).filter(unit=unit).values("person"))


def people_below(tops: Iterable[int], on: date) -> QuerySet[Person]:
    """The people who hold a posting, on that day, in one of these units or below."""
    postings = Posting.objects.current().on(on).filter(unit__in=units_below(tops, on))
    return Person.objects.filter(pk__in=postings.values("person"))


def contact_of(person_id: int) -> Contact:
    """How to write to somebody, as believed now; in Vietnamese to who never chose a language."""
    row = PersonRecord.objects.current().filter(person=person_id).select_related("person__user").first()
    if row is None:
        return Contact("", "", "", settings.LANGUAGE_CODE)
    user = row.person.user
    return Contact(row.full_name, row.email, row.phone, user.language if user else settings.LANGUAGE_CODE)


def full_names(people: Iterable[int]) -> dict[int, str]:
    """The names now believed, by person id."""
    rows = PersonRecord.objects.current().filter(person__in=list(people))
    return dict(rows.values_list("person_id", "full_name"))


def name_order(full_name: str) -> tuple[str, str]:
    """Vietnamese lists go by the given name, which comes last."""
    folded = fold(full_name)
    return folded.rpartition(" ")[2], folded


def search_people(text: str, on: date, *, among: QuerySet[Person], limit: int = 20) -> list[PersonOnDay]:
    """People by name or officer code, whatever the tones; every word must occur in the name."""
    words = fold(text).split()
    if not words:
        return []
    named = PersonRecord.objects.current().filter(person__in=among)
    by_name = Q()
    for word in words:
        by_name &= Q(folded_name__contains=word)
    named = named.filter(by_name | Q(person__code__istartswith=text.strip()))
    chosen = named.order_by("folded_name", "person__code").values_list("person", flat=True)[:limit]
    return people_on(Person.objects.filter(pk__in=list(chosen)), on)


def people_named(text: str) -> QuerySet[PersonRecord, int]:
    """The ids of all people, in whatever unit, whose name holds every word of `text`, whatever the tones."""
    named = PersonRecord.objects.current()
    for word in fold(text).split():
        named = named.filter(folded_name__contains=word)
    return named.values_list("person", flat=True)
