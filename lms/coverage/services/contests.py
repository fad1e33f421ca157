"""Contesting a fact: a person says what is wrong, their unit's manager answers within two working days."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from lms.coverage.contests import changed_since, contestable, told
from lms.coverage.enums import About, ContestStatus
from lms.coverage.errors import (
    AlreadyAnswered,
    AlreadyContested,
    NothingCorrected,
    NothingOfYours,
    NoUnitToAsk,
    TooManyContests,
    WordsNeeded,
)
from lms.coverage.models import Contest
from lms.coverage.policies import contests_within_reach
from lms.coverage.signals import contest_answered, fact_contested
from lms.kernel.services import Actor, correct_fact, record_fact
from lms.kernel.workdays import working_day_after
from lms.roster import queries as roster
from lms.roster.enums import Permit
from lms.roster.errors import NotPermitted
from lms.roster.policies import nearest_unit_with
from lms.roster.queries import Person
from lms.roster.services.rights import acting, require_second_person

WORKING_DAYS = 2
"""For the answer (Luật 91/2025/QH15 and NĐ 356/2025/NĐ-CP on personal data)."""
MOST_WAITING = 10
"""Requests of one person that may wait at a time."""


@transaction.atomic
def contest_fact(
    *, person: Person, about: About, contested: UUID | None, words: str, today: date, by: Actor
) -> Contest:
    """The person says that a fact about them is wrong, or that one is missing; only they themselves.

    Raises NothingOfYours, AlreadyContested, TooManyContests, WordsNeeded, NoUnitToAsk.
    """
    actor = acting(by)
    if actor is not None and not roster.same_human(actor, person):
        raise NotPermitted
    if not words.strip():
        raise WordsNeeded
    codes = roster.codes_of_human(person.pk)
    if about == About.MISSING:
        contested = None
    elif (about, contested) not in {(fact.about, fact.chain) for fact in contestable(codes)}:
        raise NothingOfYours
    waiting = Contest.objects.current().filter(person__in=codes, status=ContestStatus.WAITING)
    if contested and waiting.filter(contested=contested).exists():
        raise AlreadyContested
    if waiting.count() >= MOST_WAITING:
        raise TooManyContests(MOST_WAITING)
    row = record_fact(
        Contest(
            person=person,
            unit_id=_unit_to_ask(codes, about, contested, today),
            about=about,
            contested=contested,
            words=words.strip(),
            opened_on=today,
            due=working_day_after(today, WORKING_DAYS),
        ),
        by=by,
    )
    fact_contested.send(Contest, contest=told(row))
    return row


def _unit_to_ask(codes: Sequence[int], about: About, contested: UUID | None, today: date) -> int:
    """A post is answered for by its own unit; anything else by where the person works longest.

    Where nobody but the person could answer there, the nearest unit above is asked.
    """
    unit = roster.unit_of_posting(contested) if about == About.POSTING and contested else None
    if unit is None:
        units = roster.units_to_ask(codes, today)
        if not units:
            raise NoUnitToAsk
        unit = units[0]
    return nearest_unit_with(Permit.ANSWER_CONTESTS, unit, today, besides=codes)


@transaction.atomic
def answer_contest(*, contest: Contest, corrected: bool, answer: str, by: Actor, today: date) -> Contest:
    """The manager's answer: the record was corrected, or is right and stays.

    Correcting is done before, by the verbs of the fact itself; an answer that claims it where nothing has
    changed is refused. Nobody answers themselves. Raises NotPermitted, SecondPersonNeeded, AlreadyAnswered,
    WordsNeeded, NothingCorrected.
    """
    actor = acting(by)
    if actor is not None and not contests_within_reach(actor, today).filter(pk=contest.pk).exists():
        raise NotPermitted
    require_second_person(by, contest.person)
    if contest.status != ContestStatus.WAITING:
        raise AlreadyAnswered
    if not answer.strip():
        raise WordsNeeded
    if corrected and not changed_since(contest):
        raise NothingCorrected
    row = correct_fact(
        contest,
        {
            "status": ContestStatus.CORRECTED if corrected else ContestStatus.CONFIRMED,
            "answer": answer.strip(),
            "answered_on": today,
            "answered_by": actor,
        },
        by=by,
    )
    contest_answered.send(Contest, contest=told(row))
    return row


@transaction.atomic
def take_contest_back(*, contest: Contest, by: Actor, today: date) -> Contest:
    """Who asked no longer wants an answer."""
    actor = acting(by)
    if actor is not None and not roster.same_human(actor, contest.person):
        raise NotPermitted
    if contest.status != ContestStatus.WAITING:
        raise AlreadyAnswered
    return correct_fact(contest, {"status": ContestStatus.TAKEN_BACK, "answered_on": today}, by=by)
