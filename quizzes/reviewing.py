"""A question after the test: what was answered, what is right, and why. Pure: no Django."""

from collections.abc import Mapping, Sequence
from typing import Any

from .bodies import GAP
from .marking import points
from .records import ReviewedItem, ReviewedLine


def reviewed_item(
    position: int,
    kind: str,
    body: Mapping[str, Any],
    answer: Any,
    earned: str,
    objective: int,
    *,
    keys: bool = True,
) -> ReviewedItem:
    """Without `keys`: what was asked and answered, and neither key nor explanation."""
    return ReviewedItem(
        position=position,
        stem=_stem(kind, body),
        points=earned,
        right=earned == "1",
        objective=objective,
        lines=_lines(kind, body, answer) if keys else _own_lines(kind, body, answer),
        explanation=body.get("explanation", "") if keys else "",
        parts=_parts(kind, body, answer, objective, keys),
        keyed=keys,
    )


def _stem(kind: str, body: Mapping[str, Any]) -> str:
    if kind != "gap":
        return str(body.get("stem", ""))
    numbers = {gap["id"]: n for n, gap in enumerate(body["gaps"], start=1)}
    text = GAP.sub(lambda m: f"({numbers.get(m[1], '?')}) ……", body["text"])
    return f"{body['stem']}\n{text}"


def _parts(
    kind: str, body: Mapping[str, Any], answer: Any, objective: int, keys: bool
) -> tuple[ReviewedItem, ...]:
    parts: Sequence[Mapping[str, Any]] = []
    answers: list[Any] = []
    if kind == "case":
        parts = body["parts"]
        answers = [*(answer if isinstance(answer, list) else []), *[None] * len(parts)]
    elif kind == "gap":
        parts = [{**gap, "stem": f"({n})"} for n, gap in enumerate(body["gaps"], start=1)]
        given = answer if isinstance(answer, Mapping) else {}
        answers = [given.get(gap["id"]) for gap in body["gaps"]]
    return tuple(
        reviewed_item(n, part["kind"], part, one, "", objective, keys=keys)
        for n, (part, one) in enumerate(zip(parts, answers, strict=False), start=1)
    )


def _own_lines(kind: str, body: Mapping[str, Any], answer: Any) -> tuple[ReviewedLine, ...]:
    """What was chosen or typed. Of an order or a matching nothing: which lines are right would show."""
    if kind in ("order", "match"):
        return ()
    return tuple(ReviewedLine(line.text, True, False) for line in _lines(kind, body, answer) if line.chosen)


def _lines(kind: str, body: Mapping[str, Any], answer: Any) -> tuple[ReviewedLine, ...]:
    match kind:
        case "single" | "several":
            return _options(body["options"], answer)
        case "hotspot":
            return _options(body["areas"], answer)
        case "true_false":
            return (
                ReviewedLine("true", answer is True, body["answer"] is True, body.get("why_true", "")),
                ReviewedLine("false", answer is False, body["answer"] is False, body.get("why_false", "")),
            )
        case "order":
            given = answer if isinstance(answer, list) else []
            return tuple(
                ReviewedLine(f"{n}. {o['text']}", n <= len(given) and given[n - 1] == o["id"], True)
                for n, o in enumerate(body["items"], start=1)
            )
        case "match":
            return _pairs(body["pairs"], answer)
        case "numeric" | "short_text":
            return _typed(kind, body, answer)
        case "essay":
            return (ReviewedLine(answer, True, True),) if isinstance(answer, str) else ()
        case "file":
            return (ReviewedLine(answer["name"], True, True),) if isinstance(answer, Mapping) else ()
    return ()


def _options(options: Sequence[Mapping[str, Any]], answer: Any) -> tuple[ReviewedLine, ...]:
    picked = answer if isinstance(answer, list) else [answer]
    return tuple(
        ReviewedLine(o["text"], o["id"] in picked, bool(o.get("correct")), o.get("why", "")) for o in options
    )


def _pairs(pairs: Sequence[Mapping[str, Any]], answer: Any) -> tuple[ReviewedLine, ...]:
    matched = answer if isinstance(answer, Mapping) else {}
    rights = {pair["id"]: pair["right"] for pair in pairs}
    return tuple(
        ReviewedLine(f"{p['left']} → {p['right']}", rights.get(matched.get(p["id"])) == p["right"], True)
        for p in pairs
    )


def _typed(kind: str, body: Mapping[str, Any], answer: Any) -> tuple[ReviewedLine, ...]:
    """What was typed, and the accepted answers if it was none of them."""
    keys = [key for key in body["answers"] if str(key.get("weight", "100")) == "100"]
    accepted = [ReviewedLine(_key(kind, key, body), False, True, key.get("why", "")) for key in keys]
    if not isinstance(answer, str):
        return tuple(accepted)
    if points(kind, body, answer) == 1:
        return (ReviewedLine(answer, True, True),)
    return (ReviewedLine(answer, True, False), *accepted)


def _key(kind: str, key: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    if kind == "short_text":
        return str(key["text"])
    value = str(key["value"]).replace(".", ",")
    near = str(key.get("tolerance", "0")).replace(".", ",")
    unit = next(
        (f" {one['unit']}" for one in body.get("units") or [] if str(one.get("factor", "1")) == "1"), ""
    )
    return f"{value} ± {near}{unit}" if near != "0" else f"{value}{unit}"
