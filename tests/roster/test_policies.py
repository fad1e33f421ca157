"""Who may reach what, on which day."""

from datetime import date

import pytest

from lms.accounts.models import User
from lms.roster.enums import GrantStatus, Permit, Role
from lms.roster.holders import Holders
from lms.roster.models import Person, Unit
from lms.roster.policies import (
    PERMITS,
    SENTENCES,
    grants_held,
    may,
    may_anywhere,
    may_see,
    needs_second_person,
    people_within_reach,
    permits_held,
    roles_of,
    standing_of,
    tops_within_reach,
    units_within_reach,
)
from tests.factories import roster

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
YESTERDAY = date(2026, 11, 21)


@pytest.fixture
def province() -> Unit:
    return roster.unit("31", kind="province", name="Hải Phòng")


@pytest.fixture
def manager() -> Person:
    return roster.person("QL")


def codes(rows):
    return sorted(row.code for row in rows)


def test_every_role_has_permits_and_a_sentence():
    assert set(PERMITS) == set(SENTENCES) == set(Role)


def test_only_the_trainer_and_the_reviewer_write_content():
    writers = {role for role, permits in PERMITS.items() if Permit.WRITE_CONTENT in permits}
    assert writers == {Role.TRAINER, Role.REVIEWER}


def test_the_auditor_may_change_nothing():
    assert PERMITS[Role.AUDITOR] == {Permit.SEE_FIGURES, Permit.READ_RECORDS, Permit.READ_LEDGER}


def test_the_administrator_sees_no_records():
    assert Permit.READ_RECORDS not in PERMITS[Role.ADMINISTRATOR]


def test_a_role_reaches_its_unit_and_all_below_and_nothing_beside_or_above(province, manager):
    mine = roster.unit("A", province)
    roster.unit("A1", mine)
    roster.unit("B", province)
    roster.role(manager, mine)
    assert codes(units_within_reach(manager, Permit.READ_RECORDS, TODAY)) == ["A", "A1"]


def test_a_permit_that_the_role_does_not_list_reaches_nothing(province, manager):
    roster.role(manager, province)
    assert codes(units_within_reach(manager, Permit.CLOSE_PERIOD, TODAY)) == []


def test_two_roles_reach_what_either_reaches(province, manager):
    a, b = roster.unit("A", province), roster.unit("B", province)
    roster.unit("C", province)
    roster.role(manager, a)
    roster.role(manager, b, Role.AUDITOR)
    assert codes(units_within_reach(manager, Permit.READ_RECORDS, TODAY)) == ["A", "B"]


def test_a_role_that_ended_today_reaches_nothing_today(province, manager):
    roster.role(manager, province, until=TODAY)
    assert codes(units_within_reach(manager, Permit.READ_RECORDS, TODAY)) == []
    assert codes(units_within_reach(manager, Permit.READ_RECORDS, YESTERDAY)) == ["31"]


def test_a_role_that_waits_for_a_second_person_reaches_nothing(province, manager):
    roster.role(manager, province, status=GrantStatus.PROPOSED)
    assert codes(units_within_reach(manager, Permit.READ_RECORDS, TODAY)) == []


def test_reach_follows_the_tree_of_the_day(province, manager):
    district = roster.unit("303", province, kind="district", until=TODAY)
    roster.unit("C", district, until=TODAY)
    roster.unit("C", province, since=TODAY)
    roster.role(manager, district)
    assert codes(units_within_reach(manager, Permit.READ_RECORDS, YESTERDAY)) == ["303", "C"]
    assert codes(units_within_reach(manager, Permit.READ_RECORDS, TODAY)) == []


def test_people_within_reach_are_those_with_a_posting_there_on_the_day(province, manager):
    mine, other = roster.unit("A", province), roster.unit("B", province)
    roster.role(manager, mine)
    here, there, gone, both = (roster.person(code) for code in ("H", "T", "G", "2"))
    roster.posting(here, mine)
    roster.posting(there, other)
    roster.posting(gone, mine, until=TODAY)
    roster.posting(both, mine)
    roster.posting(both, other)
    assert codes(people_within_reach(manager, Permit.READ_RECORDS, TODAY)) == ["2", "H"]


def test_may_is_true_within_reach_and_false_beside_it(province, manager):
    mine, other = roster.unit("A", province), roster.unit("B", province)
    roster.role(manager, mine)
    assert may(manager, Permit.MANAGE_ROSTER, mine, TODAY)
    assert not may(manager, Permit.MANAGE_ROSTER, other, TODAY)


