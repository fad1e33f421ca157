"""What the analysis needs of one attempt, in a form of which 100,000 are read in seconds. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

LONGEST = 3600
"""Seconds beyond which somebody was not thinking but away."""


def sheet(
    started_at: datetime, answers: Iterable[tuple[int, str, Any, datetime | None]]
) -> dict[str, list[Any]]:
    """Of (question version id, kind, answer, when it was given) by position: ids, choices, seconds.

    The time of a question runs from the answer before it, whichever that was, to its own last answer.
    """
    rows = list(answers)
    times = sorted(at for _id, _kind, _answer, at in rows if at is not None)
    before = dict(zip(times, [started_at, *times], strict=False))
    return {
        "questions": [question for question, *_rest in rows],
        "choices": [choice(kind, answer) for _id, kind, answer, _at in rows],
        "seconds": [
            None if at is None else min(LONGEST, max(0, round((at - before[at]).total_seconds())))
            for *_rest, at in rows
        ],
    }


def choice(kind: str, answer: Any) -> str:
    """An answer as one short word: «a», «a,c», «true»; nothing where none was given or it has no options."""
    match answer:
        case None:
            return ""
        case bool():
            return "true" if answer else "false"
        case str() if kind == "single":
            return answer
        case list() if kind == "several":
            return ",".join(sorted(one for one in answer if isinstance(one, str)))
    return "*"


def read(stored: Mapping[str, Any]) -> tuple[list[int], list[str], list[int | None]]:
    return stored.get("questions", []), stored.get("choices", []), stored.get("seconds", [])
