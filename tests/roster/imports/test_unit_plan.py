"""What a file of units changes, and what forbids it: without a database."""

from datetime import date

import pytest

from lms.kernel.faults import Faults
from lms.roster.imports.unit_plan import UnitFact, UnitPlan, plan_units

EARLY, MERGER, LATER = date(2020, 1, 1), date(2025, 7, 1), date(2026, 1, 1)


def unit(code, parent=None, since=EARLY, until=None, *, successor=None, name="Xã", sector="", decision=""):
    return UnitFact(code, name, "commune", parent, sector, since, until, successor, decision)


def planned(*facts: UnitFact, believed: tuple[UnitFact, ...] = (), unread=frozenset()):
    """The plan, and the faults as (line, column)."""
    faults = Faults("units.csv")
    plan = plan_units(
        list(enumerate(facts, start=2)), {fact.key: fact for fact in believed}, faults, unread=unread
    )
    return plan, [(fault.line, fault.column) for fault in faults.listed]


def faults_of(*facts: UnitFact, believed: tuple[UnitFact, ...] = (), unread=frozenset()):
    return planned(*facts, believed=believed, unread=unread)[1]


def test_new_spans_are_created():
    root, child = unit("VN"), unit("31", "VN")
    assert planned(root, child) == (UnitPlan(created=[root, child]), [])


def test_a_parent_may_stand_on_a_later_line():
    assert faults_of(unit("31", "VN"), unit("VN")) == []


def test_a_restated_span_that_says_the_same_is_unchanged():
    assert planned(unit("VN"), believed=(unit("VN"),)) == (UnitPlan(unchanged=1), [])


def test_a_restated_span_that_says_something_else_is_corrected():
    renamed = unit("VN", name="Việt Nam")
    assert planned(renamed, believed=(unit("VN"),)) == (UnitPlan(corrected=[renamed]), [])


def test_an_empty_sector_and_decision_say_nothing():
    old = unit("VN", sector="công an", decision="1/QĐ")
    assert planned(unit("VN"), believed=(old,)) == (UnitPlan(unchanged=1), [])


def test_a_span_that_ends_on_the_day_the_next_begins_is_sound():
    assert faults_of(unit("A", until=MERGER), unit("A", since=MERGER)) == []


def test_a_span_that_ends_before_it_begins_is_refused():
    assert faults_of(unit("A", since=MERGER, until=EARLY)) == [(2, "until")]


def test_a_span_without_a_day_is_refused():
    assert faults_of(unit("A", since=EARLY, until=EARLY)) == [(2, "until")]


def test_two_overlapping_spans_of_one_code_are_refused_at_the_later():
    assert faults_of(unit("A", until=LATER), unit("A", since=MERGER)) == [(3, "since")]


def test_a_span_that_overlaps_a_recorded_one_is_refused():
    assert faults_of(unit("A", since=MERGER), believed=(unit("A"),)) == [(2, "since")]


def test_a_recorded_open_span_may_be_ended_and_continued_in_one_file():
    assert faults_of(unit("A", until=MERGER), unit("A", since=MERGER), believed=(unit("A"),)) == []


def test_the_same_span_on_two_lines_is_refused():
    assert faults_of(unit("A"), unit("A", name="Phường")) == [(3, "since")]


def test_an_unknown_parent_is_refused():
    assert faults_of(unit("A", "NOPE")) == [(2, "parent")]


def test_a_parent_on_a_line_that_could_not_be_read_is_not_blamed_on_the_child():
    assert faults_of(unit("A", "31"), unread=frozenset({"31"})) == []


def test_an_unknown_successor_is_refused():
    assert faults_of(unit("A", until=MERGER, successor="NOPE")) == [(2, "successor")]


def test_a_unit_that_succeeds_itself_is_refused():
    assert faults_of(unit("A", until=MERGER, successor="A")) == [(2, "successor")]


def test_a_parent_that_begins_later_than_its_child_is_refused():
    assert faults_of(unit("31", since=MERGER), unit("A", "31")) == [(3, "parent")]


def test_a_parent_that_ends_before_its_child_is_refused():
    assert faults_of(unit("303", until=MERGER), unit("A", "303")) == [(3, "parent")]


def test_a_parent_of_two_spans_that_touch_covers_its_child():
    assert faults_of(unit("31", until=MERGER), unit("31", since=MERGER), unit("A", "31")) == []


def test_ending_a_unit_whose_recorded_children_go_on_is_refused_at_its_line():
    believed = (unit("31"), unit("A", "31"))
    assert faults_of(unit("31", until=MERGER), believed=believed) == [(2, "until")]


def test_a_unit_below_itself_is_refused():
    assert faults_of(unit("A", "A")) == [(2, "parent")]


def test_a_circle_is_refused_at_each_of_its_lines_and_not_at_what_hangs_below():
    circle = (unit("A", "C"), unit("B", "A"), unit("C", "B"))
    assert sorted(faults_of(*circle, unit("D", "C"))) == [(2, "parent"), (3, "parent"), (4, "parent")]


def test_a_circle_on_some_days_only_is_refused():
    a = (unit("A", until=MERGER), unit("A", "B", since=MERGER))
    b = (unit("B", "A", since=EARLY, until=LATER), unit("B", since=LATER))
    assert faults_of(*a, *b) == [(3, "parent"), (4, "parent")]


def test_units_that_change_places_on_a_day_make_no_circle():
    a = (unit("A", until=MERGER), unit("A", "B", since=MERGER))
    b = (unit("B", "A", until=MERGER), unit("B", since=MERGER))
    assert faults_of(*a, *b) == []


def test_a_circle_closed_by_a_recorded_unit_is_refused_at_the_line_that_closes_it():
    believed = (unit("A"), unit("B", "A"))
    assert faults_of(unit("A", "B"), believed=believed) == [(2, "parent")]


def test_a_circle_is_told_from_the_line_that_it_is_told_on():
    faults = Faults("f")
    plan_units([(2, unit("A", "B")), (3, unit("B", "A"))], {}, faults)
    assert ["A → B → A" in fault.message for fault in faults.listed] == [True, False]
    assert "B → A → B" in faults.listed[1].message


@pytest.mark.parametrize("depth", [5_000])
def test_a_chain_of_thousands_is_planned_without_recursion(depth):
    chain = [unit("0"), *(unit(str(n), str(n - 1)) for n in range(1, depth))]
    assert faults_of(*chain) == []
    assert len(faults_of(*chain[1:], unit("0", str(depth - 1)))) == 1_000
