"""Which sign-in belongs to whom: opening, codes on paper and by e-mail, closing, a lost second factor.

Each act stands in the ledger about the person; the code itself never does.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lms.accounts import queries as accounts
from lms.accounts import services as doors
from lms.kernel.ledger import Draft
from lms.kernel.services import Actor
from lms.kernel.services.entries import code_of, write_entries
from lms.roster.enums import Permit
from lms.roster.errors import AlreadyThere, NoAddress, NotAboutYourself, NotPermitted, ReasonNeeded
from lms.roster.models import Person, PersonMerge, PersonRecord, Posting, Unit
from lms.roster.policies import people_within_reach
from lms.roster.queries import full_names, human_of, same_human, unit_on
from lms.roster.records import Slip

from .rights import acting, require, require_over, require_second_person


@transaction.atomic
def give_sign_in(*, person: Person, username: str, password: str | None = None) -> None:
    """Open a sign-in for a person who has none."""
    if person.user_id is not None:
        raise AlreadyThere
    name = full_names([person.pk]).get(person.pk, person.code)
    person.user = doors.open_account(username=username, display_name=name, password=password)
    person.save(update_fields=["user"])


@transaction.atomic
def account_for_code(code: str, on: date) -> int | None:
    """The account of the person with exactly this officer code: who comes by single sign-on.

    Opened for somebody in service on that day who has none yet; a code that was merged into another is led to
    that one's account. None: nobody has the code, or nobody who could be given an account.
    """
    person = Person.objects.filter(code=code).first()
    if person is not None and person.user_id is None:
        person = Person.objects.get(pk=human_of(person))
    if person is None:
        return None
    if person.user_id is not None:
        return person.user_id
    if not Posting.objects.current().on(on).filter(person=person).exists():
        return None
    _open_missing([person])
    _record("opened", [person], person)
    return person.user_id


@transaction.atomic
def print_codes(*, unit: Unit, by: Actor, today: date) -> list[Slip]:
    """A one-time code for everybody with a posting in the unit itself who has never signed in, by name.

    Accounts that are missing are opened. What was printed for them before opens nothing any more.
    """
    require(by, Permit.MANAGE_ACCOUNTS, unit, today)
    unit_name = unit_on(unit, today).name
    here = Posting.objects.current().on(today).filter(unit=unit)
    merged = PersonMerge.objects.current().values("person")
    people = list(Person.objects.filter(pk__in=here.values("person")).exclude(pk__in=merged).order_by("code"))
    _open_missing(people)
    states = accounts.account_states([person.user_id for person in people if person.user_id])
    fresh = [
        person
        for person in people
        if (state := states.get(person.user_id or 0)) and state.active and state.signed_in_at is None
    ]
    return _issue(fresh, by, unit_name)


@transaction.atomic
def print_code(*, person: Person, by: Actor, today: date) -> Slip:
    """A one-time code for one person, also for one who has signed in before: it replaces the password."""
    require_over(by, Permit.MANAGE_ACCOUNTS, person, today)
    _not_oneself(by, person)
    _open_missing([person])
    posting = Posting.objects.current().on(today).filter(person=person).select_related("unit").first()
    slips = _issue([person], by, unit_on(posting.unit, today).name if posting else "")
    if not slips:
        raise NotPermitted  # a closed account gets no code
    return slips[0]


@transaction.atomic
def invite_people(*, people: Sequence[Person], by: Actor, today: date) -> int:
    """Send a letter with a one-time code to those of whom the register has an address; how many that is."""
    actor = acting(by)
    if actor is not None:
        reach = people_within_reach(actor, Permit.MANAGE_ACCOUNTS, today)
        wanted = {person.pk for person in people}
        if reach.filter(pk__in=wanted).count() != len(wanted):
            raise NotPermitted
    with_address = set(
        PersonRecord.objects.current()
        .filter(person__in=people)
        .exclude(email="")
        .values_list("person", flat=True)
    )
    invited = [person for person in people if person.pk in with_address]
    if not invited:
        raise NoAddress
    _open_missing(invited)
    doors.invite(user_ids=[person.user_id for person in invited if person.user_id], by=_account(by))
    _record("invited", invited, by)
    return len(invited)


@transaction.atomic
def close_sign_in(*, person: Person, by: Actor, today: date, reason: str) -> None:
    """The person's account opens no more; their record, evidence and certificates stay."""
    user_id = _account_over(person, by, today)
    if not reason.strip():
        raise ReasonNeeded
    doors.close_account(user_id=user_id, by=_account(by), reason=reason.strip())
    _record("closed", [person], by, reason.strip())


@transaction.atomic
def reopen_sign_in(*, person: Person, by: Actor, today: date) -> None:
    """The account may be used again."""
    doors.reopen_account(user_id=_account_over(person, by, today), by=_account(by))
    _record("reopened", [person], by)


@transaction.atomic
def ask_factor_reset(*, person: Person, by: Person, today: date, reason: str) -> None:
    """Ask a second administrator to take away what the person has lost."""
    user_id = _account_over(person, by, today)
    if not reason.strip():
        raise ReasonNeeded
    doors.ask_for_reset(user_id=user_id, by=_account(by) or 0, reason=reason.strip())
    _record("reset_asked", [person], by, reason.strip())


@transaction.atomic
def decide_factor_reset(*, person: Person, by: Person, today: date, granted: bool) -> None:
    """The second administrator's yes or no; under whatever code, not who asked."""
    user_id = _account_over(person, by, today)
    waiting = accounts.waiting_reset(user_id)
    if waiting is not None:
        require_second_person(by, person, Person.objects.filter(user=waiting.asked_by_id).first())
    doors.decide_reset(user_id=user_id, by=_account(by) or 0, granted=granted)
    _record("reset_granted" if granted else "reset_refused", [person], by)


def _account_over(person: Person, by: Actor, today: date) -> int:
    """The account, if `by` keeps accounts where the person works and it is not their own."""
    require_over(by, Permit.MANAGE_ACCOUNTS, person, today)
    _not_oneself(by, person)
    if person.user_id is None:
        raise NotPermitted
    return person.user_id


def _not_oneself(by: Actor, person: Person) -> None:
    actor = acting(by)
    if actor is not None and same_human(actor, person):
        raise NotAboutYourself


def _account(by: Actor) -> int | None:
    actor = acting(by)
    return actor.user_id if actor else None


def _open_missing(people: Sequence[Person]) -> None:
    """Accounts under the officer code for those who have none."""
    without = [person for person in people if person.user_id is None]
    if not without:
        return
    names = full_names([person.pk for person in without])
    opened = doors.open_accounts((person.code, names.get(person.pk, person.code)) for person in without)
    for person in without:
        person.user = opened[person.code]
    Person.objects.bulk_update(without, ["user"], batch_size=500)


def _issue(people: Sequence[Person], by: Actor, unit_name: str) -> list[Slip]:
    codes = doors.issue_codes(
        user_ids=[person.user_id for person in people if person.user_id], by=_account(by)
    )
    given = [person for person in people if person.user_id in codes]
    _record("code_issued", given, by)
    names = full_names([person.pk for person in given])
    return [
        Slip(
            person.code,
            names.get(person.pk, person.code),
            unit_name,
            codes[person.user_id].code,
            codes[person.user_id].expires_at,
        )
        for person in given
        if person.user_id
    ]


def _record(what: str, people: Sequence[Person], by: Actor, reason: str = "") -> None:
    drafts = [
        Draft(f"roster.account.{what}", person.public_id, {"person": person.code}, code_of(by), reason=reason)
        for person in people
    ]
    write_entries(drafts, at_once=False)
