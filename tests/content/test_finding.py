"""What is public is found without tones, on every database."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import translation

from content import library, services
from content.finding import Part, excerpt, searchable, words_of
from content.models import Course, CoursePage, FindableText
from content.services import freeze_course
from tests.factories import content as make

LAW = "<p>Luật Phòng, chống ma túy 120/2025 [^a].</p>"


def test_tones_case_and_punctuation_are_nothing() -> None:
    assert searchable("Luật Phòng, chống MA TÚY – Đào tạo") == " luat phong chong ma tuy dao tao"
    assert words_of("phòng-chống “ma tuý”") == ["phong", "chong", "ma", "tuy"]


def test_an_excerpt_shows_what_was_found_with_its_tones() -> None:
    assert excerpt("Luật Phòng, chống ma túy.", ["phong", "tuy"]) == [
        Part("Luật ", False),
        Part("Phòng", True),
        Part(", chống ma ", False),
        Part("túy", True),
        Part(".", False),
    ]


def test_an_excerpt_of_a_long_text_stands_around_the_first_place() -> None:
    text = " ".join(f"chữ{n}" for n in range(100)) + " ma túy " + " ".join(f"sau{n}" for n in range(100))
    parts = excerpt(text, ["ma"])
    assert [part.text for part in parts if part.found] == ["ma"]
    assert (parts[0].text, parts[-1].text[-2:]) == ("… ", " …")


@pytest.fixture
def course(db: None) -> CoursePage:
    page = make.course_page("P1", "Pháp luật cho cán bộ")
    module = make.module_page(page)
    make.lesson_page(module, "Mười điều cấm", LAW)
    make.lesson_page(module, "Gọi 115", "<p>Gọi ngay, đừng chờ.</p>")
    freeze_course(code="P1")
    return page


@pytest.mark.parametrize("query", ["phong chong ma tuy", "Phòng, chống ma tuý", "CHỐNG tuy", "phong cho"])
def test_a_lesson_is_found_whatever_way_its_words_are_typed(course: CoursePage, query: str) -> None:
    assert [(one.kind, one.title, one.position) for one in library.find(query)] == [
        ("lesson", "Mười điều cấm", 1)
    ]


@pytest.mark.parametrize("query", ["", "  ", "%", "_", "hong chong", "ma tuy khong co", "') OR 1=1 --"])
def test_what_begins_no_word_finds_nothing(course: CoursePage, query: str) -> None:
    assert library.find(query) == []


def test_what_has_the_words_in_its_title_comes_first(course: CoursePage) -> None:
    other = make.course_page("P2", "Gọi ngay 115")
    make.lesson_page(make.module_page(other), "Bài", "<p>Có lúc phải gọi.</p>")
    freeze_course(code="P2")
    assert [(one.kind, one.title) for one in library.find("goi")] == [
        ("course", "Gọi ngay 115"),
        ("lesson", "Gọi 115"),
        ("lesson", "Bài"),
    ]


@pytest.mark.django_db(transaction=True)
def test_an_unpublished_course_is_found_no_more() -> None:
    services.ensure_groups()
    page = make.course_page("P1", "Pháp luật")
    make.lesson_page(make.module_page(page), "Mười điều cấm", LAW)
    freeze_course(code="P1")
    assert len(library.find("phap luat")) == 1
    page.unpublish()
    assert library.find("phap luat") == []


def test_a_course_that_no_news_announced_is_found_after_the_sweep(course: CoursePage) -> None:
    FindableText.objects.all().delete()
    assert (services.index_what_is_missing(), services.index_what_is_missing()) == (1, 0)
    assert len(library.find("muoi dieu cam")) == 1


def test_the_page_says_where_a_lesson_stands_and_marks_the_words(client: Any, course: CoursePage) -> None:
    shown = client.get("/search/", {"q": "phong chong ma tuy"}).content.decode()
    assert "<mark>Phòng</mark>, <mark>chống</mark> <mark>ma</mark> <mark>túy</mark>" in shown
    assert "Bài 1" in shown


def test_a_question_that_is_markup_is_only_its_letters(client: Any, course: CoursePage) -> None:
    shown = client.get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in shown


@pytest.mark.parametrize("lessons", [1, 3])
def test_a_search_costs_the_same_for_one_line_and_for_three(
    client: Any, lessons: int, django_assert_max_num_queries: Any, db: None
) -> None:
    page = make.course_page("P1")
    module = make.module_page(page)
    for _number in range(lessons):
        make.lesson_page(module, "Mười điều cấm", LAW)
    freeze_course(code="P1")
    client.get("/search/", {"q": "dieu cam"})
    with django_assert_max_num_queries(6):
        assert client.get("/search/", {"q": "dieu cam"}).context["lines"].__len__() == lessons


@pytest.mark.django_db
def test_what_is_found_is_a_course_or_an_item() -> None:
    with pytest.raises(IntegrityError):
        FindableText.objects.create(kind="course", title="x", text="x")


@pytest.mark.django_db
def test_a_course_is_found_once() -> None:
    course = Course.objects.create(code="P1", title="x")
    FindableText.objects.create(kind="course", course=course, title="x", text="x")
    with pytest.raises(IntegrityError):
        FindableText.objects.create(kind="course", course=course, title="x", text="x")


@pytest.mark.django_db
def test_the_kind_is_said_in_the_language_of_the_reader(course: CoursePage) -> None:
    with translation.override("en"):
        assert [one.kind_label for one in library.find("muoi dieu")] == ["lesson"]
