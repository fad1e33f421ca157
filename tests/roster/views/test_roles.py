"""The page of roles: who keeps them, how one is granted, approved and ended."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from lms.roster.enums import GrantStatus, Permit, Role
from lms.roster.models import RoleGrant
from lms.roster.policies import may
from tests.factories import roster

pytestmark = pytest.mark.django_db
ROLES = "/desk/roles/"


@pytest.fixture
def province():
    return roster.unit("31", kind="province", name="Thành phố Hải Phòng")


@pytest.fixture
def commune(province):
    return roster.unit("A", province, name="Phường Kiến An")


def keeper(client, unit, role=Role.ADMINISTRATOR):
    who = roster.person(full_name="Trần Thị Quản")
    who.user = get_user_model().objects.create_user(who.code)
    who.save()
    roster.role(who, unit, role)
    client.force_login(who.user)
    return who


def officer(unit, code="CB1", name="Nguyễn Văn An"):
    who = roster.person(code, name)
    roster.posting(who, unit)
    return who


def grant(client, **asked):
    data = {"person": "CB1", "unit": "A", "role": "unit_manager", "since": timezone.localdate().isoformat()}
    return client.post(ROLES, {**data, **asked})


def test_a_role_for_a_commune_holds_at_the_next_click(client, province, commune):
    keeper(client, province)
    who = officer(commune)
    assert grant(client).status_code == 302
    assert may(who, Permit.MANAGE_ROSTER, commune, timezone.localdate())
    assert "Nguyễn Văn An" in client.get(ROLES).text


def test_a_role_for_a_province_waits_and_its_granter_is_offered_no_button(client, province, commune):  # A10
    keeper(client, province)
    officer(commune)
    grant(client, unit="31")
    page = client.get(ROLES)
    assert [line.person_code for line in page.context["waiting"]] == ["CB1"]
    assert 'value="approve"' not in page.text


def test_the_second_person_approves_with_one_button(client, province, commune):
    keeper(client, province)
    who = officer(commune)
    grant(client, unit="31")
    keeper(client, province)
    row = RoleGrant.objects.current().get(person=who)
    client.post(reverse("roster:decide_role", args=[row.chain]), {"act": "approve"})
    assert may(who, Permit.MANAGE_ROSTER, province, timezone.localdate())


def test_who_granted_does_not_approve_by_sending_the_form_all_the_same(client, province, commune):  # A11
    keeper(client, province)
    who = officer(commune)
    grant(client, unit="31")
    row = RoleGrant.objects.current().get(person=who)
    client.post(reverse("roster:decide_role", args=[row.chain]), {"act": "approve"})
    assert RoleGrant.objects.current().get(person=who).status == GrantStatus.PROPOSED


def test_a_role_is_ended_and_stands_in_the_history(client, province, commune):
    keeper(client, province)
    who = officer(commune)
    row = roster.role(who, commune)
    today = timezone.localdate()
    sent = {"act": "end", "on": today.isoformat(), "reason": "chuyển công tác"}
    client.post(reverse("roster:decide_role", args=[row.chain]), sent)
    assert not may(who, Permit.MANAGE_ROSTER, commune, today)
    assert [line.person_code for line in client.get(ROLES).context["past"]] == ["CB1"]


def test_a_commune_administrator_makes_no_second_one_of_the_same_commune(client, province, commune):  # A10
    keeper(client, commune)
    who = officer(commune)
    grant(client, role=Role.ADMINISTRATOR)
    assert not RoleGrant.objects.current().filter(person=who).exists()
    school = roster.unit("A1", commune, kind="school")
    grant(client, role=Role.ADMINISTRATOR, unit="A1")
    assert may(who, Permit.MANAGE_ACCOUNTS, school, timezone.localdate())


def test_somebody_of_another_unit_is_answered_like_a_code_that_does_not_exist(client, province, commune):
    keeper(client, commune)
    officer(roster.unit("B", province), "CB9", "Đỗ Bí Mật")
    known, unknown = grant(client, person="CB9"), grant(client, person="CB0")
    assert known.status_code == unknown.status_code == 422
    assert known.text.replace("CB9", "CB0").count("CB0") == unknown.text.count("CB0")
    assert "Bí Mật" not in known.text


def test_roles_of_units_beyond_reach_are_not_listed(client, province, commune):
    keeper(client, commune)
    elsewhere = roster.unit("B", province)
    roster.role(officer(elsewhere, "CB9", "Đỗ Bí Mật"), elsewhere)
    assert "Bí Mật" not in client.get(ROLES, {"q": "bi mat"}).text


@pytest.mark.parametrize("size", [1, 3])
def test_the_page_costs_the_same_for_one_role_and_for_three(
    client, province, commune, size, django_assert_max_num_queries
):
    keeper(client, province)
    for number in range(size):
        roster.role(officer(commune, f"CB{number}"), commune)
    with django_assert_max_num_queries(18):
        client.get(ROLES)
