"""Publishing freezes an edition: one a transaction, only if something changed, rendered once."""

import json

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import Page

from content import queries
from content.errors import NoSuchEdition, NoSuchLesson
from content.models import Course, Edition, EditionActivity, EditionModule, LessonPage
from content.services import freeze_course
from content.signals import edition_frozen
from tests.factories import content as make

pytestmark = pytest.mark.django_db


def test_publishing_a_lesson_freezes_one_edition_on_commit(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        module = make.module_page(make.course_page("P1"))
        make.lesson_page(module)
        make.lesson_page(module)
    assert [(e.number, e.rules) for e in Edition.objects.filter(course__code="P1")] == [
        (1, {"lessons": 2, "scenarios": 0, "quizzes": 0})
    ]


def test_publishing_without_a_change_makes_no_edition() -> None:
    make.edition("P1")
    assert freeze_course(code="P1") is None
    assert queries.latest_edition("P1").number == 1


def test_a_changed_lesson_makes_the_next_edition_and_leaves_the_first_as_it_was() -> None:
    first = make.edition("P1")
    page = LessonPage.objects.get(title="Bài số 1")
    page.body = json.dumps([{"type": "text", "value": "<p>Mới.</p>"}])
    make.publish(page)
    freeze_course(code="P1")
    second = queries.latest_edition("P1")
    assert second.number == 2
    assert (
        queries.lesson(first, 1).html == '<p>Nội dung<sup class="cite"><a href="#source-1">1</a></sup>.</p>'
    )
    assert queries.lesson(second, 1).html == "<p>Mới.</p>"
    assert queries.lesson(second, 1).key == queries.lesson(first, 1).key


def test_a_draft_is_in_no_edition() -> None:
    page = make.course_page("P1")
    module = make.module_page(page)
    make.lesson_page(module, "Có")
    make.lesson_page(module, "Nháp", live=False)
    freeze_course(code="P1")
    outline = queries.outline(queries.latest_edition("P1"))
    assert [lesson.title for lesson in outline.lessons] == ["Có"]


@pytest.mark.django_db(transaction=True)
def test_unpublishing_a_lesson_makes_an_edition_without_it() -> None:
    make.edition("P1")
    LessonPage.objects.get(title="Bài số 2").unpublish()
    assert queries.latest_edition("P1").rules["lessons"] == 1


def test_a_course_without_a_lesson_has_no_edition() -> None:
    make.module_page(make.course_page("P1"))
    assert freeze_course(code="P1") is None
    with pytest.raises(NoSuchEdition):
        queries.latest_edition("P1")


def test_the_course_takes_title_level_and_hours_when_it_is_published_not_before() -> None:
    make.edition("P1")
    page = make.CoursePage.objects.get(code="P1")
    page.title, page.hours = "Tên mới", 9
    page.save_revision()
    assert Course.objects.get(code="P1").title == "Kỹ năng tư vấn"
    make.publish(page.get_latest_revision_as_object())
    freeze_course(code="P1")
    assert (Course.objects.get(code="P1").title, Course.objects.get(code="P1").hours) == ("Tên mới", 9)


def test_a_scenario_is_kept_as_it_was() -> None:
    edition = make.edition("P1", with_scenario=True)
    scenario = make.Scenario.objects.get()
    scenario.graph["nodes"]["n1"]["says"] = "Khác."
    scenario.version = 2
    scenario.save()
    place, payload = queries.activity(edition.id, 1)
    assert (place.kind, place.version, payload["nodes"]["n1"]["says"]) == ("scenario", 1, "Tôi sợ.")


def test_news_of_an_edition_names_course_and_number() -> None:
    heard = []

    def listen(sender: object, **news: object) -> None:
        heard.append((news["code"], news["number"], news["change"]))

    edition_frozen.connect(listen)
    try:
        make.edition("P1")
    finally:
        edition_frozen.disconnect(listen)
    assert heard == [("P1", 1, "minor")]


@pytest.mark.django_db(transaction=True)
def test_a_module_shown_in_a_second_course_follows_its_home() -> None:
    home = make.course_page("P1")
    module = make.module_page(home)
    make.lesson_page(module, "Một")
    guest = make.course_page("P2")
    module.create_alias(parent=guest, recursive=True)
    make.lesson_page(module, "Hai")
    outline = queries.outline(queries.latest_edition("P2"))
    assert [lesson.title for lesson in outline.lessons] == ["Một", "Hai"]


def test_an_outline_is_read_from_the_database_once(django_assert_num_queries) -> None:
    edition = make.edition("P1", lessons=3)
    with django_assert_num_queries(3):
        queries.outline(edition)
    with django_assert_num_queries(0):
        queries.outline(edition)


@pytest.mark.parametrize("courses", [1, 3])
def test_the_catalogue_is_one_query(courses: int, django_assert_num_queries) -> None:
    for _ in range(courses):
        make.edition(lessons=1)
    with django_assert_num_queries(1):
        assert len(queries.catalogue()) == courses


def test_a_lesson_that_is_not_there_is_refused() -> None:
    edition = make.edition("P1", lessons=1)
    with pytest.raises(NoSuchLesson):
        queries.lesson(edition, 2)


def test_an_edition_number_is_given_once() -> None:
    make.edition("P1")
    row = Edition.objects.get(course__code="P1")
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# What the world sees of the pages ------------------------------------------------------------------


def test_the_catalogue_and_a_course_are_public(client) -> None:
    make.edition("P1")
    assert client.get("/courses/").status_code == 200
    assert client.get("/courses/p1/").status_code == 200


def test_the_page_of_a_lesson_or_module_does_not_exist_for_anybody(client, admin_client) -> None:
    make.edition("P1")
    paths = [page.url for page in Page.objects.filter(depth__gt=4)]
    assert len(paths) == 3
    for path in paths:
        assert (client.get(path).status_code, admin_client.get(path).status_code) == (404, 404), path


@pytest.mark.parametrize("wrong", [{"required": True}, {"required": False, "kind": "scenario"}])
def test_a_try_before_learning_is_a_quiz_that_nobody_must_pass(wrong: dict[str, object]) -> None:
    edition = make.edition("P1")
    module = EditionModule.objects.get(edition=edition.id)
    row = {"kind": "quiz", "reference": "Q", "title": "Thử", "position": 9, "after_lesson": 0, "first": True}
    with pytest.raises(IntegrityError), transaction.atomic():
        EditionActivity.objects.create(edition_id=edition.id, module=module, **{**row, **wrong})
