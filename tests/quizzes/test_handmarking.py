"""Essays and files are marked by persons: one or two, without names; the result waits for them."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.kernel.services import record_fact
from lms.roster.enums import Role
from lms.roster.models import Person, PersonMerge, Unit
from quizzes import queries, services
from quizzes.enums import HandState
from quizzes.errors import (
    AttemptIsOver,
    FileRefused,
    MarkedAlready,
    NotOver,
    NotYourself,
    PointsOutOfRange,
    WaitsForMark,
)
from quizzes.models import Attempt, HandedFile, HandMarking, QuizVersion
from quizzes.records import QuestionDraft
from quizzes.signals import attempt_finished
from tests.factories import quizzes as make
from tests.factories import roster

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 made up"


def answered(version: QuizVersion, who: Person | None = None, text: Any = "Ba bước là…") -> Attempt:
    """An attempt that is handed in, every question answered."""
    who = who or make.learner()
    attempt = services.start_attempt(person_id=who.pk, version=version)
    for item in attempt.items.select_related("question"):
        services.save_answer(item=item, answer=text if item.question.kind == "essay" else "a")
    return services.submit_attempt(attempt=attempt, key="k")


def given(a: str, b: str) -> dict[str, Decimal]:
    return {"a": Decimal(a), "b": Decimal(b)}


def one_human(other_code: Person, who: Person) -> None:
    record_fact(PersonMerge(person=other_code, same_as=who), by="operator", reason="một người")


def only_marking(attempt: Attempt) -> HandMarking:
    return HandMarking.objects.get(item__attempt=attempt)


# Within a case ----------------------------------------------------------------------------------


def case_with_essay() -> QuestionDraft:
    """One part for the machine, one for a person: six points and four."""
    parts = [
        {"kind": "single", **make.single().body},
        {"kind": "essay", **make.essay(stem="Vì sao?").body},
    ]
    return QuestionDraft("CA-1", "case", 1, 1, {"stem": "Một ca.", "parts": parts, "explanation": ""})


def sat_case(answer: Any) -> Attempt:
    attempt = services.start_attempt(person_id=make.learner().pk, version=make.quiz(case_with_essay()))
    services.save_answer(item=attempt.items.get(), answer=answer)
    return services.submit_attempt(attempt=attempt, key="k")


def test_an_essay_within_a_case_counts_beside_what_the_machine_gives_the_other_parts() -> None:
    attempt = sat_case(["a", "Vì người ấy cần được nghe."])
    assert attempt.marks.count() == 0
    marking = only_marking(attempt)
    shown = queries.marking_sheet(marking, roster.person())
    assert (shown.text, [line.id for line in shown.rubric]) == (
        "(2) Vì sao?\nVì người ấy cần được nghe.",
        ["2-a", "2-b"],
    )
    lines = {"2-a": Decimal(3), "2-b": Decimal(4)}
    services.mark_by_hand(marking=marking, given=lines, by=roster.person())
    assert [(mark.points, str(mark.percent)) for mark in attempt.marks.all()] == [(["17/20"], "85.00")]


def test_a_case_whose_essay_was_left_empty_waits_for_nobody() -> None:
    attempt = sat_case(["a", None])
    assert HandMarking.objects.count() == 0
    assert [mark.points for mark in attempt.marks.all()] == [["1/2"]]


# One marker -------------------------------------------------------------------------------------


def test_an_essay_has_a_receipt_at_once_and_a_mark_when_a_person_has_given_one() -> None:
    told: list[Any] = []

    def listen(result: Any, **_more: Any) -> None:
        told.append(result)

    attempt_finished.connect(listen)
    attempt = answered(make.quiz(make.essay(), make.single(), pass_mark=80))
    assert (attempt.state, bool(attempt.receipt), attempt.marks.count(), told) == ("submitted", True, 0, [])
    services.mark_by_hand(marking=only_marking(attempt), given=given("6", "1"), by=roster.person())
    attempt_finished.disconnect(listen)
    [mark] = attempt.marks.all()
    assert (mark.points.count("7/10"), mark.points.count("1"), mark.percent) == (1, 1, Decimal("85.00"))
    assert [(one.percent, one.passed) for one in told] == [(Decimal("85.00"), True)]


def test_an_essay_that_nobody_wrote_earns_nothing_and_waits_for_nobody() -> None:
    attempt = answered(make.quiz(make.essay(), make.single()), text=None)
    [mark] = attempt.marks.all()
    assert (mark.percent, HandMarking.objects.count()) == (Decimal("50.00"), 0)


def test_the_attempt_has_its_mark_when_the_last_of_its_essays_is_marked() -> None:
    attempt = answered(make.quiz(make.essay(), make.essay()))
    first, second = HandMarking.objects.filter(item__attempt=attempt)
    services.mark_by_hand(marking=first, given=given("6", "4"), by=roster.person())
    assert attempt.marks.count() == 0
    services.mark_by_hand(marking=second, given=given("0", "0"), by=roster.person())
    assert attempt.marks.get().percent == Decimal("50.00")


def test_nobody_marks_their_own_answer_under_whichever_code() -> None:
    who, other_code = make.learner(), roster.person()
    attempt = answered(make.quiz(make.essay()), who)
    one_human(other_code, who)
    for by in (who, other_code):
        with pytest.raises(NotYourself):
            services.mark_by_hand(marking=only_marking(attempt), given=given("6", "4"), by=by)


@pytest.mark.parametrize("points", [{"a": "7", "b": "0"}, {"a": "-1", "b": "0"}, {"a": "1"}])
def test_points_stay_within_the_rubric(points: dict[str, str]) -> None:
    attempt = answered(make.quiz(make.essay()))
    with pytest.raises(PointsOutOfRange):
        services.mark_by_hand(
            marking=only_marking(attempt),
            given={line: Decimal(one) for line, one in points.items()},
            by=roster.person(),
        )
    assert attempt.marks.count() == 0


def test_while_a_person_marks_no_other_attempt_begins_and_nothing_is_appealed_or_changed() -> None:
    who = make.learner()
    version = make.quiz(make.essay())
    attempt = answered(version, who)
    item = attempt.items.get()
    with pytest.raises(WaitsForMark):
        services.start_attempt(person_id=who.pk, version=version)
    with pytest.raises(NotOver):
        services.raise_appeal(item=item, text="Sai.")
    with pytest.raises(NotOver):
        services.ask_for_mark_change(item=item, points=1, reason="Sai.", by=roster.person())  # type: ignore[arg-type]


def test_a_quiz_for_practice_draws_nothing_that_a_person_marks() -> None:
    version = make.quiz(make.single(), make.essay(), practice=True, blueprint=((1, 1),))
    assert [one.kind for one in version.pool.all()] == ["single"]


# Two markers ------------------------------------------------------------------------------------


@pytest.fixture
def by_two() -> HandMarking:
    return only_marking(answered(make.quiz(make.essay(markers=2))))


def test_two_who_give_the_same_need_no_third(by_two: HandMarking) -> None:
    services.mark_by_hand(marking=by_two, given=given("5", "3"), by=roster.person())
    assert services.mark_by_hand(marking=by_two, given=given("4", "4"), by=roster.person()).state == "done"
    assert by_two.item.attempt.marks.get().percent == Decimal("80.00")


def test_where_two_differ_a_third_settles_it(by_two: HandMarking) -> None:
    services.mark_by_hand(marking=by_two, given=given("5", "3"), by=roster.person())
    row = services.mark_by_hand(marking=by_two, given=given("1", "1"), by=roster.person())
    assert (row.state, by_two.item.attempt.marks.count()) == (HandState.DIFFERS, 0)
    services.mark_by_hand(marking=by_two, given=given("3", "3"), by=roster.person())
    assert by_two.item.attempt.marks.get().percent == Decimal("60.00")


def test_where_two_differ_one_may_join_the_other(by_two: HandMarking) -> None:
    first, second = roster.person(), roster.person()
    services.mark_by_hand(marking=by_two, given=given("5", "3"), by=first)
    with pytest.raises(MarkedAlready):
        services.agree_with_other_marker(marking=by_two, by=first)
    services.mark_by_hand(marking=by_two, given=given("1", "1"), by=second)
    with pytest.raises(NotYourself):
        services.agree_with_other_marker(marking=by_two, by=roster.person())
    services.agree_with_other_marker(marking=by_two, by=second)
    assert by_two.item.attempt.marks.get().percent == Decimal("80.00")


def test_one_person_under_two_codes_is_one_marker(by_two: HandMarking) -> None:
    first, other_code = roster.person(), roster.person()
    one_human(other_code, first)
    services.mark_by_hand(marking=by_two, given=given("5", "3"), by=first)
    with pytest.raises(MarkedAlready):
        services.mark_by_hand(marking=by_two, given=given("5", "3"), by=other_code)


def test_the_second_marker_does_not_see_what_the_first_gave_before_both_are_there(
    by_two: HandMarking,
) -> None:
    second = roster.person()
    services.mark_by_hand(marking=by_two, given=given("5", "3"), by=roster.person(), remark="Tốt")
    assert queries.marking_sheet(by_two, second).given == ()
    services.mark_by_hand(marking=by_two, given=given("1", "1"), by=second)
    by_two.refresh_from_db()
    assert [row.given for row in queries.marking_sheet(by_two, second).rubric] == [("5", "1"), ("3", "1")]


# Pages ------------------------------------------------------------------------------------------


@pytest.fixture
def unit() -> Unit:
    return roster.unit("U-CHAM")


@pytest.fixture
def marker(unit: Unit) -> Client:
    who = make.learner()
    roster.role(who, unit, Role.REVIEWER)
    roster.role(who, unit, Role.TRAINER)
    client = Client()
    client.force_login(who.user)  # type: ignore[arg-type]
    return client


@pytest.fixture
def learner(unit: Unit) -> Person:
    who = roster.person("CB-HV", "Lê Thị Kínđáo")
    roster.posting(who, unit)
    who.user = make.learner().user
    Person.objects.filter(user=who.user).update(user=None)
    who.save()
    return who


def test_a_trainer_marks_from_the_queue_without_a_name_and_the_learner_reads_the_result(
    marker: Client, learner: Person, client: Client
) -> None:
    attempt = answered(make.quiz(make.essay()), learner, "Ba bước, rõ ràng.")
    page = reverse("quizzes:marking_sheet", args=[only_marking(attempt).public_id])
    seen = marker.get(reverse("quizzes:marking")).content.decode() + marker.get(page).content.decode()
    assert (page in seen, "Ba bước, rõ ràng." in seen, "Nêu đủ ba bước" in seen) == (True, True, True)
    assert "Kínđáo" not in seen and "CB-HV" not in seen
    client.force_login(learner.user)  # type: ignore[arg-type]
    result = reverse("quizzes:result", args=[attempt.public_id])
    assert "Chờ chấm" in client.get(result).content.decode()
    assert marker.post(page, {"points-a": "9", "points-b": "x"}).status_code == 422
    assert (
        marker.post(page, {"points-a": "5,5", "points-b": "4", "remark": "Nêu luật nữa."}).status_code == 302
    )
    told = client.get(result).content.decode()
    assert "95 %" in told and "Nêu luật nữa." in told
    assert page not in marker.get(reverse("quizzes:marking")).content.decode()


def test_the_queue_costs_the_same_for_one_answer_and_for_three(
    marker: Client, unit: Unit, learner: Person
) -> None:
    version = make.quiz(make.essay())

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries_made:
            assert marker.get(reverse("quizzes:marking")).status_code == 200
        return len(queries_made)

    answered(version, learner)
    one = cost()
    for _ in range(2):
        who = make.learner()
        roster.posting(who, unit)
        answered(version, who)
    assert cost() == one


# Files ------------------------------------------------------------------------------------------


@pytest.fixture
def hall(client: Client, learner: Person) -> Callable[[str, bytes], Any]:
    """Hands a file in by the page."""
    version = make.quiz(make.hand_in())
    attempt = services.start_attempt(person_id=learner.pk, version=version)
    client.force_login(learner.user)  # type: ignore[arg-type]
    page = reverse("quizzes:question", args=[attempt.public_id, 1])

    def post(name: str, content: bytes) -> Any:
        return client.post(page, {"answer": SimpleUploadedFile(name, content), "go": "overview"})

    return post


def test_a_file_is_handed_in_and_its_digest_is_the_answer(hall: Callable[[str, bytes], Any]) -> None:
    assert hall("../Kế hoạch <1>.pdf", PDF).url.endswith("/")
    kept = HandedFile.objects.get()
    answer = kept.item.answer
    assert (kept.name, answer["name"], answer["sha256"]) == ("Kế hoạch _1_.pdf",) * 2 + (kept.sha256,)
    hall("b.pdf", PDF + b"2")
    assert [one.name for one in HandedFile.objects.all()] == ["b.pdf"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.pdf", b"MZ not a pdf"),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.pdf", b""),
        ("a.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024)),
    ],
)
def test_a_file_that_is_not_what_was_asked_for_is_refused(
    hall: Callable[[str, bytes], Any], name: str, content: bytes
) -> None:
    hall(name, content)
    assert HandedFile.objects.count() == 0


def test_a_file_after_the_time_is_kept_and_not_counted(learner: Person) -> None:
    version = make.quiz(make.hand_in(), minutes=10)
    attempt = services.start_attempt(person_id=learner.pk, version=version)
    item = attempt.items.select_related("question").get()
    Attempt.objects.update(deadline=F("deadline") - timedelta(hours=1))
    with pytest.raises(AttemptIsOver):
        services.hand_in_file(item=item, name="a.pdf", content=PDF)
    item.refresh_from_db()
    assert (item.answer, item.late_answer["name"], HandedFile.objects.count()) == (None, "a.pdf", 1)  # type: ignore[index]


def test_the_file_goes_to_its_markers_alone_and_only_as_an_attachment(
    hall: Callable[[str, bytes], Any], marker: Client, client: Client
) -> None:
    hall("bài.pdf", PDF)
    attempt = Attempt.objects.get()
    services.submit_attempt(attempt=attempt, key="k")
    page = reverse("quizzes:marking_file", args=[only_marking(attempt).public_id])
    answer = marker.get(page)
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/octet-stream")
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''b%C3%A0i.pdf"
    assert client.get(page).status_code == 403
    stranger = Client()
    stranger.force_login(make.trainer().user)  # type: ignore[arg-type]
    assert stranger.get(page).status_code == 404


def test_a_word_file_with_macros_is_refused(learner: Person) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("word/document.xml", "<w/>")
        package.writestr("word/vbaProject.bin", "x")
    attempt = services.start_attempt(person_id=learner.pk, version=make.quiz(make.hand_in()))
    item = attempt.items.select_related("question").get()
    with pytest.raises(FileRefused):
        services.hand_in_file(item=item, name="a.docx", content=packed.getvalue())
    assert HandedFile.objects.count() == 0
