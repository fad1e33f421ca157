"""What becomes of a trainer's Word file or slides: a draft, and a list of what could not be carried over."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse

from content import services
from content.enums import SentState
from content.errors import MayNotWriteHere, NotAManuscript
from content.manuscripts import read_manuscript
from content.models import CoursePage, LessonPage, ModulePage, Picture, SentFile
from lms.accounts.models import User
from lms.kernel import jobs
from tests.factories import content as make
from tests.factories import files
from tests.factories.files import paragraph, picture, png, png_that_claims, table, word

from .test_cms import user


def read(file: io.BytesIO, name: str = "bai.docx") -> Any:
    return read_manuscript(file, name)


def refusal(file: io.BytesIO, name: str = "bai.docx") -> str:
    with pytest.raises(NotAManuscript) as refused:
        read(file, name)
    return refused.value.text


# The file, without a database ----------------------------------------------------------------------


def test_headings_of_word_become_lessons_and_sections_of_their_text() -> None:
    found = read(
        word(
            paragraph("Phòng ngừa", "Title"),
            paragraph("Nhận ra", "Heading1"),
            paragraph("Sáu dấu hiệu."),
            paragraph("Ở trường", "Heading2"),
            paragraph("Vắng học.", bold=True),
            paragraph("Làm gì", "Heading1"),
            paragraph("Gọi 115."),
        )
    )
    assert found.title == "Phòng ngừa"
    assert [(lesson.title, lesson.blocks) for lesson in found.lessons] == [
        (
            "Nhận ra",
            (
                ("text", "<p>Sáu dấu hiệu.</p>"),
                ("text", "<h2>Ở trường</h2><p><b>Vắng học.</b></p>"),
            ),
        ),
        ("Làm gì", (("text", "<p>Gọi 115.</p>"),)),
    ]
    assert found.remarks == ()


def test_a_single_first_heading_is_the_title_of_the_module() -> None:
    found = read(
        word(
            paragraph("Chuyên đề 1", "Heading1"),
            paragraph("Một", "Heading2"),
            paragraph("a"),
            paragraph("Hai", "Heading2"),
            paragraph("b"),
        )
    )
    assert (found.title, [lesson.title for lesson in found.lessons]) == ("Chuyên đề 1", ["Một", "Hai"])


def test_without_headings_short_bold_lines_are_titles_and_the_trainer_is_told() -> None:
    found = read(
        word(
            paragraph("Bài một đây", bold=True),
            paragraph("x"),
            paragraph("Bài hai đây", bold=True),
            paragraph("y"),
        )
    )
    assert [lesson.title for lesson in found.lessons] == ["Bài một đây", "Bài hai đây"]
    assert [remark.details for remark in found.remarks] == [{"number": 2}]


def test_tables_and_pictures_of_word_become_blocks_and_a_table_of_one_cell_a_box() -> None:
    found = read(
        word(
            paragraph("Bài", "Heading1"),
            table(("Dấu hiệu", "Việc"), ("Co giật", "Gọi 115")),
            table(("Nhớ gọi 115.",)),
            picture("Sơ đồ"),
            image=png(),
        )
    )
    assert found.lessons[0].blocks == (
        ("table", {"head": ["Dấu hiệu", "Việc"], "rows": [["Co giật", "Gọi 115"]]}),
        ("note", "<p>Nhớ gọi 115.</p>"),
        ("picture", {"key": "picture-1", "alternative": "Sơ đồ", "caption": ""}),
    )
    assert [(p.content, p.place) for p in found.pictures] == [(png(), "Bài")]


def test_slides_become_blocks_and_notes_a_transcript() -> None:
    found = read(files.slides(), "bai.pptx")
    assert (found.title, [lesson.title for lesson in found.lessons]) == ("Kỹ năng tư vấn", ["Ba việc"])
    assert found.lessons[0].blocks == (
        ("text", "<ul><li>Nghe<ul><li>không ngắt lời</li></ul></li><li>Hỏi mở</li></ul>"),
        ("spoken", "<p>Nói chậm.</p><p>Nhìn người học.</p>"),
        ("text", "<h2>So sánh</h2>"),
        ("table", {"head": ["Thay vì", "Hãy"], "rows": [["&lt;script&gt;", "Nghe"]]}),
        ("picture", {"key": "picture-1", "alternative": "", "caption": ""}),
    )


def test_what_word_holds_and_we_do_not_take_is_counted() -> None:
    formula = '<w:p xmlns:m="m"><m:oMath></m:oMath></w:p>'
    found = read(word(paragraph("Bài", "Heading1"), paragraph("x"), formula))
    assert [("formulas" in remark.text, remark.details) for remark in found.remarks] == [
        (True, {"number": 1})
    ]


@pytest.mark.parametrize(
    ("file", "name", "words"),
    [
        (io.BytesIO(b"%PDF-1.7 ..."), "bai.docx", "renamed"),
        (io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99), "bai.docx", "password"),
        (io.BytesIO(b"Xin chao"), "bai.docx", "neither"),
        (word(paragraph("x"), more={"word/vbaProject.bin": b"macro"}), "bai.docx", "macros"),
        (word(paragraph("x")), "bai.docm", "macros"),
        (word(paragraph("x"), more={"a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "bai.docx", "damaged"),
        (io.BytesIO(word(paragraph("x")).getvalue()[:-40]), "bai.docx", "damaged"),
        (word(), "bai.docx", "no text"),
    ],
    ids=["pdf", "old", "text", "macros", "docm", "entities", "cut", "empty"],
)  # fmt: skip
def test_a_file_that_is_not_what_it_seems_is_refused_in_words(
    file: io.BytesIO, name: str, words: str
) -> None:
    assert words in refusal(file, name)


def test_a_script_in_a_word_file_is_only_its_letters() -> None:
    found = read(word(paragraph("Bài", "Heading1"), paragraph("<script>alert(1)</script>")))
    assert found.lessons[0].blocks == (("text", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),)


# The draft ------------------------------------------------------------------------------------------


@pytest.fixture
def trainer(db: None) -> User:
    services.ensure_groups()
    return user("gv", "Giảng viên")


@pytest.fixture
def course(trainer: User) -> CoursePage:
    return make.course_page("P1", owner=trainer)


def send(file: io.BytesIO, course: CoursePage, by: User, name: str = "bai.docx") -> SentFile:
    return services.send_file(file=file, name=name, course=course, by=by)


def test_a_sent_file_becomes_a_draft_of_which_nothing_is_published(course: CoursePage, trainer: User) -> None:
    file = word(paragraph("Bài", "Heading1"), paragraph("Nội dung."), picture("Sơ đồ"), image=png())
    sent = send(file, course, trainer)
    lesson = LessonPage.objects.get()
    assert (sent.state, sent.lessons, bytes(sent.content)) == (SentState.DONE, 1, b"")
    assert (lesson.live, lesson.owner, lesson.title) == (False, trainer, "Bài")
    assert [block.block_type for block in lesson.body] == ["text", "picture"]
    assert lesson.body[1].value["alternative"] == "Sơ đồ"
    assert ModulePage.objects.child_of(course).get().live is False


@pytest.mark.parametrize(
    ("width", "told"), [(6_000, {"width": 6_000, "height": 6_000}), (50_000, {})], ids=["6000", "50000"]
)
def test_a_picture_of_too_many_points_is_told_and_the_rest_is_taken(
    width: int, told: dict[str, int], course: CoursePage, trainer: User
) -> None:
    image = png_that_claims(width, width)
    sent = send(word(paragraph("Bài", "Heading1"), paragraph("x"), picture(), image=image), course, trainer)
    assert Picture.objects.count() == 0
    assert sent.remarks[0]["details"] == {"number": 1, "lesson": "Bài", **told}
    assert [block.block_type for block in LessonPage.objects.get().body] == ["text"]


def test_a_book_of_300_pages_is_read_by_a_job_and_long_lessons_are_named(
    course: CoursePage, trainer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = " ".join(f"chữ{number}" for number in range(400))
    parts = [
        part
        for number in range(30)
        for part in (paragraph(f"Chương {number}", "Heading1"), *[paragraph(page)] * 10)
    ]
    parts.append(picture())
    noise = bytes(range(256)) * 1_700
    file = word(*parts, image=png() + noise, more={"word/media/image2.bin": noise[::-1]})
    monkeypatch.setattr("content.services.manuscripts.READ_AT_ONCE", 10_000)
    sent = send(file, course, trainer)
    assert (sent.state, LessonPage.objects.count()) == (SentState.WAITING, 0)
    assert jobs.work_all() == {"done": 1, "failed": 0, "lost": 0}
    sent.refresh_from_db()
    assert (sent.state, sent.lessons) == (SentState.DONE, 30)
    assert sum("cut it into lessons" in remark["text"] for remark in sent.remarks) == 30
    services.read_sent_file(pk=sent.pk)
    assert LessonPage.objects.count() == 30


def test_a15_nobody_sends_a_file_into_anothers_course(course: CoursePage) -> None:
    with pytest.raises(MayNotWriteHere):
        send(word(paragraph("x")), course, user("gv2", "Giảng viên"))
    assert SentFile.objects.count() == 0


def test_a16_a_job_looks_again_whether_the_course_is_still_ones_own(
    course: CoursePage, trainer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("content.services.manuscripts.READ_AT_ONCE", 0)
    sent = send(word(paragraph("x")), course, trainer)
    course.owner = None
    course.save()
    assert services.read_sent_file(pk=sent.pk).state == SentState.REFUSED
    assert ModulePage.objects.count() == 0


@pytest.mark.django_db
def test_a_file_is_kept_only_while_it_waits(trainer: User) -> None:
    with pytest.raises(IntegrityError):
        SentFile.objects.create(name="x", sent_by=trainer, state=SentState.DONE, content=b"x")


# The pages ------------------------------------------------------------------------------------------


def post(client: Any, file: io.BytesIO, name: str = "bai.docx", **more: object) -> Any:
    return client.post(reverse("content_send"), {"file": SimpleUploadedFile(name, file.getvalue()), **more})


def test_a_trainer_sends_a_file_for_a_new_course_and_reads_what_was_left_out(
    client: Any, trainer: User
) -> None:
    client.force_login(trainer)
    file = word(paragraph("Bài", "Heading1"), paragraph("Nội dung."))
    shown = client.get(post(client, file, title="Khóa mới", code="P9").url)
    page = CoursePage.objects.get(code="P9")
    assert (page.owner, page.live, page.title) == (trainer, False, "Khóa mới")
    assert "Đã tạo 1 bài nháp" in shown.content.decode()


def test_a_refused_file_leaves_no_course_behind_and_is_told_at_the_field(client: Any, trainer: User) -> None:
    client.force_login(trainer)
    shown = post(client, io.BytesIO(b"%PDF-1.7"), title="Khóa mới", code="P9")
    assert "PDF đã được đổi tên" in shown.content.decode()
    assert CoursePage.objects.count() == 0


def test_a_file_of_another_is_not_to_be_found(client: Any, course: CoursePage, trainer: User) -> None:
    sent = send(word(paragraph("x")), course, trainer)
    client.force_login(user("gv2", "Giảng viên"))
    assert client.get(reverse("content_sent", args=[sent.public_id])).status_code == 404


def test_a_file_that_waits_is_looked_for_again(client: Any, trainer: User) -> None:
    sent = SentFile.objects.create(name="x.docx", sent_by=trainer)
    client.force_login(trainer)
    assert client.get(reverse("content_sent", args=[sent.public_id])).headers["Refresh"] == "3"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_sent_files_costs_the_same_for_one_and_for_three(
    rows: int, client: Any, trainer: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(rows):
        SentFile.objects.create(name=f"{number}.docx", sent_by=trainer)
    client.force_login(trainer)
    client.get(reverse("content_send"))
    with django_assert_max_num_queries(32):
        client.get(reverse("content_send"))
