"""Which codes are one human being, and which may be."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from ..models import Person, PersonMerge, PersonRecord
from ..records import PersonOnDay
from .people import people_on


def same_human(a: Person, b: Person) -> bool:
    """Whether two codes are one human being: the same code, or merged."""
    return human_of(a) == human_of(b)


def human_of(person: Person) -> int:
    """The id of the person under whom this human being is counted."""
    merge = PersonMerge.objects.current().filter(person=person).values_list("same_as", flat=True).first()
    return person.pk if merge is None else merge


def codes_of_human(person_id: int) -> list[int]:
    """The ids of every code under which this human being stands in the register: one query."""
    standing = PersonMerge.objects.current()
    head = standing.filter(person=person_id).values("same_as")
    merges = standing.filter(Q(person=person_id) | Q(same_as=person_id) | Q(same_as__in=head))
    return sorted({person_id, *(pk for pair in merges.values_list("person", "same_as") for pk in pair)})


def namesakes(among: QuerySet[Person], on: date, *, limit: int = 25) -> list[list[PersonOnDay]]:
    """Groups of people with the same folded name and day of birth, one of them within reach, not merged."""
    merged = PersonMerge.objects.current().values("person")
    records = PersonRecord.objects.current().filter(birth_date__isnull=False).exclude(person__in=merged)
    shared = records.values("folded_name", "birth_date").annotate(codes=Count("pk")).filter(codes__gt=1)
    keys = list(shared.order_by("folded_name", "birth_date").values_list("folded_name", "birth_date")[:limit])
    same = records.filter(
        folded_name__in={name for name, _born in keys}, birth_date__in={born for _name, born in keys}
    )
    codes: dict[tuple[str, date | None], set[int]] = {}
    for name, born, person in same.values_list("folded_name", "birth_date", "person"):
        if (name, born) in keys:
            codes.setdefault((name, born), set()).add(person)
    chosen = {person for people in codes.values() for person in people}
    reached = set(among.filter(pk__in=chosen).values_list("pk", flat=True))
    found = {person.id: person for person in people_on(Person.objects.filter(pk__in=chosen), on)}
    return [[found[person] for person in sorted(people)] for people in codes.values() if people & reached]


def merges_of(among: QuerySet[Person], on: date, *, limit: int = 50) -> list[PersonMerge]:
    """Mergers of codes whose human being is within reach, the newest first."""
    rows = PersonMerge.objects.current().filter(Q(same_as__in=among) | Q(person__in=among))
    return list(rows.select_related("person", "same_as", "merged_by").order_by("-pk")[:limit])
