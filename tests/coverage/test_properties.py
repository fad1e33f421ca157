"""The computation against brute force, over random histories: mergers, double posts, corrections, all fields.

The unit, the day, the ledger size and the target are drawn too. An example is a seed, printed when it fails.
"""

import random

import pytest
from django.db import transaction
from hypothesis import given, note, settings
from hypothesis import strategies as st

from lms.coverage import queries
from lms.coverage.errors import NoSuchUnit

from . import reference
from .worlds import DAYS, SIZE, TREE, random_target, random_target_of_units, random_world, store, store_target

EXAMPLES = 150


@pytest.mark.django_db
@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 2**32))
def test_every_figure_is_that_of_the_reference(seed: int) -> None:
    rng = random.Random(seed)
    world, target = random_world(rng), random_target(rng)
    with transaction.atomic():
        store(world)
        store_target(target)
        for _ in range(3):
            unit = rng.choice(("VN", "VN", *TREE))
            day = rng.choice(DAYS[5:])
            known = rng.choice((SIZE, SIZE, rng.randint(1, SIZE)))
            note(f"{unit} on {day} known at {known}")
            try:
                expected = reference.compute(world, target, unit, day, known)
            except reference.NoSuchUnit:
                with pytest.raises(NoSuchUnit):
                    queries.coverage_of("T", unit, day, known)
                continue
            assert bare(queries.coverage_of("T", unit, day, known, people=True)) == expected
            assert bare(queries.coverage_of("T", unit, day, known)) == {**expected, "people": {}}
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=EXAMPLES // 3, deadline=None)
@given(st.integers(0, 2**32))
def test_every_unit_has_its_own_figure_and_so_has_every_child(seed: int) -> None:
    rng = random.Random(seed)
    world, target = random_world(rng), random_target(rng)
    day, known = rng.choice(DAYS[5:]), rng.choice((SIZE, rng.randint(1, SIZE)))
    note(f"{day} known at {known}")
    with transaction.atomic():
        store(world)
        store_target(target)
        figures = queries.every_unit("T", "VN", day, known)
        for unit, figure in figures.items():
            expected = reference.compute(world, target, unit, day, known)
            assert bare(figure) == {**expected, "people": {}}
        top = queries.coverage_of("T", "VN", day, known, children=True, people=True)
        for child in top.children:
            assert bare(child) == reference.compute(world, target, child.unit, day, known)
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 2**32))
def test_every_figure_over_units_is_that_of_the_reference(seed: int) -> None:
    rng = random.Random(seed)
    world, target = random_world(rng), random_target_of_units(rng)
    with transaction.atomic():
        store(world)
        store_target(target)
        for _ in range(3):
            unit, day = rng.choice(("VN", "VN", *TREE)), rng.choice(DAYS[5:])
            known = rng.choice((SIZE, SIZE, rng.randint(1, SIZE)))
            note(f"{unit} on {day} known at {known}")
            try:
                expected = reference.compute(world, target, unit, day, known)
            except reference.NoSuchUnit:
                with pytest.raises(NoSuchUnit):
                    queries.coverage_of("T", unit, day, known)
                continue
            figure = queries.coverage_of("T", unit, day, known, people=True, children=True)
            assert bare(figure) == expected
            for child in figure.children:
                assert bare(child) == reference.compute(world, target, child.unit, day, known)
            for code, one in queries.every_unit("T", unit, day, known).items():
                assert bare(one) == {**reference.compute(world, target, code, day, known), "people": {}}
            receipt = queries.receipt_of("T", unit, day, known)
            assert {one.code: one.standing for one in receipt.people} == {
                code: state for state, codes in expected["people"].items() for code in codes
            }
            whole = queries.annex_of("T", unit, day, known).whole
            assert (whole.required, whole.trained, whole.attendances) == (
                expected["required"],
                expected["trained"],
                expected["attendances"],
            )
        transaction.set_rollback(True)


def bare(figure) -> dict:
    found = figure.as_json()
    assert found.pop("children") is not None
    for name in ("target", "unit", "on", "ledger"):
        found.pop(name)
    return found
