"""Lists of people with what stands beside their names: for pages, and by the hundred thousand for files."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from ..enums import AbsenceReason, AbsenceStatus
from ..models import Absence, PersonRecord, Posting, UnitSpan
from ..records import AbsenceTold, PersonListed
from .people import full_names

AT_ONCE = 5_000


def people_listed(codes: Sequence[str], on: date) -> Iterator[PersonListed]:
    """These people in this order, with name and posts of that day: two queries for every five thousand.

    Codes that the register does not know are left out.
    """
    units = dict(UnitSpan.objects.current().on(on).values_list("unit_id", "name"))
    for start in range(0, len(codes), AT_ONCE):
        yield from _some(codes[start : start + AT_ONCE], on, units)


def _some(codes: Sequence[str], on: date, units: dict[int, str]) -> Iterator[PersonListed]:
    records = PersonRecord.objects.current().filter(person__code__in=codes)
    found = {
        code: (pk, name) for pk, code, name in records.values_list("person_id", "person__code", "full_name")
    }
    posts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    held = Posting.objects.current().on(on).filter(person__in=[pk for pk, _name in found.values()])
    for person, unit, title in held.order_by("since", "pk").values_list("person_id", "unit_id", "title"):
        posts[person].append((title, units.get(unit, "")))
    for code in codes:
        if code in found:
            person, name = found[code]
            yield PersonListed(
                code,
                name,
                "; ".join(unit for _title, unit in posts[person]),
                "; ".join(title for title, _unit in posts[person] if title),
            )


def absences_told(people: Iterable[int], on: date) -> dict[int, AbsenceTold]:
    """The approved absence of each of these people on that day, and who asked for it and who decided.

    Two queries.
    """
    rows = Absence.objects.current().on(on).filter(person__in=list(people), status=AbsenceStatus.APPROVED)
    found = list(rows.values_list("person", "reason", "proposed_by", "approved_by"))
    names = full_names({pk for _person, _reason, *both in found for pk in both if pk})
    labels = dict(AbsenceReason.choices)
    return {
        person: AbsenceTold(str(labels.get(reason, reason)), names.get(asked, ""), names.get(decided, ""))
        for person, reason, asked, decided in found
    }
