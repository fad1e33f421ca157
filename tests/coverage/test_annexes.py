"""The table under a report agrees with the figures, over random histories, and its rows sum to the whole."""

import random
from datetime import date

import pytest
from django.db import transaction
from hypothesis import given, note, settings
from hypothesis import strategies as st

from content.models import Course
from lms.coverage import queries
from lms.coverage.errors import NoSuchUnit
from lms.coverage.models import Target
from lms.coverage.records import AnnexRow, Figure
from lms.kernel.services import record_fact
from tests.factories import roster as make

from .worlds import DAYS, SIZE, random_target, random_world, store, store_target


def counted(row: AnnexRow | Figure) -> tuple[int, ...]:
    return (row.required, row.trained, row.excluded, row.in_grace, row.attendances)


@pytest.mark.django_db
def test_an_officer_who_was_moved_is_not_new_and_one_who_came_within_the_period_is() -> None:
    top = make.unit("VN", kind="country")
    old, new = make.person("CB1"), make.person("CB2")
    make.posting(old, make.unit("X1", top), "QLNN", since=date(2024, 1, 1), until=date(2026, 3, 1))
    make.posting(old, make.unit("X2", top), "QLNN", since=date(2026, 3, 1))
    make.posting(new, make.unit("X3", top), "QLNN", since=date(2026, 2, 1))
    fields = {"code": "T", "name": "T", "unit": top, "audience_mask": make.mask("QLNN"), "courses": ["B5"]}
    days = {"period_start": date(2026, 1, 1), "period_end": date(2026, 12, 31)}
    Course.objects.create(code="B5", title="B5")
    record_fact(Target(**fields, **days), by="operator")
    annex = queries.annex_of("T", "VN", date(2026, 6, 14))
    assert {row.unit: (row.required, row.new) for row in annex.children} == {"X2": (1, 0), "X3": (1, 1)}


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_every_row_says_what_the_figure_of_its_unit_says(seed: int) -> None:
    rng = random.Random(seed)
    world, target = random_world(rng), random_target(rng)
    unit, day, known = rng.choice(("VN", "P1", "X1")), rng.choice(DAYS[5:]), rng.randint(1, SIZE)
    note(f"{unit} on {day} known at {known}")
    with transaction.atomic():
        store(world)
        store_target(target)
        try:
            figure = queries.coverage_of("T", unit, day, known, children=True)
        except NoSuchUnit:
            return transaction.set_rollback(True)
        annex = queries.annex_of("T", unit, day, known)
        assert counted(annex.whole) == counted(figure)
        assert {row.unit: counted(row) for row in annex.children} == {
            child.unit: counted(child)
            for child in figure.children
            if child.required or child.excluded or child.in_grace
        }
        assert annex.whole.trained == len(annex.whole.trained_people)
        everywhere = {p for row in (*annex.children, annex.own) for p in row.trained_people}
        assert set(annex.whole.trained_people) <= everywhere
        for row in (*annex.children, annex.own, annex.whole):
            assert max(row.new, row.basic, row.advanced, row.passed, row.trained) <= row.required
            assert row.late <= row.trained
        transaction.set_rollback(True)
    return None
