"""The trainer's bank: what is kept, what is found, what is refused."""

import io
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quizzes import policies, queries, services
from quizzes.bodies import wrong_with
from quizzes.editing import COLUMNS, LISTS, body_of, parts_text, rows_of, units_text
from quizzes.errors import BankIsThere, PictureRefused, QuestionIsWrong
from quizzes.models import Bank, BankKeeper, Question, QuestionImage, QuestionUpload, QuestionVersion
from quizzes.records import QuestionDraft, QuestionFilter
from tests.factories import quizzes as make
from tests.factories.questions import BODIES

WORD = """Câu 1: Ai quyết định?
A. Ủy ban nhân dân
B. Tòa án
Đáp án: B

Câu 2: Mấy tháng?
A. 12
B. 24
"""


@pytest.fixture
def me(db: None) -> Any:
    return make.trainer()


@pytest.fixture
def bank(me: Any) -> Bank:
    return services.open_bank(code="TV-01", title="Tư vấn", course="", by=me)


@pytest.fixture
def browser(me: Any) -> Client:
    client = Client()
    client.force_login(me.user)
    return client


def single(stem: str = "Ai?", **changes: Any) -> Any:
    return make.single(stem=stem, **changes)


# Bodies and forms -------------------------------------------------------------------------------


def posted_form(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """What a browser sends back of the form of this body without a touch."""
    form: dict[str, Any] = {
        "stem": body["stem"],
        "explanation": body["explanation"],
        "credit": body.get("credit", ""),
    }
    for row in rows_of(kind, body):
        for column, value in row.cells:
            if value:
                form[f"{column}-{row.number}"] = "1" if value is True else value
    form |= {"answer": str(body.get("answer")).lower(), "units": units_text(body), "parts": parts_text(body)}
    form |= {name: "1" for name in ("fold_marks", "wildcards", "unit_required", "several") if body.get(name)}
    form |= {"fold_case": "1"} if body.get("fold_case", True) else {}
    form |= {name: body.get(name, "") for name in ("why_true", "why_false", "text", "words", "markers")}
    form["markers"] = str(form["markers"])
    return form | {"alt": body.get("image", {}).get("alt", ""), "types": " ".join(body.get("types", []))}


@pytest.mark.parametrize("name", BODIES)
def test_a_form_sent_back_without_a_touch_changes_nothing(name: str) -> None:
    kind, body = BODIES[name]
    again = body_of(kind, posted_form(kind, body), body)
    assert again == body


@pytest.mark.parametrize("name", BODIES)
def test_every_body_of_the_factory_can_be_asked(name: str) -> None:
    assert wrong_with(*BODIES[name]) == []


@pytest.mark.parametrize("kind", [*COLUMNS, "true_false", "case", "nonsense"])
def test_an_empty_form_is_wrong_in_words_and_never_breaks(kind: str) -> None:
    body = body_of(kind, {}, {})
    assert wrong_with(kind, body) != []
    assert all(LISTS[kind] in body for _ in [0] if kind in LISTS)


# The bank ---------------------------------------------------------------------------------------


def test_a_bank_is_opened_once_and_kept_by_who_opened_it(bank: Bank, me: Any) -> None:
    assert list(policies.banks_within_reach(me, timezone.localdate())) == [bank]
    with pytest.raises(BankIsThere):
        services.open_bank(code="TV-01", title="Khác", course="", by=me)
    with pytest.raises(IntegrityError):
        BankKeeper.objects.create(bank=bank, person=me)


def test_a_change_makes_a_version_and_the_same_again_none(bank: Bank, me: Any) -> None:
    question = services.word_question(bank=bank, draft=single("Một?", code="C1"), by=me)
    services.word_question(bank=bank, draft=single("Hai?", code="C1"), by=me, question=question)
    services.word_question(bank=bank, draft=single("Hai?", code="C1"), by=me, question=question)
    assert [(v.number, v.body["stem"], v.by) for v in question.versions.order_by("number")] == [
        (1, "Một?", me), (2, "Hai?", me),
    ]  # fmt: skip


def test_a_question_that_cannot_be_asked_is_refused_with_all_that_is_wrong(bank: Bank, me: Any) -> None:
    with pytest.raises(QuestionIsWrong) as refusal:
        services.word_question(bank=bank, draft=single(" ", keys=""), by=me)
    assert len(refusal.value.faults) == 2
    assert Question.objects.count() == 0


def test_a_retired_question_is_kept_and_no_longer_drawn(bank: Bank, me: Any) -> None:
    question = services.word_question(bank=bank, draft=single(), by=me)
    services.retire_question(question=question, by=me)
    assert queries.questions_found(bank, QuestionFilter()) == []
    assert [row.question for row in queries.questions_found(bank, QuestionFilter(retired=True))] == [question]
    assert QuestionVersion.objects.filter(question=question).count() == 1


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (QuestionFilter(text="phong chong"), ["A"]),
        (QuestionFilter(kind="true_false"), []),
        (QuestionFilter(objective=2), ["B"]),
        (QuestionFilter(text="hòa"), ["B"]),
        (QuestionFilter(), ["A", "B"]),
    ],
)
def test_questions_are_found_whatever_the_tones(
    bank: Bank, me: Any, wanted: QuestionFilter, codes: list[str]
) -> None:
    services.word_question(bank=bank, draft=single("Phòng, chống ma túy?", code="A"), by=me)
    services.word_question(bank=bank, draft=single("Ở Hoà Bình?", code="B", objective=2), by=me)
    assert [row.question.code for row in queries.questions_found(bank, wanted)] == codes


