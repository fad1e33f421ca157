"""A course goes to another installation and comes back as a draft; what was altered on the way is refused."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from content.coursepackage import packed
from content.errors import PackageRefused
from content.models import CoursePage, Handout, LessonPage, ModulePage, Picture, Scenario
from content.services import ensure_groups, export_course, import_course
from lms.accounts.models import User
from lms.kernel.archives import ArchiveRefused
from quizzes.models import Quiz, QuizVersion
from tests.factories import content as make
from tests.factories import quizzes as make_quiz

from .test_cms import user

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer(settings: Any, tmp_path: Path) -> User:
    settings.MEDIA_ROOT = tmp_path / "media"
    ensure_groups()
    return user("gv", "Giảng viên")


def picture() -> Picture:
    stored = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(stored, "PNG")
    row = Picture(title="Sơ đồ", description="Ba bước", credit="CC BY")
    row.file.save("so-do.png", ContentFile(stored.getvalue()), save=False)
    row.width, row.height = 40, 30
    row.save()
    return row


def handout() -> Handout:
    row = Handout(title="Phiếu", licence="in tự do")
    row.file.save("phieu.pdf", ContentFile(b"%PDF-1.4"), save=False)
    row.save()
    return row


def written(code: str = "P1") -> CoursePage:
    course = make.course_page(code)
    slot = {"type": "scenario", "value": {"scenario": make.scenario("hoi").pk, "required": True}}
    module = make.module_page(course, activities=json.dumps([slot]))
    lesson = make.lesson_page(module)
    text = f'<p>Xem <a linktype="document" id="{handout().pk}">phiếu</a> [^a].</p>'
    lesson.body = json.dumps(
        [
            {"type": "text", "value": text},
            {"type": "picture", "value": {"picture": picture().pk, "alternative": "Ba bước", "caption": ""}},
        ]
    )
    make.publish(lesson)
    return course


def altered(package: bytes, change: Callable[[dict[str, bytes]], None]) -> io.BytesIO:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target


def test_a_course_comes_back_as_a_draft_with_everything_that_it_names(trainer: User) -> None:
    written()
    page, left = import_course(file=io.BytesIO(export_course(code="P1")), by=trainer, code="P2")
    assert (page.code, page.live, page.owner, left) == ("P2", False, trainer, [])
    module = ModulePage.objects.child_of(page).get()
    lesson = LessonPage.objects.child_of(module).get()
    [slot] = module.activities
    new = Picture.objects.latest("pk")
    assert (Picture.objects.count(), Handout.objects.count(), Scenario.objects.count()) == (2, 2, 2)
    assert (lesson.live, lesson.body[1].value["picture"], new.credit) == (False, new, "CC BY")
    assert f'id="{Handout.objects.latest("pk").pk}"' in str(lesson.body[0].value.source)
    imported = slot.value["scenario"]
    assert (imported.code, imported.owner, imported.live) == ("hoi-2", trainer, False)
    assert imported.graph == Scenario.objects.get(code="hoi").graph


def test_a_package_of_the_package_says_the_same(trainer: User) -> None:
    written()
    first = export_course(code="P1")
    import_course(file=io.BytesIO(first), by=trainer, code="P2")
    texts = []
    for package in (first, export_course(code="P2")):
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            course = json.loads(archive.read("course.json"))["course"]
        texts.append([(m["title"], [lesson["title"] for lesson in m["lessons"]]) for m in course["modules"]])
    assert texts[0] == texts[1]


def test_quizzes_come_along_and_those_that_are_here_stay_as_they_are(trainer: User) -> None:
    before = make_quiz.quiz()
    code = before.quiz.code
    module = make.module_page(make.course_page("P1"))
    slot = {"type": "quiz", "value": {"quiz": code, "required": True, "first": False}}
    module.activities = json.dumps([slot])
    make.publish(module)
    package = export_course(code="P1")
    _page, left = import_course(file=io.BytesIO(package), by=trainer, code="P2")
    assert left == [code]
    Quiz.objects.filter(code=code).update(code="cu")
    _page, left = import_course(file=io.BytesIO(package), by=trainer, code="P3")
    made = QuizVersion.objects.get(quiz__code=code)
    assert (left, made.pool.count()) == ([], before.pool.count())
    assert (made.title, made.pass_mark, made.blueprint) == (before.title, before.pass_mark, before.blueprint)


# What is refused, with nothing written ----------------------------------------------------


def damage(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        if name == "altered":
            files["course.json"] = files["course.json"].replace("Kỹ năng".encode(), b"Ky nang")
        elif name == "added":
            files["more.txt"] = b"x"
        elif name == "missing":
            del files["course.json"]
        elif name == "no manifest":
            del files["manifest.json"]
        elif name == "newer":
            files["manifest.json"] = files["manifest.json"].replace(b'"version": 1', b'"version": 2')
        elif name == "path":
            files["../../etc/passwd"] = b"x"
        elif name == "nested":
            files["inner.zip"] = b"PK"

    return change


@pytest.mark.parametrize("name", ["altered", "added", "missing", "no manifest", "newer", "path", "nested"])
def test_a_package_that_was_altered_is_refused_and_nothing_is_written(name: str, trainer: User) -> None:
    written()
    file = altered(export_course(code="P1"), damage(name))
    before = (CoursePage.objects.count(), Picture.objects.count())
    with pytest.raises((PackageRefused, ArchiveRefused)):
        import_course(file=file, by=trainer, code="P2")
    assert (CoursePage.objects.count(), Picture.objects.count()) == before


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_package_is_refused(content: bytes, trainer: User) -> None:
    with pytest.raises(ArchiveRefused):
        import_course(file=io.BytesIO(content), by=trainer)


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b" " * 60_000_000)
    return target.getvalue()


def test_a_manifest_that_swells_is_refused_before_it_is_read(trainer: User) -> None:
    with pytest.raises(PackageRefused):
        import_course(file=io.BytesIO(bomb()), by=trainer)


@pytest.mark.parametrize(
    "course",
    [
        {},
        {"media": {}, "course": {"code": "P9", "modules": []}},
        {"media": [], "course": 7},
        {"media": {}, "course": {"code": ["x"], "title": {}, "modules": "abc"}},
    ],
)
def test_a_course_of_another_form_is_refused_in_words(course: dict[str, Any], trainer: User) -> None:
    with pytest.raises(PackageRefused):
        import_course(file=io.BytesIO(packed({}, course, {})), by=trainer)


def test_a_script_in_a_text_from_outside_is_taken_out(trainer: User) -> None:
    written()
    package = export_course(code="P1")
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        content = json.loads(archive.read("course.json"))
        files = {n: archive.read(n) for n in archive.namelist() if n not in ("manifest.json", "course.json")}
    evil = '<p onclick="x()">Chào<script>alert(1)</script><img src=x onerror=alert(1)></p>'
    content["course"]["introduction"] = evil
    content["course"]["modules"][0]["lessons"][0]["body"][0]["value"] = evil
    page, _left = import_course(file=io.BytesIO(packed({}, content, files)), by=trainer, code="P2")
    lesson = LessonPage.objects.descendant_of(page).get()
    assert (page.introduction, lesson.body[0].value.source) == ("<p>Chào</p>", "<p>Chào</p>")


# In the CMS and as a command --------------------------------------------------------------


def test_a15_only_whoever_writes_in_a_course_takes_it_along(client: Any, trainer: User) -> None:
    course = written()
    CoursePage.objects.filter(pk=course.pk).update(owner=trainer)
    url = reverse("content_take_along", args=[course.pk])
    client.force_login(user("khac", "Giảng viên"))
    assert client.get(url).status_code == 404
    client.force_login(trainer)
    assert client.get(url)["Content-Disposition"] == 'attachment; filename="P1.zip"'


def test_a_code_that_is_taken_is_told_and_another_may_be_given(client: Any, trainer: User) -> None:
    written()
    package = export_course(code="P1")
    client.force_login(trainer)
    url = reverse("content_bring")
    refused = client.post(url, {"file": ContentFile(package, name="P1.zip"), "code": ""})
    assert list(refused.context["form"].errors) == ["file"]
    taken = client.post(url, {"file": ContentFile(package, name="P1.zip"), "code": "P2"})
    assert taken.status_code == 302
    assert CoursePage.objects.get(code="P2").owner == trainer


def test_the_commands_carry_a_course(tmp_path: Path, trainer: User) -> None:
    written()
    file = tmp_path / "P1.zip"
    call_command("export_course", "P1", out=str(file))
    call_command("import_course", str(file), code="P2", by="gv")
    call_command("import_course", str(file), code="P3")
    found = CoursePage.objects.exclude(code="P1").order_by("code")
    assert [(page.code, page.live, page.owner) for page in found] == [
        ("P2", False, trainer),
        ("P3", False, None),
    ]
