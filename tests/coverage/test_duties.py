"""One person's duties say what the figure says of them."""

import random
from datetime import date

import pytest
from django.db import transaction
from hypothesis import given, note, settings
from hypothesis import strategies as st

from lms.coverage import queries, records
from lms.coverage.errors import NoSuchUnit
from lms.roster.models import Person, PersonMerge

from .worlds import DAYS, SIZE, random_target, random_world, store, store_target


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_a_duty_stands_where_the_figure_of_the_targets_unit_lists_the_person(seed: int) -> None:
    rng = random.Random(seed)
    world, target = random_world(rng), random_target(rng)
    with transaction.atomic():
        store(world)
        store_target(target)
        day = rng.choice(DAYS[5:])
        note(f"on {day}")
        listed, found = _listed(target.unit, day), _found(day)
        transaction.set_rollback(True)
    if listed is not None:
        assert found == listed


def _listed(unit: str, day: date) -> dict[str, str] | None:
    try:
        figure = queries.coverage_of("T", unit, day, SIZE, people=True)
    except NoSuchUnit:
        return None
    return {code: name for name, codes in figure.people.items() for code in codes}


def _found(day: date) -> dict[str, str]:
    """By the code under which each human being is counted."""
    merged = PersonMerge.objects.current().values("person")
    return {
        person.code: duty.standing
        for person in Person.objects.exclude(pk__in=merged)
        for duty in queries.duties_of(person.pk, day)
    }


@pytest.mark.django_db
def test_duties_cost_the_same_whatever_the_number_of_targets(django_assert_max_num_queries) -> None:
    rng = random.Random(5)
    store(random_world(rng))
    for number in range(3):
        store_target(random_target(rng), f"T{number}")
    person = Person.objects.order_by("code")[0]
    with django_assert_max_num_queries(9):
        queries.duties_of(person.pk, DAYS[-1])


def test_under_a_target_of_levels_only_courses_of_a_level_not_done_yet_are_missing() -> None:
    needs = [
        records.Need("A1", "A1", done=True, level="basic"),
        records.Need("A2", "A2", done=False, level="basic"),
        records.Need("B1", "B1", done=False, level="advanced"),
        records.Need("C1", "C1", done=False, level="other"),
    ]
    duty = duty_of("levels", needs, levels=("basic", "advanced"))
    assert [need.course_code for need in duty.missing] == ["B1"]


def test_under_a_target_of_all_courses_everything_not_done_is_missing() -> None:
    needs = [records.Need("A1", "A1", done=True), records.Need("A2", "A2", done=False)]
    assert [need.course_code for need in duty_of("all", needs).missing] == ["A2"]


def duty_of(course_rule: str, needs: list[records.Need], levels: tuple[str, ...] = ()) -> records.Duty:
    day = date(2026, 12, 31)
    target = records.TargetListed("T", 1, "T", "", "", ">", "80", 1, "VN", day, day)
    return records.Duty(target, "not_started", (), course_rule, levels, tuple(needs), (), (), ())
