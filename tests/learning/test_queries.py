"""Who has completed what."""

from datetime import date

import pytest
from django.db import IntegrityError

from lms.learning import queries
from tests.factories import learning as make
from tests.factories import roster

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def test_a_completion_is_told_with_the_words_of_its_edition() -> None:
    who, course = roster.person(), make.course("A", "Kỹ năng tư vấn")
    make.completion(who, course, on=DAY, edition=2)
    course.title = "Tên mới"
    course.save()
    found = queries.completion_of(person_id=who.pk, course_code="A", edition=2)
    assert found is not None
    assert (found.course_title, found.edition, found.outcome, found.completed_on) == (
        "Kỹ năng tư vấn",
        2,
        "passed",
        DAY,
    )


def test_a_withdrawn_completion_is_none() -> None:
    who, course = roster.person(), make.course("A")
    make.completion(who, course, on=DAY, withdrawn_on=DAY)
    assert queries.completion_of(person_id=who.pk, course_code="A", edition=1) is None
    assert list(queries.completions()) == []


def test_completions_of_one_course_leave_out_the_others_in_one_query(
    django_assert_num_queries: object,
) -> None:
    who = roster.person()
    for code in ("A", "B", "C"):
        make.completion(who, make.course(code), on=DAY)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert [one.course_code for one in queries.completions()] == ["A", "B", "C"]
    assert [one.course_code for one in queries.completions(course_code="B")] == ["B"]


def test_one_person_cannot_complete_one_edition_twice() -> None:
    who, course = roster.person(), make.course()
    make.completion(who, course, on=DAY)
    with pytest.raises(IntegrityError):
        make.completion(who, course, on=DAY)
