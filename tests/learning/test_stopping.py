"""What trainers see of learners: numbers, no names, and nothing of a few."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model

from content.models import CoursePage
from content.queries import outline
from lms.learning import services
from lms.learning.stopping import FEW, courses_taught, way_through
from lms.roster.enums import Role
from tests.factories import content, roster

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture
def edition():
    return content.edition("TV", lessons=3)


def learners(edition, *, begun: int, read: int = 0) -> None:
    """So many begin the course, and so many of them read its first lesson."""
    for number in range(begun):
        mine = services.enrol(
            person_id=roster.person(full_name="Phạm Thị Bímật").pk, course=edition.code, on=DAY
        )
        if number < read:
            services.finish_lesson(enrolment=mine, lesson=outline(edition).lessons[0], on=DAY)


def test_the_way_through_a_course_says_how_many_finished_each_step(edition) -> None:
    learners(edition, begun=12, read=10)
    way = way_through("TV")
    assert way.begun == 12
    assert [(step.finished, step.share, step.lost) for step in way.steps] == [
        (10, 83, False),
        (0, 0, True),
        (0, 0, False),
    ]


def test_of_fewer_than_five_nothing_is_told(edition) -> None:
    learners(edition, begun=FEW - 1, read=FEW - 1)
    assert (way_through("TV").begun, way_through("TV").steps) == (None, ())
    assert courses_taught([("TV", "Tư vấn")])[0].begun is None


def test_a_step_that_few_finished_hides_its_number(edition) -> None:
    learners(edition, begun=FEW + 2, read=2)
    step = way_through("TV").steps[0]
    assert (step.finished, step.share) == (None, 0)


@pytest.mark.parametrize("courses", [1, 3])
def test_the_list_of_courses_costs_one_query(courses, edition, django_assert_num_queries) -> None:
    named = [("TV", "Tư vấn"), *((content.edition(f"K{n}").code, "Khóa") for n in range(courses - 1))]
    with django_assert_num_queries(1):
        assert len(courses_taught(named)) == courses


@pytest.mark.parametrize("lessons", [20, 40])
def test_the_way_costs_the_same_for_a_long_course(lessons, django_assert_num_queries) -> None:
    long = content.edition("DAI", lessons=lessons)
    learners(long, begun=FEW)
    way_through("DAI")
    with django_assert_num_queries(4):
        assert len(way_through("DAI").steps) == lessons


def trainer(client, role=Role.REVIEWER):
    who, where = roster.person(), roster.unit("X")
    roster.posting(who, where)
    roster.role(who, where, role)
    who.user = get_user_model().objects.create(username=who.code)
    who.save()
    client.force_login(who.user)
    return client


def test_the_pages_name_nobody(client, edition) -> None:
    learners(edition, begun=6, read=5)
    browser = trainer(client, Role.TRAINER)
    CoursePage.objects.update(owner=get_user_model().objects.latest("pk"))
    for path in ("/studio/", "/studio/courses/TV/"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "Bímật" not in page.content.decode()


def test_somebody_elses_course_does_not_exist_for_a_trainer(client, edition) -> None:
    assert trainer(client, Role.TRAINER).get("/studio/courses/TV/").status_code == 404
