"""Absences: proposed by one, decided by another."""

from datetime import date

import pytest

from lms.roster import services
from lms.roster.enums import Role
from lms.roster.errors import (
    AlreadyDecided,
    AlreadyThere,
    DaysOutOfOrder,
    NotPermitted,
    SecondPersonNeeded,
    UnknownReason,
)
from lms.roster.models import Absence
from tests.factories import roster

pytestmark = pytest.mark.django_db
TODAY, SINCE, UNTIL = date(2026, 11, 22), date(2026, 11, 1), date(2027, 5, 1)


@pytest.fixture
def unit():
    return roster.unit("A")


@pytest.fixture
def officer(unit):
    who = roster.person("CB1")
    roster.posting(who, unit)
    return who


@pytest.fixture
def manager(unit):
    who = roster.person("QL")
    roster.role(who, unit)
    return who


@pytest.fixture
def second(unit):
    who = roster.person("BC")
    roster.role(who, unit, Role.REPORTING_OFFICER)
    return who


@pytest.fixture
def proposed(officer, manager):
    return services.propose_absence(
        person=officer, reason="thai_san", since=SINCE, until=UNTIL, by=manager, today=TODAY
    )


def test_a_proposed_absence_waits(proposed, manager):
    assert (proposed.status, proposed.proposed_by, proposed.approved_by) == ("proposed", manager, None)


def test_a_second_person_approves(proposed, second):
    approved = services.approve_absence(absence=proposed, by=second, today=TODAY)
    assert (approved.status, approved.approved_by) == ("approved", second)
    assert Absence.objects.current().get() == approved


def test_a_second_person_rejects(proposed, second):
    rejected = services.reject_absence(absence=proposed, by=second, today=TODAY, reason="Chưa có quyết định")
    assert rejected.status == "rejected"


def test_who_proposed_may_not_approve(proposed, manager):
    with pytest.raises(SecondPersonNeeded):
        services.approve_absence(absence=proposed, by=manager, today=TODAY)


def test_who_proposed_may_not_approve_under_another_code(proposed, manager, unit):
    """ABUSE A11: the same human being with a second account."""
    twin = roster.person("QL-2")
    roster.role(twin, unit)
    services.merge_people(person=twin, same_as=manager, reason="một người", by="operator", today=TODAY)
    with pytest.raises(SecondPersonNeeded):
        services.approve_absence(absence=proposed, by=twin, today=TODAY)


def test_who_is_away_may_not_approve(officer, manager, unit):
    roster.role(officer, unit)
    absence = services.propose_absence(person=officer, reason="om_dai", since=SINCE, by=manager, today=TODAY)
    with pytest.raises(SecondPersonNeeded):
        services.approve_absence(absence=absence, by=officer, today=TODAY)


def test_what_was_decided_is_not_decided_again(proposed, second):
    approved = services.approve_absence(absence=proposed, by=second, today=TODAY)
    with pytest.raises(AlreadyDecided):
        services.reject_absence(absence=approved, by=second, today=TODAY, reason="")


def test_a_manager_of_another_unit_may_neither_propose_nor_approve(officer, proposed):
    stranger = roster.person("X")
    roster.role(stranger, roster.unit("B"))
    with pytest.raises(NotPermitted):
        services.propose_absence(person=officer, reason="om_dai", since=SINCE, by=stranger, today=TODAY)
    with pytest.raises(NotPermitted):
        services.approve_absence(absence=proposed, by=stranger, today=TODAY)


def test_a_reason_that_the_settings_do_not_know_is_refused(officer):
    with pytest.raises(UnknownReason):
        services.propose_absence(person=officer, reason="du_lich", since=SINCE, by="operator", today=TODAY)


def test_the_settings_may_add_a_reason(officer, settings):
    settings.ABSENCE_REASONS = ["du_lich"]
    services.propose_absence(person=officer, reason="du_lich", since=SINCE, by="operator", today=TODAY)


def test_an_absence_that_ends_before_it_begins_is_refused(officer):
    with pytest.raises(DaysOutOfOrder):
        services.propose_absence(
            person=officer, reason="om_dai", since=UNTIL, until=SINCE, by="operator", today=TODAY
        )


def test_an_absence_is_proposed_once(officer, proposed):
    with pytest.raises(AlreadyThere):
        services.propose_absence(person=officer, reason="thai_san", since=SINCE, by="operator", today=TODAY)


def test_who_is_back_early_is_back_on_that_day(proposed, second, manager):
    approved = services.approve_absence(absence=proposed, by=second, today=TODAY)
    services.end_absence(absence=approved, on=TODAY, by=manager, today=TODAY)
    assert Absence.objects.current().get().until == TODAY


def test_an_absence_that_would_hold_no_day_is_withdrawn(proposed, manager):
    services.end_absence(absence=proposed, on=SINCE, by=manager, today=TODAY)
    assert not Absence.objects.current().exists()
