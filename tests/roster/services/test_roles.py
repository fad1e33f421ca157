"""Granting and ending roles."""

from datetime import date

import pytest

from lms.roster import services
from lms.roster.enums import GrantStatus, Permit, Role
from lms.roster.errors import (
    AlreadyDecided,
    AlreadyThere,
    NoSuchUnitOnDay,
    NotAboutYourself,
    NotPermitted,
    SecondPersonNeeded,
)
from lms.roster.models import RoleGrant
from lms.roster.policies import may
from lms.roster.signals import role_ended, role_granted
from tests.factories import roster

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def province():
    return roster.unit("31", kind="province")


@pytest.fixture
def commune(province):
    return roster.unit("A", province)


@pytest.fixture
def administrator(province):
    who = roster.person("QT")
    roster.role(who, province, Role.ADMINISTRATOR)
    return who


def grant(person, unit, by, role=Role.UNIT_MANAGER, since=TODAY):
    return services.grant_role(person=person, unit=unit, role=role, since=since, by=by, today=TODAY)


def test_a_role_for_a_commune_holds_at_once(commune, administrator):
    manager = roster.person()
    grant(manager, commune, administrator)
    assert may(manager, Permit.MANAGE_ROSTER, commune, TODAY)


def test_a_role_for_a_province_holds_once_a_second_administrator_approves(province, administrator):
    manager, second = roster.person(), roster.person()
    roster.role(second, province, Role.ADMINISTRATOR)
    waiting = grant(manager, province, administrator)
    assert not may(manager, Permit.MANAGE_ROSTER, province, TODAY)
    services.approve_role(grant=waiting, by=second, today=TODAY)
    assert may(manager, Permit.MANAGE_ROSTER, province, TODAY)


def test_who_granted_a_role_may_not_approve_it(province, administrator):
    waiting = grant(roster.person(), province, administrator)
    with pytest.raises(SecondPersonNeeded):
        services.approve_role(grant=waiting, by=administrator, today=TODAY)


def test_a_rejected_role_never_holds_and_may_be_granted_anew(province, administrator):
    manager, second = roster.person(), roster.person()
    roster.role(second, province, Role.ADMINISTRATOR)
    waiting = grant(manager, province, administrator)
    rejected = services.reject_role(grant=waiting, by=second, today=TODAY, reason="chưa có quyết định")
    assert rejected.status == GrantStatus.REJECTED
    with pytest.raises(AlreadyDecided):
        services.approve_role(grant=rejected, by=second, today=TODAY)
    grant(manager, province, administrator)


def test_the_operator_needs_no_second_person(province):
    manager = roster.person()
    grant(manager, province, "operator")
    assert may(manager, Permit.MANAGE_ROSTER, province, TODAY)


def test_nobody_grants_a_role_to_themselves_under_any_code(province, commune, administrator):
    with pytest.raises(NotAboutYourself):
        grant(administrator, commune, administrator)
    twin = roster.person("QT-2")
    services.merge_people(person=twin, same_as=administrator, reason="", by="operator", today=TODAY)
    with pytest.raises(NotAboutYourself):
        grant(twin, commune, administrator)


def test_a_manager_grants_no_role(commune):
    """ABUSE A10."""
    manager = roster.person()
    roster.role(manager, commune)
    with pytest.raises(NotPermitted):
        grant(roster.person(), commune, manager)


def test_an_administrator_grants_no_role_outside_their_units(administrator):
    with pytest.raises(NotPermitted):
        grant(roster.person(), roster.unit("79", kind="province"), administrator)


def test_a_role_is_held_once(commune, administrator):
    manager = roster.person()
    grant(manager, commune, administrator)
    with pytest.raises(AlreadyThere):
        grant(manager, commune, administrator)


def test_a_role_for_a_unit_that_does_not_exist_is_refused(province):
    gone = roster.unit("OLD", province, until=TODAY)
    with pytest.raises(NoSuchUnitOnDay):
        grant(roster.person(), gone, "operator")


def test_a_role_that_ended_today_does_not_hold_today(commune, administrator):
    """ABUSE A8: losing it works at the next request."""
    manager = roster.person()
    held = grant(manager, commune, administrator, since=date(2026, 1, 1))
    services.end_role(grant=held, on=TODAY, by=administrator, today=TODAY)
    assert not may(manager, Permit.MANAGE_ROSTER, commune, TODAY)


def test_a_role_ended_on_its_first_day_never_was(commune, administrator):
    held = grant(roster.person(), commune, administrator)
    services.end_role(grant=held, on=TODAY, by=administrator, today=TODAY)
    assert not RoleGrant.objects.current().filter(unit=commune).exists()


def test_a_holder_may_lay_a_role_down_and_a_stranger_may_not(commune, administrator):
    manager = roster.person()
    held = grant(manager, commune, administrator, since=date(2026, 1, 1))
    with pytest.raises(NotPermitted):
        services.end_role(grant=held, on=TODAY, by=roster.person(), today=TODAY)
    services.end_role(grant=held, on=TODAY, by=manager, today=TODAY)


def test_a_role_is_announced_when_it_holds_and_when_it_ends(province, administrator):
    heard = []

    def granted(**news):
        heard.append(("granted", news["role"], news["unit_code"]))

    def ended(**news):
        heard.append(("ended", news["role"], news["unit_code"]))

    role_granted.connect(granted)
    role_ended.connect(ended)
    try:
        waiting = grant(roster.person(), province, administrator, Role.AUDITOR)
        assert heard == []
        held = services.approve_role(grant=waiting, by="operator", today=TODAY)
        services.end_role(grant=held, on=TODAY, by=administrator, today=TODAY)
    finally:
        role_granted.disconnect(granted)
        role_ended.disconnect(ended)
    assert heard == [("granted", "auditor", "31"), ("ended", "auditor", "31")]
