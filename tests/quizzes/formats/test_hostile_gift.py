"""GIFT that somebody wrote to do harm (E17): it is read in time, and comes out as plain text."""

import io
from time import process_time

import pytest

from quizzes.formats import gift
from quizzes.formats.records import Broken, Unreadable, Why

SECONDS = 5
HOSTILE = {
    "a million braces": "{" * 1_000_000,
    "nested braces": "{" * 500_000 + "}" * 500_000,
    "questions that never close": "Câu {\n\n" * 100_000,
    "questions that never close before a category": "Câu {\n\n" * 50_000
    + "$CATEGORY: x\n"
    + "Câu {\n\n" * 50_000,
    "backslashes": "\\" * 1_000_000 + "{T}",
    "titles that never close": "::a" * 300_000,
    "numbers that never close": "// " + "[id:" * 200_000 + "\nA{T}",
    "labels that never close": "// " + "[tag:" * 200_000 + "\nA{T}",
    "answers": "A{=đúng" + "~a" * 300_000 + "}",
    "pairs": "A{" + "=a->b" * 100_000 + "}",
    "remarks": "A{=x" + "#y" * 300_000 + "}",
    "weights": "A{" + "~%" * 300_000 + "}",
    "numbers": "A{#" + "=1" * 100_000 + "}",
    "digits": "A{#" + "1" * 500_000 + "}",
    "tags of HTML": "[html]" + "<p>" * 200_000 + "x{T}",
    "angles": "[html]" + "<" * 300_000 + "x{T}",
    "comments": "//x\n" * 300_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_e17_it_is_read_within_five_seconds_of_one_core(text: str) -> None:
    begin = process_time()
    reading = gift.read(io.BytesIO(text.encode()))
    assert process_time() - begin < SECONDS
    assert len(reading.taken) <= 1


def test_e17_a_line_of_100_megabytes_is_refused_without_being_read_to_its_end() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            assert 0 < size <= 50_000_001
            self.given += size
            return b"a" * size

    file = Endless()
    with pytest.raises(Unreadable) as refusal:
        gift.read(file)  # type: ignore[arg-type]
    assert refusal.value.args[0] == Broken.TOO_LARGE
    assert file.given < 100_000_000


def test_e17_html_in_every_field_comes_out_as_text() -> None:
    evil = "<img src\\=x onerror\\=alert(1)><script>alert(1)</script>"
    text = (
        f"::{evil}::[html]Hỏi {evil} gì?{{=đúng {evil}#[html]khen {evil} ~sai {evil}#[html]chê {evil} "
        f"####[html]giải {evil}}}\n\n"
        "::Hai::[html]Hỏi <script>alert(2)</script><b onclick\\=x>gì</b>?"
        "{=[html]<i>đúng</i><script>x</script> ~[html]<a href\\='javascript:x'>sai</a>}"
    )
    reading = gift.read(io.BytesIO(text.encode()))
    assert [note.why for note in reading.left] == [Why.HAS_PICTURE]
    [question] = reading.taken
    assert question.body["stem"] == "Hỏi gì?"
    assert [one["text"] for one in question.body["options"]] == ["đúng", "sai"]
    assert "script" not in repr(question.body) + question.name


def test_what_closes_after_an_empty_line_is_still_one_question() -> None:
    text = "Một {\n\n=a\n\n~b\n}\n\nHai {\n\nBa {T}\n\n$CATEGORY: x\n\nBốn {F}\n"
    reading = gift.read(io.BytesIO(text.encode()))
    assert [one.body["stem"] for one in reading.taken] == ["Một", "Ba", "Bốn"]
    assert [note.why for note in reading.left] == [Why.NOT_CLOSED]
