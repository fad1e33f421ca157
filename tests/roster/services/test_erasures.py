"""Forgetting somebody who has left: two persons, nothing left anywhere, every closed figure true."""

from datetime import date

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from lms.accounts.models import User
from lms.kernel.models import LedgerSalt, SaltErasure
from lms.kernel.services import record_fact
from lms.portal.personaldata import everything_about
from lms.roster import services
from lms.roster.enums import GrantStatus, LookedAt, Role
from lms.roster.errors import AlreadyThere, NotPermitted, ReasonNeeded, SecondPersonNeeded, StillInService
from lms.roster.models import ErasureRequest, NationalId, Person, Posting
from lms.roster.queries import erasure_shown
from lms.roster.vault import fingerprint, seal
from tests.factories import certificates as make_certificates
from tests.factories import roster

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
NAME, NUMBER = "Tôn Nữ Thị Họami Canary", "031088001234"


@pytest.fixture
def unit():
    return roster.unit("A", name="Phường Kiến An")


@pytest.fixture
def gone(unit):
    """Somebody who left yesterday: with a sign-in, a number in the vault, a paper, a post with a decision."""
    who = roster.person("CB-77", NAME, birth_date=date(1988, 3, 9))
    post = Posting(
        person=who, unit=unit, title="Công chức canary-chức", decision="77/QĐ-canary", since=date(2024, 1, 1),
        until=date(2026, 11, 22),
    )  # fmt: skip
    record_fact(post, by="operator")
    who.user = User.objects.create_user(who.code, "canary@vi-du.vn", display_name=NAME)
    who.save()
    NationalId.objects.create(person=who, sealed=seal(NUMBER, who.public_id), fingerprint=fingerprint(NUMBER))
    make_certificates.certificate(who, on=date(2026, 11, 20))
    services.note_looks(people=[who.pk], page=LookedAt.TRAINING, by=roster.person(), on=TODAY)
    return who


@pytest.fixture
def two(unit):
    first, second = roster.person(full_name="Người Một"), roster.person(full_name="Người Hai")
    for one in (first, second):
        roster.posting(one, unit)
        roster.role(one, unit, Role.ADMINISTRATOR)
    return first, second


def erase(who: Person, two: tuple[Person, Person]) -> None:
    asked = services.propose_erasure(person=who, reason="đơn của canary-đơn", by=two[0], today=TODAY)
    services.approve_erasure(request=asked, by=two[1], today=TODAY)


def dump() -> str:
    """Every value of every row of every table, as text."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            parts += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(parts)


CANARIES = (
    NAME,
    "Họami",
    "hoami",
    "1988-03-09",
    NUMBER,
    "canary@vi-du.vn",
    "canary-chức",
    "77/QĐ-canary",
    "canary-đơn",
)


def test_after_the_erasure_no_table_holds_any_value_of_the_person(gone, two):
    before = dump()
    assert [word for word in CANARIES if word not in before] == [NUMBER, "canary-đơn"]
    erase(gone, two)
    after = dump()
    assert [word for word in CANARIES if word in after] == []


def test_the_post_still_counts_under_its_code(gone, two, unit):
    erase(gone, two)
    post = Posting.objects.current().get(person=gone)
    assert (post.unit, post.since, post.until, post.title, post.decision) == (
        unit, date(2024, 1, 1), date(2026, 11, 22), "", "",
    )  # fmt: skip


def test_the_ledger_verifies_after_the_erasure_and_says_whose_salts_went(gone, two, capsys):
    salts = LedgerSalt.objects.count()
    erase(gone, two)
    assert LedgerSalt.objects.count() < salts + 4
    assert SaltErasure.objects.exists()
    call_command("ledger", "verify")


def test_the_paper_can_still_be_checked_by_who_holds_it(gone, two):  # C11
    paper = gone.certificates.get() if hasattr(gone, "certificates") else None
    paper = paper or apps.get_model("certificates", "Certificate").objects.get(person=gone)
    erase(gone, two)
    answer = Client().get(reverse("certificates:verify", args=[paper.link]))
    assert answer.status_code == 200
    assert NAME not in answer.text


def test_the_sign_in_opens_no_more_and_says_nothing(gone, two):
    user = gone.user
    erase(gone, two)
    user.refresh_from_db()
    assert (user.display_name, user.email, user.is_active) == ("", "", False)
    assert Person.objects.get(pk=gone.pk).user is None


def test_who_asked_does_not_approve(gone, two):
    asked = services.propose_erasure(person=gone, reason="đơn", by=two[0], today=TODAY)
    with pytest.raises(SecondPersonNeeded):
        services.approve_erasure(request=asked, by=two[0], today=TODAY)
    assert NAME in dump()


def test_whoever_works_today_is_not_erased(two, unit):
    with pytest.raises(StillInService):
        services.propose_erasure(person=two[1], reason="nhầm", by=two[0], today=TODAY)


def test_somebody_taken_on_again_between_asking_and_agreeing_is_not_erased(gone, two, unit):
    asked = services.propose_erasure(person=gone, reason="đơn", by=two[0], today=TODAY)
    roster.posting(gone, unit, since=TODAY)
    with pytest.raises(StillInService):
        services.approve_erasure(request=asked, by=two[1], today=TODAY)


def test_a_stranger_s_administrator_asks_for_nothing(gone):
    elsewhere = roster.person()
    roster.role(elsewhere, roster.unit("F"), Role.ADMINISTRATOR)
    with pytest.raises(NotPermitted):
        services.propose_erasure(person=gone, reason="đơn", by=elsewhere, today=TODAY)


def test_it_is_asked_once_and_with_a_reason(gone, two):
    with pytest.raises(ReasonNeeded):
        services.propose_erasure(person=gone, reason=" ", by=two[0], today=TODAY)
    services.propose_erasure(person=gone, reason="đơn", by=two[0], today=TODAY)
    with pytest.raises(AlreadyThere):
        services.propose_erasure(person=gone, reason="đơn", by=two[1], today=TODAY)


def test_a_rejected_erasure_leaves_everything(gone, two):
    asked = services.propose_erasure(person=gone, reason="đơn", by=two[0], today=TODAY)
    services.reject_erasure(request=asked, by=two[1], today=TODAY, reason="còn khiếu nại")
    assert NAME in dump()
    assert everything_about(gone)


def test_the_preview_counts_what_would_go(gone):
    shown = erasure_shown(gone)
    assert (shown.full_name, shown.posts, shown.looks, shown.national_id, shown.sign_in) == (
        NAME,
        1,
        1,
        True,
        True,
    )


def test_the_page_shows_what_goes_first_and_erases_only_for_the_second_person(client, gone, two):
    for one in two:
        one.user = User.objects.create_user(one.code)
        one.save()
    client.force_login(two[0].user)
    asked = {"person": "CB-77", "reason": "đơn"}
    page = client.post(reverse("roster:erasures"), {**asked, "act": "look"})
    assert page.context["preview"].full_name == NAME
    assert not ErasureRequest.objects.exists()
    client.post(reverse("roster:erasures"), {**asked, "act": "ask"})
    row = ErasureRequest.objects.current().get()
    client.post(reverse("roster:decide_erasure", args=[row.chain]), {"act": "approve"})
    assert ErasureRequest.objects.current().get().status == GrantStatus.PROPOSED
    client.force_login(two[1].user)
    client.post(reverse("roster:decide_erasure", args=[row.chain]), {"act": "approve"})
    assert ErasureRequest.objects.current().get().status == GrantStatus.APPROVED
    assert NAME not in dump()
