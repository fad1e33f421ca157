"""Every file of the GIFT corpus reads as its authors expect (gift/README.md)."""

import json
from pathlib import Path
from typing import Any

import pytest

from quizzes.formats.gift_syntax import Choice, Fault, Item, Number, Text, escaped, items, unescaped

CORPUS = Path(__file__).parent / "gift"
FILES = sorted(CORPUS.glob("*.gift"))


def test_the_corpus_is_all_there() -> None:
    assert len(FILES) == 51


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_the_corpus_reads_as_its_authors_expect(path: Path) -> None:
    read = [as_corpus(item) for item in items(path.read_text(encoding="utf-8"))]
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert read == [{key: one[key] for key in sorted(one)} for one in expected]


def test_a_text_with_every_control_character_is_read_back_the_same() -> None:
    text = "a~b=c#d{e}f:g\\h[i]\nj \\n k"
    assert unescaped(escaped(text)) == text


def test_a_brace_that_never_closes_spoils_its_own_question_and_no_other() -> None:  # E17
    read = list(items("Một? {=a ~b\n\nHai? {T}\n\nBa? {=x ~y}"))
    assert [(type(one).__name__, one.line) for one in read] == [("Fault", 1), ("Item", 3), ("Item", 5)]


def test_an_empty_line_inside_the_braces_belongs_to_the_question() -> None:
    (read,) = items("Một? {\n=a\n\n~b\n}")
    assert isinstance(read, Item) and len(read.choices) == 2


def test_an_arrow_in_what_is_said_makes_no_pair() -> None:
    (read,) = items("Gì? {=tư vấn#xem A -> B}")
    assert isinstance(read, Item) and read.type == "Short"


def as_corpus(item: Item | Fault) -> dict[str, Any]:
    assert isinstance(item, Item), item
    if item.type == "Category":
        return {"title": item.title, "type": "Category"}
    common: dict[str, Any] = {
        "hasEmbeddedAnswers": item.embedded,
        "id": item.id,
        "stem": text(item.stem),
        "tags": list(item.tags) or None,
        "title": item.title,
        "type": item.type,
    }
    if item.type == "Description":
        return ordered(common)
    common["globalFeedback"] = text(item.general)
    if item.type == "TF":
        common |= {
            "isTrue": item.answer,
            "trueFeedback": text(item.feedbacks[0]),
            "falseFeedback": text(item.feedbacks[1]),
        }
    elif item.type == "Matching":
        common["matchPairs"] = [{"subquestion": text(left), "subanswer": right} for left, right in item.pairs]
    elif item.type == "Numerical" and item.single_number:
        common["choices"] = number(item.choices[0].value)
    elif item.choices:
        common["choices"] = [choice(one) for one in item.choices]
    return ordered(common)


def choice(one: Choice) -> dict[str, Any]:
    value = number(one.value) if isinstance(one.value, Number) else text(one.value)
    weight = None if one.weight is None else float(one.weight)
    return {"isCorrect": one.right, "weight": weight, "text": value, "feedback": text(one.feedback)}


def number(value: Number | Text) -> dict[str, Any]:
    assert isinstance(value, Number)
    if value.type == "simple":
        return {"type": "simple", "number": float(value.number)}
    if value.type == "range":
        return {"type": "range", "number": float(value.number), "range": float(value.second)}
    return {"type": "high-low", "numberHigh": float(value.second), "numberLow": float(value.number)}


def text(value: Text | None) -> dict[str, str] | None:
    return None if value is None else {"format": value.format, "text": value.text}


def ordered(one: dict[str, Any]) -> dict[str, Any]:
    return {key: one[key] for key in sorted(one)}
