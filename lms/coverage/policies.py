"""Which contests a person may answer, and which evidence they may decide about."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from lms.roster.enums import Permit
from lms.roster.policies import people_within_reach, tops_within_reach, units_within_reach
from lms.roster.queries import Person, codes_of_human, people_below, units_below

from .enums import EvidenceStatus
from .models import Activity, Contest, Evidence, ProofFile


def contests_within_reach(me: Person, today: date) -> QuerySet[Contest]:
    """Contests about lists that I answer for."""
    tops = tops_within_reach(me, Permit.ANSWER_CONTESTS, today).values_list("pk", flat=True)
    return contests_below(tops, today)


def contests_below(tops: Iterable[int], today: date) -> QuerySet[Contest]:
    """Contests that go to these units or to one below, or are raised by people who work there today.

    Both, since a unit may have ended, or somebody moved, while the contest waits.
    """
    found = list(tops)
    raised = Q(unit__in=units_below(found, today)) | Q(person__in=people_below(found, today))
    return Contest.objects.current().filter(raised)


def evidence_waiting(me: Person, today: date) -> QuerySet[Evidence]:
    """Declared evidence of people for whom I hold the permit to approve it."""
    people = people_within_reach(me, Permit.APPROVE_EVIDENCE, today)
    return Evidence.objects.current().filter(status=EvidenceStatus.DECLARED, person__in=people)


def activities_within_reach(me: Person, permit: Permit, today: date) -> QuerySet[Activity]:
    """What units held for which I hold the permit."""
    return Activity.objects.current().filter(unit__in=units_within_reach(me, permit, today))


def proofs_within_reach(me: Person, today: date) -> QuerySet[ProofFile]:
    """Who may see what is proved may see the proof: my own, and those of people and units that I reach."""
    mine = Q(person__in=codes_of_human(me.pk))
    people = Q(person__in=people_within_reach(me, Permit.READ_RECORDS, today))
    units = Q(unit__in=units_within_reach(me, Permit.SEE_FIGURES, today))
    return ProofFile.objects.filter(mine | people | units)
