"""GIFT → questions, and back."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import IO, Any

from .files import text_of
from .gift_syntax import Choice, Fault, Item, Number, Text, escaped, items
from .labels import labelled, tags_of
from .markup import plain, tidy
from .records import Note, NotTaken, Reading, Taken, Why, Written, letters, shortened
from .weights import decimal_text, ruled, weights_of
from .writing import cannot, credit_of, each, has_rubric, name_of, note

_TAGS_OF_HTML = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|img|div|span|ul|ol|li|table|sub|sup|a|pre)\b", re.IGNORECASE
)


def read(file: IO[bytes]) -> Reading:
    """Every question of a GIFT file; categories become tags."""
    text = text_of(file)
    reading = Reading()
    category = ""
    for item in items(text):
        if isinstance(item, Fault):
            why = Why.NOT_CLOSED if item.word == "not_closed" else Why.BROKEN
            _leave(reading, shortened(item.source), why, item)
        elif item.type == "Category":
            category = category_path(item.title or "")
        elif item.type == "Description":
            _leave(reading, item.title or shortened(item.stem.text), Why.NOT_A_QUESTION, item)
        else:
            _take(reading, item, category)
    return reading


def category_path(path: str) -> str:
    """A category without what is the same everywhere: `$course$/top/Luật/Chương I` → `Luật/Chương I`."""
    parts = [part.strip() for part in path.replace("//", "\0").split("/")]
    parts = [part.replace("\0", "/") for part in parts if part]
    if parts and re.fullmatch(r"\$.*\$", parts[0]):
        parts = parts[1:]
    if parts and parts[0].casefold() == "top":
        parts = parts[1:]
    return tidy("/".join(parts)).replace("\n", " ")


def _leave(reading: Reading, name: str, why: Why, item: Item | Fault) -> None:
    reading.left.append(Note(name, why, where=str(item.line), text=item.source.strip()))


def _take(reading: Reading, item: Item, category: str) -> None:
    lost: set[Why] = set()
    name = tidy(item.title or "").replace("\n", " ")
    try:
        kind, body = _body(item, lost)
        body = {"stem": _plain(item.stem, lost), **body, "explanation": _aside(item.general, lost)}
    except NotTaken as refusal:
        _leave(reading, name or shortened(item.stem.text), Why(refusal.why), item)
        return
    tags = [*item.tags, *([category] if category else [])]
    question = Taken(kind, body, name=name, code=item.id or "", where=str(item.line))
    before = len(reading.left)
    reading.take(labelled(question, tags))
    if len(reading.left) > before:
        reading.left[-1] = replace(reading.left[-1], text=item.source.strip())
        return
    for why in sorted(lost):
        reading.notes.append(Note(name_of(question), why, where=str(item.line)))


def _aside(text: Text | None, lost: set[Why]) -> str:
    return _plain(text, lost, essential=False) if text else ""


def _plain(text: Text, lost: set[Why], *, essential: bool = True) -> str:
    if text.format == "html" or (text.format == "moodle" and _TAGS_OF_HTML.search(text.text)):
        bare, left_out = plain(text.text, essential=essential)
        lost |= left_out
        return bare
    return tidy(text.text)


def _body(item: Item, lost: set[Why]) -> tuple[str, dict[str, Any]]:
    match item.type:
        case "Essay":
            return "essay", {"rubric": [], "markers": 1}
        case "TF":
            wrong, right = (_aside(one, lost) for one in item.feedbacks)
            first, second = ("why_false", "why_true") if item.answer else ("why_true", "why_false")
            whys = {name: said for name, said in ((first, wrong), (second, right)) if said}
            return "true_false", {"answer": item.answer, **whys}
        case "Matching":
            return "match", _pairs(item, lost)
        case "Numerical":
            return "numeric", {"answers": [key for one in item.choices if (key := _number(one, lost))]}
        case "Short":
            return "short_text", _forms(item, lost)
    return _options(item, lost)


def _options(item: Item, lost: set[Why]) -> tuple[str, dict[str, Any]]:
    weighed = []
    for key, choice in zip(letters(len(item.choices)), item.choices, strict=True):
        assert isinstance(choice.value, Text)
        usual = Decimal(100) if choice.right else Decimal(0)
        option = {"id": key, "text": _plain(choice.value, lost), "why": _aside(choice.feedback, lost)}
        weighed.append((option, usual if choice.weight is None else choice.weight))
    if not any(choice.right for choice in item.choices) and any(weight > 0 for _one, weight in weighed):
        return "several", ruled(weighed)
    options = [
        {**one, "correct": weight == 100} | ({} if weight in (0, 100) else {"weight": decimal_text(weight)})
        for one, weight in weighed
    ]
    return "single", {"options": options}


def _pairs(item: Item, lost: set[Why]) -> dict[str, Any]:
    pairs, extra = [], []
    for key, (left, right) in zip(letters(len(item.pairs)), item.pairs, strict=True):
        question, answer = _plain(left, lost), _plain(Text(item.stem.format, right), lost)
        if question:
            pairs.append({"id": key, "left": question, "right": answer})
        else:
            extra.append({"id": f"x{key}", "text": answer})
    return {"pairs": pairs, "extra": extra}


def _number(choice: Choice, lost: set[Why]) -> dict[str, str] | None:
    if not isinstance(choice.value, Number):
        lost.add(Why.FEEDBACK_LEFT_OUT)
        return None
    value, tolerance = choice.value.number, choice.value.second
    if choice.value.type == "high-low":
        value, tolerance = (value + tolerance) / 2, abs(tolerance - value) / 2
    return {"value": decimal_text(value), "tolerance": decimal_text(tolerance), **_said(choice, lost)}


def _forms(item: Item, lost: set[Why]) -> dict[str, Any]:
    answers = []
    for choice in item.choices:
        text = _plain(choice.value, lost) if isinstance(choice.value, Text) else ""
        if text == "*" and choice.weight == 0:
            lost.add(Why.FEEDBACK_LEFT_OUT)
        else:
            answers.append({"text": text, **_said(choice, lost)})
    return {"answers": answers} | ({"wildcards": True} if any("*" in one["text"] for one in answers) else {})


def _said(choice: Choice, lost: set[Why]) -> dict[str, str]:
    weight = {} if choice.weight in (None, 100) else {"weight": decimal_text(choice.weight or Decimal(0))}
    why = _aside(choice.feedback, lost)
    return weight | ({"why": why} if why else {})


# Writing ----------------------------------------------------------------------------------------


def write(questions: list[Taken]) -> Written:
    written = Written()
    blocks = list(each(questions, lambda question: _block(question, written), written))
    written.content = ("\n".join(blocks)).encode()
    return written


def _block(question: Taken, written: Written) -> str:
    lines = _inside(question)
    if question.kind == "essay" and has_rubric(question.body):
        note(written, question, Why.RUBRIC_LEFT_OUT)
    if explanation := tidy(question.body.get("explanation", "")):
        lines = [*lines, f"####{escaped(explanation)}"]
    comments = [f"[id:{_bracketed(question.code)}]"] if question.code else []
    comments += [f"[tag:{_bracketed(tag)}]" for tag in tags_of(question)]
    head = f"// {' '.join(comments)}\n" if comments else ""
    name = f"::{escaped(' '.join(name_of(question).split()))}::"
    inside = "".join(f"\n\t{line}" for line in lines)
    return (
        f"{head}{name}[plain]{escaped(tidy(question.body['stem']))}{{{inside}\n}}\n"
        if lines
        else (f"{head}{name}[plain]{escaped(tidy(question.body['stem']))}{{}}\n")
    )


def _bracketed(text: str) -> str:
    return escaped(" ".join(text.split()))


def _inside(question: Taken) -> list[str]:
    body = question.body
    match question.kind:
        case "single":
            return [_option(option, option.get("weight")) for option in body["options"]]
        case "several":
            credit_of(question, "weights")
            return [
                f"~%{weight}%{escaped(tidy(option['text']))}{_feedback(option)}"
                for option, weight in zip(body["options"], weights_of(body), strict=True)
            ]
        case "true_false":
            return _truth(body)
        case "match":
            return _matched(question)
        case "numeric":
            if body.get("units"):
                raise cannot(Why.CANNOT_CARRY_UNITS)
            return [
                "#",
                *(_key(key, f"{key['value']}:{key.get('tolerance', '0')}") for key in body["answers"]),
            ]
        case "short_text":
            return _accepted(body)
        case "essay":
            return []
    raise cannot(Why.CANNOT_CARRY_KIND, question.kind)


def _option(option: dict[str, Any], weight: str | None) -> str:
    text = escaped(tidy(option["text"]))
    if option.get("correct"):
        return f"={'%100%' if text.startswith('%') else ''}{text}{_feedback(option)}"
    shown = f"%{weight}%" if weight is not None else "%0%" if text.startswith("%") else ""
    return f"~{shown}{text}{_feedback(option)}"


def _truth(body: dict[str, Any]) -> list[str]:
    right, wrong = ("why_true", "why_false") if body["answer"] else ("why_false", "why_true")
    said = [escaped(tidy(body.get(name, ""))) for name in (wrong, right)]
    return [("TRUE" if body["answer"] else "FALSE") + (f"#{said[0]}#{said[1]}" if any(said) else "")]


def _matched(question: Taken) -> list[str]:
    credit_of(question)
    pairs = [(pair["left"], pair["right"]) for pair in question.body["pairs"]]
    pairs += [("", one["text"]) for one in question.body.get("extra", [])]
    if any("->" in left for left, _right in pairs):
        raise cannot(Why.CANNOT_CARRY_TEXT, "->")
    return [f"={escaped(tidy(left))} -> {escaped(tidy(right))}" for left, right in pairs]


def _accepted(body: dict[str, Any]) -> list[str]:
    if not body.get("fold_case", True) or body.get("fold_marks"):
        raise cannot(Why.CANNOT_CARRY_FOLDING)
    forms = [tidy(form["text"]) for form in body["answers"]]
    said = [*forms, *(form.get("why", "") for form in body["answers"])]
    # Moodle takes an arrow, wherever it stands, for a pair.
    if any("->" in text for text in said) or (
        not body.get("wildcards") and any("*" in form for form in forms)
    ):
        raise cannot(Why.CANNOT_CARRY_TEXT)
    return [_key(form, escaped(text)) for form, text in zip(body["answers"], forms, strict=True)]


def _key(key: dict[str, Any], text: str) -> str:
    weight = key.get("weight")
    shown = f"%{weight}%" if weight is not None else "%100%" if text.startswith("%") else ""
    return f"={shown}{text}{_feedback(key)}"


def _feedback(line: dict[str, Any]) -> str:
    why = escaped(tidy(line.get("why", "")))
    return f"#{why}" if why else ""
