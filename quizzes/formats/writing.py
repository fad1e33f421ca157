"""One question after another into a file; what a format cannot carry is said and left."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from ..bodies import texts_of
from .markup import tidy
from .records import Note, NotTaken, Taken, Why, Written, shortened

Piece = TypeVar("Piece")


def name_of(question: Taken) -> str:
    """What the file calls it: in one line, without what no XML can hold."""
    return " ".join(tidy(question.name or question.code).split()) or shortened(
        tidy(str(question.body.get("stem", "")))
    )


def each(questions: list[Taken], write: Callable[[Taken], Piece], written: Written) -> Iterator[Piece]:
    """What `write` gives for each question that it can carry; the others stand in `written.left`."""
    for question in questions:
        noted = len(written.notes)
        try:
            piece = write(question)
        except NotTaken as refusal:
            del written.notes[noted:]
            written.left.append(Note(name_of(question), refusal.why, refusal.detail, question.where))
        else:
            written.count += 1
            yield piece


def note(written: Written, question: Taken, why: Why) -> None:
    """Say once what is left out of the question."""
    said = Note(name_of(question), why, where=question.where)
    if said not in written.notes[-8:]:
        written.notes.append(said)


def cannot(why: Why, detail: str = "") -> NotTaken:
    return NotTaken(why, detail)


def credit_of(question: Taken, *carried: str) -> str:
    """The rule for what is half right, if it is the usual one or one of `carried`."""
    credit = str(question.body.get("credit", "")) or "usual"
    usual = {"right_minus_wrong", "places", "pairs"}
    credit = "usual" if credit in usual else credit
    if credit != "usual" and credit not in carried:
        raise NotTaken(Why.CANNOT_CARRY_CREDIT)
    return credit


def has_empty_lines(body: Mapping[str, Any]) -> bool:
    return any("\n\n" in tidy(text) for text in texts_of(body))


def has_rubric(body: Mapping[str, Any]) -> bool:
    return bool(body.get("rubric") or body.get("words") or body.get("markers", 1) != 1)
