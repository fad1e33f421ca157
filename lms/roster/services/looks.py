"""Who looked at whom, for the one who was looked at."""

from collections.abc import Iterable
from datetime import date

from lms.roster.enums import LookedAt
from lms.roster.models import Look, Person


def note_looks(*, people: Iterable[int], page: LookedAt, by: Person, on: date) -> None:
    """Note that these people's records were opened: one insert, however many they are, and once a day."""
    rows = [Look(person_id=pk, looker=by, page=page, day=on) for pk in people if pk != by.pk]
    if rows:
        Look.objects.bulk_create(rows, ignore_conflicts=True)
