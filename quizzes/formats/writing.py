"""One question after another into a file; what a format cannot carry is said and left."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from .records import Note, NotTaken, Taken, Why, Written, shortened

Piece = TypeVar("Piece")


def name_of(question: Taken) -> str:
    return question.name or question.code or shortened(str(question.body.get("stem", "")))


def each(questions: list[Taken], write: Callable[[Taken], Piece], written: Written) -> Iterator[Piece]:
    """What `write` gives for each question that it can carry; the others stand in `written.left`."""
    for question in questions:
        try:
            piece = write(question)
        except NotTaken as refusal:
            written.left.append(Note(name_of(question), refusal.why, refusal.detail, question.where))
        else:
            written.count += 1
            yield piece


def note(written: Written, question: Taken, why: Why) -> None:
    written.notes.append(Note(name_of(question), why))


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


def has_rubric(question: Taken) -> bool:
    body = question.body
    return bool(body.get("rubric") or body.get("words") or body.get("markers", 1) != 1)
