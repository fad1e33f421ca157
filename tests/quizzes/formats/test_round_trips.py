"""Every kind through every format comes back the same, or the format says what it lacks: docs/formats.md."""

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from quizzes.bodies import texts_of, wrong_with
from quizzes.formats import FORMATS
from quizzes.formats.markup import tidy
from quizzes.formats.records import Taken, Why, Written
from tests.factories.any_question import KINDS, questions, texts
from tests.factories.questions import BODIES, question

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"
COLUMNS = {
    "GIFT": ["gift"],
    "Aiken": ["aiken"],
    "Moodle XML": ["moodlexml"],
    "QTI 2.1, 2.2, 3.0": ["qti21", "qti22", "qti"],
    "CSV, XLSX": ["csv", "xlsx"],
    "Word list": ["word"],
}
CELLS = {
    "yes": None,
    "no: kind": Why.CANNOT_CARRY_KIND,
    "no: half": Why.CANNOT_CARRY_CREDIT,
    "no: units": Why.CANNOT_CARRY_UNITS,
    "no: case": Why.CANNOT_CARRY_FOLDING,
    "without rubric": Why.RUBRIC_LEFT_OUT,
    "without explanations": Why.EXPLANATION_LEFT_OUT,
    "without empty lines": Why.EMPTY_LINES_LEFT_OUT,
    "without labels": Why.LABELS_LEFT_OUT,
    "without kinds of file": Why.TYPES_LEFT_OUT,
}
OF_THE_TEXT = {Why.CANNOT_CARRY_TEXT, Why.CANNOT_CARRY_LINES}
NEVER_OF_THE_TEXT = {"csv", "xlsx"}
NAMES = {"true_false": "true or false", "order": "ordering", "match": "matching", "short_text": "short text"}
RULES = {
    "several": {"all_or_nothing": "all or nothing", "weights": "by weights"},
    "order": {"neighbours": "neighbours count", "all_or_nothing": "all or nothing"},
    "match": {"all_or_nothing": "all or nothing"},
}


def table() -> dict[str, dict[str, Why | None]]:
    """What the page says: row → format → what is lost."""
    rows = [
        line.strip("| \n").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| ")
    ]
    begin = next(n for n, row in enumerate(rows) if row[0] == "What")
    columns = rows[begin][1:]
    assert columns == list(COLUMNS)
    return {
        row[0]: {
            form: CELLS[cell] for name, cell in zip(columns, row[1:], strict=True) for form in COLUMNS[name]
        }
        for row in rows[begin + 1 :]
        if len(row) == len(columns) + 1
    }


TABLE = table()


def rows(kind: str, body: dict[str, Any]) -> Iterator[str]:
    """The rows of the page that a question meets."""
    yield NAMES.get(kind, kind)
    if rule := RULES.get(kind, {}).get(body.get("credit", "")):
        yield f"{NAMES.get(kind, kind)}: {rule}"
    if body.get("explanation") or any(body.get(f"why_{one}") for one in ("true", "false")):
        yield "explanation of a question or of an option"
    match kind:
        case "single" | "several":
            if kind == "single" and any("weight" in one for one in body["options"]):
                yield "single: part of the mark for an option"
            if any(one["why"] for one in body["options"]):
                yield "explanation of a question or of an option"
        case "numeric":
            if len(body["answers"]) > 1 or any(key["tolerance"] != "0" for key in body["answers"]):
                yield "numeric: a tolerance, or several keys"
            if body.get("units"):
                yield "numeric: units"
        case "short_text":
            if any("weight" in form for form in body["answers"]):
                yield "short text: part of the mark for a form"
            if body.get("fold_case") is False:
                yield "short text: case counts"
            yield from _folds("short text", body)
        case "gap":
            for gap in body["gaps"]:
                yield from _folds("gap", gap)
        case "hotspot":
            if any(area["why"] for area in body["areas"]):
                yield "explanation of a place on a picture"
        case "essay" | "file":
            if body["rubric"] or body["markers"] != 1:
                yield "essay, file: a rubric, or two markers"
            if body.get("words"):
                yield "essay: a limit of words"
            if ".jpeg" in body.get("types", []):
                yield "file: `.jpeg` apart from `.jpg`"
        case "case":
            for part in body["parts"]:
                yield from rows(part["kind"], part)
    if any(key.get("why") for key in body.get("answers", [])):
        yield "explanation of an accepted form or number"


def _folds(name: str, body: dict[str, Any]) -> Iterator[str]:
    if body.get("fold_marks"):
        yield f"{name}: tones and marks do not count"
    if body.get("wildcards"):
        yield f"{name}: `*` for any words"


def lost(asked: Taken, form: str) -> set[Why]:
    met = set(rows(asked.kind, asked.body))
    if any("\n\n" in text for text in texts_of(asked.body)):
        met.add("an empty line inside a text")
    if asked != Taken(asked.kind, asked.body, where=asked.where, picture=asked.picture):
        met.add("name, code, tags, objective, difficulty, source, law")
    return {why for row in met if (why := TABLE[row][form])}


