"""Every kind through every format that can carry it comes back the same; a format that cannot says so."""

import io
from dataclasses import replace

import pytest

from quizzes.formats import FORMATS
from quizzes.formats.records import Why
from tests.factories.questions import BODIES, question

QTI = set(BODIES) - {
    "number with units", "short answer, marks folded", "hotspot", "essay with a rubric",
}  # fmt: skip
CARRIED: dict[str, set[str]] = {
    "gift": {
        "single", "single with half credit", "several", "several by weights", "true or false", "match",
        "number", "number with tolerance", "short answer", "essay",
    },
    "aiken": {"single"},
    "word": {"single", "several", "true or false", "order", "match", "number", "short answer", "essay"},
    "moodlexml": set(BODIES) - {"short answer, marks folded", "hotspot", "case", "essay with a rubric"},
    "qti": QTI,
    "qti22": QTI,
    "qti21": QTI,
    "csv": set(BODIES) - {"hotspot"},
    "xlsx": set(BODIES) - {"hotspot"},
}  # fmt: skip
NOTED: dict[tuple[str, str], list[Why]] = {
    ("aiken", "single"): [Why.EXPLANATION_LEFT_OUT, Why.LABELS_LEFT_OUT],
    ("gift", "essay with a rubric"): [Why.RUBRIC_LEFT_OUT],
    ("moodlexml", "essay with a rubric"): [Why.RUBRIC_LEFT_OUT],
    ("qti", "essay with a rubric"): [Why.RUBRIC_LEFT_OUT],
    ("qti22", "essay with a rubric"): [Why.RUBRIC_LEFT_OUT],
    ("qti21", "essay with a rubric"): [Why.RUBRIC_LEFT_OUT],
    ("word", "essay with a rubric"): [Why.RUBRIC_LEFT_OUT],
}
"""Written, but not whole: the exporter says what is missing."""


@pytest.mark.parametrize("form", CARRIED)
@pytest.mark.parametrize("name", BODIES)
def test_a_question_comes_back_the_same_or_the_format_says_that_it_cannot_carry_it(
    form: str, name: str
) -> None:
    asked = question(name)
    written = FORMATS[form].write([asked])
    notes = NOTED.get((form, name), [])
    assert [note.why for note in written.notes] == notes
    if name not in CARRIED[form] and not notes:
        assert (written.count, len(written.left)) == (0, 1)
        assert str(written.left[0].why).startswith("cannot_carry")
        return
    assert (written.count, written.left) == (1, [])
    reading = FORMATS[form].read(io.BytesIO(written.content))
    assert reading.left == []
    if not notes:
        assert reading.notes == []
        assert reading.taken == [replace(asked, where=reading.taken[0].where)]
    else:
        assert [(one.kind, one.body["stem"]) for one in reading.taken] == [(asked.kind, asked.body["stem"])]


def test_every_format_is_tried() -> None:
    assert set(CARRIED) == {name for name, form in FORMATS.items() if form.write is not None}
