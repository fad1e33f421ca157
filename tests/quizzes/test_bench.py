"""How long a file of 5,000 questions takes to come in."""

import io
from time import perf_counter

import pytest

from quizzes import services
from quizzes.formats import FORMATS
from tests.factories.questions import question

pytestmark = [pytest.mark.bench, pytest.mark.django_db]


@pytest.mark.parametrize("form", FORMATS)
def test_five_thousand_questions_are_imported_within_thirty_seconds(form: str) -> None:
    body = question("single").body
    asked = [
        question("single", code=f"C{n}", body={**body, "stem": f"Câu hỏi số {n}, chọn gì?"})
        for n in range(5_000)
    ]
    content = FORMATS[form].write(asked).content
    start = perf_counter()
    reading = services.read_questions(io.BytesIO(content), form)
    outcome = services.import_questions(bank="B1", reading=reading)
    seconds = perf_counter() - start
    print(f"\n  import of 5,000 questions, {form}: {seconds:.1f} s, floor 30 s")  # noqa: T201
    assert (outcome.imported, seconds < 30) == (5_000, True)
