"""Telling people something: a row each, once a person, thing and day."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction

from lms.kernel.services import Actor
from lms.notices.enums import Subject
from lms.notices.models import Notice
from lms.notices.records import About, Reminded
from lms.roster import policies
from lms.roster import queries as roster
from lms.roster.enums import Permit
from lms.roster.errors import NotPermitted
from lms.roster.services.rights import acting

_AT_ONCE = 2_000


@transaction.atomic
def remind(people: Collection[int], *, about: About, by: Actor, on: date) -> Reminded:
    """Remind these people, by row id, of one thing; doing it again on the same day tells nobody twice.

    Everybody must lie within the reach of who reminds, else NotPermitted and nobody is told. Who is away with
    approval is passed over. Letters go out by themselves, in the day, one a person (`compose_letter`).
    """
    chosen, actor = set(people), acting(by)
    if actor is not None and chosen - _reached(actor, chosen, on):
        raise NotPermitted
    away = set(roster.absence_reasons(chosen, on))
    told = tell(chosen - away, subject=Subject.REMINDER, about=about, on=on, asked_by=actor)
    return Reminded(told=told, before=len(chosen) - len(away) - told, away=len(away))


def _reached(actor: roster.Person, people: Collection[int], on: date) -> set[int]:
    reach = policies.people_within_reach(actor, Permit.ASSIGN_LEARNING, on)
    return set(reach.filter(pk__in=people).values_list("pk", flat=True))


@transaction.atomic
def tell(
    people: Iterable[int],
    *,
    subject: Subject,
    about: About,
    on: date,
    asked_by: roster.Person | None = None,
) -> int:
    """Write the notice for each of these people who was not told of it today; for how many that was new."""
    chosen = sorted(set(people))
    told = 0
    for start in range(0, len(chosen), _AT_ONCE):
        some = chosen[start : start + _AT_ONCE]
        standing = Notice.objects.filter(subject=subject, about=about.key, day=on, person__in=some)
        before = set(standing.values_list("person", flat=True))
        rows = [_row(person, subject, about, on, asked_by) for person in some if person not in before]
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        told += len(rows)
    return told


def _row(person: int, subject: Subject, about: About, on: date, asked_by: roster.Person | None) -> Notice:
    return Notice(
        person_id=person,
        subject=subject,
        about=about.key,
        title=about.title[:255],
        url=about.url,
        due=about.due,
        asked_by=asked_by,
        day=on,
    )


def take_back(people: Iterable[int], *, subject: Subject, key: str) -> None:
    """Tell no more what turned out not to be so; what was seen or went out in a letter stays as it was."""
    rows = Notice.objects.filter(person__in=list(people), subject=subject, about=key)
    rows.filter(seen_at=None, letter=None).delete()


def mark_seen(*, person_id: int, at: datetime) -> None:
    """The person has the page of notices before them."""
    Notice.objects.filter(person=person_id, seen_at=None).update(seen_at=at)
