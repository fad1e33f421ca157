"""Moodle XML → questions. Categories become tags; what a type cannot give is said."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import IO, Any
from xml.etree.ElementTree import Element

from ..marking_numbers import share
from .cloze import GAP_TEXT, gaps_of, stem_and_text
from .gift import category_path
from .labels import labelled
from .markup import plain, tidy
from .records import Broken, Note, NotTaken, Reading, Taken, Unreadable, Why, letters, shortened
from .weights import decimal_text, ruled
from .xml import root_of_file

Lost = set[Why]


def read(file: IO[bytes]) -> Reading:
    root = root_of_file(file)
    if root.tag != "quiz":
        raise Unreadable(Broken.NOT_THIS_FORMAT, "Moodle XML")
    reading = Reading()
    category = ""
    for number, element in enumerate(root.findall("question"), start=1):
        if element.get("type") == "category":
            category = category_path(element.findtext("category/text") or "")
        else:
            _take(reading, element, category, str(number))
    return reading


def _take(reading: Reading, element: Element, category: str, where: str) -> None:
    kind = element.get("type", "")
    lost: Lost = set()
    name = tidy(element.findtext("name/text") or "").replace("\n", " ")
    try:
        if kind == "description":
            raise NotTaken(Why.NOT_A_QUESTION)
        if kind not in _READERS:
            raise NotTaken(Why.UNSUPPORTED_KIND, kind)
        ours, body = _READERS[kind](element, lost)
        body = {"stem": _text(element.find("questiontext"), lost), **body}
        body["explanation"] = _aside(element.find("generalfeedback"), lost)
    except NotTaken as refusal:
        stem = shortened(plain(element.findtext("questiontext/text") or "", essential=False)[0])
        reading.left.append(Note(name or stem or kind, refusal.why, refusal.detail, where))
        return
    _look_for_losses(element, lost)
    tags = [tidy(tag.findtext("text") or "") for tag in element.findall("tags/tag")]
    code = tidy(element.findtext("idnumber") or "")
    question = Taken(ours, body, name=name, code=code, where=where)
    before = len(reading.taken)
    reading.take(labelled(question, [*tags, *([category] if category else [])]))
    if len(reading.taken) > before:
        title = name or shortened(body["stem"])
        reading.notes += [Note(title, why, where=where) for why in sorted(lost)]


def _look_for_losses(element: Element, lost: Lost) -> None:
    if element.findall("hint"):
        lost.add(Why.HINTS_LEFT_OUT)
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        said = plain(element.findtext(f"{name}/text") or "", essential=False)[0]
        # What Moodle itself puts there says nothing that our pages do not say.
        if said and not said.startswith(("Your answer is", "Câu trả lời của bạn")):
            lost.add(Why.FEEDBACK_LEFT_OUT)
    grade = (element.findtext("defaultgrade") or "1").strip()
    if _decimal(grade) != 1:
        lost.add(Why.POINTS_LEFT_OUT)


def _text(element: Element | None, lost: Lost, *, essential: bool = True) -> str:
    if element is None:
        return ""
    source = element.findtext("text") if element.find("text") is not None else element.text
    if essential and element.find("file") is not None:
        raise NotTaken(Why.HAS_PICTURE)
    if element.get("format", "html") in ("html", "moodle_auto_format"):
        bare, left_out = plain(source or "", essential=essential)
        lost |= left_out
        return bare
    return tidy(source or "")


def _aside(element: Element | None, lost: Lost) -> str:
    return _text(element, lost, essential=False)


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise NotTaken(Why.BROKEN, text[:40]) from error
    if not number.is_finite() or abs(number.adjusted()) > 300:
        raise NotTaken(Why.BROKEN, text[:40])
    return number


def _fraction(answer: Element) -> Decimal:
    return _decimal(answer.get("fraction") or "0")


def _multichoice(element: Element, lost: Lost) -> tuple[str, dict[str, Any]]:
    answers = element.findall("answer")
    options = [
        ({"id": key, "text": _text(one, lost), "why": _aside(one.find("feedback"), lost)}, _fraction(one))
        for key, one in zip(letters(len(answers)), answers, strict=True)
    ]
    if (element.findtext("single") or "true").strip() in ("false", "0"):
        return "several", ruled(options)
    return "single", {
        "options": [
            {**one, "correct": weight == 100}
            | ({} if weight in (0, 100) else {"weight": decimal_text(weight)})
            for one, weight in options
        ]
    }


def _all_or_nothing(element: Element, lost: Lost) -> tuple[str, dict[str, Any]]:
    answers = element.findall("answer")
    options = [
        {
            "id": key,
            "text": _text(one, lost),
            "correct": _fraction(one) > 0,
            "why": _aside(one.find("feedback"), lost),
        }
        for key, one in zip(letters(len(answers)), answers, strict=True)
    ]
    return "several", {"options": options, "credit": "all_or_nothing"}


def _truefalse(element: Element, lost: Lost) -> tuple[str, dict[str, Any]]:
    whys, right = {}, None
    for answer in element.findall("answer"):
        name = tidy(answer.findtext("text") or "").casefold()
        if name not in ("true", "false"):
            raise NotTaken(Why.BROKEN, name)
        if _fraction(answer) > 0:
            right = name == "true"
        if said := _aside(answer.find("feedback"), lost):
            whys[f"why_{name}"] = said
    return "true_false", {"answer": right, **whys}


def _matching(element: Element, lost: Lost) -> tuple[str, dict[str, Any]]:
    pairs, extra = [], []
    found = element.findall("subquestion")
    for key, one in zip(letters(len(found)), found, strict=True):
        left, right = _text(one, lost), tidy(one.findtext("answer/text") or "")
        if left:
            pairs.append({"id": key, "left": left, "right": right})
        else:
            extra.append({"id": f"x{key}", "text": right})
    return "match", {"pairs": pairs, "extra": extra}


def _shortanswer(element: Element, lost: Lost) -> tuple[str, dict[str, Any]]:
    answers = []
    for answer in element.findall("answer"):
        text, weight = tidy(answer.findtext("text") or ""), _fraction(answer)
        if text == "*" and weight == 0:
            lost.add(Why.FEEDBACK_LEFT_OUT)
            continue
        answers.append({"text": text.replace("\\*", "*"), **_said(answer, weight, lost)})
    stars = any("*" in (one.findtext("text") or "").replace("\\*", "") for one in element.findall("answer"))
    body: dict[str, Any] = {"answers": answers}
    if (element.findtext("usecase") or "0").strip() in ("1", "true"):
        body["fold_case"] = False
    if stars and any("*" in one["text"] for one in answers):
        body["wildcards"] = True
    return "short_text", body


def _numerical(element: Element, lost: Lost) -> tuple[str, dict[str, Any]]:
    answers = []
    for answer in element.findall("answer"):
        text, weight = tidy(answer.findtext("text") or ""), _fraction(answer)
        if text == "*":
            lost.add(Why.FEEDBACK_LEFT_OUT)
            continue
        tolerance = _decimal(answer.findtext("tolerance") or "0")
        key = {"value": decimal_text(_decimal(text)), "tolerance": decimal_text(tolerance)}
        answers.append({**key, **_said(answer, weight, lost)})
    body: dict[str, Any] = {"answers": answers}
    units = [
        {"unit": tidy(unit.findtext("unit_name") or ""), "factor": _factor(unit)}
        for unit in element.findall("units/unit")
    ]
    if units:
        body["units"] = units
        grading = (element.findtext("unitgradingtype") or "0").strip()
        if grading != "0" and _decimal(element.findtext("unitpenalty") or "0") > 0:
            body["unit_required"] = True
            if _decimal(element.findtext("unitpenalty") or "0") != 1:
                lost.add(Why.ANSWER_TOO_LOOSE)
    return "numeric", body


def _factor(unit: Element) -> str:
    """Moodle's multiplier says how many of this unit make one of the first; ours turns it into the first."""
    multiplier = _decimal(unit.findtext("multiplier") or "1")
    if multiplier <= 0:
        raise NotTaken(Why.BROKEN, str(multiplier))
    exact = 1 / Fraction(multiplier)
    # What was divided and rounded (1/60 = 0.01666…) is meant to be whole again.
    meant = exact.limit_denominator(1_000_000)
    found = meant if abs(meant - exact) < exact / 10**12 else exact
    return decimal_text(Decimal(found.numerator) / Decimal(found.denominator))


