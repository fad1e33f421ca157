import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel.spans import EmptySpan, Span, gaps, merged, months_after, months_before

DAY_ZERO = date(2025, 1, 1)


def span(since, until=None):
    """A span in days after DAY_ZERO."""
    return Span(DAY_ZERO + timedelta(days=since), None if until is None else DAY_ZERO + timedelta(days=until))


@st.composite
def spans(draw):
    since = draw(st.integers(0, 30))
    length = draw(st.none() | st.integers(1, 20))
    return span(since, None if length is None else since + length)


def days(*some):
    """The days that the spans cover, as far as day 60: brute force to compare with."""
    return {
        day for day in (DAY_ZERO + timedelta(days=n) for n in range(60)) if any(s.covers(day) for s in some)
    }


def test_a_span_covers_its_first_day_and_not_its_last():
    july = Span(date(2025, 7, 1), date(2025, 8, 1))
    assert [july.covers(date(2025, *d)) for d in [(6, 30), (7, 1), (7, 31), (8, 1)]] == [
        False,
        True,
        True,
        False,
    ]


def test_an_open_span_covers_every_later_day():
    assert Span(date(2025, 7, 1)).covers(date(2199, 1, 1)) is True


def test_a_span_that_ends_on_the_day_it_begins_is_refused():
    with pytest.raises(EmptySpan):
        Span(date(2025, 7, 1), date(2025, 7, 1))


def test_spans_that_only_touch_do_not_overlap():
    assert span(0, 5).overlaps(span(5, 9)) is False
    assert span(0, 5).touches(span(5, 9)) is True


@given(spans(), spans())
def test_two_spans_overlap_when_they_share_a_day(a, b):
    assert a.overlaps(b) == bool(days(a) & days(b))


@given(spans(), spans())
def test_the_intersection_holds_exactly_the_shared_days(a, b):
    common = a.intersection(b)
    assert (days(common) if common else set()) == days(a) & days(b)


@given(spans(), spans())
def test_a_span_contains_another_when_all_its_days_are_its_own(a, b):
    assert a.contains(b) == (days(b) <= days(a))


@given(st.lists(spans(), max_size=6))
def test_merged_spans_cover_the_same_days_and_never_touch(some):
    result = merged(some)
    assert days(*result) == days(*some)
    assert not any(a.touches(b) for a, b in itertools.pairwise(result))


@given(spans(), st.lists(spans(), max_size=5))
def test_gaps_are_the_days_that_nothing_covers(whole, some):
    assert days(*gaps(whole, some)) == days(whole) - days(*some)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2024, 5, 31), 3, date(2024, 2, 29)),
        (date(2026, 3, 30), 1, date(2026, 2, 28)),
        (date(2026, 6, 14), 12, date(2025, 6, 14)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 31), 0, date(2026, 1, 31)),
    ],
)
def test_a_day_that_does_not_exist_becomes_the_last_day_of_its_month(day, months, before):
    assert months_before(day, months) == before


def test_a_month_after_the_end_of_january_is_the_end_of_february():
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
