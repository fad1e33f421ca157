"""The rule of a target, case by case as docs/coverage.md §2–3 states them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.coverage.rules import Proof, Rule, rate, source_of

ON = date(2026, 6, 14)
RULE = Rule(
    operator=">",
    value=Decimal(80),
    audience_mask=1,
    unit="VN-HP",
    courses=("A",),
    period_start=date(2026, 1, 1),
    period_end=date(2026, 12, 31),
)
PROOF = Proof(course="A", source="online", completed_on=date(2026, 3, 1), outcome="passed", status="approved")


def proof(**changes) -> Proof:
    return replace(PROOF, **changes)


def rule(**changes) -> Rule:
    return replace(RULE, **changes)


# What it comes to


def test_exactly_80_percent_does_not_meet_above_80() -> None:
    assert RULE.met(32, 40) is False
    assert RULE.short_by(32, 40) == 1
    assert RULE.met(33, 40) is True


def test_exactly_80_percent_meets_at_least_80() -> None:
    assert rule(operator=">=").met(32, 40) is True
    assert rule(operator=">=").short_by(31, 40) == 1


def test_an_empty_m_has_no_rate_and_is_neither_met_nor_missed() -> None:
    assert (rate(0, 0), RULE.met(0, 0), RULE.short_by(0, 0)) == (None, None, None)


def test_one_hundred_percent_is_met_by_all_only() -> None:
    all_of_them = rule(operator="=", value=Decimal(100))
    assert all_of_them.met(39, 40) is False
    assert all_of_them.short_by(39, 40) == 1
    assert all_of_them.met(40, 40) is True
    assert all_of_them.short_by(40, 40) == 0


def test_above_100_percent_can_never_be_met() -> None:
    assert rule(value=Decimal(100)).short_by(40, 40) is None


def test_an_exact_share_that_is_passed_or_no_whole_number_of_people_cannot_be_met() -> None:
    half = rule(operator="=", value=Decimal(50))
    assert half.short_by(1, 4) == 1
    assert half.short_by(3, 4) is None
    assert half.short_by(0, 3) is None


@pytest.mark.parametrize(
    ("trained", "required", "shown"),
    [
        (2, 3, "66.6"),
        (999, 1000, "99.9"),
        (1999, 2000, "99.9"),
        (1, 1, "100.0"),
        (0, 7, "0.0"),
        (32, 40, "80.0"),
    ],
)
def test_the_rate_is_shown_with_one_decimal_rounded_down(trained: int, required: int, shown: str) -> None:
    assert rate(trained, required) == shown


@given(
    operator=st.sampled_from([">", ">=", "="]),
    tenths=st.integers(0, 1000),
    required=st.integers(1, 60),
    data=st.data(),
)
def test_short_by_is_the_least_number_that_meets_the_target(operator, tenths, required, data) -> None:
    trained = data.draw(st.integers(0, required))
    it = rule(operator=operator, value=Decimal(tenths) / 10)
    want = Fraction(tenths, 10)
    compare = {
        ">": lambda a: a > want,
        ">=": lambda a: a >= want,
        "=": lambda a: a == want,
    }[operator]
    expected = next(
        (k for k in range(required - trained + 1) if compare(Fraction(100 * (trained + k), required))), None
    )
    assert it.short_by(trained, required) == expected
    assert it.met(trained, required) is (expected == 0)


# Days


def test_grace_ends_on_the_last_day() -> None:
    """30 days of grace on 14 June: who came on 16 May is in grace, who came on 15 May is counted."""
    assert RULE.last_day_out_of_grace(ON) == date(2026, 5, 15)


def test_a_target_of_newcomers_has_no_grace() -> None:
    assert rule(new_within_months=12, grace_days=30).last_day_out_of_grace(ON) == ON


def test_new_is_who_came_later_than_the_day_n_months_ago() -> None:
    assert rule(new_within_months=12).first_day_of_the_new(ON) == date(2025, 6, 15)
    assert RULE.first_day_of_the_new(ON) is None


def test_months_back_from_the_end_of_a_month_stop_at_the_last_day_of_the_shorter_month() -> None:
    assert rule(new_within_months=3).first_day_of_the_new(date(2026, 5, 31)) == date(2026, 3, 1)
    assert rule(window="months", window_months=6).first_day_of_the_window(date(2024, 8, 31)) == date(
        2024, 3, 1
    )


def test_the_period_counts_from_its_first_day() -> None:
    assert RULE.counts(proof(completed_on=date(2026, 1, 1)), ON) is True
    assert RULE.counts(proof(completed_on=date(2025, 12, 31)), ON) is False


def test_the_end_of_the_period_cuts_nothing_off() -> None:
    late = date(2027, 2, 1)
    assert RULE.counts(proof(completed_on=late), late) is True


def test_a_window_of_months_leaves_out_the_day_n_months_ago() -> None:
    year = rule(window="months", window_months=12)
    assert year.counts(proof(completed_on=date(2025, 6, 15)), ON) is True
    assert year.counts(proof(completed_on=date(2025, 6, 14)), ON) is False


def test_ever_counts_any_day_up_to_the_day_asked() -> None:
    ever = rule(window="ever")
    assert ever.counts(proof(completed_on=date(1999, 1, 1)), ON) is True
    assert ever.counts(proof(completed_on=ON), ON) is True
    assert ever.counts(proof(completed_on=date(2026, 6, 15)), ON) is False


def test_evidence_that_expires_on_the_day_is_expired() -> None:
    valid = rule(must_be_valid=True)
    assert valid.counts(proof(valid_until=date(2026, 6, 15)), ON) is True
    assert valid.counts(proof(valid_until=ON), ON) is False
    assert RULE.counts(proof(valid_until=ON), ON) is True


def test_evidence_revoked_on_the_day_no_longer_counts() -> None:
    assert RULE.counts(proof(revoked_on=ON), ON) is False
    assert RULE.counts(proof(revoked_on=date(2026, 6, 15)), ON) is True


# What counts


@pytest.mark.parametrize(
    ("least", "enough"),
    [
        ("passed", ("passed",)),
        ("completed", ("completed", "passed")),
        ("attended", ("attended", "completed", "passed")),
    ],
)
def test_passed_is_more_than_completed_is_more_than_attended(least, enough) -> None:
    counting = tuple(
        o for o in ("attended", "completed", "passed") if rule(outcome=least).counts(proof(outcome=o), ON)
    )
    assert counting == enough


def test_an_outside_record_counts_only_where_it_is_accepted() -> None:
    assert RULE.counts(proof(source="external"), ON) is True
    assert rule(external_accepted=False).counts(proof(source="external"), ON) is False
    assert rule(external_accepted=False).counts(proof(source="class"), ON) is True


def test_evidence_counts_once_it_is_approved_and_only_for_courses_of_the_target() -> None:
    assert RULE.counts(proof(status="declared", source="class"), ON) is False
    assert RULE.counts(proof(status="rejected", source="class"), ON) is False
    assert RULE.counts(proof(course="B"), ON) is False


# The course rule


def test_any_course_is_enough() -> None:
    it = rule(courses=("A", "B"))
    assert it.state([proof(course="B")], ON) == "trained"


def test_all_courses_are_needed_and_one_of_them_is_in_progress() -> None:
    it = rule(courses=("A", "B"), course_rule="all")
    assert it.state([proof(course="A")], ON) == "in_progress"
    assert it.state([proof(course="A"), proof(course="B")], ON) == "trained"


def test_a_course_of_every_level_is_needed() -> None:
    it = rule(courses=("A", "B"), course_rule="levels", levels=("co_ban", "nang_cao"))
    assert it.state([proof(level="co_ban"), proof(course="B", level="co_ban")], ON) == "in_progress"
    assert it.state([proof(level="co_ban"), proof(level="nang_cao")], ON) == "trained"
    assert it.state([proof(level="chuyen_sau")], ON) == "not_started"


def test_hours_add_up() -> None:
    it = rule(course_rule="hours", hours=Decimal("8"))
    half = proof(hours=Decimal("4.5"))
    assert it.state([half], ON) == "in_progress"
    assert it.state([half, proof(hours=Decimal("3.5"))], ON) == "trained"
    assert it.state([proof(hours=None)], ON) == "not_started"


# States, the first that fits


def test_waiting_for_approval_comes_before_expired() -> None:
    declared = proof(status="declared", source="class")
    old = proof(completed_on=date(2025, 5, 1))
    assert RULE.state([old, declared], ON) == "pending"
    assert RULE.state([old], ON) == "expired"


def test_what_ran_out_is_expired() -> None:
    assert rule(must_be_valid=True).state([proof(valid_until=ON)], ON) == "expired"


def test_declared_evidence_outside_the_window_is_neither_pending_nor_expired() -> None:
    late = proof(status="declared", source="class", completed_on=date(2025, 5, 1))
    assert RULE.state([late], ON) == "not_started"


def test_an_open_enrolment_with_a_finished_lesson_is_in_progress() -> None:
    assert RULE.state([], ON, underway=True) == "in_progress"
    assert RULE.state([], ON) == "not_started"


# Receipts


def test_the_latest_deciding_evidence_names_the_source() -> None:
    rows = [proof(), proof(source="class", completed_on=date(2026, 4, 1))]
    assert source_of(RULE.deciding(rows, ON)) == "class"


def test_of_two_sources_on_one_day_online_is_named_before_class_before_external() -> None:
    rows = [proof(source="external"), proof(source="class")]
    assert source_of(RULE.deciding(rows, ON)) == "class"
    assert source_of(RULE.deciding([*rows, proof()], ON)) == "online"


def test_evidence_that_moves_nothing_forward_decides_nothing() -> None:
    it = rule(course_rule="levels", levels=("co_ban",))
    rows = [proof(level="co_ban"), proof(level="chuyen_sau", completed_on=date(2026, 5, 1), source="class")]
    assert it.deciding(rows, ON) == [rows[0]]
    assert it.deciding([rows[1]], ON) == []