def _essay(element: Element, lost: Lost) -> tuple[str, dict[str, Any]]:
    if _aside(element.find("graderinfo"), lost):
        lost.add(Why.RUBRIC_LEFT_OUT)
    wanted = (element.findtext("attachmentsrequired") or "0").strip()
    if (element.findtext("responseformat") or "").strip() == "noinline" or wanted not in ("0", ""):
        types = [one for one in (element.findtext("filetypeslist") or "").replace(",", " ").split() if one]
        return "file", {"rubric": [], "markers": 1, "types": types}
    words = (element.findtext("maxwordlimit") or "").strip()
    limit = {"words": int(words)} if words.isdecimal() and int(words) else {}
    return "essay", {"rubric": [], "markers": 1, **limit}


def _ordering(element: Element, lost: Lost) -> tuple[str, dict[str, Any]]:
    answers = element.findall("answer")
    items = [
        {"id": key, "text": _text(one, lost)} for key, one in zip(letters(len(answers)), answers, strict=True)
    ]
    rules = {"ALL_OR_NOTHING": "all_or_nothing", "-1": "all_or_nothing", "ABSOLUTE_POSITION": "", "0": ""}
    credit = rules.get((element.findtext("gradingtype") or "ABSOLUTE_POSITION").strip(), "neighbours")
    return "order", {"items": items, **({"credit": credit} if credit else {})}