def test_permits_held_are_those_of_all_roles_together(province, manager):
    roster.role(manager, province, Role.TRAINER)
    roster.role(manager, province, Role.AUDITOR)
    assert permits_held(manager, TODAY) == PERMITS[Role.TRAINER] | PERMITS[Role.AUDITOR]
    assert may_anywhere(manager, Permit.READ_LEDGER, TODAY)
    assert not may_anywhere(manager, Permit.MANAGE_ACCOUNTS, TODAY)


def test_a_role_is_shown_to_its_holder_in_a_sentence_that_names_the_unit(province, manager):
    roster.role(manager, province, Role.AUDITOR)
    [held] = roles_of(manager, TODAY)
    assert (held.unit_code, held.unit_name) == ("31", "Hải Phòng")
    assert "Hải Phòng" in held.sentence


def test_a_role_for_a_province_needs_a_second_person_and_one_for_a_commune_does_not(province):
    assert needs_second_person(province, TODAY)
    assert not needs_second_person(roster.unit("A", province), TODAY)


@pytest.mark.parametrize("size", [1, 3])
def test_people_within_reach_are_one_query_after_the_roles(
    province, manager, size, django_assert_num_queries
):
    roster.role(manager, province)
    for _ in range(size):
        roster.posting(roster.person(), province)
    with django_assert_num_queries(2):
        assert len(people_within_reach(manager, Permit.READ_RECORDS, TODAY)) == size


# Leaving service ------------------------------------------------------------------------------------

BEFORE, AFTER = date(2026, 1, 1), date(2026, 12, 1)
POSTS = {
    "never had a post": [],
    "has one": [(BEFORE, None)],
    "has left": [(BEFORE, TODAY)],
    "left one of two": [(BEFORE, TODAY), (BEFORE, None)],
    "begins later": [(AFTER, None)],
    "left and begins again later": [(BEFORE, TODAY), (AFTER, None)],
}


@pytest.mark.parametrize("posts", POSTS)
def test_a8_every_way_to_ask_agrees_about_who_has_left_service(province, manager, posts):
    """A role ends with the last posting, wherever it is asked about: rows, one person, a whole page."""
    manager.user = User.objects.create_user("QL")
    manager.save()
    who = roster.person()
    roster.posting(who, province)
    for since, until in POSTS[posts]:
        roster.posting(manager, roster.unit(), since=since, until=until)
    roster.role(manager, province)
    standing = standing_of(manager.user, TODAY)
    expected = "left" not in posts or posts == "left one of two"
    assert {
        "grants": grants_held(manager, TODAY).exists(),
        "units": units_within_reach(manager, Permit.READ_RECORDS, TODAY).exists(),
        "tops": tops_within_reach(manager, Permit.READ_RECORDS, TODAY).exists(),
        "people": people_within_reach(manager, Permit.READ_RECORDS, TODAY).filter(pk=who.pk).exists(),
        "may see": may_see(manager, Permit.READ_RECORDS, who, TODAY),
        "may": may(manager, Permit.READ_RECORDS, province, TODAY),
        "may anywhere": may_anywhere(manager, Permit.READ_RECORDS, TODAY),
        "permits": bool(permits_held(manager, TODAY)),
        "standing": bool(standing.permits()),
        "standing's tops": bool(standing.tops(Permit.READ_RECORDS)),
        "sentences": bool(roles_of(manager, TODAY)),
        "second factor": Holders().sees_others(manager.user.pk, TODAY),
    } == dict.fromkeys(
        (
            *("grants", "units", "tops", "people", "may see", "may", "may anywhere", "permits", "standing"),
            *("standing's tops", "sentences", "second factor"),
        ),
        expected,
    )


def test_the_standing_of_a_page_holds_the_roles_of_the_day(province, manager, django_assert_num_queries):
    manager.user = User.objects.create_user("QL")
    manager.save()
    roster.role(manager, province)
    roster.role(manager, roster.unit("A", province), Role.AUDITOR, until=TODAY)
    roster.role(manager, province, Role.TRAINER, status=GrantStatus.PROPOSED)
    with django_assert_num_queries(1):
        standing = standing_of(manager.user, TODAY)
    assert standing.permits() == PERMITS[Role.UNIT_MANAGER] == permits_held(manager, TODAY)
    assert standing_of(manager.user, YESTERDAY).permits() == permits_held(manager, YESTERDAY)
