"""What a roster changes, and what forbids it: without a database."""

from dataclasses import replace
from datetime import date

import pytest

from lms.kernel.faults import Faults
from lms.kernel.spans import Span
from lms.roster.imports.outcome import Kind
from lms.roster.imports.roster_plan import Check, PersonFact, PostingFact, RosterLine, in_batches, plan

EARLY, MERGER, LATER = date(2020, 1, 1), date(2025, 7, 1), date(2026, 1, 1)
BIRTH = date(1980, 5, 6)
UNITS = {"A": [Span(EARLY)], "00004": [Span(EARLY, MERGER), Span(MERGER)], "OLD": [Span(EARLY, MERGER)]}
AN = RosterLine(2, "CB1", "Nguyễn Văn An", BIRTH, "", "", "", "A", "Công chức", 1, EARLY, None, "")


def faults_of(*lines: RosterLine, within=None, staff_on=None):
    faults = Faults("roster.csv")
    check = Check(UNITS, faults, within=within, staff_on=staff_on)
    numbered = [replace(line, line=number) for number, line in enumerate(lines, start=2)]
    for line in numbered:
        check.line(line)
    check.explain(lambda: numbered)
    return [(fault.line, fault.column) for fault in faults.listed]


def test_a_posting_within_its_units_life_is_sound():
    assert faults_of(AN) == []


def test_an_unknown_unit_is_refused():
    assert faults_of(replace(AN, unit="NOPE")) == [(2, "unit")]


def test_a_code_whose_first_zeros_excel_has_eaten_is_recognised():
    faults = Faults("f")
    Check(UNITS, faults).line(replace(AN, unit="4"))
    assert "00004" in faults.listed[0].message


def test_a_posting_that_begins_before_its_unit_is_refused():
    assert faults_of(replace(AN, since=date(2019, 12, 31))) == [(2, "since")]


def test_a_posting_that_outlives_its_unit_is_refused():
    assert faults_of(replace(AN, unit="OLD")) == [(2, "until")]


def test_a_posting_that_ends_with_its_unit_is_sound():
    assert faults_of(replace(AN, unit="OLD", until=MERGER)) == []


def test_a_posting_over_two_spans_of_its_unit_is_sound():
    assert faults_of(replace(AN, unit="00004", since=date(2024, 1, 1), until=LATER)) == []


def test_a_posting_that_ends_before_it_begins_is_refused():
    assert faults_of(replace(AN, since=LATER, until=MERGER)) == [(2, "until")]


def test_a_unit_outside_what_the_sender_keeps_is_refused():
    assert faults_of(AN, within=frozenset({"OLD"})) == [(2, "unit")]


def test_the_list_of_a_units_staff_names_no_other_unit_on_its_day():
    staff = (LATER, frozenset({"00004"}))
    assert faults_of(AN, staff_on=staff) == [(2, "unit")]
    assert faults_of(replace(AN, until=MERGER), staff_on=staff) == []


def test_two_people_under_one_code_are_refused():
    other = replace(AN, full_name="Trần Thị Bình", birth_date=date(1990, 1, 1), since=MERGER)
    assert faults_of(AN, other) == [(3, "person")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("full_name", "Nguyễn Văn Ân"),
        ("birth_date", date(1980, 6, 5)),
        ("national_id", "031080001234"),
        ("phone", "0912345678"),
        ("email", "an@example.vn"),
    ],
)
def test_a_persons_own_columns_must_agree_between_their_lines(column, value):
    assert faults_of(AN, replace(AN, since=MERGER, **{column: value})) == [(3, column)]


def test_a_national_id_is_never_named_in_a_fault():
    faults = Faults("f")
    lines = [replace(AN, national_id="031080001234"), replace(AN, national_id="031080009999", since=MERGER)]
    check = Check(UNITS, faults)
    for line in lines:
        check.line(line)
    check.explain(lambda: lines)
    assert "0310800" not in str(faults.listed)


def test_the_same_posting_on_two_lines_is_refused_at_the_second():
    assert faults_of(AN, replace(AN, title="Trưởng phòng")) == [(3, "since")]


def test_all_faults_are_told_at_once():
    assert faults_of(replace(AN, unit="NOPE"), AN, replace(AN, full_name="Ai", since=LATER)) == [
        (2, "unit"), (4, "full_name"),
    ]  # fmt: skip


# The second pass --------------------------------------------------------------------------------

KNOWN = {"CB1": PersonFact("Nguyễn Văn An", BIRTH, "", "")}
HELD = PostingFact("CB1", "A", "Công chức", 1, EARLY, None, "")


def planned(*lines: RosterLine, people=KNOWN, held=(HELD,)):
    faults = Faults("f")
    batch = plan(lines, people, {p.key: p for p in held}, corrected_before=set(), faults=faults)
    return batch, [(fault.line, fault.column) for fault in faults.listed]


def counts(batch):
    return batch.created_lines, batch.corrected_lines, batch.unchanged_lines


def test_a_line_about_nobody_known_makes_a_person_and_a_posting():
    batch, _ = planned(AN, people={}, held=())
    assert batch.new_people == KNOWN
    assert batch.created == [HELD]
    assert [change.kind for change in batch.changes] == [Kind.IN]


def test_two_lines_about_one_new_person_make_one_person():
    batch, _ = planned(AN, replace(AN, since=MERGER), people={}, held=())
    assert (len(batch.new_people), len(batch.created)) == (1, 2)


def test_a_line_that_says_what_is_recorded_changes_nothing():
    batch, _ = planned(AN)
    assert (counts(batch), batch.changes) == ((0, 0, 1), [])


def test_a_restated_posting_with_other_audiences_is_corrected():
    batch, _ = planned(replace(AN, audience_mask=3))
    assert counts(batch) == (0, 1, 0)
    assert [posting.audience_mask for posting in batch.corrected] == [3]


def test_a_restated_posting_that_now_ends_is_shown_as_leaving():
    batch, _ = planned(replace(AN, until=MERGER))
    assert [change.kind for change in batch.changes] == [Kind.OUT]


def test_a_posting_elsewhere_is_shown_as_a_move():
    batch, _ = planned(replace(AN, unit="00004", since=MERGER))
    assert [(change.kind, change.detail) for change in batch.changes] == [(Kind.MOVED, "A → 00004")]


def test_an_empty_title_or_telephone_says_nothing():
    people = {"CB1": PersonFact("Nguyễn Văn An", BIRTH, "0912345678", "")}
    batch, _ = planned(replace(AN, title=""), people=people)
    assert counts(batch) == (0, 0, 1)


def test_a_corrected_name_is_a_correction_of_one_line():
    batch, _ = planned(
        replace(AN, full_name="Nguyễn Văn Ân"), replace(AN, full_name="Nguyễn Văn Ân", since=LATER)
    )
    assert counts(batch) == (1, 1, 0)
    assert batch.corrected_people["CB1"].full_name == "Nguyễn Văn Ân"


def test_a_code_that_is_recorded_for_somebody_else_altogether_is_refused():
    line = replace(AN, full_name="Trần Thị Bình", birth_date=date(1990, 1, 1))
    assert planned(line)[1] == [(2, "person")]


def test_batches_keep_the_order_and_lose_nothing():
    lines = [replace(AN, line=n) for n in range(2, 9)]
    assert [[line.line for line in batch] for batch in in_batches(lines, 3)] == [
        [2, 3, 4], [5, 6, 7], [8],
    ]  # fmt: skip
