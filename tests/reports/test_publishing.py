"""What of a report may be published: nobody is named by a small number, nor by a difference."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.reports.letters import Annex, Line
from lms.reports.publishing import LEAST, PublicTable, published


def line(name: str, required: int, trained: int) -> Line:
    return Line(name, required, 0, 0, 0, trained, 0, 0, 0, 0)


def annex(*lines: tuple[int, int], of_units: bool = False) -> Annex:
    rows = [line(f"X{place}", *counts) for place, counts in enumerate(lines)]
    total = line("P", sum(one.required for one in rows), sum(one.trained for one in rows))
    return Annex("T1", "T1", "trên 80 %", ">", "80", rows, total, "Đạt", [], of_units=of_units)


def shown(table: PublicTable) -> list[tuple[int | None, int | None]]:
    return [(one.required, one.trained) for one in (*table.lines, table.total)]


def test_where_no_number_is_small_everything_is_published() -> None:
    table = published(annex((10, 5), (20, 20), (7, 0)))
    assert shown(table) == [(10, 5), (20, 20), (7, 0), (37, 25)]
    assert (table.left_out, table.verdict) == (0, "Đạt")


def test_a_unit_of_two_is_left_out_and_another_with_it() -> None:
    assert shown(published(annex((2, 1), (9, 4), (40, 30)))) == [
        (None, None),
        (None, None),
        (40, 30),
        (51, 35),
    ]


def test_who_is_missing_in_a_larger_unit_is_left_out_and_how_many_there_are_is_not() -> None:
    assert shown(published(annex((40, 38), (50, 40), (30, 20)))) == [
        (40, None),
        (50, 40),
        (30, None),
        (120, 98),
    ]


def test_a_total_that_would_name_somebody_is_left_out_with_its_verdict() -> None:
    table = published(annex((40, 38), (50, 49)))
    assert shown(table) == [(40, None), (50, None), (90, None)]
    assert table.verdict == ""


def test_units_that_are_counted_are_no_people_and_stay() -> None:
    assert shown(published(annex((2, 1), (9, 9), of_units=True))) == [(2, 1), (9, 9), (11, 10)]


def test_what_only_takes_back_what_was_counted_twice_is_not_published() -> None:
    table = published(annex((10, 5), (20, 10), (-1, 0)))
    assert [one.name for one in table.lines] == ["X0", "X1"]


counts = st.integers(0, 25).flatmap(lambda required: st.tuples(st.just(required), st.integers(0, required)))


@given(st.lists(counts, min_size=1, max_size=7))
def test_no_small_number_stands_there_or_can_be_worked_out(lines: list[tuple[int, int]]) -> None:
    table = published(annex(*lines))
    parts = [(one.required, one.trained, one.missing) for one in (*table.lines, table.total)]
    assert not [number for row in parts for number in row if number is not None and 0 < number < LEAST]
    for column in range(3):
        whole = parts[-1][column]
        hidden = [row[column] is None for row in parts[:-1]]
        if whole is None or not any(hidden):
            continue
        rest = whole - sum(row[column] or 0 for row in parts[:-1])
        assert rest == 0 or rest >= LEAST
        assert sum(hidden) > 1


@pytest.mark.parametrize("lines", [[(2, 1), (9, 4), (40, 30)], [(3, 0), (4, 2), (30, 20)], [(8, 6), (12, 2)]])
def test_another_table_looks_the_same_when_it_is_published(lines: list[tuple[int, int]]) -> None:
    """So that whoever reads it cannot tell which of them is true."""
    wanted = shown(published(annex(*lines)))
    around = [
        [(r, t) for r in range(max(0, r0 - 2), r0 + 3) for t in range(r + 1)] if split is None else [(r0, t0)]
        for (r0, t0), (_required, split) in zip(lines, wanted, strict=False)
    ]
    alike = [other for other in product(*around) if shown(published(annex(*other))) == wanted]
    assert len(alike) > 1
    for place, truth in enumerate(lines):
        if wanted[place][1] is None:
            assert {other[place] for other in alike} > {truth}