def test_alike_questions_are_shown_the_same_first_and_nearly_the_same_after(bank: Bank, me: Any) -> None:
    asked = "Ai quyết định đưa người nghiện vào cơ sở cai nghiện bắt buộc?"
    first = services.word_question(bank=bank, draft=single(asked, code="A"), by=me)
    services.word_question(bank=bank, draft=single(asked.upper(), code="B"), by=me)
    services.word_question(bank=bank, draft=single(asked.replace("Ai", "Ai sẽ"), code="C"), by=me)
    services.word_question(bank=bank, draft=single("Việc khác hẳn là gì?", code="D"), by=me)
    found = queries.alike(services.newest_of(first), Bank.objects.all())
    assert [(one.code, one.percent) for one in found] == [("B", 100), ("C", 92)]


def test_where_used_names_the_frozen_quizzes(db: None, me: Any) -> None:
    version = make.quiz(single("Một?"))
    question = Question.objects.get()
    assert [(use.quiz, use.quiz_version, use.question_version) for use in queries.uses_of(question)] == [
        (version.quiz.code, 1, 1)
    ]


def test_a_case_in_which_a_file_is_handed_in_is_not_drawn(db: None) -> None:
    kind, file = BODIES["file"]
    body = {"stem": "Một ca.", "parts": [{"kind": kind, **file}]}
    version = make.quiz(single("Một?", code="A"), QuestionDraft("B", "case", 1, 1, body), blueprint=((1, 1),))
    assert [one.question.code for one in version.pool.select_related("question")] == ["A"]


# Pictures ---------------------------------------------------------------------------------------


def test_a_picture_is_drawn_anew_and_kept_once(bank: Bank) -> None:
    one = services.keep_picture(bank=bank, content=make.picture())
    two = services.keep_picture(bank=bank, content=make.picture())
    assert (one.pk, one.media_type, one.width, one.height) == (two.pk, "image/webp", 40, 30)
    assert QuestionImage.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"<svg onload='x'/>", b"%PDF-1.7", make.picture(6000, 5000)])
def test_what_is_no_plain_picture_is_refused(bank: Bank, content: bytes) -> None:
    with pytest.raises(PictureRefused):
        services.keep_picture(bank=bank, content=content)


# Pages ------------------------------------------------------------------------------------------


