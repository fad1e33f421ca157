"""Aiken → questions with one answer, and back: a stem, options `A.` or `A)`, `ANSWER: B`."""

import io
import re
from dataclasses import dataclass, field
from typing import IO

from .files import text_of
from .labels import tags_of
from .markup import tidy
from .records import Broken, Note, NotTaken, Reading, Taken, Unreadable, Why, Written, letters, shortened
from .writing import cannot, each, has_empty_lines, note

_OPTION = re.compile(r"([A-Z])[.)]\s+(\S.*)")
_ANSWER = re.compile(r"ANSWER\s*:\s*(.*)")


@dataclass(slots=True)
class _Draft:
    line: int
    stem: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    source: list[str] = field(default_factory=list)


def read(file: IO[bytes]) -> Reading:
    text = text_of(file)
    if not re.search(r"^\s*ANSWER\s*:", text, re.MULTILINE):
        raise Unreadable(Broken.NOT_THIS_FORMAT, "Aiken")
    reading = Reading()
    draft = _Draft(1)
    for number, raw in enumerate(text.split("\n"), start=1):
        line = tidy(raw).replace("\n", " ")
        if not line:
            continue
        option, answer = _OPTION.fullmatch(line), _ANSWER.fullmatch(line)
        if answer:
            draft.source.append(line)
            _finish(reading, draft, answer[1])
            draft = _Draft(number + 1)
            continue
        if option and draft.stem and option[1] == chr(ord("A") + len(draft.options)):
            draft.options.append(option[2])
        elif draft.options:
            _leave(reading, draft, Why.NO_KEY_LINE)
            draft = _Draft(number, stem=[line])
        else:
            draft.line = draft.line if draft.stem else number
            draft.stem.append(line)
        draft.source.append(line)
    if draft.source:
        _leave(reading, draft, Why.NO_KEY_LINE if draft.options else Why.NO_OPTIONS)
    return reading


def _finish(reading: Reading, draft: _Draft, key: str) -> None:
    ids = letters(len(draft.options))
    if not draft.options:
        _leave(reading, draft, Why.NO_OPTIONS)
    elif key.lower() not in ids:
        _leave(reading, draft, Why.KEY_NOT_AN_OPTION, key)
    else:
        options = [
            {"id": one, "text": text, "correct": one == key.lower(), "why": ""}
            for one, text in zip(ids, draft.options, strict=True)
        ]
        body = {"stem": "\n".join(draft.stem), "options": options, "explanation": ""}
        reading.take(Taken("single", body, where=str(draft.line)))


def _leave(reading: Reading, draft: _Draft, why: Why, detail: str = "") -> None:
    name = shortened(" ".join(draft.stem) or " ".join(draft.source))
    reading.left.append(Note(name, why, detail, str(draft.line), "\n".join(draft.source)))


def write(questions: list[Taken]) -> Written:
    written = Written()
    written.content = "\n".join(each(questions, lambda one: _block(one, written), written)).encode()
    return written


def _block(question: Taken, written: Written) -> str:
    body = question.body
    if question.kind != "single":
        raise cannot(Why.CANNOT_CARRY_KIND, question.kind)
    options = body["options"]
    keys = [at for at, option in enumerate(options) if option.get("correct")]
    if len(keys) != 1 or any("weight" in option for option in options):
        raise cannot(Why.CANNOT_CARRY_CREDIT)
    lines = [_together(body["stem"])]
    lines += [f"{chr(ord('A') + n)}. {_together(one['text'])}" for n, one in enumerate(options)]
    text = "\n".join([*lines, f"ANSWER: {chr(ord('A') + keys[0])}"]) + "\n"
    if not _reads_back(text, question):
        raise cannot(Why.CANNOT_CARRY_TEXT)
    if tidy(body.get("explanation", "")) or any(tidy(one.get("why", "")) for one in options):
        note(written, question, Why.EXPLANATION_LEFT_OUT)
    if question.name or question.code or tags_of(question):
        note(written, question, Why.LABELS_LEFT_OUT)
    if has_empty_lines(body):
        note(written, question, Why.EMPTY_LINES_LEFT_OUT)
    return text


def _together(text: str) -> str:
    """An empty line would end the question."""
    return tidy(text).replace("\n\n", "\n")


def _reads_back(text: str, question: Taken) -> bool:
    """Whether a stem with lines that look like options has not become something else."""
    try:
        again = read(io.BytesIO(text.encode())).taken
    except (NotTaken, Unreadable):
        return False
    body = question.body
    return (
        len(again) == 1
        and again[0].body["stem"] == _together(body["stem"])
        and [(o["text"], o["correct"]) for o in again[0].body["options"]]
        == [(_together(o["text"]), bool(o.get("correct"))) for o in body["options"]]
    )
