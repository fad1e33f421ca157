"""Merging units: what ends, what begins, who moves."""

from datetime import date

import pytest

from lms.kernel.models import LedgerEntry
from lms.roster import queries, services
from lms.roster.enums import Role
from lms.roster.errors import NoSuchUnitOnDay, NothingToMerge, NotPermitted, UnitGoesOnLater
from lms.roster.models import Posting, RoleGrant, Unit, UnitSpan
from lms.roster.services import NewUnit
from tests.factories import roster

pytestmark = pytest.mark.django_db
ON, EVE, TODAY = date(2025, 7, 1), date(2025, 6, 30), date(2026, 11, 22)


@pytest.fixture
def province():
    return roster.unit("31", kind="province")


@pytest.fixture
def a(province):
    return roster.unit("A", province, name="Xã A")


@pytest.fixture
def b(province):
    return roster.unit("B", province, name="Xã B")


@pytest.fixture
def new(province):
    return NewUnit("N", "Phường Mới", "commune", province)


def merge(ending, into, by="operator"):
    return services.merge_units(
        ending=ending, into=into, on=ON, decision="1669/NQ-UBTVQH15", by=by, today=TODAY
    )


def postings(person):
    rows = Posting.objects.current().filter(person=person).order_by("since", "unit__code")
    return [(row.unit.code, row.since, row.until) for row in rows]


def test_units_end_and_name_their_successor_by_one_decision(a, b, new):
    done = merge([a, b], new)
    spans = UnitSpan.objects.current().exclude(unit__code="31").order_by("unit__code")
    assert [(s.unit.code, s.since, s.until, s.successor and s.successor.code, s.decision) for s in spans] == [
        ("A", roster.LONG_AGO, ON, "N", "1669/NQ-UBTVQH15"),
        ("B", roster.LONG_AGO, ON, "N", "1669/NQ-UBTVQH15"),
        ("N", ON, None, None, "1669/NQ-UBTVQH15"),
    ]
    assert done.units == 2


def test_people_move_by_new_postings_and_keep_the_old(a, b, new):
    who = roster.person()
    roster.posting(who, a, "YT", title="Y sĩ")
    assert merge([a, b], new).people == 1
    assert postings(who) == [("A", roster.LONG_AGO, ON), ("N", ON, None)]
    moved = Posting.objects.current().get(person=who, unit__code="N")
    assert (moved.title, moved.audience_mask) == ("Y sĩ", roster.mask("YT"))


def test_who_had_left_before_does_not_move(a, new):
    who = roster.person()
    roster.posting(who, a, until=ON)
    assert merge([a], new).people == 0
    assert postings(who) == [("A", roster.LONG_AGO, ON)]


def test_who_worked_in_both_holds_one_posting_for_all_that_they_did(a, b, new):
    who = roster.person()
    roster.posting(who, a, "YT", title="Y sĩ")
    roster.posting(who, b, "CTXH", title="Cộng tác viên")
    merge([a, b], new)
    [posting] = Posting.objects.current().filter(person=who, unit__code="N")
    assert posting.audience_mask == roster.mask("YT", "CTXH")
    assert posting.title == "Y sĩ; Cộng tác viên"


def test_a_unit_may_take_others_in(a, b):
    who = roster.person()
    roster.posting(who, a)
    merge([a], b)
    assert postings(who) == [("A", roster.LONG_AGO, ON), ("B", ON, None)]


def test_who_works_in_the_unit_that_takes_others_in_goes_on_there(a, b):
    who = roster.person()
    roster.posting(who, a, "YT")
    roster.posting(who, b, "YT")
    merge([a], b)
    assert postings(who) == [("A", roster.LONG_AGO, ON), ("B", roster.LONG_AGO, None)]


def test_who_began_in_the_unit_that_takes_others_in_on_that_day_does_all_there(a, b):
    who = roster.person()
    roster.posting(who, a, "YT")
    roster.posting(who, b, "CA", since=ON)
    merge([a], b)
    [posting] = Posting.objects.current().filter(person=who, unit=b)
    assert posting.audience_mask == roster.mask("YT", "CA")


def test_a_code_may_go_on_under_a_new_name_and_its_people_stay(a, b, province):
    stays, moves = roster.person(), roster.person()
    roster.posting(stays, a)
    roster.posting(moves, b)
    merge([a, b], NewUnit("A", "Phường Mới", "commune", province))
    assert postings(stays) == [("A", roster.LONG_AGO, None)]
    assert postings(moves) == [("B", roster.LONG_AGO, ON), ("A", ON, None)]
    assert queries.unit_on(a, EVE).name == "Xã A"
    assert queries.unit_on(a, ON).name == "Phường Mới"


def test_what_stood_below_stands_below_the_successor(a, b, new):
    roster.unit("T", a, kind="school")
    assert merge([a, b], new).children == 1
    successor = Unit.objects.get(code="N")
    assert [unit.code for unit in queries.children_of(a, EVE)] == ["T"]
    assert [unit.code for unit in queries.children_of(successor, ON)] == ["T"]


def test_roles_for_units_that_end_are_ended_and_not_carried_over(a, b, new):
    manager = roster.person()
    roster.role(manager, a)
    assert merge([a, b], new).roles == 1
    assert [(g.unit.code, g.until) for g in RoleGrant.objects.current()] == [("A", ON)]


def test_a_merger_that_is_refused_changes_nothing(a, new):
    late = roster.unit("L", since=ON)
    before = LedgerEntry.objects.count()
    with pytest.raises(UnitGoesOnLater):
        merge([a, late], new)
    assert LedgerEntry.objects.count() == before
    assert not Unit.objects.filter(code="N").exists()


def test_a_unit_that_has_ended_is_not_merged(province, new):
    gone = roster.unit("G", province, until=ON)
    with pytest.raises(NoSuchUnitOnDay):
        merge([gone], new)


def test_a_unit_is_not_merged_into_itself(a):
    with pytest.raises(NothingToMerge):
        merge([a], a)


def test_a_unit_that_does_not_exist_on_the_day_takes_nobody_in(a, province):
    with pytest.raises(NoSuchUnitOnDay):
        merge([a], roster.unit("G", province, until=ON))


def test_an_administrator_merges_the_units_of_their_province_and_a_manager_none(a, b, new, province):
    manager, administrator = roster.person(), roster.person()
    roster.role(manager, province)
    roster.role(administrator, province, Role.ADMINISTRATOR)
    with pytest.raises(NotPermitted):
        merge([a, b], new, by=manager)
    merge([a, b], new, by=administrator)
