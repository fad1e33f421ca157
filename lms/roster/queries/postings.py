"""Who worked where and was away when."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import QuerySet

from ..enums import AbsenceReason, AbsenceStatus
from ..models import Absence, Person, Posting, UnitSpan
from ..records import Post, PostingOnDay
from .audiences import known_audiences


def postings_on(person: Person, on: date) -> list[PostingOnDay]:
    """The person's postings on that day, the oldest first."""
    return [posting for _person, posting in postings_of(person.postings.current().on(on), on)]


def posting_history(person: Person) -> list[PostingOnDay]:
    """All postings of the person, each with the unit's name as of the posting's last day known."""
    rows = person.postings.current().order_by("since").select_related("unit")
    audiences = known_audiences()
    spans: dict[int, list[UnitSpan]] = {}
    for span in UnitSpan.objects.current().filter(unit__in=rows.values("unit")).order_by("since"):
        spans.setdefault(span.unit_id, []).append(span)
    history = []
    for row in rows:
        names = [s for s in spans.get(row.unit_id, []) if row.until is None or s.since < row.until]
        history.append(_posting_on_day(row, names[-1].name if names else row.unit.code, audiences))
    return history


def postings_of(rows: QuerySet[Posting], on: date) -> list[tuple[int, PostingOnDay]]:
    audiences = known_audiences()
    found = list(rows.select_related("unit").order_by("since", "pk"))
    spans = UnitSpan.objects.current().on(on).filter(unit__in={row.unit_id for row in found})
    names = dict(spans.values_list("unit_id", "name"))
    return [
        (row.person_id, _posting_on_day(row, names.get(row.unit_id, row.unit.code), audiences))
        for row in found
    ]


def _posting_on_day(row: Posting, unit_name: str, audiences: list[tuple[str, int]]) -> PostingOnDay:
    return PostingOnDay(
        row.pk,
        row.unit_id,
        row.unit.code,
        unit_name,
        row.title,
        tuple(code for code, mask in audiences if row.audience_mask & mask),
        row.since,
        row.until,
        row.decision,
    )


def posts_ever(people: Iterable[int]) -> list[Post]:
    """Every post that these people ever held, as believed now."""
    rows = Posting.objects.current().filter(person__in=list(people)).order_by("since", "pk")
    return [Post(*row) for row in rows.values_list("unit_id", "audience_mask", "since", "until")]


def approved_absences(people: Iterable[int], on: date) -> dict[str, date | None]:
    """The reasons for which these people are away on that day, with approval, and until when."""
    rows = Absence.objects.current().on(on).filter(person__in=list(people), status=AbsenceStatus.APPROVED)
    return dict(rows.values_list("reason", "until"))


def absence_reasons(people: Iterable[int], on: date) -> dict[int, str]:
    """Why each of these people is away on that day, with approval, in words."""
    rows = Absence.objects.current().on(on).filter(person__in=list(people), status=AbsenceStatus.APPROVED)
    labels = dict(AbsenceReason.choices)
    return {
        person: str(labels.get(reason, reason)) for person, reason in rows.values_list("person", "reason")
    }


def unit_names_of(people: Collection[int], on: date) -> Counter[str]:
    """How many of these people work in which unit on that day; who holds two postings counts in both."""
    rows = postings_of(Posting.objects.current().on(on).filter(person__in=list(people)), on)
    return Counter(name for _person, name in {(person, posting.unit_name) for person, posting in rows})
