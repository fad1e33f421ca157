"""Enrolling, finishing, completing: each once, whoever asks how often."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from content.errors import NoSuchEdition
from content.queries import latest_edition, outline
from content.records.editions import EditionListed
from lms.learning import queries, services, signals
from lms.learning.enums import Reason
from lms.learning.models import Completion, Enrolment, FinishedStep
from lms.learning.records import Completed
from quizzes.models import Quiz, QuizVersion
from quizzes.records import AttemptResult
from quizzes.signals import attempt_finished
from tests.factories import content as courses
from tests.factories import quizzes, roster

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@contextmanager
def heard(signal: object) -> Iterator[list[dict[str, object]]]:
    news: list[dict[str, object]] = []

    def listen(sender: object, signal: object, **more: object) -> None:
        news.append(more)

    signal.connect(listen)  # type: ignore[attr-defined]
    try:
        yield news
    finally:
        signal.disconnect(listen)  # type: ignore[attr-defined]


def enrol(edition: EditionListed, person_id: int | None = None) -> Enrolment:
    person_id = person_id or roster.person().pk
    return services.enrol(person_id=person_id, course=edition.code, on=DAY)


def read_all(enrolment: Enrolment, edition: EditionListed) -> None:
    for lesson in outline(edition).lessons:
        services.finish_lesson(enrolment=enrolment, lesson=lesson, on=DAY)


def pass_quiz(version: QuizVersion, person_id: int, percent: str = "90", *, passed: bool = True) -> None:
    result = AttemptResult(
        uuid4(), person_id, version.quiz_id, version.pk, 1, Decimal(percent), passed,
        datetime(2026, 11, 20, 3, tzinfo=UTC),
    )  # fmt: skip
    attempt_finished.send(Quiz, result=result)


# Enrolling ------------------------------------------------------------------------------------------


def test_enrolling_twice_gives_the_same_enrolment() -> None:
    edition = courses.edition()
    first = enrol(edition)
    assert enrol(edition, first.person_id) == first


def test_a_learner_keeps_the_edition_that_he_began() -> None:
    edition = courses.edition("P1", lessons=1)
    mine = enrol(edition)
    courses.lesson_page(courses.ModulePage.objects.get())
    courses.freeze_course(code="P1")
    theirs = services.enrol(person_id=roster.person().pk, course="P1", on=DAY)
    assert (mine.edition.number, theirs.edition.number) == (1, 2)
    assert services.enrol(person_id=mine.person_id, course="P1", on=DAY).edition.number == 1


def test_a_nearer_deadline_is_taken_over_a_later_one_is_not() -> None:
    mine = enrol(courses.edition("P1"))
    again = {"person_id": mine.person_id, "course": "P1", "on": DAY, "reason": Reason.TARGET}
    services.enrol(**again, due=date(2026, 12, 31))
    services.enrol(**again, due=date(2027, 1, 31))
    assert services.enrol(**again, due=date(2026, 12, 14)).due == date(2026, 12, 14)


def test_a_course_that_is_not_published_is_refused() -> None:
    courses.course_page("P1")
    with pytest.raises(NoSuchEdition):
        services.enrol(person_id=roster.person().pk, course="P1", on=DAY)


def test_leaving_closes_the_enrolment_and_tells() -> None:
    mine = enrol(courses.edition("P1"))
    with heard(signals.course_left) as news:
        services.leave(enrolment=mine, on=DAY)
        services.leave(enrolment=mine, on=DAY)
    assert [(n["course_code"], n["on"]) for n in news] == [("P1", DAY)]
    assert enrol(latest_edition("P1"), mine.person_id).round == 2


# Finishing ------------------------------------------------------------------------------------------


def test_a_lesson_is_finished_once_and_only_the_first_is_told() -> None:
    edition = courses.edition("P1", lessons=3)
    mine = enrol(edition)
    first, second, _last = outline(edition).lessons
    with heard(signals.reading_begun) as news:
        for lesson in (first, first, second):
            services.finish_lesson(enrolment=Enrolment.objects.get(pk=mine.pk), lesson=lesson, on=DAY)
    assert [(n["person_id"], n["course_code"], n["on"]) for n in news] == [(mine.person_id, "P1", DAY)]
    assert FinishedStep.objects.count() == 2


def test_the_last_lesson_completes_the_course_however_little_the_caller_saw_of_it() -> None:
    """Several telephones finish one lesson each: each has seen all of them left."""
    edition = courses.edition("P1", lessons=5)
    mine = enrol(edition)
    for lesson in outline(edition).lessons:
        services.finish_lesson(enrolment=mine, lesson=lesson, on=DAY, left=5)
    assert Completion.objects.get().person_id == mine.person_id


def test_reading_every_lesson_completes_a_course_without_a_test() -> None:
    edition = courses.edition("P1", lessons=2)
    mine = enrol(edition)
    with heard(signals.course_completed) as news:
        read_all(mine, edition)
        read_all(mine, edition)
    completed = [n["completed"] for n in news]
    assert completed == [
        Completed(
            person_id=mine.person_id,
            course_id=edition.course,
            course_code="P1",
            course_title="Kỹ năng tư vấn",
            level="co_ban",
            level_label="cơ bản",
            edition=1,
            round=1,
            hours=Decimal("1.5"),
            score=None,
            outcome="completed",
            outcome_label="hoàn thành",
            completed_on=DAY,
        )
    ]


def test_a_course_with_a_test_is_completed_only_when_it_is_passed() -> None:
    version = quizzes.quiz()
    edition = courses.edition("P1", lessons=1, quiz=version.quiz.code)
    mine = enrol(edition)
    read_all(mine, edition)
    assert Completion.objects.count() == 0
    pass_quiz(version, mine.person_id, "70", passed=False)
    assert Completion.objects.count() == 0
    pass_quiz(version, mine.person_id, "85.50")
    row = Completion.objects.get()
    assert (row.outcome, row.score, row.completed_on) == ("passed", Decimal("85.50"), DAY)


def test_the_test_may_be_passed_before_the_last_lesson_is_read() -> None:
    version = quizzes.quiz()
    edition = courses.edition("P1", lessons=1, quiz=version.quiz.code)
    mine = enrol(edition)
    pass_quiz(version, mine.person_id)
    assert Completion.objects.count() == 0
    read_all(mine, edition)
    assert Completion.objects.get().score == Decimal("90.00")


def test_the_test_of_another_course_completes_nothing() -> None:
    version = quizzes.quiz()
    edition = courses.edition("P1", lessons=1, quiz=quizzes.quiz().quiz.code)
    mine = enrol(edition)
    read_all(mine, edition)
    pass_quiz(version, mine.person_id)
    assert Completion.objects.count() == 0


def test_a_test_passed_in_one_course_counts_in_the_other_that_holds_it() -> None:
    version = quizzes.quiz()
    mine = enrol(courses.edition("P1", lessons=1, quiz=version.quiz.code))
    other = courses.edition("P2", lessons=1, quiz=version.quiz.code)
    theirs = enrol(other, mine.person_id)
    pass_quiz(version, mine.person_id)
    assert FinishedStep.objects.filter(enrolment=theirs).count() == 1


def test_completing_again_gives_the_completion_that_stands() -> None:
    edition = courses.edition("P1", lessons=1)
    mine = enrol(edition)
    read_all(mine, edition)
    with heard(signals.course_completed) as news:
        assert services.complete_course(enrolment=mine, on=DAY) == Completion.objects.get()
    assert news == []


def test_a_scenario_that_the_course_asks_for_is_part_of_the_rule() -> None:
    edition = courses.edition("P1", lessons=1, with_scenario=True, needed=1)
    mine = enrol(edition)
    read_all(mine, edition)
    assert Completion.objects.count() == 0
    scenario = outline(edition).activities[0]
    services.finish_activity(enrolment=mine, activity=scenario, on=DAY)
    assert Completion.objects.count() == 1


# What the database keeps ----------------------------------------------------------------------------


def test_a_person_has_one_open_enrolment_per_course() -> None:
    mine = enrol(courses.edition("P1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(
            person_id=mine.person_id,
            course_id=mine.course_id,
            edition_id=mine.edition_id,
            since=DAY,
            round=2,
        )


def test_a_finished_step_is_a_lesson_or_an_activity() -> None:
    mine = enrol(courses.edition("P1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        FinishedStep.objects.create(enrolment=mine, finished_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_an_enrolment_does_not_close_before_it_begins() -> None:
    mine = enrol(courses.edition("P1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.filter(pk=mine.pk).update(closed_on=date(2026, 11, 19))


def test_a_person_takes_a_course_once_per_round() -> None:
    mine = enrol(courses.edition("P1"))
    services.leave(enrolment=mine, on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(
            person_id=mine.person_id, course_id=mine.course_id, edition_id=mine.edition_id, since=DAY
        )


# Lists ----------------------------------------------------------------------------------------------


def test_my_courses_are_sorted_by_deadline_with_the_completed_last() -> None:
    person = roster.person().pk
    done = courses.edition("P1", lessons=1)
    read_all(enrol(done, person), done)
    for code, due in (("P2", None), ("P3", date(2026, 12, 31)), ("P4", date(2026, 12, 1))):
        courses.edition(code)
        services.enrol(person_id=person, course=code, on=DAY, due=due)
    assert [c.course_code for c in queries.my_courses(person, DAY)] == ["P4", "P3", "P2", "P1"]


def test_a_course_of_mine_says_what_comes_next_and_where() -> None:
    edition = courses.edition("P1", lessons=2)
    mine = enrol(edition)
    services.finish_lesson(enrolment=mine, lesson=outline(edition).lessons[0], on=DAY)
    (course,) = queries.my_courses(mine.person_id, DAY)
    second = outline(edition).lessons[1]
    assert (course.next_label, course.next_url) == ("Học tiếp bài 2", f"/learn/P1/2-{second.slug}/")
    assert (course.standing.done, course.standing.total) == (1, 2)


@pytest.mark.parametrize("number", [1, 3])
def test_my_courses_are_two_queries(number: int, django_assert_num_queries) -> None:
    person = roster.person().pk
    for _ in range(number):
        edition = courses.edition()
        enrol(edition, person)
        outline(edition)
    with django_assert_num_queries(2):
        assert len(queries.my_courses(person, DAY)) == number


def test_in_progress_is_whoever_has_an_open_enrolment_and_a_finished_lesson() -> None:
    edition = courses.edition("P1", lessons=2)
    begun, _untouched, left = enrol(edition), enrol(edition), enrol(edition)
    for mine in (begun, left):
        services.finish_lesson(enrolment=mine, lesson=outline(edition).lessons[0], on=DAY)
    services.leave(enrolment=left, on=DAY)
    assert [p.person_id for p in queries.people_in_progress(["P1"])] == [begun.person_id]