def _cloze(element: Element, lost: Lost) -> tuple[str, dict[str, Any]]:
    question = element.find("questiontext")
    whole = _text(question, lost)
    above, ours, below = (element.findtext("questiontext/text") or "").partition(GAP_TEXT)
    text, gaps = gaps_of(plain(below)[0] if ours else whole, lost)
    if not gaps:
        raise NotTaken(Why.NO_OPTIONS)
    said = {"stem": plain(above)[0], "text": text} if ours else stem_and_text(text)
    return "gap", {**said, "gaps": gaps}


def _gapselect(element: Element, lost: Lost) -> tuple[str, dict[str, Any]]:
    """Words to choose, by `[[1]]` for the first of its group."""
    boxes = element.findall("selectoption") or element.findall("dragbox")
    words = [
        (tidy(plain(one.findtext("text") or "")[0]), (one.findtext("group") or "1").strip()) for one in boxes
    ]
    text = _text(element.find("questiontext"), lost)
    gaps = []
    for key, number in zip(letters(len(words)), range(1, len(words) + 1), strict=True):
        if f"[[{number}]]" not in text:
            continue
        right, group = words[number - 1]
        choices = [word for word, other in words if other == group]
        options = [
            {"id": one, "text": word, "correct": word == right, "why": ""}
            for one, word in zip(letters(len(choices)), choices, strict=True)
        ]
        gaps.append({"id": key, "kind": "single", "options": options})
        text = text.replace(f"[[{number}]]", f"[[{key}]]")
    return "gap", {**stem_and_text(text), "gaps": gaps}


def _said(answer: Element, weight: Decimal, lost: Lost) -> dict[str, str]:
    why = _aside(answer.find("feedback"), lost)
    worth = {} if share(str(weight)) == 1 else {"weight": decimal_text(weight)}
    return worth | ({"why": why} if why else {})


_READERS: dict[str, Callable[[Element, Lost], tuple[str, dict[str, Any]]]] = {
    "multichoice": _multichoice,
    "multichoiceset": _all_or_nothing,
    "truefalse": _truefalse,
    "matching": _matching,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "essay": _essay,
    "ordering": _ordering,
    "cloze": _cloze,
    "multianswer": _cloze,
    "gapselect": _gapselect,
    "ddwtos": _gapselect,
}