def without(asked: Taken, left_out: Iterable[Why], form: str) -> Taken:
    """The question less what the report says is missing."""
    body = asked.body
    for why in left_out:
        if why is Why.LABELS_LEFT_OUT:
            asked = Taken(asked.kind, body)
        elif why is Why.EXPLANATION_LEFT_OUT:
            body = _unexplained(body, everywhere=form == "aiken")
        elif why is Why.RUBRIC_LEFT_OUT:
            body = _unmarked(body, keeps_words=form == "moodlexml")
        elif why is Why.TYPES_LEFT_OUT:
            body = _untyped(body)
        elif why is Why.EMPTY_LINES_LEFT_OUT:
            body = json.loads(json.dumps(body).replace("\\n\\n", "\\n"))
    return replace(asked, body=body)


def _unexplained(body: Any, everywhere: bool, of: str = "") -> Any:
    """Without what is said to accepted forms and places; or, everywhere, without all that is said."""
    if isinstance(body, list):
        return [_unexplained(one, everywhere, of) for one in body]
    if not isinstance(body, dict):
        return body
    found = {name: _unexplained(one, everywhere, name) for name, one in body.items()}
    if "why" in found and of == "answers":
        del found["why"]
    elif "why" in found and (everywhere or of == "areas"):
        found["why"] = ""
    return found | {"explanation": ""} if everywhere and "explanation" in found else found


def _unmarked(body: dict[str, Any], keeps_words: bool) -> dict[str, Any]:
    found = {name: value for name, value in body.items() if name != "words" or keeps_words}
    if "rubric" in found:
        found |= {"rubric": [], "markers": 1}
    if "parts" in found:
        found["parts"] = [_unmarked(part, keeps_words) for part in found["parts"]]
    return found


def _untyped(body: dict[str, Any]) -> dict[str, Any]:
    found = dict(body)
    if "types" in found:
        found["types"] = [one for one in found["types"] if one != ".jpeg"]
    if "parts" in found:
        found["parts"] = [_untyped(part) for part in found["parts"]]
    return found


def there_and_back(asked: Taken, form: str) -> tuple[Written, Taken | None]:
    """What was written, and the question as it is read again."""
    asked = replace(asked, picture=b"\x89PNG" if asked.kind == "hotspot" else b"")
    written = FORMATS[form].write([asked])
    if written.left:
        assert (written.count, [note.name != "" for note in written.left]) == (0, [True])
        return written, None
    reading = FORMATS[form].read(io.BytesIO(written.content))
    assert (written.count, reading.left, len(reading.taken)) == (1, [], 1)
    assert {note.why for note in reading.notes} <= {note.why for note in written.notes}
    again = replace(reading.taken[0], where="")
    if again.kind == "hotspot":
        assert reading.pictures[again.body["image"]["id"]] == asked.picture
        again.body["image"]["id"] = asked.body["image"]["id"]
    return written, again


def check(asked: Taken, form: str, *, plain: bool) -> None:
    written, again = there_and_back(asked, form)
    expected = lost(asked, form)
    refusals = {why for why in expected if why.startswith("cannot")}
    if again is None:
        texts_alone = set() if plain or form in NEVER_OF_THE_TEXT else OF_THE_TEXT
        assert written.left[0].why in (refusals | texts_alone)
        return
    assert not refusals
    assert {note.why for note in written.notes} == expected
    assert again == without(asked, expected, form)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", BODIES)
def test_a_plain_question_of_every_kind_is_carried_as_the_page_says(form: str, name: str) -> None:
    check(question(name), form, plain=True)


EXAMPLES = {"xlsx": 3, "word": 8, "qti21": 8, "qti22": 8}
"""Others have 20; `HYPOTHESIS_PROFILE=explore` gives ten times as many."""
CARRIED = [(form, kind) for form in FORMATS for kind in KINDS if not TABLE[NAMES.get(kind, kind)][form]]


@pytest.mark.parametrize(("form", "kind"), CARRIED)
def test_any_question_comes_back_the_same_or_the_report_says_what_is_missing(form: str, kind: str) -> None:
    @settings(
        max_examples=EXAMPLES.get(form, 20) * settings.default.max_examples // 100,
        suppress_health_check=list(HealthCheck),
    )
    @given(questions(kind))
    def goes_there_and_back(asked: Taken) -> None:
        assert wrong_with(kind, asked.body) == []
        check(asked, form, plain=False)

    goes_there_and_back()


@given(texts)
def test_a_text_that_is_tidy_stays_as_it_is(text: str) -> None:
    assert tidy(text) == text


def test_the_page_has_every_format_and_every_kind() -> None:
    assert sorted(form for forms in COLUMNS.values() for form in forms) == sorted(FORMATS)
    met = {row for name in BODIES for row in rows(question(name).kind, question(name).body)}
    assert {NAMES.get(kind, kind) for kind in KINDS} <= set(TABLE)
    assert met <= set(TABLE)


@pytest.mark.parametrize("form", FORMATS)
def test_one_question_that_cannot_be_carried_spoils_no_other(form: str) -> None:
    asked = [question("single", code="C1"), question("hotspot", code="C2"), question("single", code="C3")]
    written = FORMATS[form].write(asked)
    assert [(note.name, note.where) for note in written.left] == [("Câu thử", "")]
    assert len(FORMATS[form].read(io.BytesIO(written.content)).taken) == written.count == 2
