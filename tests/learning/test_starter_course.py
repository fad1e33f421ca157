"""The courses that ship: from their files to a course that can be learned and passed."""

import shutil
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from content import queries as content
from content.models import LessonPage, ModulePage
from content.records.editions import LessonListed
from lms.learning import services
from quizzes.models import QuizVersion
from tests.factories import quizzes

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def load(*codes: str) -> list[str]:
    said = []
    for code in codes:
        out = StringIO()
        call_command("load_starter", course=code, stdout=out, stderr=StringIO())
        said.append(out.getvalue())
    return said


def test_loading_twice_changes_nothing_the_second_time() -> None:
    load("B5")
    before = content.latest_edition("B5")
    (said,) = load("B5")
    assert content.latest_edition("B5") == before
    assert QuizVersion.objects.count() == 2
    assert "0 trang mới, 0 trang đổi, 6 trang giữ nguyên" in said


def test_the_short_course_has_four_lessons_two_scenarios_and_a_test_of_ten_questions() -> None:
    load("B5")
    outline = content.outline(content.latest_edition("B5"))
    assert len(outline.lessons) == 4
    assert [(a.kind, a.first) for a in outline.activities] == [
        ("quiz", True), ("scenario", False), ("scenario", False), ("quiz", False)
    ]  # fmt: skip
    assert [version.length for version in QuizVersion.objects.all()] == [10, 10]
    assert outline.edition.rules == {"lessons": 4, "scenarios": 0, "quizzes": 1}


def test_before_and_after_every_module_the_same_is_asked_but_only_afterwards_it_counts() -> None:
    load("B")
    outline = content.outline(content.latest_edition("B"))
    versions = {version.quiz.code: version for version in QuizVersion.objects.select_related("quiz")}
    for module in outline.modules:
        trial, test = versions[f"{module.code}-TRUOC"], versions[module.code]
        assert trial.blueprint == test.blueprint
        assert set(trial.pool.values_list("pk")) == set(test.pool.values_list("pk"))
        assert (trial.pass_mark, trial.attempts, trial.review) == (0, 1, "never")
        quizzes_of = [(a.reference, a.required) for a in module.activities if a.kind == "quiz"]
        assert quizzes_of == [(trial.quiz.code, False), (test.quiz.code, True)]
        assert module.activities[0].after_lesson == module.lessons[0].position - 1
    assert outline.edition.rules["quizzes"] == len(outline.modules) == 6


def test_a_changed_lesson_is_a_new_edition_and_who_learns_keeps_the_old_one(tmp_path: Path) -> None:
    load("B5", "D")
    me = quizzes.learner()
    services.enrol(person_id=me.pk, course="B5", on=DAY)
    root = tmp_path / "starter"
    shutil.copytree(content.curriculum().root, root)
    path = root / "modules" / "B5" / "lessons" / "03-so-cuu.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("ven quốc lộ miền Trung", "ven quốc lộ miền Nam"), encoding="utf-8")
    for course in ("B5", "D"):
        call_command("load_starter", root=root, course=course, stdout=StringIO(), stderr=StringIO())
    mine = me.enrolments.get().edition
    newest = content.latest_edition("B5")
    assert (mine.number, newest.number, content.latest_edition("D").number) == (1, 2, 1)
    assert "ven quốc lộ miền Trung" in content.lesson(content.listed(mine), 3).html
    assert "ven quốc lộ miền Nam" in content.lesson(newest, 3).html


def test_a_page_that_somebody_has_edited_is_left_alone(django_user_model) -> None:
    load("B5")
    page = LessonPage.objects.filter(slug="so-cuu").get()
    page.title = "Tên của giảng viên"
    page.save_revision(user=django_user_model.objects.create(username="gv")).publish()
    (said,) = load("B5")
    page.refresh_from_db()
    assert page.title == "Tên của giảng viên"
    assert "1 trang đã có người sửa" in said


def test_a_module_of_two_courses_is_written_once() -> None:
    load("B", "B5")
    homes = ModulePage.objects.filter(code="B5", alias_of=None)
    assert [page.get_parent().specific.code for page in homes] == ["B"]
    assert len(content.outline(content.latest_edition("B5")).lessons) == 4


def test_an_unknown_course_is_wrong_usage() -> None:
    with pytest.raises(CommandError) as refusal:
        load("ZZ")
    assert refusal.value.returncode == 2


def lesson_is_clinical(lesson: LessonListed) -> bool:
    return LessonPage.objects.get(translation_key=lesson.key).clinical


def test_every_lesson_that_ships_renders_for_a_learner(client: Client) -> None:
    codes = [course.code for course in content.curriculum().courses]
    load(*codes)
    me = quizzes.learner()
    client.force_login(me.user)
    for code in codes:
        services.enrol(person_id=me.pk, course=code, on=DAY)
        outline = content.outline(content.latest_edition(code))
        for lesson in outline.lessons:
            response = client.get(f"/learn/{code}/{lesson.position}-{lesson.slug}/")
            page = response.content.decode()
            assert response.status_code == 200
            assert "[^" not in page
            assert ("không thay thế hướng dẫn chuyên môn của Bộ Y tế" in page) == lesson_is_clinical(lesson)
            assert "Chưa có người thẩm định" in page
            assert len(page) < 40_000, f"{lesson.slug}: {len(page)}"
        for activity in outline.activities:
            if activity.kind == "scenario":
                assert client.get(f"/learn/{code}/activity/{activity.position}/").status_code == 200
