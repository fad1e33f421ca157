"""The steps of a course and what comes next: pure thought."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from content.records.editions import ActivityListed, EditionListed, LessonListed, ModuleListed, Outline
from lms.learning.steps import following, next_step, standing_of, steps_of


def outline(*, scenarios_needed: int = 0, quiz: bool = True) -> Outline:
    """Two lessons; after the second a scenario, then a test."""
    lessons = tuple(LessonListed(n, uuid4(), n, f"bai-{n}", f"Bài {n}", "", 5, "") for n in (1, 2))
    scenario = ActivityListed(11, 1, 2, "scenario", "s1", 1, "Tình huống", False, {})
    test = ActivityListed(12, 2, 2, "quiz", "q1", 1, "Bài kiểm tra", True, {})
    activities = (scenario, test) if quiz else (scenario,)
    module = ModuleListed(1, "M", "Chuyên đề", "", (), (), "", None, "", lessons, activities)
    rules = {"lessons": 2, "scenarios": scenarios_needed, "quizzes": int(quiz)}
    edition = EditionListed(
        1, 1, "P1", 1, "T", "", "co_ban", Decimal(1), datetime(2026, 1, 1, tzinfo=UTC), "minor",
        (), (), "", None, rules,
    )  # fmt: skip
    return Outline(edition, (module,))


def after(lessons: set[int], activities: set[int], **kind: object) -> tuple[list[str], str, bool]:
    """Titles in order, what comes next, whether all is done."""
    found = outline(**kind)  # type: ignore[arg-type]
    steps = steps_of(found, lessons=lessons, activities=activities, address=lambda place: f"/{place.id}/")
    standing = standing_of(found, steps)
    step = next_step(steps, standing)
    return [s.title for s in steps], step.title if step else "", standing.finished


def test_activities_come_after_the_lesson_that_they_follow() -> None:
    assert after(set(), set())[0] == ["Bài 1", "Bài 2", "Tình huống", "Bài kiểm tra"]


@pytest.mark.parametrize(
    ("lessons", "activities", "kind", "following_step", "finished"),
    [
        (set(), set(), {}, "Bài 1", False),
        ({1}, set(), {}, "Bài 2", False),
        ({2}, set(), {}, "Bài 1", False),
        ({1, 2}, set(), {}, "Bài kiểm tra", False),
        ({1, 2}, {12}, {}, "", True),
        ({1}, {12}, {}, "Bài 2", False),
        ({1, 2}, set(), {"scenarios_needed": 1}, "Tình huống", False),
        ({1, 2}, {12}, {"scenarios_needed": 1}, "Tình huống", False),
        ({1, 2}, {11, 12}, {"scenarios_needed": 1}, "", True),
        ({1, 2}, set(), {"quiz": False}, "", True),
    ],
)
def test_what_comes_next_and_whether_all_is_done(
    lessons: set[int], activities: set[int], kind: dict[str, object], following_step: str, finished: bool
) -> None:
    assert after(lessons, activities, **kind)[1:] == (following_step, finished)


def test_after_the_last_step_comes_nothing() -> None:
    found = outline()
    steps = steps_of(found, lessons=set(), activities=set(), address=lambda place: "")
    assert (following(steps, steps[0]), following(steps, steps[-1])) == (steps[1], None)


def test_a_try_stands_before_the_lessons_and_is_never_what_comes_next() -> None:
    found = outline()
    trial = ActivityListed(10, 1, 0, "quiz", "q0", 1, "Thử", False, {}, first=True)
    module = replace(found.modules[0], activities=(trial, *found.modules[0].activities))
    found = replace(found, modules=(module,))
    steps = steps_of(found, lessons={1, 2}, activities={10: Decimal(40)}, address=lambda place: "")
    standing = standing_of(found, steps)
    assert [step.title for step in steps] == ["Thử", "Bài 1", "Bài 2", "Tình huống", "Bài kiểm tra"]
    assert (steps[0].first, steps[0].score) == (True, Decimal(40))
    assert (standing.quizzes_done, standing.finished) == (0, False)
    untried = steps_of(found, lessons=(), activities=(), address=lambda place: "")
    assert next_step(untried, standing_of(found, untried)) == untried[1]
