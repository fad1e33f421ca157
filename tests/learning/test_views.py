"""The lesson player: outline, lessons, scenarios, sheets — plain pages that cost little and leak nothing."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from content.queries import latest_edition, outline
from content.records.editions import EditionListed
from lms.learning import queries, services
from lms.learning.models import Completion, Enrolment, FinishedStep
from lms.roster.models import Person
from tests.factories import content as courses
from tests.factories import quizzes

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture
def me() -> Person:
    return quizzes.learner()


@pytest.fixture
def learner(me: Person, client: Client) -> Client:
    client.force_login(me.user)
    return client


def begin(me: Person, edition: EditionListed) -> Enrolment:
    return services.enrol(person_id=me.pk, course=edition.code, on=DAY)


def lesson_url(edition: EditionListed, position: int = 1) -> str:
    return queries.address(edition.code, outline(edition).lessons[position - 1])


def activity_url(edition: EditionListed, position: int = 1) -> str:
    return reverse("learning:activity", args=[edition.code, position])


# Outline ------------------------------------------------------------------------------------------------


def test_the_outline_of_a_course_not_begun_offers_to_begin_and_links_to_no_lesson(learner: Client) -> None:
    edition = courses.edition("P1")
    page = learner.get("/learn/P1/").content.decode()
    assert "Bắt đầu học" in page
    assert lesson_url(edition) not in page


def test_beginning_leads_to_the_first_lesson(learner: Client, me: Person) -> None:
    edition = courses.edition("P1")
    response = learner.post("/learn/P1/")
    assert (response.status_code, response["Location"]) == (302, lesson_url(edition))
    assert Enrolment.objects.get().person == me


def test_the_outline_says_what_comes_next_on_one_button(learner: Client, me: Person) -> None:
    edition = courses.edition("P1")
    mine = begin(me, edition)
    services.finish_lesson(enrolment=mine, lesson=outline(edition).lessons[0], on=DAY)
    page = learner.get("/learn/P1/").content.decode()
    assert page.count('class="button"') == 1
    assert "Học tiếp bài 2" in page


def test_the_outline_states_the_rule_and_what_of_it_is_done(learner: Client, me: Person) -> None:
    edition = courses.edition("P1", with_scenario=True, needed=1)
    services.finish_lesson(enrolment=begin(me, edition), lesson=outline(edition).lessons[0], on=DAY)
    page = " ".join(learner.get("/learn/P1/").content.decode().split())
    assert "Để hoàn thành khóa học:</strong> học hết 2 bài, làm 1 tình huống." in page
    assert "Đã học 1/2 bài" in page
    assert page.count("outline__step--done") == 1
    assert page.count("8 phút") == 2


def test_larger_text_is_chosen_once_and_stays_on_every_page(learner: Client, me: Person) -> None:
    edition = courses.edition("P1")
    begin(me, edition)
    assert 'class="large-text"' not in learner.get("/learn/P1/").content.decode()
    learner.post(reverse("portal:preferences"), {"large_text": "1", "next": "/learn/P1/"})
    for path in ("/learn/P1/", lesson_url(edition)):
        assert 'class="large-text"' in learner.get(path).content.decode()


@pytest.mark.parametrize("path", ["/learn/XX/", "/learn/P1/"])
def test_a_course_that_is_not_published_does_not_exist(path: str, learner: Client) -> None:
    courses.course_page("P1")
    assert (learner.get(path).status_code, learner.post(path).status_code) == (404, 404)


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    edition = courses.edition("P1")
    for path in ("/learn/", "/learn/P1/", lesson_url(edition), activity_url(edition)):
        assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("lessons", [1, 3])
def test_the_outline_costs_the_same_for_one_lesson_as_for_three(
    lessons: int, learner: Client, me: Person, django_assert_num_queries
) -> None:
    edition = courses.edition("P1", lessons=lessons)
    begin(me, edition)
    learner.get("/learn/P1/")
    with django_assert_num_queries(5):
        learner.get("/learn/P1/")


# Lessons ------------------------------------------------------------------------------------------------


def test_a_lesson_is_read_in_the_edition_that_was_begun(learner: Client, me: Person) -> None:
    edition = courses.edition("P1", lessons=1)
    begin(me, edition)
    page = courses.LessonPage.objects.get()
    page.title = "Tên mới"
    courses.publish(page)
    courses.freeze_course(code="P1")
    assert latest_edition("P1").number == 2
    shown = learner.get(lesson_url(edition)).content.decode()
    assert "Bài số 1" in shown
    assert "Tên mới" not in shown


def test_a_lesson_of_a_course_not_begun_leads_to_its_outline(learner: Client) -> None:
    edition = courses.edition("P1")
    assert learner.get(lesson_url(edition))["Location"] == "/learn/P1/"
    assert learner.post(lesson_url(edition))["Location"] == "/learn/P1/"
    assert FinishedStep.objects.count() == 0


def test_a_lesson_that_is_not_there_does_not_exist(learner: Client, me: Person) -> None:
    begin(me, courses.edition("P1", lessons=1))
    assert learner.get("/learn/P1/2-x/").status_code == 404


def test_an_old_name_leads_to_the_lesson(learner: Client, me: Person) -> None:
    edition = courses.edition("P1")
    begin(me, edition)
    assert learner.get("/learn/P1/1-ten-cu/")["Location"] == lesson_url(edition)


def test_finishing_goes_on_to_the_next_lesson_and_twice_is_once(learner: Client, me: Person) -> None:
    edition = courses.edition("P1", lessons=2)
    begin(me, edition)
    for _ in range(2):
        assert learner.post(lesson_url(edition))["Location"] == lesson_url(edition, 2)
    assert FinishedStep.objects.count() == 1


def test_finishing_the_last_step_goes_back_to_the_outline_which_says_so(learner: Client, me: Person) -> None:
    edition = courses.edition("P1", lessons=1)
    begin(me, edition)
    assert learner.post(lesson_url(edition))["Location"] == "/learn/P1/"
    assert "Anh/chị đã hoàn thành khóa học này" in learner.get("/learn/P1/").content.decode()
    assert Completion.objects.count() == 1


def test_a_completed_course_can_be_read_again_and_changes_nothing(learner: Client, me: Person) -> None:
    edition = courses.edition("P1", lessons=1)
    begin(me, edition)
    learner.post(lesson_url(edition))
    assert learner.get(lesson_url(edition)).status_code == 200
    learner.post(lesson_url(edition))
    assert (Completion.objects.count(), Enrolment.objects.count()) == (1, 1)


def test_the_place_is_remembered(learner: Client, me: Person) -> None:
    edition = courses.edition("P1", lessons=2)
    begin(me, edition)
    learner.get(lesson_url(edition, 2))
    assert Enrolment.objects.get().place == 2


def test_a_lesson_costs_four_queries_once_it_is_warm(
    learner: Client, me: Person, django_assert_num_queries
) -> None:
    """Session, user, the enrolment with what is finished of it, feedback."""
    edition = courses.edition("P1", lessons=3)
    begin(me, edition)
    learner.get(lesson_url(edition))
    with django_assert_num_queries(4):
        learner.get(lesson_url(edition))


def test_what_one_learner_finishes_is_not_another_s(learner: Client, me: Person) -> None:
    edition = courses.edition("P1", lessons=1)
    begin(me, edition)
    other = quizzes.learner()
    begin(other, edition)
    learner.post(lesson_url(edition))
    assert [step.enrolment.person_id for step in FinishedStep.objects.all()] == [me.pk]


# Activities ---------------------------------------------------------------------------------------------


def test_a_test_opens_in_its_hall_and_only_for_who_is_enrolled(learner: Client, me: Person) -> None:
    version = quizzes.quiz(open_to_all=False)
    edition = courses.edition("P1", lessons=1, quiz=version.quiz.code)
    hall = reverse("quizzes:quiz", args=[version.public_id])
    assert learner.get(activity_url(edition))["Location"] == "/learn/P1/"
    begin(me, edition)
    assert learner.get(activity_url(edition))["Location"] == hall


def test_a_scenario_is_played_by_links_and_stores_nothing_before_its_end(learner: Client, me: Person) -> None:
    edition = courses.edition("P1", lessons=1, with_scenario=True)
    begin(me, edition)
    start = learner.get(activity_url(edition)).content.decode()
    assert "Tôi sợ." in start
    assert 'href="?way=0#now"' in start
    middle = learner.get(activity_url(edition) + "?way=0").content.decode()
    assert "Anh ở lại chứ?" in middle
    assert FinishedStep.objects.count() == 0


def test_a_good_ending_is_a_finished_step(learner: Client, me: Person) -> None:
    edition = courses.edition("P1", lessons=1, with_scenario=True)
    begin(me, edition)
    end = learner.get(activity_url(edition) + "?way=0.0").content.decode()
    assert "Yên lành" in end
    learner.post(activity_url(edition), {"way": "0.0"})
    assert FinishedStep.objects.get().activity is not None


@pytest.mark.parametrize("way", ["1", "0.1", "0", ""])
def test_a_failed_ending_or_none_finishes_nothing(way: str, learner: Client, me: Person) -> None:
    edition = courses.edition("P1", lessons=1, with_scenario=True)
    begin(me, edition)
    learner.post(activity_url(edition), {"way": way})
    assert FinishedStep.objects.count() == 0


def test_a_way_that_leads_nowhere_begins_again(learner: Client, me: Person) -> None:
    edition = courses.edition("P1", lessons=1, with_scenario=True)
    begin(me, edition)
    assert learner.get(activity_url(edition) + "?way=9")["Location"] == activity_url(edition)


def test_an_activity_that_is_not_there_does_not_exist(learner: Client, me: Person) -> None:
    begin(me, courses.edition("P1", lessons=1))
    assert learner.get("/learn/P1/activity/1/").status_code == 404


# Lists --------------------------------------------------------------------------------------------------


def test_my_learning_shows_open_and_completed_courses(learner: Client, me: Person) -> None:
    done, open_ = courses.edition("P1", lessons=1), courses.edition("P2")
    begin(me, done)
    learner.post(lesson_url(done))
    begin(me, open_)
    response = learner.get("/learn/")
    assert [c.course_code for c in response.context["open"]] == ["P2"]
    assert [c.course_code for c in response.context["done"]] == ["P1"]


def test_somebody_without_a_place_in_the_register_has_an_empty_list(client: Client, admin_user) -> None:
    client.force_login(admin_user)
    assert client.get("/learn/").context["open"] == []
    courses.edition("P1")
    assert client.post("/learn/P1/").status_code == 404
