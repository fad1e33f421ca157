"""One-time codes: issued, shown once, used once; closing; resetting by two people."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone
from freezegun import freeze_time

from lms.accounts import errors, services
from lms.accounts.codes import new_code, read_code
from lms.accounts.models import FactorReset, FirstCode, User
from lms.kernel.services import correct_fact
from lms.roster.models import PersonRecord

from .conftest import officer

pytestmark = pytest.mark.django_db


def issued(who) -> str:
    return services.issue_codes(user_ids=[who.user_id], by=None)[who.user_id].code


@pytest.mark.parametrize("name", ["HP0001", "hp 0001", "0912 345 678", "+84912345678", "AN@xa.gov.vn"])
def test_a_code_opens_the_account_under_every_name_that_the_register_knows(name: str) -> None:
    who = officer(phone="0912345678", email="an@xa.gov.vn")
    assert services.redeem_code(name=name, code=issued(who)) == who.user


def test_the_code_itself_stands_nowhere_in_the_database() -> None:
    code = issued(officer())
    row = FirstCode.objects.get()
    assert read_code(code).encode() not in bytes(row.digest)
    assert len(bytes(row.digest)) == 32
    assert not {code, read_code(code)} & {str(value) for value in row.__dict__.values()}


def refused(name: str, code: str) -> str:
    with pytest.raises(errors.CodeRefused) as refusal:
        services.redeem_code(name=name, code=code)
    return str(refusal.value)


def test_unknown_used_replaced_expired_and_foreign_codes_are_answered_alike() -> None:  # F5, F8
    first, second = officer("HP0001"), officer("HP0002")
    used, foreign = issued(first), issued(second)
    services.redeem_code(name="HP0001", code=used)
    replaced = issued(first)
    expired = issued(first)
    with freeze_time(timezone.now() + timedelta(hours=72, seconds=1)):
        answers = {refused("HP0001", expired)}
    answers |= {
        refused("HP0001", used),
        refused("HP0001", replaced),
        refused("HP0001", foreign),
        refused("HP0001", new_code()),
        refused("khong-co", new_code()),
        refused("khong-co", expired),
        refused("", expired),
        refused("HP0001", "không phải mã"),
    }
    assert len(answers) == 1
    assert services.redeem_code(name="HP0002", code=foreign) == second.user


def test_a_closed_account_gets_no_code_and_the_one_it_had_opens_nothing() -> None:
    who = officer()
    code = issued(who)
    services.close_account(user_id=who.user_id)
    refused("HP0001", code)
    assert services.issue_codes(user_ids=[who.user_id], by=None) == {}


def test_a_telephone_shared_by_two_leads_each_to_their_own_account() -> None:  # F7
    first = officer("HP0001", phone="0912345678")
    second = officer("HP0002", phone="0912345678")
    codes = issued(first), issued(second)
    assert services.redeem_code(name="0912345678", code=codes[1]) == second.user
    assert services.redeem_code(name="0912345678", code=codes[0]) == first.user


def test_f7_a_telephone_that_passed_to_another_person_opens_nothing_of_the_one_before() -> None:
    before = officer("HP0001", phone="0912345678")
    code = issued(before)
    correct_fact(PersonRecord.objects.current().get(person=before), {"phone": ""}, by="operator")
    after = officer("HP0002", phone="0912345678")
    refused("0912345678", code)
    assert services.redeem_code(name="0912345678", code=issued(after)) == after.user
    assert services.redeem_code(name="HP0001", code=code) == before.user


def test_an_address_is_the_holders_only_once_a_code_mailed_to_it_was_used() -> None:
    who = officer(email="An@xa.gov.vn")
    services.redeem_code(name="HP0001", code=issued(who))
    assert User.objects.get(pk=who.user_id).email == ""
    mailed = services.issue_codes(user_ids=[who.user_id], by=None, way="mailed", address="An@xa.gov.vn")[
        who.user_id
    ]
    services.redeem_code(name="HP0001", code=mailed.code)
    assert User.objects.get(pk=who.user_id).email == "an@xa.gov.vn"


# What the database refuses ----------------------------------------------------------------------------


def code_row(user: User, **values: object) -> FirstCode:
    now = timezone.now()
    given = {
        "digest": new_code().encode(),
        "way": "printed",
        "issued_at": now,
        "expires_at": now + timedelta(1),
    }
    return FirstCode.objects.create(user=user, **{**given, **values})


def test_an_account_has_one_code_that_waits() -> None:
    user = officer().user
    code_row(user)
    with pytest.raises(IntegrityError), transaction.atomic():
        code_row(user)
    code_row(user, used_at=timezone.now())
    code_row(user, withdrawn_at=timezone.now())


def test_a_code_expires_after_it_was_issued() -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError):
        code_row(officer().user, issued_at=now, expires_at=now)


def test_a_code_is_not_both_used_and_withdrawn() -> None:
    with pytest.raises(IntegrityError):
        code_row(officer().user, used_at=timezone.now(), withdrawn_at=timezone.now())


# Second factors ---------------------------------------------------------------------------------------


def test_a_second_factor_is_taken_away_by_two_people_neither_of_them_its_owner() -> None:
    owner, first, second = (officer(f"HP000{n}").user_id for n in (1, 2, 3))
    Authenticator.objects.create(user_id=owner, type="totp", data={"secret": "x"})
    with pytest.raises(errors.SecondAccountNeeded):
        services.ask_for_reset(user_id=owner, by=owner, reason="mất máy")
    services.ask_for_reset(user_id=owner, by=first, reason="mất máy")
    with pytest.raises(errors.AlreadyAsked):
        services.ask_for_reset(user_id=owner, by=second, reason="mất máy")
    for not_a_second in (first, owner):
        with pytest.raises(errors.SecondAccountNeeded):
            services.decide_reset(user_id=owner, by=not_a_second, granted=True)
    assert Authenticator.objects.filter(user=owner).exists()
    services.decide_reset(user_id=owner, by=second, granted=True)
    assert not Authenticator.objects.filter(user=owner).exists()
    with pytest.raises(errors.NothingAsked):
        services.decide_reset(user_id=owner, by=second, granted=True)


def test_a_reset_that_was_refused_leaves_the_second_factor() -> None:
    owner, first, second = (officer(f"HP000{n}").user_id for n in (1, 2, 3))
    Authenticator.objects.create(user_id=owner, type="totp", data={"secret": "x"})
    services.ask_for_reset(user_id=owner, by=first, reason="mất máy")
    services.decide_reset(user_id=owner, by=second, granted=False)
    assert Authenticator.objects.filter(user=owner).exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"asked_by": "owner"},
        {"decided_by": "first", "granted": True},
        {"decided_by": "owner", "granted": True},
        {"decided_by": "second", "granted": None},
    ],
)
def test_the_database_keeps_a_reset_to_two_people(broken: dict) -> None:
    people = {
        "owner": officer("HP0001").user,
        "first": officer("HP0002").user,
        "second": officer("HP0003").user,
    }
    values = {"asked_by": "first", **broken}
    values = {name: people.get(value, value) for name, value in values.items()}
    if "decided_by" in values:
        values["decided_at"] = timezone.now()
    with pytest.raises(IntegrityError):
        FactorReset.objects.create(user=people["owner"], asked_at=timezone.now(), reason="x", **values)
