"""Two codes, one human being; and the vault."""

from datetime import date

from django.db import transaction

from lms.kernel.folding import clean_text, fold
from lms.kernel.services import Actor, append, correct_fact, correct_facts, record_fact, withdraw_fact
from lms.kernel.services import changed as with_values
from lms.roster import vault
from lms.roster.enums import Permit
from lms.roster.errors import NameNeeded, NotPermitted, ReasonNeeded, SameCode
from lms.roster.models import NationalId, Person, PersonMerge, PersonRecord, Posting
from lms.roster.policies import people_within_reach
from lms.roster.queries import human_of

from .rights import acting, require_over, require_second_person


@transaction.atomic
def merge_people(*, person: Person, same_as: Person, reason: str, by: Actor, today: date) -> PersonMerge:
    """State that the code `person` is the human being who goes on as `same_as`.

    Both keep their postings, evidence and sign-ins; whoever counts people counts one. Codes that were merged
    into `person` before follow along, so that one step always leads to the human being.
    """
    _require_both(by, person, same_as, today)
    human = Person.objects.get(pk=human_of(same_as))
    if human_of(person) == human.pk:
        raise SameCode
    followers = (
        PersonMerge.objects.current().filter(same_as=person).select_related("person", "same_as", "merged_by")
    )
    correct_facts([(row, with_values(row, {"same_as": human})) for row in followers], by=by, reason=reason)
    own = PersonMerge.objects.current().filter(person=person).select_related("person", "same_as").first()
    if own is not None:
        withdraw_fact(own, by=by, reason=reason)
    return record_fact(
        PersonMerge(person=person, same_as=human, reason=reason, merged_by=acting(by)), by=by, reason=reason
    )


@transaction.atomic
def part_people(*, merge: PersonMerge, reason: str, by: Actor, today: date) -> None:
    """Take a merger of codes back: two human beings again, each with the history that was theirs."""
    _require_both(by, merge.person, merge.same_as, today)
    if not reason.strip():
        raise ReasonNeeded
    withdraw_fact(merge, by=by, reason=reason.strip())


@transaction.atomic
def correct_record(
    *, person: Person, full_name: str, birth_date: date | None, by: Actor, today: date, reason: str
) -> PersonRecord:
    """State otherwise who the person is: their name, their day of birth. Nobody corrects their own."""
    require_over(by, Permit.MANAGE_ROSTER, person, today)
    require_second_person(by, person)
    if not reason.strip():
        raise ReasonNeeded
    row = PersonRecord.objects.current().filter(person=person).select_related("person").get()
    name = clean_text(full_name)
    if not name:
        raise NameNeeded
    corrected: PersonRecord = correct_fact(
        row,
        {"full_name": name, "folded_name": fold(name), "birth_date": birth_date},
        by=by,
        reason=reason.strip(),
    )
    return corrected


@transaction.atomic
def open_national_id(*, person: Person, reason: str, by: Actor, today: date) -> str:
    """The full number. The ledger keeps who opened it and why, and its owner sees that."""
    require_over(by, Permit.MANAGE_ACCOUNTS, person, today)
    if not reason.strip():
        raise ReasonNeeded
    row = NationalId.objects.get(person=person)
    append(
        type="roster.nationalid.opened",
        subject=person.public_id,
        fact={"person": person.code},
        by=by,
        reason=reason.strip(),
    )
    return vault.unseal(bytes(row.sealed), person.public_id)


def _require_both(by: Actor, first: Person, second: Person, today: date) -> None:
    """Both must be within reach; a code without any posting today may stand beside one that is."""
    actor = acting(by)
    if actor is None:
        return
    reach = set(
        people_within_reach(actor, Permit.MANAGE_ACCOUNTS, today)
        .filter(pk__in=[first.pk, second.pk])
        .values_list("pk", flat=True)
    )
    working = set(
        Posting.objects.current()
        .on(today)
        .filter(person__in=[first, second])
        .values_list("person", flat=True)
    )
    if not reach or working - reach:
        raise NotPermitted
