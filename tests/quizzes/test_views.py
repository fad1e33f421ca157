"""The examination hall as a browser meets it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizzes import services
from quizzes.models import Attempt, QuizVersion
from tests.factories import quizzes as make

pytestmark = pytest.mark.django_db
MARKER = "KHÓA-BÍ-MẬT"


@pytest.fixture
def version() -> QuizVersion:
    draft = make.single()
    draft.body["explanation"] = MARKER
    for option in draft.body["options"]:
        option["why"] = MARKER
    return make.quiz(draft, make.single(), minutes=20)


@pytest.fixture
def learner(client: Client) -> Client:
    who = make.learner()
    assert who.user is not None
    client.force_login(who.user)
    return client


def begin(client: Client, version: QuizVersion) -> Attempt:
    client.post(reverse("quizzes:quiz", args=[version.public_id]))
    return Attempt.objects.get()


def question(attempt: Attempt, position: int) -> str:
    return reverse("quizzes:question", args=[attempt.public_id, position])


def test_an_attempt_by_plain_forms_goes_from_the_door_to_the_result(
    learner: Client, version: QuizVersion
) -> None:
    attempt = begin(learner, version)
    for item in attempt.items.all():
        places = [o.value for o in _choices(learner.get(question(attempt, item.position)), "Phương án a")]
        learner.post(question(attempt, item.position), {"answer": places[0]})
    answer = learner.post(reverse("quizzes:submit", args=[attempt.public_id]), {"key": "k"}, follow=True)
    assert answer.status_code == 200
    assert "Đạt" in answer.text
    assert MARKER in answer.text


def _choices(response: object, text: str) -> list:
    return [choice for choice in response.context["shown"].choices if choice.text == text]


def test_no_key_or_explanation_leaves_the_server_before_it_may(
    learner: Client, version: QuizVersion
) -> None:  # B9
    attempt = begin(learner, version)
    pages = [
        learner.get(reverse("quizzes:quiz", args=[version.public_id])),
        learner.get(question(attempt, 1)),
        learner.get(question(attempt, 2)),
        learner.get(reverse("quizzes:overview", args=[attempt.public_id])),
        learner.post(reverse("quizzes:submit", args=[attempt.public_id]), follow=True),
    ]
    assert [page.status_code for page in pages] == [200] * 5
    assert [MARKER in page.text for page in pages] == [False] * 5


def test_an_answer_after_submitting_is_a_conflict(learner: Client, version: QuizVersion) -> None:  # B6
    attempt = begin(learner, version)
    services.submit_attempt(attempt=attempt)
    assert learner.post(question(attempt, 1), {"answer": "0"}).status_code == 409


def test_another_learners_attempt_does_not_exist(client: Client, version: QuizVersion) -> None:  # B5
    attempt = services.start_attempt(person_id=make.learner().pk, version=version)
    stranger = make.learner()
    assert stranger.user is not None
    client.force_login(stranger.user)
    answers = [
        client.get(question(attempt, 1)),
        client.post(question(attempt, 1), {"answer": "0"}),
        client.post(reverse("quizzes:submit", args=[attempt.public_id])),
        client.get(reverse("quizzes:result", args=[attempt.public_id])),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert attempt.items.filter(answered_at__isnull=False).count() == 0


def test_saving_by_script_answers_without_a_page(learner: Client, version: QuizVersion) -> None:
    attempt = begin(learner, version)
    answer = learner.post(question(attempt, 1), {"answer": "0", "go": "stay"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert attempt.items.get(position=1).answered_at is not None


@pytest.mark.parametrize("questions", [1, 3])
def test_opening_a_question_costs_the_same_whatever_the_length(
    learner: Client, questions: int, django_assert_max_num_queries
) -> None:
    attempt = begin(learner, make.quiz(*[make.single() for _ in range(questions)]))
    with django_assert_max_num_queries(8):
        learner.get(question(attempt, 1))


STATEMENTS = {"SELECT", "INSERT", "UPDATE", "DELETE"}


def statement(query: dict[str, str]) -> str:
    return query["sql"].split()[0]


def test_saving_an_answer_costs_four_queries(learner: Client, version: QuizVersion) -> None:
    attempt = begin(learner, version)
    with CaptureQueriesContext(connection) as done:
        learner.post(question(attempt, 1), {"answer": "0", "go": "stay"})
    assert [statement(query) for query in done if statement(query) in STATEMENTS] == [
        "SELECT",  # session; in the cache where Redis stands
        "SELECT",  # user
        "SELECT",  # question, attempt, rules
        "UPDATE",  # and the decision whether it counts
    ]


def test_another_browser_asks_before_it_goes_on_and_then_the_first_is_refused(
    learner: Client, version: QuizVersion
) -> None:
    attempt = begin(learner, version)
    other = Client()
    other.force_login(attempt.person.user)
    asked = other.get(question(attempt, 1))
    assert "quizzes/elsewhere.html" in [template.name for template in asked.templates]
    assert other.post(question(attempt, 1), {"answer": "0", "go": "stay"}).status_code == 409
    assert other.post(reverse("quizzes:submit", args=[attempt.public_id])).status_code == 409
    other.post(reverse("quizzes:take_over", args=[attempt.public_id]))
    assert other.post(question(attempt, 1), {"answer": "0", "go": "stay"}).status_code == 204
    assert learner.post(question(attempt, 1), {"answer": "1", "go": "stay"}).status_code == 409


def test_the_receipt_is_a_file_of_its_owner_alone(learner: Client, version: QuizVersion) -> None:
    attempt = begin(learner, version)
    address = reverse("quizzes:receipt", args=[attempt.public_id])
    assert learner.get(address).status_code == 404
    learner.post(reverse("quizzes:submit", args=[attempt.public_id]))
    attempt.refresh_from_db()
    assert learner.get(address).text == attempt.receipt
    stranger = make.learner()
    assert stranger.user is not None
    learner.force_login(stranger.user)
    assert learner.get(address).status_code == 404


def test_where_there_is_no_pass_mark_nobody_passes_or_fails(learner: Client) -> None:
    version = make.quiz(make.single(), make.single(), pass_mark=0, attempts=1, review="never")
    door = learner.get(reverse("quizzes:quiz", args=[version.public_id]))
    attempt = begin(learner, version)
    answer = learner.post(reverse("quizzes:submit", args=[attempt.public_id]), {"key": "k"}, follow=True)
    assert "không ai đạt hay không đạt" in door.text
    assert "0 %" in answer.text
    assert "Nên chú ý khi học" in answer.text
    assert "Mục tiêu một" in answer.text
    assert ["Chưa đạt" in answer.text, "Giải thích." in answer.text] == [False, False]