def test_a15_a_question_of_anothers_bank_does_not_exist(browser: Client) -> None:
    other = make.trainer()
    theirs = services.open_bank(code="KHAC", title="Của người khác", course="", by=other)
    question = services.word_question(bank=theirs, draft=single(), by=other)
    kept = services.keep_question_file(bank=theirs, form="gift", name="a", content=b"A?{T}", by=other)
    for name, values in [
        ("bank", [theirs.code]), ("bank_question", [question.pk]), ("bank_edit", [question.pk]),
        ("bank_send", [theirs.code]), ("bank_report", [theirs.code, kept.public_id]),
        ("bank_add", [theirs.code, "single"]),
    ]:  # fmt: skip
        assert browser.get(reverse(f"quizzes:{name}", args=values)).status_code == 404
    assert browser.post(reverse("quizzes:bank_retire", args=[question.pk])).status_code == 404
    assert browser.get(reverse("quizzes:bank_export", args=[theirs.code]) + "?format=gift").status_code == 404
    question.refresh_from_db()
    assert not question.retired
    assert "Của người khác" not in browser.get(reverse("quizzes:banks")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_questions_asks_the_database_the_same_for_any_number(
    bank: Bank, me: Any, browser: Client, django_assert_num_queries: Any, rows: int
) -> None:
    for n in range(rows):
        services.word_question(bank=bank, draft=single(f"Câu {n}?"), by=me)
    browser.get(reverse("quizzes:bank", args=[bank.code]))
    with django_assert_num_queries(LIST_QUERIES):
        browser.get(reverse("quizzes:bank", args=[bank.code]))


LIST_QUERIES = 14


def test_a_question_is_worded_previewed_and_kept(bank: Bank, browser: Client) -> None:
    form = {
        "stem": "Ai?", "text-0": "một", "text-1": "hai", "correct-1": "1", "objective": "2",
        "difficulty": "1",
        "tags": "tư vấn; xã", "law": "Điều 5",
    }  # fmt: skip
    address = reverse("quizzes:bank_add", args=[bank.code, "single"])
    preview = browser.post(address, {**form, "preview": "1"})
    assert (preview.status_code, Question.objects.count()) == (200, 0)
    assert browser.post(address, {**form, "keep": "1"}).status_code == 302
    version = QuestionVersion.objects.get()
    assert (version.objective, version.tags, version.law) == (2, ["tư vấn", "xã"], "Điều 5")
    assert [option["correct"] for option in version.body["options"]] == [False, True]


def test_a_question_is_tried_and_says_what_it_earns(bank: Bank, me: Any, browser: Client) -> None:
    question = services.word_question(bank=bank, draft=single(), by=me)
    page = browser.get(reverse("quizzes:bank_question", args=[question.pk]))
    shown = page.context["shown"].choices
    key = next(choice.value for choice in shown if choice.text == "Phương án a")
    tried = browser.post(reverse("quizzes:bank_question", args=[question.pk]), {"answer": key})
    assert tried.context["worth"] == 100


def test_a_word_list_is_sent_mended_and_taken(bank: Bank, browser: Client) -> None:
    file = io.BytesIO(WORD.encode())
    file.name = "cau-hoi.txt"
    sent = browser.post(reverse("quizzes:bank_send", args=[bank.code]), {"form": "word", "file": file})
    report = sent["Location"]
    page = browser.get(report)
    assert (page.context["count"], [note.name for _place, note in page.context["left"]]) == (
        1,
        ["Mấy tháng?"],
    )
    browser.post(report, {"place": "0", "text": "Câu 2: Mấy tháng?\nA. 12\nB. 24"})
    assert browser.get(report).context["count"] == 1
    browser.post(report, {"place": "0", "text": "Câu 2: Mấy tháng?\nA. 12\nB. 24\nĐáp án: B"})
    mended = browser.get(report)
    assert (mended.context["count"], mended.context["left"]) == (2, [])
    browser.post(report + "take/", {"act": "take"})
    stems = QuestionVersion.objects.order_by("pk").values_list("body__stem", flat=True)
    assert list(stems) == ["Ai quyết định?", "Mấy tháng?"]
    assert QuestionUpload.objects.count() == 0


def test_a_file_that_cannot_be_read_is_refused_at_its_field(bank: Bank, browser: Client) -> None:
    file = io.BytesIO(b"%PDF-1.7")
    file.name = "a.docx"
    answer = browser.post(reverse("quizzes:bank_send", args=[bank.code]), {"form": "word", "file": file})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])


def test_an_export_says_first_what_it_cannot_hold(bank: Bank, me: Any, browser: Client) -> None:
    services.word_question(bank=bank, draft=single(), by=me)
    address = reverse("quizzes:bank_export", args=[bank.code])
    told = browser.get(address + "?format=aiken")
    assert len(told.context["lines"]) == 2
    file = browser.get(address + "?format=aiken&anyway=1")
    assert file["Content-Disposition"] == 'attachment; filename="TV-01.txt"'
    assert "ANSWER: A" in file.content.decode()
    assert browser.get(address + "?format=exe").status_code == 404


@pytest.mark.parametrize("name", BODIES)
def test_the_pages_of_every_kind_open(bank: Bank, me: Any, browser: Client, name: str) -> None:
    kind, body = BODIES[name]
    if kind == "hotspot":
        body = services.picture_in(body, services.keep_picture(bank=bank, content=make.picture(400, 300)))
    question = services.word_question(bank=bank, draft=QuestionDraft("C", kind, 1, 1, body), by=me)
    for page in ("bank_question", "bank_edit"):
        assert browser.get(reverse(f"quizzes:{page}", args=[question.pk])).status_code == 200
    assert browser.get(reverse("quizzes:bank_add", args=[bank.code, kind])).status_code == 200
