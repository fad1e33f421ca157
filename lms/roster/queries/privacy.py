"""What somebody is told about their own data: their number, who looked, what an erasure empties."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Max

from .. import vault
from ..enums import LookedAt
from ..models import Absence, Look, NationalId, Person, PersonRecord, Posting
from ..records import ErasureShown, LookTold
from .humans import codes_of_human
from .people import full_names, people_on


def own_national_id(person: Person) -> str:
    """My own number, for me alone; empty where the vault holds none. Opening another's is a service."""
    row = NationalId.objects.filter(person=person).first()
    return vault.unseal(bytes(row.sealed), person.public_id) if row else ""


def looks_at(people: Iterable[int], on: date, *, limit: int = 100) -> list[LookTold]:
    """Who opened a page of these codes of one human being, the newest first: four queries."""
    rows = (
        Look.objects.filter(person__in=list(people)).order_by("-day", "-pk").values("day", "looker", "page")
    )
    found = list(rows[:limit])
    lookers = {
        person.id: person
        for person in people_on(Person.objects.filter(pk__in={r["looker"] for r in found}), on)
    }
    told = []
    for row in found:
        who = lookers.get(row["looker"])
        told.append(
            LookTold(
                row["day"],
                who.code if who else "",
                who.full_name if who else "",
                "; ".join(post.unit_name for post in who.postings) if who else "",
                str(LookedAt(row["page"]).label),
            )
        )
    return told


def erasure_shown(person: Person) -> ErasureShown:
    """What the erasure of this human being, under all codes, would empty."""
    codes = codes_of_human(person.pk)
    postings = Posting.objects.current().filter(person__in=codes)
    return ErasureShown(
        code=person.code,
        full_name=full_names([person.pk]).get(person.pk, ""),
        left_on=postings.aggregate(last=Max("until"))["last"],
        particulars=PersonRecord.objects.filter(person__in=codes).count(),
        posts=postings.count(),
        absences=Absence.objects.current().filter(person__in=codes).count(),
        looks=Look.objects.filter(person__in=codes).count(),
        national_id=NationalId.objects.filter(person__in=codes).exists(),
        sign_in=Person.objects.filter(pk__in=codes, user__isnull=False).exists(),
    )
