"""Questions → Moodle XML, which `moodle.read` reads back the same."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from .cloze import GAP_TEXT, cloze_of
from .labels import tags_of
from .markup import as_html, tidy
from .records import Taken, Why, Written
from .weights import decimal_text, weights_of
from .writing import cannot, credit_of, each, name_of, note

Body = dict[str, Any]


def write(questions: list[Taken]) -> Written:
    written = Written()
    root = Element("quiz")
    root.extend(each(questions, lambda question: _element(question, written), written))
    written.content = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _element(question: Taken, written: Written) -> Element:
    if question.kind not in _WRITERS:
        raise cannot(Why.CANNOT_CARRY_KIND, question.kind)
    kind, fill = _WRITERS[question.kind]
    if question.kind == "several" and question.body.get("credit") == "all_or_nothing":
        kind, fill = "multichoiceset", _all_or_nothing
    element = Element("question", type=kind)
    _said(element, "name", " ".join(name_of(question).split()), plain=True)
    asked = _said(element, "questiontext", tidy(question.body["stem"]))
    if question.kind == "gap":
        gaps = question.body["gaps"]
        asked[
            0
        ].text = f"{asked[0].text}{GAP_TEXT}{as_html(cloze_of(tidy(question.body['text']), gaps))}</div>"
        if any(line.get("why") for gap in gaps for line in gap.get("answers") or gap.get("options", [])):
            note(written, question, Why.EXPLANATION_LEFT_OUT)
    _said(element, "generalfeedback", tidy(question.body.get("explanation", "")))
    if question.kind != "gap":
        SubElement(element, "defaultgrade").text = "1"
    SubElement(element, "idnumber").text = question.code
    fill(element, question)
    if question.kind in ("essay", "file") and (
        question.body.get("rubric") or question.body.get("markers", 1) != 1
    ):
        note(written, question, Why.RUBRIC_LEFT_OUT)
    labels = SubElement(element, "tags")
    for tag in tags_of(question):
        SubElement(SubElement(labels, "tag"), "text").text = tag
    return element


def _said(parent: Element, tag: str, text: str, *, plain: bool = False) -> Element:
    element = SubElement(parent, tag) if plain else SubElement(parent, tag, format="html")
    SubElement(element, "text").text = text if plain or not text else as_html(text)
    return element


def _answer(parent: Element, text: str, weight: str, why: str = "", *, plain: bool = False) -> Element:
    answer = SubElement(parent, "answer", fraction=weight, format="plain_text" if plain else "html")
    SubElement(answer, "text").text = text if plain else as_html(tidy(text))
    if why:
        _said(answer, "feedback", tidy(why))
    return answer


def _choices(element: Element, question: Taken) -> None:
    body = question.body
    several = question.kind == "several"
    credit_of(question, "weights")
    SubElement(element, "single").text = "false" if several else "true"
    SubElement(element, "shuffleanswers").text = "true"
    weights = weights_of(body) if several else [_weight(option) for option in body["options"]]
    for option, weight in zip(body["options"], weights, strict=True):
        _answer(element, option["text"], weight, option.get("why", ""))


def _all_or_nothing(element: Element, question: Taken) -> None:
    for option in question.body["options"]:
        _answer(element, option["text"], "100" if option.get("correct") else "0", option.get("why", ""))


def _weight(option: Body) -> str:
    return str(option.get("weight", "100" if option.get("correct") else "0"))


def _truefalse(element: Element, question: Taken) -> None:
    for name in ("true", "false"):
        right = question.body["answer"] is (name == "true")
        _answer(element, name, "100" if right else "0", question.body.get(f"why_{name}", ""), plain=True)


def _matching(element: Element, question: Taken) -> None:
    credit_of(question)
    pairs = [(pair["left"], pair["right"]) for pair in question.body["pairs"]]
    for left, right in [*pairs, *(("", one["text"]) for one in question.body.get("extra", []))]:
        line = _said(element, "subquestion", tidy(left))
        SubElement(SubElement(line, "answer"), "text").text = tidy(right)


def _shortanswer(element: Element, question: Taken) -> None:
    body = question.body
    if body.get("fold_marks"):
        raise cannot(Why.CANNOT_CARRY_FOLDING)
    SubElement(element, "usecase").text = "0" if body.get("fold_case", True) else "1"
    for form in body["answers"]:
        text = tidy(form["text"])
        text = text if body.get("wildcards") else text.replace("*", "\\*")
        _answer(element, text, str(form.get("weight", "100")), form.get("why", ""), plain=True)


def _numerical(element: Element, question: Taken) -> None:
    body = question.body
    for key in body["answers"]:
        answer = _answer(element, key["value"], str(key.get("weight", "100")), key.get("why", ""), plain=True)
        SubElement(answer, "tolerance").text = key.get("tolerance", "0")
    units = body.get("units") or []
    if not units:
        return
    SubElement(element, "unitgradingtype").text = "1" if body.get("unit_required") else "0"
    SubElement(element, "unitpenalty").text = "1.0" if body.get("unit_required") else "0"
    listed = SubElement(element, "units")
    for unit in units:
        line = SubElement(listed, "unit")
        SubElement(line, "multiplier").text = decimal_text((1 / Decimal(unit.get("factor", "1"))).normalize())
        SubElement(line, "unit_name").text = unit["unit"]


def _essay(element: Element, question: Taken) -> None:
    body = question.body
    file = question.kind == "file"
    SubElement(element, "responseformat").text = "noinline" if file else "editor"
    if file:
        SubElement(element, "attachments").text = "1"
        SubElement(element, "attachmentsrequired").text = "1"
        SubElement(element, "filetypeslist").text = ",".join(body.get("types", []))
    elif body.get("words"):
        SubElement(element, "maxwordlimit").text = str(body["words"])
    rubric = "\n".join(f"{line['text']}: {line['points']}" for line in body.get("rubric", []))
    _said(element, "graderinfo", rubric)


def _ordering(element: Element, question: Taken) -> None:
    rules = {"usual": "ABSOLUTE_POSITION", "neighbours": "RELATIVE_NEXT_EXCLUDE_LAST"}
    rule = rules.get(credit_of(question, "neighbours", "all_or_nothing"), "ALL_OR_NOTHING")
    SubElement(element, "gradingtype").text = rule
    for place, item in enumerate(question.body["items"], start=1):
        _answer(element, item["text"], str(place))


def _nothing(element: Element, question: Taken) -> None:
    """A cloze says all in its text."""


_WRITERS: dict[str, tuple[str, Callable[[Element, Taken], None]]] = {
    "single": ("multichoice", _choices),
    "several": ("multichoice", _choices),
    "true_false": ("truefalse", _truefalse),
    "match": ("matching", _matching),
    "short_text": ("shortanswer", _shortanswer),
    "numeric": ("numerical", _numerical),
    "essay": ("essay", _essay),
    "file": ("essay", _essay),
    "order": ("ordering", _ordering),
    "gap": ("cloze", _nothing),
}
