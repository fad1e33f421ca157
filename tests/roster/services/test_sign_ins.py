"""Codes for people: who may have them issued for whom, what the ledger keeps, what stands nowhere."""

from datetime import date, timedelta

import pytest

from lms.accounts import errors as doors
from lms.accounts.models import User
from lms.accounts.services import redeem_code
from lms.kernel import jobs
from lms.kernel.models import LedgerEntry
from lms.kernel.services import correct_fact
from lms.roster import errors, services
from lms.roster.enums import Role
from lms.roster.models import PersonRecord
from lms.roster.policies import permits_held
from tests.factories import roster

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 14)


@pytest.fixture
def commune():
    return roster.unit("A", roster.unit("P", kind="province"), name="Phường Kiến An")


@pytest.fixture
def administrator(commune):
    return keeper(commune)


def keeper(unit, code=""):
    who = roster.person(code, "Trần Thị Quản")
    services.give_sign_in(person=who, username=who.code)
    roster.role(who, unit, Role.ADMINISTRATOR)
    return who


def officer(unit, code, name="Nguyễn Văn An", email=""):
    who = roster.person(code, name)
    roster.posting(who, unit)
    if email:
        correct_fact(PersonRecord.objects.current().get(person=who), {"email": email}, by="operator")
    return who


def types() -> list[str]:
    return list(
        LedgerEntry.objects.filter(type__startswith="roster.account")
        .order_by("pk")
        .values_list("type", flat=True)
    )


def test_a_sheet_has_a_strip_for_everybody_of_the_unit_who_has_never_signed_in(commune, administrator):
    officer(commune, "CB2", "Lê Thị Bình")
    officer(commune, "CB1")
    came = officer(commune, "CB3")
    services.give_sign_in(person=came, username="CB3")
    User.objects.filter(pk=came.user_id).update(last_login="2026-01-01T00:00Z")
    left = roster.person("CB4")
    roster.posting(left, commune, until=TODAY)
    officer(roster.unit("A1", commune), "CB5")
    slips = services.print_codes(unit=commune, by=administrator, today=TODAY)
    assert [(slip.person_code, slip.full_name, slip.unit_name) for slip in slips] == [
        ("CB1", "Nguyễn Văn An", "Phường Kiến An"),
        ("CB2", "Lê Thị Bình", "Phường Kiến An"),
    ]
    assert redeem_code(name="CB1", code=slips[0].code).username == "CB1"
    assert types() == ["roster.account.code_issued"] * 2


def test_printing_again_makes_the_first_sheet_void(commune, administrator):
    officer(commune, "CB1")
    first = services.print_codes(unit=commune, by=administrator, today=TODAY)[0].code
    second = services.print_codes(unit=commune, by=administrator, today=TODAY)[0].code
    with pytest.raises(doors.CodeRefused):
        redeem_code(name="CB1", code=first)
    assert redeem_code(name="CB1", code=second).username == "CB1"


@pytest.mark.parametrize("people", [1, 3])
def test_a_sheet_costs_the_same_queries_for_any_number(
    commune, administrator, people, django_assert_max_num_queries
):
    for number in range(people):
        officer(commune, f"CB{number}")
    with django_assert_max_num_queries(32):
        services.print_codes(unit=commune, by=administrator, today=TODAY)


def test_nobody_prints_codes_beyond_their_reach_or_for_themselves(commune, administrator):
    stranger = officer(roster.unit("B"), "CB9")
    with pytest.raises(errors.NotPermitted):
        services.print_code(person=stranger, by=administrator, today=TODAY)
    with pytest.raises(errors.NotPermitted):
        services.print_codes(unit=roster.unit("C"), by=administrator, today=TODAY)
    roster.posting(administrator, commune)
    with pytest.raises(errors.NotAboutYourself):
        services.print_code(person=administrator, by=administrator, today=TODAY)
    assert types() == []


def test_a_letter_brings_a_code_that_opens_the_account_and_proves_the_address(
    commune, administrator, mailoutbox, settings
):
    settings.BASE_URL = "https://vung.example"
    who = officer(commune, "CB1", email="an@xa.gov.vn")
    without = officer(commune, "CB2")
    assert services.invite_people(people=[who, without], by=administrator, today=TODAY) == 1
    assert mailoutbox == []
    jobs.work_all()
    (letter,) = mailoutbox
    assert letter.to == ["an@xa.gov.vn"]
    assert "https://vung.example/accounts/first/" in letter.body
    assert "CB1" not in letter.body
    code = next(line.strip() for line in letter.body.splitlines() if line.startswith("   "))
    assert redeem_code(name="an@xa.gov.vn", code=code).username == "CB1"
    assert User.objects.get(username="CB1").email == "an@xa.gov.vn"


def test_who_has_no_address_is_not_invited(commune, administrator):
    with pytest.raises(errors.NoAddress):
        services.invite_people(people=[officer(commune, "CB1")], by=administrator, today=TODAY)


def test_an_account_is_closed_with_a_reason_and_opened_again(commune, administrator):
    who = officer(commune, "CB1")
    services.print_code(person=who, by=administrator, today=TODAY)
    with pytest.raises(errors.ReasonNeeded):
        services.close_sign_in(person=who, by=administrator, today=TODAY, reason=" ")
    services.close_sign_in(person=who, by=administrator, today=TODAY, reason="nghỉ hưu")
    with pytest.raises(doors.AlreadyClosed):
        services.close_sign_in(person=who, by=administrator, today=TODAY, reason="nghỉ hưu")
    assert not User.objects.get(username="CB1").is_active
    services.reopen_sign_in(person=who, by=administrator, today=TODAY)
    with pytest.raises(doors.NotClosed):
        services.reopen_sign_in(person=who, by=administrator, today=TODAY)
    assert types()[1:] == ["roster.account.closed", "roster.account.reopened"]


def test_a11_the_second_person_is_another_human_being_under_whatever_code(commune, administrator):
    who = officer(commune, "CB1")
    services.print_code(person=who, by=administrator, today=TODAY)
    same, other = keeper(commune, "QT2"), keeper(commune, "QT3")
    services.merge_people(person=same, same_as=administrator, reason="một người", by="operator", today=TODAY)
    services.ask_factor_reset(person=who, by=administrator, today=TODAY, reason="mất máy")
    with pytest.raises(errors.SecondPersonNeeded):
        services.decide_factor_reset(person=who, by=same, today=TODAY, granted=True)
    services.decide_factor_reset(person=who, by=other, today=TODAY, granted=True)
    assert types()[1:] == ["roster.account.reset_asked", "roster.account.reset_granted"]


def test_a8_a_role_ends_with_the_last_posting(commune):
    who = roster.person("CB1")
    services.give_sign_in(person=who, username="CB1")
    post = roster.posting(who, commune)
    roster.role(who, commune, Role.UNIT_MANAGER)
    assert permits_held(who, TODAY) != frozenset()
    services.end_posting(posting=post, on=TODAY, by="operator", today=TODAY)
    assert permits_held(who, TODAY - timedelta(days=1)) != frozenset()
    assert permits_held(who, TODAY) == frozenset()
