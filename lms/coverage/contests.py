"""What can be contested, what was, and whether the fact has changed since."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from lms.roster import queries as roster

from . import statements
from .duties import line_in_words
from .enums import About, ContestStatus, EvidenceStatus
from .models import Contest, Evidence
from .questions import fetch
from .records import Contestable, ContestListed, ContestsWaiting, ContestTold
from .statements import Vendor


def contestable(codes: Sequence[int]) -> list[Contestable]:
    """Everything that is believed about these codes of one human being, in words: eight queries."""
    trainings = _evidence().filter(person__in=codes).order_by("-completed_on", "-pk")
    return [
        *(Contestable(About.EVIDENCE, row.chain, line_in_words(row)) for row in trainings),
        *(Contestable(fact.kind, fact.chain, fact.words) for fact in roster.facts_stated(codes)),
    ]


def contests_of(person_id: int, today: date) -> list[ContestListed]:
    """What this human being has contested, under whatever code, the newest first."""
    codes = roster.codes_of_human(person_id)
    return listed(Contest.objects.current().filter(person__in=codes).order_by("-recorded_entry"), today)


def listed(rows: QuerySet[Contest], today: date, *, limit: int = 100) -> list[ContestListed]:
    """Contests with what is recorded now, in words; a fixed number of queries."""
    found = list(rows.select_related("person")[:limit])
    if not found:
        return []
    names = roster.full_names(row.person_id for row in found)
    units = roster.last_names_of_units(row.unit_id for row in found)
    facts = _now([row.person_id for row in found], {row.contested for row in found if row.contested})
    return [
        ContestListed(
            chain=row.chain,
            person_id=row.person_id,
            person_code=row.person.code,
            person_name=names.get(row.person_id, row.person.code),
            unit_name=units.get(row.unit_id, ""),
            about=row.about,
            about_label=row.get_about_display(),
            fact=facts.get(row.contested, "") if row.contested else "",
            words=row.words,
            opened_on=row.opened_on,
            due=row.due,
            status=row.status,
            status_label=row.get_status_display(),
            overdue=row.status == ContestStatus.WAITING and row.due < today,
            answer=row.answer,
            answered_on=row.answered_on,
        )
        for row in found
    ]


def contests_waiting(tops: Iterable[int], today: date) -> ContestsWaiting:
    """How many of those of `policies.contests_below` wait for an answer, and how many of them too long.

    One query, which goes up from the contests that wait, and not down to a million people.
    """
    vendor = cast(Vendor, connection.vendor)
    ((waiting, overdue),) = fetch(statements.contests_waiting(tops, today, vendor))
    return ContestsWaiting(waiting, overdue)


def contests_due(due: date) -> list[ContestTold]:
    """Those that still wait for an answer and are due on that day or before: one query."""
    rows = Contest.objects.current().filter(status=ContestStatus.WAITING, due__lte=due)
    return [told(row) for row in rows.order_by("due", "pk")]


def _now(people: Iterable[int], chains: set[UUID]) -> dict[UUID, str]:
    if not chains:
        return {}
    told = {row.chain: line_in_words(row) for row in _evidence().filter(chain__in=chains)}
    told |= {fact.chain: fact.words for fact in roster.facts_stated(people) if fact.chain in chains}
    return told


def _evidence() -> QuerySet[Evidence]:
    return Evidence.objects.current().exclude(status=EvidenceStatus.REJECTED).select_related("course")


def changed_since(contest: Contest) -> bool:
    """Whether what is contested was corrected or withdrawn after it was; or, where something is missing,
    anything was recorded about the person."""
    asked = Contest.objects.filter(chain=contest.chain).order_by("recorded_entry")
    entry: int = asked.values_list("recorded_entry", flat=True)[0]
    if contest.contested is None:
        codes = roster.codes_of_human(contest.person_id)
        recorded = Evidence.objects.filter(person__in=codes, recorded_entry__gt=entry)
        return recorded.exists() or roster.stated_after(codes, entry)
    if contest.about == About.EVIDENCE:
        beliefs = Evidence.objects.filter(chain=contest.contested)
        return beliefs.filter(Q(recorded_entry__gt=entry) | Q(superseded_entry__gt=entry)).exists()
    return roster.changed_after(contest.about, contest.contested, entry)


def told(row: Contest) -> ContestTold:
    return ContestTold(row.chain, row.person_id, row.unit_id, row.status, row.due)
