"""Forgetting a person who has left, so that every closed figure stays true."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from lms.accounts.services import forget_account
from lms.kernel.facts import RecordedFact, fact_models
from lms.kernel.services import Actor, correct_fact, erase_facts, record_fact
from lms.roster.enums import GrantStatus, Permit
from lms.roster.errors import AlreadyDecided, AlreadyThere, NotPermitted, ReasonNeeded, StillInService
from lms.roster.models import ErasureRequest, Look, NationalId, Person, Posting, Upload
from lms.roster.policies import people_left_within
from lms.roster.queries import codes_of_human
from lms.roster.signals import person_erased

from .rights import acting, require_second_person


@transaction.atomic
def propose_erasure(*, person: Person, reason: str, by: Actor, today: date) -> ErasureRequest:
    """Ask that somebody who has left be forgotten. Nothing is erased before a second person agrees."""
    _require(by, person, today)
    if not reason.strip():
        raise ReasonNeeded
    require_second_person(by, person)
    open_ones = ErasureRequest.objects.current().exclude(status=GrantStatus.REJECTED)
    if open_ones.filter(person=person).exists():
        raise AlreadyThere
    request = ErasureRequest(person=person, reason=reason.strip(), proposed_by=acting(by))
    return record_fact(request, by=by)


@transaction.atomic
def approve_erasure(*, request: ErasureRequest, by: Actor, today: date) -> None:
    """The second person's yes: the person is forgotten in this transaction, in every room. No way back."""
    _decide(request, GrantStatus.APPROVED, by, today)
    people = list(Person.objects.filter(pk__in=codes_of_human(request.person_id)))
    if Posting.objects.current().on(today).filter(person__in=people).exists():
        raise StillInService
    ids = [one.pk for one in people]
    person_erased.send(Person, person_ids=ids, by=by, on=today, reason="")
    erase_facts(_facts_about(ids), by=by)
    NationalId.objects.filter(person__in=ids).delete()
    Upload.objects.filter(uploaded_by__in=ids).delete()
    Look.objects.filter(person__in=ids).delete()
    for person in people:
        if person.user_id is not None:
            user_id, person.user = person.user_id, None
            person.save(update_fields=["user"])
            forget_account(user_id=user_id)


def reject_erasure(*, request: ErasureRequest, by: Actor, today: date, reason: str) -> ErasureRequest:
    """The second person's no, with the reason."""
    return _decide(request, GrantStatus.REJECTED, by, today, reason)


@transaction.atomic
def _decide(
    request: ErasureRequest, status: GrantStatus, by: Actor, today: date, reason: str = ""
) -> ErasureRequest:
    _require(by, request.person, today)
    require_second_person(by, request.proposed_by, request.person)
    if request.status != GrantStatus.PROPOSED:
        raise AlreadyDecided
    return correct_fact(request, {"status": status, "decided_by": acting(by)}, by=by, reason=reason)


def _facts_about(people: list[int]) -> list[RecordedFact]:
    """Every fact of every room that is about these codes: what is erasable goes, and the salts of all."""
    found: list[RecordedFact] = []
    for model in fact_models().values():
        if any(field.name == "person" for field in model._meta.concrete_fields):
            rows: QuerySet[Any] = model._default_manager.all()
            found += rows.filter(person__in=people)
    return found


def _require(by: Actor, person: Person, today: date) -> None:
    actor = acting(by)
    if Posting.objects.current().on(today).filter(person__in=codes_of_human(person.pk)).exists():
        raise StillInService
    if actor is None:
        return
    if not people_left_within(actor, Permit.MANAGE_ACCOUNTS, today).filter(pk=person.pk).exists():
        raise NotPermitted
